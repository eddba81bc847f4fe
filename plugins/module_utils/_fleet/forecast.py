# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""How a fleet will be when everything is done: for check mode. No I/O."""

from __future__ import annotations

import dataclasses

from . import marks
from .actual import Attachment, Instance, Interface, State, Volume
from .building import DEVICE_INDEX
from .condition import DEGRADED, MISSING, volume_changes
from .making import tags_of_slot
from .places import Place
from .situation import Situation
from .slots import Slot
from .wanted import VolumeWish

FORESEEN = "(known after creation)"


def forecast(situation: Situation) -> State:
    """The state at the end. What does not exist yet has an id that begins with FORESEEN."""
    state, wanted = situation.state, situation.wanted
    untouched = {slot.name for slot in situation.kept_slots if _stays_down(situation, slot)}
    interfaces: list[Interface] = []
    instances: list[Instance] = []
    volumes = [_kept(one) for slot in situation.doomed_slots for one in slot.volumes.values() if not wanted.delete_data]
    volumes += [one for one in situation.fleet.loose if wanted.present or not wanted.delete_data]
    for place in situation.places:
        slot = situation.fleet.slots.get(place.slot)
        if slot is not None and place.slot in untouched:
            interfaces.append(slot.interface)
            instances += [slot.body] if slot.body else []
            volumes += slot.volumes.values()
            continue
        body = _body(situation, place, slot)
        instances.append(body)
        interfaces.append(_interface(situation, place, slot, body))
        volumes += [_volume(situation, place, slot, wish, body) for wish in wanted.data_volumes]
    groups = state.groups if wanted.present else ()
    return State(tuple(interfaces), tuple(volumes), tuple(instances), groups, state.facts)


def _stays_down(situation: Situation, slot: Slot) -> bool:
    condition = situation.conditions[slot.name]
    if condition.state in (DEGRADED, MISSING):
        return not (situation.wanted.heal and condition.can_heal)
    return slot.is_under_replacement


def _kept(volume: Volume) -> Volume:
    return dataclasses.replace(
        volume, state="available", attachment=None, tags={**volume.tags, marks.KEPT: volume.tags.get(marks.KEPT, "yes")}
    )


def _body(situation: Situation, place: Place, slot: Slot | None) -> Instance:
    wanted = situation.wanted
    body = slot.body if slot else None
    if body is not None and body.is_alive and body.id not in situation.state.facts.impaired:
        return dataclasses.replace(body, state="running", tags={**body.tags, **wanted.tags})
    profile = wanted.instance_profile or ""
    return Instance(
        id=f"{FORESEEN} {place.slot}",
        zone=place.zone,
        state="running",
        reason="",
        image_id=wanted.image_id,
        type=wanted.instance_type,
        key_name=wanted.key_name or "",
        profile=profile,
        address=FORESEEN,
        primary_interface="",
        groups=wanted.security_group_ids,
        interfaces=2,
        launch_index=0,
        partition=None,
        tags={**wanted.tags, marks.USER_DATA: wanted.user_data_hash},
    )


def _interface(situation: Situation, place: Place, slot: Slot | None, body: Instance) -> Interface:
    wanted = situation.wanted
    tags = tags_of_slot(wanted, place.slot, place.node_id)
    generation = 1
    if slot:
        tags |= slot.interface.tags
        generation = slot.generation + (body.id.startswith(FORESEEN) and situation.conditions[slot.name].is_down)
    return Interface(
        id=slot.interface.id if slot else f"{FORESEEN} {place.slot}",
        subnet_id=place.subnet_id,
        zone=place.zone,
        address=place.address,
        mac=slot.interface.mac if slot else FORESEEN,
        status="in-use",
        groups=wanted.security_group_ids,
        source_dest_check=wanted.source_dest_check,
        attachment=Attachment(body.id, "attached", str(DEVICE_INDEX)),
        tags={**tags, **wanted.tags, marks.BODY: body.id, marks.VOLUMES: "", marks.GENERATION: str(generation)},
    )


def _volume(situation: Situation, place: Place, slot: Slot | None, wish: VolumeWish, body: Instance) -> Volume:
    present = slot.volumes.get(wish.name) if slot else _left_behind(situation, place, wish)
    attachment = Attachment(body.id, "attached", wish.device)
    if present is None:
        tags = {**tags_of_slot(situation.wanted, place.slot, place.node_id), marks.VOLUME: wish.name}
        key = situation.state.facts.keys.get(wish.kms_key_id or "")
        return Volume(
            id=f"{FORESEEN} {place.slot} {wish.name}",
            zone=place.zone,
            size=wish.size or 0,
            type=wish.type,
            iops=wish.iops,
            throughput=wish.throughput,
            encrypted=wish.encrypted,
            kms_key_id=key.arn if key else "",
            state="in-use",
            created="",
            attachment=attachment,
            tags=tags,
        )
    changes = volume_changes(slot, wish) if slot and present.id not in situation.state.facts.modifying else {}
    tags = {key: value for key, value in {**present.tags, **situation.wanted.tags}.items() if key != marks.KEPT}
    return dataclasses.replace(
        present,
        size=changes.get("Size", present.size),
        type=changes.get("VolumeType", present.type),
        iops=changes.get("Iops", present.iops),
        throughput=changes.get("Throughput", present.throughput),
        state="in-use",
        attachment=present.attachment or attachment,
        tags=tags,
    )


def _left_behind(situation: Situation, place: Place, wish: VolumeWish) -> Volume | None:
    """The volume that a slot of the same name had in an earlier life."""
    found = [one for one in situation.fleet.loose if (one.slot, one.name) == (place.slot, wish.name)]
    return min(found, key=lambda one: (one.created, one.id), default=None)
