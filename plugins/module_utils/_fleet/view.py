# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""A fleet in the words of the modules' results. No I/O."""

from __future__ import annotations

import typing as t

from . import marks
from .actual import Facts, Instance, State, Volume
from .condition import CREATING, HEALTHY, Condition, condition_of, outdated
from .forecast import FORESEEN
from .healing import patient
from .places import Place
from .situation import Situation, situation_of
from .slots import Fleet, Slot, fleet_of
from .wanted import Wanted


def view(state: State, wanted: Wanted) -> dict[str, t.Any]:
    """The slots, and the data volumes of slots that are gone."""
    names = tuple(wish.name for wish in wanted.data_volumes)
    fleet = fleet_of(state)
    nodes = [
        {
            **_node(slot, condition_of(slot, fleet, state.facts, names), state),
            "outdated": _outdated(slot, wanted, state.facts),
        }
        for slot in _in_order(fleet)
    ]
    return {"nodes": nodes, "kept_volumes": _kept(fleet)}


def view_of_existing(state: State) -> dict[str, t.Any]:
    """The same where nobody says what is wanted: a slot is measured by what it has had."""
    fleet = fleet_of(state)
    nodes = [_node(slot, condition_of(slot, fleet, state.facts, slot.had_volumes), state) for slot in _in_order(fleet)]
    return {"nodes": nodes, "kept_volumes": _kept(fleet)}


def _outdated(slot: Slot, wanted: Wanted, facts: Facts) -> list[str]:
    return list(outdated(slot, wanted, facts)) if wanted.present else []


def _in_order(fleet: Fleet) -> list[Slot]:
    return sorted(fleet.slots.values(), key=lambda slot: (slot.node_id, slot.name))


def _node(slot: Slot, condition: Condition, state: State) -> dict[str, t.Any]:
    interface = slot.interface
    return {
        "slot": slot.name,
        "node_id": slot.node_id,
        "row": slot.row,
        "zone": slot.zone,
        "subnet_id": interface.subnet_id,
        "fixed_address": interface.address,
        "interface_id": _id(interface.id),
        "mac_address": interface.mac,
        **_body(slot.body),
        "volumes": [_volume(slot.volumes[name]) for name in sorted(slot.volumes)],
        "generation": slot.generation,
        "replacement": interface.tags.get(marks.REPLACEMENT) or None,
        "state": condition.state,
        "reasons": list(condition.reasons),
        "tags": marks.user_tags(interface.tags),
    }


def _body(body: Instance | None) -> dict[str, t.Any]:
    if body is None or not body.is_alive:
        names = ("instance_id", "instance_state", "primary_address", "image_id", "instance_type", "partition")
        return dict.fromkeys(names) | {"instance_state": body.state if body else None}
    return {
        "instance_id": _id(body.id),
        "instance_state": body.state,
        "primary_address": body.address,
        "image_id": body.image_id,
        "instance_type": body.type,
        "partition": body.partition,
    }


def _volume(volume: Volume) -> dict[str, t.Any]:
    return {
        "name": volume.name,
        "id": _id(volume.id),
        "device": volume.attachment.place if volume.attachment else None,
        "size": volume.size,
        "type": volume.type,
        "iops": volume.iops,
        "throughput": volume.throughput,
        "encrypted": volume.encrypted,
        "kms_key_id": volume.kms_key_id or None,
        "state": volume.state,
    }


def _kept(fleet: Fleet) -> list[dict[str, t.Any]]:
    surplus = [volume for slot in fleet.slots.values() for volume in slot.surplus]
    return [{"slot": one.slot, **_volume(one)} for one in sorted([*fleet.loose, *surplus], key=lambda one: one.id)]


def _id(id_: str) -> str:
    return FORESEEN if id_.startswith(FORESEEN) else id_


def decisions(state: State, wanted: Wanted) -> list[dict[str, str]]:
    """What is to be done about each slot that is not as it should be, and why."""
    situation = situation_of(state, wanted)
    found = [{"slot": slot.name, "action": "remove", "reason": _why_removed(wanted)} for slot in situation.doomed_slots]
    for place in situation.places:
        action, reason = _decision(situation, place)
        if reason:
            found.append({"slot": place.slot, "action": action, "reason": reason})
    return found


def _why_removed(wanted: Wanted) -> str:
    return f"rows is {wanted.rows}" if wanted.present else "the fleet is to be absent"


def _decision(situation: Situation, place: Place) -> tuple[str, str]:
    slot = situation.fleet.slots.get(place.slot)
    if slot is None:
        return "create", "the slot does not exist"
    condition = situation.conditions[place.slot]
    because = "; ".join(condition.reasons)
    if condition.state == CREATING:
        return "complete", because
    if condition.state == HEALTHY:
        return "none", "; ".join(f"outdated: {one}" for one in outdated(slot, situation.wanted, situation.state.facts))
    if not (condition.can_heal and situation.wanted.heal):
        return "none", because + (" (heal is not set)" if condition.can_heal else "")
    turn = patient(situation)
    return (
        "heal",
        because if turn is slot else f"{because}; one slot at a time, {turn.name if turn else 'another'} first",
    )
