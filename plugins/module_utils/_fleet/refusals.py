# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""When nothing may be done, and why. No I/O."""

from __future__ import annotations

from .._core.errors import Refusal
from . import marks
from .condition import REPLACING
from .places import problems_of_addresses, problems_of_identity, problems_of_subnets, row_of
from .situation import Situation

INTERFACES = 2  # that a body has: its own, and the slot's


def refuse(situation: Situation) -> None:
    """Raises Refusal with every problem, before anything is changed."""
    if not situation.wanted.present:
        return
    wanted, state = situation.wanted, situation.state
    found = problems_of_subnets(wanted, state)
    if not found:
        found += problems_of_addresses(situation.places, state)
        found += problems_of_identity(situation.places, wanted, state)
        found += _problems_of_shrinking(situation)
    found += [problem for asked, key in state.facts.keys.items() for problem in key.problems(f"kms_key_id {asked}")]
    found += _problems_of_group(situation)
    if situation.has_to_launch:
        found += _problems_of_launch(situation)
    if found:
        raise Refusal(found)


def _problems_of_shrinking(situation: Situation) -> list[str]:
    wanted = situation.wanted
    doomed = [slot for slot in situation.doomed_slots if row_of(slot.name) > wanted.rows]
    found = []
    if doomed and not wanted.allow_shrink:
        names = ", ".join(slot.name for slot in doomed)
        found.append(f"rows: with {wanted.rows} the slots {names} would go, which needs allow_shrink to be true")
    busy = [slot.name for slot in doomed if situation.conditions[slot.name].state == REPLACING]
    if busy:
        found.append(f"rows: {', '.join(busy)} is under replacement, finish or abort that first")
    return found


def _problems_of_group(situation: Situation) -> list[str]:
    wanted, groups = situation.wanted, situation.state.groups
    if wanted.group_name and not groups:
        return [f"placement.group_name: there is no placement group {wanted.group_name}"]
    if wanted.strategy and groups:
        if groups[0].tags.get(marks.FLEET) != wanted.name:
            return [f"placement: there is a placement group {wanted.name} that is not of this fleet"]
        if groups[0].strategy != wanted.strategy:
            return [f"placement: the group {wanted.name} is a {groups[0].strategy} group, which cannot be changed"]
    return []


def _problems_of_launch(situation: Situation) -> list[str]:
    wanted, image, type_ = situation.wanted, situation.state.facts.image, situation.state.facts.type
    found = []
    if image is None:
        found.append(f"image_id: there is no image {wanted.image_id}")
    elif wanted.root_volume and wanted.root_volume.size and wanted.root_volume.size < image.root_size:
        found.append(f"root_volume: the image {image.id} needs {image.root_size} GiB, not {wanted.root_volume.size}")
    if type_ is None:
        return [*found, f"instance_type: there is no {wanted.instance_type} in this region"]
    if type_.interfaces < INTERFACES:
        found.append(f"instance_type: {type_.name} takes {type_.interfaces} network interface, {INTERFACES} are needed")
    if image is not None and image.architecture not in type_.architectures:
        possible = ", ".join(type_.architectures)
        found.append(f"image_id: {image.id} is for {image.architecture}, {type_.name} is {possible}")
    if wanted.instance_store and not type_.disks:
        found.append(f"instance_store: {type_.name} has none")
    strategy = wanted.strategy or (situation.state.groups[0].strategy if situation.state.groups else None)
    if strategy and strategy not in type_.strategies:
        found.append(f"placement: {type_.name} is not possible in a {strategy} placement group")
    return found
