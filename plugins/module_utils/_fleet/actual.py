# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""What there is of a fleet, as EC2 describes it. No I/O."""

from __future__ import annotations

import dataclasses
import ipaddress
import typing as t

from .._core.kms import Key
from .._core.tags import from_aws
from . import marks

ALIVE = ("pending", "running", "stopping", "stopped")
GOING = ("shutting-down", "terminated")


@dataclasses.dataclass(frozen=True)
class Attachment:
    """Of an interface or a volume to an instance. ``place`` is the device index or the device name."""

    instance_id: str
    state: str
    place: str
    delete_on_termination: bool = False
    id: str = ""


@dataclasses.dataclass(frozen=True)
class Interface:
    """The network interface of a slot."""

    id: str
    subnet_id: str
    zone: str
    address: str
    mac: str
    status: str
    groups: tuple[str, ...]
    source_dest_check: bool
    attachment: Attachment | None
    tags: dict[str, str]

    @property
    def slot(self) -> str:
        return self.tags.get(marks.SLOT, "")


@dataclasses.dataclass(frozen=True)
class Volume:
    """An EBS volume. ``size`` in GiB, ``throughput`` in MiB/s."""

    id: str
    zone: str
    size: int
    type: str
    iops: int | None
    throughput: int | None
    encrypted: bool
    kms_key_id: str
    state: str
    created: str
    attachment: Attachment | None
    tags: dict[str, str]

    @property
    def name(self) -> str:
        return self.tags.get(marks.VOLUME, "")

    @property
    def slot(self) -> str:
        return self.tags.get(marks.SLOT, "")


@dataclasses.dataclass(frozen=True)
class Instance:
    """A body of a slot, or one that is to become it. ``reason`` is why it ended, if it did."""

    id: str
    zone: str
    state: str
    reason: str
    image_id: str
    type: str
    key_name: str
    profile: str
    address: str
    primary_interface: str
    groups: tuple[str, ...]
    interfaces: int
    launch_index: int
    partition: int | None
    tags: dict[str, str]

    @property
    def is_alive(self) -> bool:
        return self.state in ALIVE

    @property
    def is_gone(self) -> bool:
        return self.state in GOING

    @property
    def launch(self) -> str:
        return self.tags.get(marks.LAUNCH, "")


@dataclasses.dataclass(frozen=True)
class Subnet:
    id: str
    zone: str
    vpc_id: str
    network: ipaddress.IPv4Network


@dataclasses.dataclass(frozen=True)
class Image:
    id: str
    root_device: str
    architecture: str
    root_size: int


@dataclasses.dataclass(frozen=True)
class InstanceType:
    """What an instance type allows. ``disks`` is the number of its instance store volumes."""

    name: str
    interfaces: int
    architectures: tuple[str, ...]
    strategies: tuple[str, ...]
    disks: int
    disks_are_nvme: bool


@dataclasses.dataclass(frozen=True)
class PlacementGroup:
    name: str
    strategy: str
    tags: dict[str, str]


@dataclasses.dataclass(frozen=True)
class Facts:
    """What stands around a fleet. What was not asked for, because nothing is to be made, is empty.

    ``taken`` maps addresses to the interfaces of others, ``impaired`` are instances that fail their status checks,
    ``modifying`` are volumes with a modification under way. ``overdue`` are the slots for which something was asked for
    and has not come, see the reading of the fleet.
    """

    subnets: dict[str, Subnet] = dataclasses.field(default_factory=dict)
    image: Image | None = None
    type: InstanceType | None = None
    taken: dict[str, str] | None = None
    impaired: frozenset[str] = frozenset()
    keys: dict[str, Key] = dataclasses.field(default_factory=dict)
    modifying: frozenset[str] = frozenset()
    overdue: frozenset[str] = frozenset()


@dataclasses.dataclass(frozen=True)
class State:
    """Everything that carries the fleet's tag, but root volumes, and the facts around it."""

    interfaces: tuple[Interface, ...] = ()
    volumes: tuple[Volume, ...] = ()
    instances: tuple[Instance, ...] = ()
    groups: tuple[PlacementGroup, ...] = ()
    facts: Facts = Facts()


def interface_of(answer: dict[str, t.Any]) -> Interface:
    """An interface as DescribeNetworkInterfaces shows it."""
    attached = answer.get("Attachment")
    return Interface(
        id=answer["NetworkInterfaceId"],
        subnet_id=answer["SubnetId"],
        zone=answer["AvailabilityZone"],
        address=answer["PrivateIpAddress"],
        mac=answer["MacAddress"],
        status=answer["Status"],
        groups=tuple(sorted(group["GroupId"] for group in answer["Groups"])),
        source_dest_check=answer["SourceDestCheck"],
        attachment=_interface_attachment(attached) if attached else None,
        tags=from_aws(answer.get("TagSet")),
    )


