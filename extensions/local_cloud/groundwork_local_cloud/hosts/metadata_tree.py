# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an instance reads about itself at 169.254.169.254. Pure.

A directory is a dict, a file is text, bytes, or a function that makes the text when it is read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from ..settings import ACCOUNT_ID
from ..world import Instance, Interface, Volume, World
from .addressing import private_name, public_name

VERSIONS = ("2009-04-04", "2016-09-02", "2018-09-24", "2021-03-23", "latest")
_TIME = "%Y-%m-%dT%H:%M:%SZ"

Leaf: TypeAlias = str | bytes | Callable[[], str]
Tree: TypeAlias = dict[str, "Leaf | Tree"]
Credentials: TypeAlias = Callable[[str], Mapping[str, str]]


def version_tree(world: World, instance: Instance, credentials: Credentials) -> Tree:
    """Everything below one version, such as ``latest``. ``credentials`` gives those of a role, by its name."""
    tree: Tree = {
        "dynamic": {"instance-identity": {"document": _identity_document(world, instance)}},
        "meta-data": _meta_data(world, instance, credentials),
    }
    if instance.user_data:
        tree["user-data"] = instance.user_data
    return tree


def attached(world: World, instance: Instance) -> list[Interface]:
    """The instance's interfaces in the order of their device index."""
    found = (one for one in world.interfaces.values() if one.instance_id == instance.id)
    return sorted(found, key=lambda one: one.device_index or 0)


def _meta_data(world: World, instance: Instance, credentials: Credentials) -> Tree:
    interfaces = attached(world, instance)
    primary = interfaces[0]
    tree: Tree = {
        "ami-id": instance.image_id,
        "ami-launch-index": str(instance.launch_index),
        "ami-manifest-path": "(unknown)",
        "block-device-mapping": _block_devices(world, instance),
        "hostname": instance.private_dns_name,
        "instance-action": "none",
        "instance-id": instance.id,
        "instance-life-cycle": "on-demand",
        "instance-type": instance.instance_type,
        "local-hostname": instance.private_dns_name,
        "local-ipv4": primary.private_ips[0],
        "mac": primary.mac,
        "network": {"interfaces": {"macs": {one.mac: _interface(world, instance, one) for one in interfaces}}},
        "placement": {"availability-zone": instance.availability_zone, "region": instance.region},
        "profile": "default-hvm",
        "reservation-id": instance.reservation_id,
        "security-groups": _group_names(world, primary),
        "services": {"domain": "amazonaws.com", "partition": "aws"},
        "system": "nitro",
        **_public(instance, primary),
        **_key(instance),
        **_role(instance, credentials),
    }
    if instance.metadata.tags_enabled and instance.tags:
        tree["tags"] = {"instance": dict(instance.tags)}
    return tree


def _group_names(world: World, interface: Interface) -> str:
    return "\n".join(world.groups[group_id].name for group_id in interface.group_ids if group_id in world.groups)


def _public(instance: Instance, primary: Interface) -> Tree:
    address = dict(primary.public_ips).get(primary.private_ips[0])
    if address is None:
        return {}
    return {"public-hostname": public_name(address, instance.region), "public-ipv4": address}


def _key(instance: Instance) -> Tree:
    if instance.key_name is None or instance.public_key is None:
        return {}
    return {"public-keys": {f"0={instance.key_name}": {"openssh-key": instance.public_key}}}


def _role(instance: Instance, credentials: Credentials) -> Tree:
    arn, role = instance.instance_profile_arn, instance.role_name
    if arn is None:
        return {}
    iam: Tree = {"info": lambda: _document(Code="Success", LastUpdated=_now(), InstanceProfileArn=arn)}
    if role is not None:
        iam["security-credentials"] = {role: lambda: _credentials(credentials(role))}
    return {"iam": iam}


