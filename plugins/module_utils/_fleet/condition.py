# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""How a slot is: whole, on its way there, or in need of help; and what of it is outdated. No I/O."""

from __future__ import annotations

import dataclasses
import typing as t

from . import marks
from .actual import Facts
from .slots import Fleet, Slot, launch_size
from .wanted import VolumeWish, Wanted

HEALTHY = "healthy"
CREATING = "creating"
DEGRADED = "degraded"
MISSING = "missing"
REPLACING = "replacing"


@dataclasses.dataclass(frozen=True)
class Condition:
    """``state`` is one of the above, ``reasons`` say why it is not healthy. ``can_heal``: with a new body or volume."""

    state: str
    reasons: tuple[str, ...] = ()
    can_heal: bool = False

    @property
    def is_down(self) -> bool:
        return self.state in (DEGRADED, MISSING)


def condition_of(slot: Slot, fleet: Fleet, facts: Facts, names: t.Collection[str]) -> Condition:
    """``names`` are the names of the data volumes that the slot is to have."""
    if slot.is_under_replacement:
        return Condition(REPLACING, (f"under replacement: {slot.interface.tags[marks.REPLACEMENT]}",))
    body = slot.body
    if body is None:
        return _without_body(slot, fleet)
    if body.is_gone:
        because = f": {body.reason}" if body.reason else ""
        return Condition(MISSING, (f"the instance {body.id} is {body.state}{because}",), can_heal=True)
    if body.state in ("stopping", "stopped"):
        return Condition(DEGRADED, (f"the instance {body.id} is {body.state}: start it, or terminate it and heal",))
    if body.id in facts.impaired:
        return Condition(DEGRADED, (f"the instance {body.id} fails its status checks",), can_heal=True)
    return _with_body(slot, names)


def _without_body(slot: Slot, fleet: Fleet) -> Condition:
    if slot.owner:
        return Condition(DEGRADED, (f"the interface is attached to {slot.owner}, which is not of this fleet",))
    if slot.bound:
        return Condition(MISSING, (f"the instance {slot.bound} is gone",), can_heal=True)
    if slot.launch and fleet.shown.get(slot.launch, 0) >= launch_size(slot.launch):
        return Condition(MISSING, (fleet.ended.get(slot.launch, "the instance is gone"),), can_heal=True)
    return Condition(CREATING, ("there is no instance yet",))


def _with_body(slot: Slot, names: t.Collection[str]) -> Condition:
    lost = [name for name in slot.had_volumes if name in names and name not in slot.volumes]
    if lost:
        return Condition(DEGRADED, (f"the data volume {', '.join(lost)} is gone",), can_heal=True)
    elsewhere = _elsewhere(slot, names)
    if elsewhere:
        return Condition(DEGRADED, elsewhere)
    missing = [] if slot.body and slot.body.state == "running" else ["the instance is pending"]
    attachment = slot.interface.attachment
    if not attachment or attachment.state != "attached":
        missing.append("the interface is not attached yet")
    for name in names:
        volume = slot.volumes.get(name)
        if not volume or not volume.attachment or volume.attachment.state != "attached":
            missing.append(f"the data volume {name} is not attached yet")
    return Condition(CREATING, tuple(missing)) if missing else Condition(HEALTHY)


def _elsewhere(slot: Slot, names: t.Collection[str]) -> tuple[str, ...]:
    """Data volumes that cannot be had, because others have them or because they have failed."""
    found = []
    for name, volume in slot.volumes.items():
        if name not in names:
            continue
        if volume.state == "error":
            found.append(f"the data volume {name} ({volume.id}) has failed")
        elif volume.attachment and slot.body and volume.attachment.instance_id != slot.body.id:
            found.append(f"the data volume {name} ({volume.id}) is attached to {volume.attachment.instance_id}")
    return tuple(found)


def outdated(slot: Slot, wanted: Wanted, facts: Facts) -> tuple[str, ...]:
    """What of a slot is not as it is asked for and cannot be changed while it runs."""
    found = []
    body = slot.body
    if body is not None and body.is_alive:
        pairs = {
            "image": (body.image_id, wanted.image_id),
            "instance type": (body.type, wanted.instance_type),
            "key pair": (body.key_name, wanted.key_name or ""),
            "user data": (body.tags.get(marks.USER_DATA, ""), wanted.user_data_hash),
        }
        found = [
            f"{what}: {present or 'none'}, wanted {asked or 'none'}"
            for what, (present, asked) in pairs.items()
            if present != asked
        ]
        profile = wanted.instance_profile or ""
        if profile not in (body.profile, body.profile.rpartition("/")[2]):
            found.append(f"instance profile: {body.profile or 'none'}, wanted {profile or 'none'}")
    for wish in wanted.data_volumes:
        found += _outdated_volume(slot, wish, facts)
    return tuple(found)


def _outdated_volume(slot: Slot, wish: VolumeWish, facts: Facts) -> list[str]:
    volume = slot.volumes.get(wish.name)
    if volume is None:
        return []
    found = []
    what = f"data volume {wish.name}"
    if wish.size is not None and wish.size < volume.size:
        found.append(f"{what}: {volume.size} GiB, wanted {wish.size}; a volume cannot shrink")
    if wish.encrypted and not volume.encrypted:
        found.append(f"{what}: not encrypted, wanted encrypted")
    key = facts.keys.get(wish.kms_key_id or "")
    if key and key.arn != volume.kms_key_id:
        found.append(f"{what}: encrypted with {volume.kms_key_id or 'no key'}, wanted {key.arn}")
    if volume.id in facts.modifying and volume_changes(slot, wish):
        found.append(f"{what}: a modification is under way, the next has to wait for its end")
    return found


def volume_changes(slot: Slot, wish: VolumeWish) -> dict[str, t.Any]:
    """What ModifyVolume has to change, by its parameters. Nothing of a volume that only shrinks."""
    volume = slot.volumes.get(wish.name)
    if volume is None or volume.state not in ("available", "in-use"):
        return {}
    changes: dict[str, t.Any] = {}
    if wish.size is not None and wish.size > volume.size:
        changes["Size"] = wish.size
    if wish.type != volume.type:
        changes["VolumeType"] = wish.type
    for parameter, value, current in (
        ("Iops", wish.iops, volume.iops),
        ("Throughput", wish.throughput, volume.throughput),
    ):
        if value is not None and (value != current or "VolumeType" in changes):
            changes[parameter] = value
    return changes
