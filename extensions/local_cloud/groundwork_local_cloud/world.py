# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the hosts need to know of the cloud: a picture of EC2 at one moment.

The API side builds a :class:`World` from its own state (``world_from_moto``); the host side compares it with the hosts,
networks and disks that exist on this machine and changes those (``hosts.controller``). Nothing here does I/O, so
either side is tested with plain values.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Rule:
    """One permission of a security group. ``protocol`` is ``tcp``, ``udp``, ``icmp`` or ``-1`` (all)."""

    protocol: str
    from_port: int | None
    to_port: int | None
    cidrs: tuple[str, ...] = ()
    group_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class SecurityGroup:
    id: str
    vpc_id: str
    ingress: tuple[Rule, ...]
    egress: tuple[Rule, ...]
    name: str = ""


@dataclass(frozen=True)
class AclEntry:
    """One numbered entry of a network ACL; entries are evaluated in ascending ``number``."""

    number: int
    egress: bool
    allow: bool
    protocol: str
    from_port: int | None
    to_port: int | None
    cidr: str


@dataclass(frozen=True)
class Route:
    """One active route. ``target`` is ``local``, ``igw-…``, ``nat-…``, ``pcx-…``, ``eni-…`` or another gateway id."""

    cidr: str
    target: str


@dataclass(frozen=True)
class Subnet:
    id: str
    vpc_id: str
    cidr: str
    availability_zone: str
    acl: tuple[AclEntry, ...]
    routes: tuple[Route, ...]


@dataclass(frozen=True)
class Vpc:
    id: str
    region: str
    cidrs: tuple[str, ...]
    internet_gateway_id: str | None = None


@dataclass(frozen=True)
class NatGateway:
    """A public NAT gateway that is ``available``: it lives in a subnet and leaves through ``public_ip``."""

    id: str
    subnet_id: str
    private_ip: str
    public_ip: str | None


@dataclass(frozen=True)
class Interface:
    """An elastic network interface. ``public_ips`` maps private to public addresses (Elastic IP or auto-assigned)."""

    id: str
    mac: str
    vpc_id: str
    subnet_id: str
    private_ips: tuple[str, ...]  # the primary address first
    public_ips: tuple[tuple[str, str], ...]
    group_ids: tuple[str, ...]
    source_dest_check: bool
    instance_id: str | None
    device_index: int | None


@dataclass(frozen=True)
class Volume:
    """An EBS volume. ``size`` is in GiB. ``device`` is the name of the attachment, such as ``/dev/xvda``."""

    id: str
    size: int
    snapshot_id: str | None
    image_id: str | None  # set on a root volume that was made from an image
    encrypted: bool
    instance_id: str | None = None
    device: str | None = None


@dataclass(frozen=True)
class Snapshot:
    """A snapshot. ``copy_of`` names the snapshot that it was copied from, in whatever region."""

    id: str
    volume_id: str | None
    copy_of: str | None = None


@dataclass(frozen=True)
class MetadataOptions:
    endpoint_enabled: bool = True
    tokens_required: bool = False
    hop_limit: int = 1
    tags_enabled: bool = False


@dataclass(frozen=True)
class Instance:
    """An instance. ``state`` is EC2's: pending, running, stopping, stopped, shutting-down or terminated.

    ``boot_id`` changes with every reboot asked for through the API (RebootInstances), and only then.
    """

    id: str
    region: str
    state: str
    image_id: str
    instance_type: str
    availability_zone: str
    private_dns_name: str
    root_device: str
    launch_index: int
    boot_id: int
    user_data: bytes
    key_name: str | None
    public_key: str | None
    login_user: str  # the image's default user: admin (Debian), ec2-user (Amazon Linux), ubuntu ...
    tags: tuple[tuple[str, str], ...]
    metadata: MetadataOptions
    role_name: str | None  # the role of the instance profile
    instance_profile_arn: str | None
    shutdown_behavior: str = "stop"
    reservation_id: str = ""


@dataclass(frozen=True)
class World:
    """Everything, keyed by id. Terminated instances stay in it for as long as the API shows them."""

    instances: dict[str, Instance] = field(default_factory=dict)
    interfaces: dict[str, Interface] = field(default_factory=dict)
    volumes: dict[str, Volume] = field(default_factory=dict)
    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    vpcs: dict[str, Vpc] = field(default_factory=dict)
    subnets: dict[str, Subnet] = field(default_factory=dict)
    groups: dict[str, SecurityGroup] = field(default_factory=dict)
    nat_gateways: dict[str, NatGateway] = field(default_factory=dict)