def _credentials(given: Mapping[str, str]) -> str:
    return _document(
        Code="Success",
        LastUpdated=_now(),
        Type="AWS-HMAC",
        AccessKeyId=given["AccessKeyId"],
        SecretAccessKey=given["SecretAccessKey"],
        Token=given["Token"],
        Expiration=given["Expiration"],
    )


def _interface(world: World, instance: Instance, interface: Interface) -> Tree:
    vpc, subnet = world.vpcs[interface.vpc_id], world.subnets[interface.subnet_id]
    tree: Tree = {
        "device-number": str(interface.device_index or 0),
        "interface-id": interface.id,
        "local-hostname": private_name(interface.private_ips[0], instance.region),
        "local-ipv4s": "\n".join(interface.private_ips),
        "mac": interface.mac,
        "owner-id": ACCOUNT_ID,
        "security-group-ids": "\n".join(interface.group_ids),
        "subnet-id": subnet.id,
        "subnet-ipv4-cidr-block": subnet.cidr,
        "vpc-id": vpc.id,
        "vpc-ipv4-cidr-block": vpc.cidrs[0],
        "vpc-ipv4-cidr-blocks": "\n".join(vpc.cidrs),
    }
    if interface.public_ips:
        publics = [public for _, public in interface.public_ips]
        tree["public-hostname"] = public_name(publics[0], instance.region)
        tree["public-ipv4s"] = "\n".join(publics)
        tree["ipv4-associations"] = {public: private for private, public in interface.public_ips}
    return tree


def _block_devices(world: World, instance: Instance) -> Tree:
    def is_data(volume: Volume) -> bool:
        return volume.instance_id == instance.id and volume.device not in (None, instance.root_device)

    data = sorted((volume.device or "", volume.id) for volume in world.volumes.values() if is_data(volume))
    names = {f"ebs{number}": device.removeprefix("/dev/") for number, (device, _) in enumerate(data, start=1)}
    return {"ami": instance.root_device.removeprefix("/dev/"), **names, "root": instance.root_device}


def _identity_document(world: World, instance: Instance) -> str:
    return _document(
        accountId=ACCOUNT_ID,
        architecture=_architecture(instance.instance_type),
        availabilityZone=instance.availability_zone,
        billingProducts=None,
        devpayProductCodes=None,
        marketplaceProductCodes=None,
        imageId=instance.image_id,
        instanceId=instance.id,
        instanceType=instance.instance_type,
        kernelId=None,
        privateIp=attached(world, instance)[0].private_ips[0],
        ramdiskId=None,
        region=instance.region,
        version="2017-09-30",
    )


def _architecture(instance_type: str) -> str:
    """Graviton types have a ``g`` after the generation: ``m7g.large``, ``im4gn.xlarge``."""
    family = instance_type.split(".")[0]
    attributes = family.lstrip("abcdefghijklmnopqrstuvwxyz").lstrip("0123456789")
    return "arm64" if attributes.startswith("g") or family == "a1" else "x86_64"


def _document(**fields: Any) -> str:
    return json.dumps(fields, indent=2)


def _now() -> str:
    return datetime.now(UTC).strftime(_TIME)


def look_up(tree: Tree, path: Iterable[str]) -> Leaf | Tree | None:
    """The file or directory at a path; None if there is none."""
    node: Leaf | Tree | None = tree
    for name in path:
        if not isinstance(node, dict):
            return None
        node = node.get(name, _numbered(node, name))
    return node


def _numbered(directory: Tree, name: str) -> Tree | None:
    """The directory of a public key is listed as ``0=name`` and read as ``0``."""
    found = (node for key, node in directory.items() if isinstance(node, dict) and key.startswith(f"{name}="))
    return next(found, None)


def listing(directory: Tree) -> str:
    """How a directory reads: its names, those of directories with a slash at the end."""
    names = (f"{name}/" if isinstance(node, dict) and "=" not in name else name for name, node in directory.items())
    return "\n".join(sorted(names))
