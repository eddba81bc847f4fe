# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""What can be changed on slots that live: tags, groups, volumes, and what must not be deleted with an instance.

No I/O.
"""

from __future__ import annotations

import typing as t
from collections import defaultdict

from .._core import ec2_tags
from .._core.plan import Step
from . import api, marks
from .actual import Instance, Interface, Volume
from .condition import REPLACING, volume_changes
from .situation import Situation, Work
from .slots import Slot

MOST_RESOURCES = 500  # in one call that tags; AWS takes up to 1000


def upkeep(situation: Situation) -> Work:
    """The steps for all slots that stay and are not under replacement."""
    slots = [slot for slot in situation.kept_slots if situation.conditions[slot.name].state != REPLACING]
    steps = [*_tags(situation, slots), *_set_aside(situation, slots), *_spare(situation)]
    waits: list[str] = []
    for slot in slots:
        steps += protection(slot)
        steps += _interfaces(situation, slot)
        steps += _modifications(situation, slot)
    return steps, waits


def protection(slot: Slot) -> list[Step]:
    """Keep interface and data volumes from being deleted together with the instance."""
    steps = []
    attachment = slot.interface.attachment
    if attachment and attachment.delete_on_termination:
        keep = {"AttachmentId": attachment.id, "DeleteOnTermination": False}
        arguments: dict[str, t.Any] = {"NetworkInterfaceId": slot.interface.id, "Attachment": keep}
        steps.append(Step(f"keep the interface of the slot {slot.name}", api.modify_interface, arguments))
    for name, volume in sorted(slot.volumes.items()):
        if volume.attachment and volume.attachment.delete_on_termination:
            device = {"DeviceName": volume.attachment.place, "Ebs": {"DeleteOnTermination": False}}
            arguments = {"InstanceId": volume.attachment.instance_id, "BlockDeviceMappings": [device]}
            steps.append(Step(f"keep the data volume {name} of the slot {slot.name}", api.modify_instance, arguments))
    return steps


def _tags(situation: Situation, slots: list[Slot]) -> list[Step]:
    """The user's tags on everything that lacks one, in one call for all that lack the same."""
    lacking: defaultdict[tuple[tuple[str, str], ...], list[str]] = defaultdict(list)
    for slot in slots:
        parts: list[Interface | Volume | Instance] = [slot.interface, *slot.volumes.values()]
        if slot.body is not None and slot.body.is_alive:
            parts.append(slot.body)
        for part in parts:
            missing = tuple(sorted((k, v) for k, v in situation.wanted.tags.items() if part.tags.get(k) != v))
            if missing:
                lacking[missing].append(part.id)
    return [
        ec2_tags.tag(
            chunk, dict(missing), f"tag {len(chunk)} resources with {', '.join(key for key, _value in missing)}"
        )
        for missing, ids in lacking.items()
        for chunk in _chunks(ids)
    ]


def _chunks(ids: list[str]) -> list[list[str]]:
    return [ids[start : start + MOST_RESOURCES] for start in range(0, len(ids), MOST_RESOURCES)]


def _set_aside(situation: Situation, slots: list[Slot]) -> list[Step]:
    """Take back data volumes that were kept for a slot; set aside those of which it has two."""
    steps = []
    for slot in slots:
        for name, volume in sorted(slot.volumes.items()):
            if marks.KEPT in volume.tags and name in situation.volume_names:
                summary = f"take back the data volume {name} ({volume.id}), which was kept for the slot {slot.name}"
                steps.append(ec2_tags.untag(volume.id, [marks.KEPT], summary))
        steps += [keep_volume(volume.id, slot.name) for volume in slot.surplus if marks.KEPT not in volume.tags]
    return steps


def keep_volume(volume_id: str, slot: str) -> Step:
    """Say on a data volume that nobody uses it any more."""
    tags = {marks.KEPT: f"kept when the slot {slot} had no more use for it"}
    return ec2_tags.tag([volume_id], tags, f"keep the data volume {volume_id} of the slot {slot}")


def _spare(situation: Situation) -> list[Step]:
    """End instances that no slot has any use for: what an interrupted launch has left when its request changed.

    Not in a zone where a slot still waits for its body, and none that anything of the fleet is attached to.
    """
    waiting = {slot.zone for slot in situation.kept_slots if slot.body is None}
    waiting |= {place.zone for place in situation.places if place.slot not in situation.fleet.slots}
    used = {volume.attachment.instance_id for volume in situation.state.volumes if volume.attachment}
    spare = [
        one.id
        for one in situation.fleet.spare
        if one.zone not in waiting and one.id not in used and one.interfaces <= 1 and one.state != "stopping"
    ]
    if not spare:
        return []
    return [Step(f"terminate {', '.join(spare)}, which no slot needs", api.terminate, {"InstanceIds": spare})]


def _interfaces(situation: Situation, slot: Slot) -> list[Step]:
    """Security groups, and whether the interface takes packets for others."""
    steps, wanted = [], situation.wanted
    groups = wanted.security_group_ids
    found = {slot.interface.id: slot.interface.groups}
    if slot.body is not None and slot.body.is_alive and slot.body.primary_interface:
        found[slot.body.primary_interface] = slot.body.groups
    for interface_id, present in found.items():
        if groups and present != groups:
            arguments: dict[str, t.Any] = {"NetworkInterfaceId": interface_id, "Groups": list(groups)}
            summary = f"change the security groups of {interface_id} of the slot {slot.name}"
            steps.append(Step(summary, api.modify_interface, arguments))
    if slot.interface.source_dest_check != wanted.source_dest_check:
        arguments = {
            "NetworkInterfaceId": slot.interface.id,
            "SourceDestCheck": {"Value": wanted.source_dest_check},
        }
        summary = f"change the source and destination check of the slot {slot.name}"
        steps.append(Step(summary, api.modify_interface, arguments))
    return steps


def _modifications(situation: Situation, slot: Slot) -> list[Step]:
    """Grow volumes and change their type in place. One that is being modified cannot be modified again."""
    steps = []
    for wish in situation.wanted.data_volumes:
        changes = volume_changes(slot, wish)
        volume = slot.volumes.get(wish.name)
        if changes and volume is not None and volume.id not in situation.state.facts.modifying:
            what = ", ".join(f"{parameter} {value}" for parameter, value in changes.items())
            summary = f"change the data volume {wish.name} of the slot {slot.name}: {what}"
            steps.append(Step(summary, api.modify_volume, {"VolumeId": volume.id, **changes}))
    return steps
