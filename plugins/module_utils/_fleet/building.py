# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""What a slot still lacks: its interface, its volumes, its body, and their attachments. No I/O."""

from __future__ import annotations

import typing as t

from .._core import ec2_tags
from .._core.plan import Step
from .._core.tags import to_aws
from . import api, making, marks
from .actual import Instance
from .condition import CREATING, HEALTHY
from .places import Place
from .situation import Situation, Work
from .slots import Slot, launch_size
from .wanted import VolumeWish

DEVICE_INDEX = 1  # of the slot's interface; the instance's own is 0


def build(situation: Situation) -> Work:
    """Zone by zone, so that the first zone can be launched while the interfaces of the others are made."""
    steps: list[Step] = []
    waits: list[str] = []
    for subnet_id in situation.wanted.subnet_ids:
        places = [place for place in situation.places if place.subnet_id == subnet_id]
        for part in (_interfaces(situation, places), _launches(situation, places)):
            steps += part[0]
            waits += part[1]
    for slot in situation.kept_slots:
        if situation.conditions[slot.name].state in (CREATING, HEALTHY) and not situation.is_overdue(slot):
            steps += _volumes(situation, slot)
            done, missing = _completion(situation, slot)
            steps += done
            waits += missing
    return steps, waits


def _interfaces(situation: Situation, places: list[Place]) -> Work:
    missing = [place for place in places if place.slot not in situation.fleet.slots]
    return [making.creation_of_interface(situation.wanted, place) for place in missing], []


def _launches(situation: Situation, places: list[Place]) -> Work:
    """First every slot of the zone has its interface, then one launch brings the bodies for all."""
    slots = [situation.fleet.slots[place.slot] for place in places if place.slot in situation.fleet.slots]
    if len(slots) < len(places):
        return [], []
    lacking = [slot for slot in slots if _lacks_body(situation, slot)]
    group = _placement_group(situation)
    if not lacking or group:
        return group, []
    new = [slot for slot in lacking if not slot.launch]
    launches = {making.launch_id(situation.wanted, new): new} if new else {}
    for slot in lacking:
        if slot.launch and situation.fleet.shown.get(slot.launch, 0) < launch_size(slot.launch):
            launches.setdefault(slot.launch, []).append(slot)
    facts = situation.state.facts
    return [making.launch(situation.wanted, facts, launch, group) for launch, group in launches.items()], []


def _lacks_body(situation: Situation, slot: Slot) -> bool:
    is_waiting = slot.body is None and situation.conditions[slot.name].state == CREATING
    return is_waiting and not situation.is_overdue(slot)


def _placement_group(situation: Situation) -> list[Step]:
    """The step that creates the group that the launches need."""
    wanted = situation.wanted
    if not wanted.strategy or situation.state.groups:
        return []
    tags = to_aws({**wanted.tags, "Name": wanted.name, marks.FLEET: wanted.name})
    arguments: dict[str, t.Any] = {
        "GroupName": wanted.name,
        "Strategy": wanted.strategy,
        "TagSpecifications": [{"ResourceType": "placement-group", "Tags": tags}],
    }
    if wanted.partitions is not None:
        arguments["PartitionCount"] = wanted.partitions
    return [Step(f"create the {wanted.strategy} placement group {wanted.name}", api.create_group, arguments)]


def _volumes(situation: Situation, slot: Slot) -> list[Step]:
    """The data volumes that the slot has never had. One that it has had and that is gone is for healing."""
    missing = [
        wish
        for wish in situation.wanted.data_volumes
        if wish.name not in slot.volumes and wish.name not in slot.had_volumes
    ]
    return [making.creation_of_volume(situation.wanted, slot, wish) for wish in missing]


def _completion(situation: Situation, slot: Slot) -> Work:
    """Tie the body to the slot, then attach what is the slot's."""
    body = slot.body
    if body is None:
        return [], []
    if not all(name in slot.volumes for name in situation.volume_names):
        return [], []
    ties = _ties(situation, slot, body)
    if body.state == "pending":
        return ties, [f"the instance {body.id} of the slot {slot.name} is pending"]
    # Not before the interface's tag names it: until then another run might deal the bodies out differently.
    if slot.bound != body.id and not slot.owner:
        return ties, []
    steps, waits = _attach_interface(slot, body)
    for wish in situation.wanted.data_volumes:
        more, missing = _attach_volume(slot, body, wish)
        steps += more
        waits += missing
    return ties + steps, waits


def _ties(situation: Situation, slot: Slot, body: Instance) -> list[Step]:
    """The tags on interface and body that say that they belong together. Both get the same, so it is one call."""
    tags = {
        "Name": f"{situation.wanted.name}-{slot.node_id}",
        marks.SLOT: slot.name,
        marks.NODE_ID: str(slot.node_id),
        marks.BODY: body.id,
        marks.VOLUMES: marks.join([*situation.volume_names, *slot.had_volumes]),
    }
    if all(owner.get(key) == value for owner in (slot.interface.tags, body.tags) for key, value in tags.items()):
        return []
    summary = f"give the instance {body.id} to the slot {slot.name}"
    return [ec2_tags.tag([slot.interface.id, body.id], tags, summary)]


def _attach_interface(slot: Slot, body: Instance) -> Work:
    interface, attachment = slot.interface, slot.interface.attachment
    if attachment and attachment.state == "attached":
        return [], []
    if attachment or interface.status != "available":
        state = attachment.state if attachment else interface.status
        return [], [f"the interface {interface.id} of the slot {slot.name} is {state}"]
    arguments = {"NetworkInterfaceId": interface.id, "InstanceId": body.id, "DeviceIndex": DEVICE_INDEX}
    summary = f"attach the interface of the slot {slot.name} to {body.id}"
    return [Step(summary, api.attach_interface, arguments)], []


def _attach_volume(slot: Slot, body: Instance, wish: VolumeWish) -> Work:
    volume = slot.volumes[wish.name]
    if volume.attachment and volume.attachment.state == "attached":
        return [], []
    if volume.attachment or volume.state != "available":
        state = volume.attachment.state if volume.attachment else volume.state
        return [], [f"the data volume {volume.id} of the slot {slot.name} is {state}"]
    arguments = {"VolumeId": volume.id, "InstanceId": body.id, "Device": wish.device}
    summary = f"attach the data volume {wish.name} of the slot {slot.name} to {body.id}"
    return [Step(summary, api.attach_volume, arguments)], []