def _interface_attachment(attached: dict[str, t.Any]) -> Attachment:
    return Attachment(
        # Of an interface that belongs to a service, AWS does not tell the instance.
        instance_id=attached.get("InstanceId", ""),
        state=attached["Status"],
        place=str(attached["DeviceIndex"]),
        delete_on_termination=attached["DeleteOnTermination"],
        id=attached["AttachmentId"],
    )


def volume_of(answer: dict[str, t.Any]) -> Volume:
    """A volume as DescribeVolumes shows it."""
    attached = answer.get("Attachments") or []
    return Volume(
        id=answer["VolumeId"],
        zone=answer["AvailabilityZone"],
        size=answer["Size"],
        type=answer["VolumeType"],
        iops=answer.get("Iops"),
        throughput=answer.get("Throughput"),
        encrypted=answer["Encrypted"],
        kms_key_id=answer.get("KmsKeyId") or "",
        state=answer["State"],
        created=answer["CreateTime"].isoformat(),
        attachment=_volume_attachment(attached[0]) if attached else None,
        tags=from_aws(answer.get("Tags")),
    )


def _volume_attachment(attached: dict[str, t.Any]) -> Attachment:
    return Attachment(
        instance_id=attached["InstanceId"],
        state=attached["State"],
        place=attached["Device"],
        delete_on_termination=attached["DeleteOnTermination"],
    )


def instance_of(answer: dict[str, t.Any]) -> Instance:
    """An instance as DescribeInstances shows it."""
    interfaces = answer.get("NetworkInterfaces") or []
    primary = [one for one in interfaces if one["Attachment"]["DeviceIndex"] == 0]
    return Instance(
        id=answer["InstanceId"],
        zone=answer["Placement"]["AvailabilityZone"],
        state=answer["State"]["Name"],
        reason=(answer.get("StateReason") or {}).get("Message", ""),
        image_id=answer["ImageId"],
        type=answer["InstanceType"],
        key_name=answer.get("KeyName") or "",
        profile=(answer.get("IamInstanceProfile") or {}).get("Arn", ""),
        address=answer.get("PrivateIpAddress") or "",
        primary_interface=primary[0]["NetworkInterfaceId"] if primary else "",
        groups=tuple(sorted(group["GroupId"] for group in primary[0]["Groups"])) if primary else (),
        interfaces=len(interfaces),
        launch_index=answer.get("AmiLaunchIndex", 0),
        partition=answer["Placement"].get("PartitionNumber"),
        tags=from_aws(answer.get("Tags")),
    )


def subnet_of(answer: dict[str, t.Any]) -> Subnet:
    """A subnet as DescribeSubnets shows it."""
    network = ipaddress.IPv4Network(answer["CidrBlock"])
    return Subnet(answer["SubnetId"], answer["AvailabilityZone"], answer["VpcId"], network)


def image_of(answer: dict[str, t.Any]) -> Image:
    """An image as DescribeImages shows it."""
    root = answer["RootDeviceName"]
    sizes = [one["Ebs"].get("VolumeSize", 0) for one in answer["BlockDeviceMappings"] if one["DeviceName"] == root]
    return Image(answer["ImageId"], root, answer["Architecture"], sizes[0] if sizes else 0)


def type_of(answer: dict[str, t.Any]) -> InstanceType:
    """An instance type as DescribeInstanceTypes shows it."""
    storage = answer.get("InstanceStorageInfo") or {}
    return InstanceType(
        name=answer["InstanceType"],
        interfaces=answer["NetworkInfo"]["MaximumNetworkInterfaces"],
        architectures=tuple(answer["ProcessorInfo"]["SupportedArchitectures"]),
        strategies=tuple((answer.get("PlacementGroupInfo") or {}).get("SupportedStrategies", [])),
        disks=sum(disk["Count"] for disk in storage.get("Disks", [])),
        disks_are_nvme=storage.get("NvmeSupport") != "unsupported",
    )


def group_of(answer: dict[str, t.Any]) -> PlacementGroup:
    """A placement group as DescribePlacementGroups shows it."""
    return PlacementGroup(answer["GroupName"], answer["Strategy"], from_aws(answer.get("Tags")))
