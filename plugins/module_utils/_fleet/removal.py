# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""What goes when rows are taken away, or the whole fleet. No I/O.

Instances first, then volumes, the interface last: as long as it is there, the slot is known.
"""

from __future__ import annotations

from .._core.plan import Step
from . import api, marks
from .actual import Volume
from .situation import Situation, Work
from .slots import Slot
from .upkeep import keep_volume, protection


def remove(situation: Situation) -> Work:
    """The steps for the slots that are to go, and with the whole fleet for everything that is left of it."""
    steps, waits = _terminations(situation)
    for slot in situation.doomed_slots:
        more, missing = _remains(situation, slot)
        steps += more
        waits += missing
    parts = [_loose(situation)]
    if not situation.wanted.present:
        parts.append(_placement_groups(situation))
    for more, missing in parts:
        steps += more
        waits += missing
    return steps, waits


def _terminations(situation: Situation) -> Work:
    """One call for all instances, once none takes a data volume with it that is to be kept."""
    doomed = {slot.body.id: slot.body for slot in situation.doomed_slots if slot.body is not None}
    if not situation.wanted.present:
        doomed |= {one.id: one for one in situation.state.instances}
    guards = [step for slot in situation.doomed_slots for step in protection(slot)]
    waits = [f"the instance {one.id} is shutting-down" for one in doomed.values() if one.state == "shutting-down"]
    living = sorted(one.id for one in doomed.values() if not one.is_gone)
    if guards or not living:
        return guards, waits
    summary = f"terminate {', '.join(living)}"
    return [Step(summary, api.terminate, {"InstanceIds": living})], waits


def _remains(situation: Situation, slot: Slot) -> Work:
    """Volumes and interface of a slot, each when it is free."""
    volumes = [*slot.volumes.values(), *slot.surplus]
    if situation.wanted.delete_data:
        steps, left = _deletions(volumes), bool(volumes)
    else:
        steps = [keep_volume(volume.id, slot.name) for volume in volumes if marks.KEPT not in volume.tags]
        left = bool(steps)
    busy = [one for one in volumes if one.attachment or (situation.wanted.delete_data and not _can_go(one))]
    waits = [f"the data volume {one.id} of the slot {slot.name} is {one.state}" for one in busy]
    free = slot.interface.status == "available" and not slot.interface.attachment
    if not free:
        waits.append(f"the interface {slot.interface.id} of the slot {slot.name} is {slot.interface.status}")
    elif not left and (slot.body is None or slot.body.state == "terminated"):
        arguments = {"NetworkInterfaceId": slot.interface.id}
        steps.append(Step(f"delete the interface of the slot {slot.name}", api.delete_interface, arguments))
    return steps, waits


def _deletions(volumes: list[Volume]) -> list[Step]:
    return [
        Step(f"delete the data volume {one.id} of the slot {one.slot}", api.delete_volume, {"VolumeId": one.id})
        for one in volumes
        if _can_go(one)
    ]


def _can_go(volume: Volume) -> bool:
    return volume.state in ("available", "error") and not volume.attachment


def _loose(situation: Situation) -> Work:
    """Data volumes of slots that are gone. With the fleet, and permission, those go too that were kept earlier."""
    loose = list(situation.fleet.loose)
    if not situation.wanted.present and situation.wanted.delete_data:
        return _deletions(loose), [f"the data volume {one.id} is {one.state}" for one in loose if not _can_go(one)]
    staying = {place.slot for place in situation.places}
    left = [one for one in loose if marks.KEPT not in one.tags and one.slot not in staying]
    return [keep_volume(one.id, one.slot) for one in left], []


def _placement_groups(situation: Situation) -> Work:
    """A group can be deleted once its last instance is terminated."""
    ours = [group for group in situation.state.groups if group.tags.get(marks.FLEET) == situation.wanted.name]
    if any(one.state != "terminated" for one in situation.state.instances):
        return [], []
    steps = [Step(f"delete the placement group {one.name}", api.delete_group, {"GroupName": one.name}) for one in ours]
    return steps, []
