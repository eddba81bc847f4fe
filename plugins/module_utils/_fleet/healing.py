# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""A new body, or a new data volume, for a slot that has lost its own. No I/O.

One slot at a time: the next one has its turn when this one is whole.
"""

from __future__ import annotations

from .._core import ec2_tags
from .._core.plan import Step
from . import api, marks
from .actual import Instance
from .condition import CREATING, REPLACING
from .situation import Situation, Work
from .slots import Slot
from .upkeep import protection


def heal(situation: Situation) -> Work:
    """The next step for the slot whose turn it is. What never came to life need not wait for its turn."""
    overdue = [slot for slot in situation.kept_slots if situation.is_overdue(slot)]
    if overdue:
        return [_claim_body(slot) if slot.body is None else _claim_volumes(slot) for slot in overdue], []
    slot = patient(situation)
    if slot is None:
        return [], []
    body = slot.body
    if body is not None and body.id in situation.state.facts.impaired and body.is_alive:
        return _fence(slot, body)
    if body is not None and body.state == "shutting-down":
        return [], [f"the instance {body.id} of the slot {slot.name} is shutting-down"]
    if body is None or not body.is_alive:
        if slot.interface.attachment or slot.interface.status != "available":
            return [], [f"the interface {slot.interface.id} of the slot {slot.name} is {slot.interface.status}"]
        return [_claim_body(slot)], []
    return [_claim_volumes(slot)], []


def patient(situation: Situation) -> Slot | None:
    """The slot that is to be healed now. Those that are down have their turn before any that would be taken down."""
    states = {slot.name: situation.conditions[slot.name] for slot in situation.kept_slots}
    if not situation.wanted.heal or any(one.state == REPLACING for one in states.values()):
        return None
    if any(states[slot.name].state == CREATING and slot.generation > 1 for slot in situation.kept_slots):
        return None
    candidates = [slot for slot in situation.kept_slots if states[slot.name].can_heal]
    return min(candidates, key=lambda slot: (bool(slot.body and slot.body.is_alive), slot.node_id), default=None)


def _fence(slot: Slot, body: Instance) -> Work:
    """End an instance that fails its checks, so that nobody owns the slot any more."""
    if protection(slot):  # which is part of the upkeep
        return [], []
    summary = f"terminate {body.id}, which fails its status checks, for the slot {slot.name}"
    return [Step(summary, api.terminate, {"InstanceIds": [body.id]})], []


def _claim_body(slot: Slot) -> Step:
    """Begin a new generation: from now on the old instance is nobody's."""
    generation = slot.generation + 1
    tags = {
        marks.GENERATION: str(generation),
        marks.BODY: "",
        marks.LAUNCH: "",
        marks.VOLUMES: marks.join(slot.volumes),
    }
    return ec2_tags.tag([slot.interface.id], tags, f"begin generation {generation} of the slot {slot.name}")


def _claim_volumes(slot: Slot) -> Step:
    """Forget the data volumes that are gone, so that new ones are made."""
    tags = {marks.GENERATION: str(slot.generation + 1), marks.VOLUMES: marks.join(slot.volumes)}
    return ec2_tags.tag([slot.interface.id], tags, f"give up the lost data volumes of the slot {slot.name}")
