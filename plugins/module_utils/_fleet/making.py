# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""The calls that make the parts of a slot, with all their arguments. No I/O."""

from __future__ import annotations

import hashlib
import json
import typing as t

from .._core.plan import Step
from .._core.tags import to_aws
from .._core.tokens import client_token
from . import api, marks
from .actual import Facts
from .places import Place
from .slots import Slot, launch_size
from .wanted import VolumeWish, Wanted


def tags_of_slot(wanted: Wanted, slot: str, node_id: int) -> dict[str, str]:
    """The tags that interface and volumes are made with. The Name is for people."""
    ours = {"Name": f"{wanted.name}-{node_id}", marks.FLEET: wanted.name, marks.SLOT: slot, marks.NODE_ID: str(node_id)}
    return {**wanted.tags, **ours}


def creation_of_interface(wanted: Wanted, place: Place) -> Step:
    """The address itself makes this happen once: AWS gives it to one interface only.

    A token made from the same words would do harm: AWS remembers it beyond the deletion of the interface, so that a
    fleet which is made again within a day would be told of an interface that is gone.
    """
    tags = {**tags_of_slot(wanted, place.slot, place.node_id), marks.GENERATION: "1"}
    arguments: dict[str, t.Any] = {
        "SubnetId": place.subnet_id,
        "PrivateIpAddress": place.address,
        "Description": f"{wanted.name}, slot {place.slot}",
        "TagSpecifications": [{"ResourceType": "network-interface", "Tags": to_aws(tags)}],
    }
    if wanted.security_group_ids:
        arguments["Groups"] = list(wanted.security_group_ids)
    summary = f"create the interface of the slot {place.slot} with the address {place.address}"
    return Step(summary, api.create_interface, arguments)


def creation_of_volume(wanted: Wanted, slot: Slot, wish: VolumeWish) -> Step:
    """The token has the interface in it, which no other slot, nor the same one in another life, has."""
    tags = tags_of_slot(wanted, slot.name, slot.node_id)
    tags |= {"Name": f"{tags['Name']}-{wish.name}", marks.VOLUME: wish.name}
    arguments = {
        "AvailabilityZone": slot.zone,
        **_settings(wish, "Size"),
        "TagSpecifications": [{"ResourceType": "volume", "Tags": to_aws(tags)}],
    }
    specification = {"interface": slot.interface.id, **arguments}
    token = client_token(wanted.name, f"{slot.name}/{wish.name}", slot.generation, specification)
    summary = f"create the data volume {wish.name} of the slot {slot.name}"
    return Step(summary, api.create_volume, {**arguments, "ClientToken": token})


def _settings(wish: VolumeWish, size: str) -> dict[str, t.Any]:
    """A volume as CreateVolume and block device mappings take it; they name its size differently."""
    given = {"VolumeType": wish.type, size: wish.size, "Iops": wish.iops, "Throughput": wish.throughput}
    given |= {"Encrypted": wish.encrypted, "KmsKeyId": wish.kms_key_id}
    return {parameter: value for parameter, value in given.items() if value is not None}


def launch_id(wanted: Wanted, slots: t.Sequence[Slot]) -> str:
    """The id of a launch of one body for each of ``slots``: their number, and what makes it another than all others."""
    parts = [[slot.interface.id, slot.generation] for slot in slots]
    return f"{len(slots)}-{hashlib.sha256(json.dumps([wanted.name, parts]).encode()).hexdigest()[:16]}"


def launch(wanted: Wanted, facts: Facts, id_: str, slots: t.Sequence[Slot]) -> Step:
    """Write on the slots' interfaces which launch their bodies come from, then make it. Repeated, it makes nothing."""
    count = launch_size(id_)
    arguments: dict[str, t.Any] = {
        "ImageId": wanted.image_id,
        "InstanceType": wanted.instance_type,
        "MinCount": count,
        "MaxCount": count,
        "SubnetId": slots[0].interface.subnet_id,
        "BlockDeviceMappings": _devices(wanted, facts),
        "MetadataOptions": {"HttpTokens": "required", "HttpEndpoint": "enabled"},
        "TagSpecifications": _tags_of_launch(wanted, id_),
        **_choices(wanted),
    }
    arguments["ClientToken"] = client_token(wanted.name, id_, 1, arguments)
    record = {"Resources": [slot.interface.id for slot in slots], "Tags": to_aws({marks.LAUNCH: id_})}
    summary = f"launch {count} x {wanted.instance_type} in {slots[0].zone}"
    return Step(summary, api.record_and_launch, {"record": record, "launch": arguments})


def _tags_of_launch(wanted: Wanted, id_: str) -> list[dict[str, t.Any]]:
    """Those that everything has which a launch makes. The instance's own interface is no part of the fleet."""
    tags = {**wanted.tags, "Name": wanted.name}
    of_fleet = {**tags, marks.FLEET: wanted.name}
    of_instance = {**of_fleet, marks.LAUNCH: id_}
    if wanted.user_data_hash:
        of_instance[marks.USER_DATA] = wanted.user_data_hash
    kinds = {"instance": of_instance, "volume": of_fleet, "network-interface": tags}
    return [{"ResourceType": kind, "Tags": to_aws(its)} for kind, its in kinds.items()]


def _choices(wanted: Wanted) -> dict[str, t.Any]:
    """The parameters of a launch that are left out when nothing is asked for."""
    profile = wanted.instance_profile
    given = {
        "SecurityGroupIds": list(wanted.security_group_ids),
        "KeyName": wanted.key_name,
        "UserData": wanted.user_data,
        "IamInstanceProfile": {"Arn" if profile.startswith("arn:") else "Name": profile} if profile else None,
        "Placement": {"GroupName": wanted.placement_group} if wanted.placement_group else None,
    }
    return {parameter: value for parameter, value in given.items() if value}


def _devices(wanted: Wanted, facts: Facts) -> list[dict[str, t.Any]]:
    devices: list[dict[str, t.Any]] = []
    if wanted.root_volume and facts.image:
        root = {**_settings(wanted.root_volume, "VolumeSize"), "DeleteOnTermination": True}
        devices.append({"DeviceName": facts.image.root_device, "Ebs": root})
    # Disks that are not NVMe show only where they are asked for.
    if wanted.instance_store and facts.type and not facts.type.disks_are_nvme:
        devices += [
            {"DeviceName": f"/dev/sd{chr(ord('b') + number)}", "VirtualName": f"ephemeral{number}"}
            for number in range(facts.type.disks)
        ]
    return devices
