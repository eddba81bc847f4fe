# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""From what carries the fleet's tag to its slots: which instance is the body of which slot. No I/O.

One launch brings the bodies of several slots of a zone. Which of them a slot gets is found anew from what AWS shows,
whenever a run was interrupted:

1. The instance that the interface is attached to is the body, whatever tags say.
2. Otherwise it is the one that the interface's tag names.
3. Otherwise the slot waits for a body from the launch that its tag names, and they are dealt out in order: slots by
   number, instances by launch index, once all instances of the launch show. Nothing is attached before the tag says so.
"""

from __future__ import annotations

import dataclasses
import typing as t
from collections import defaultdict

from . import marks
from .actual import Instance, Interface, State, Volume
from .places import row_of


@dataclasses.dataclass(frozen=True)
class Slot:
    """A slot that has an interface. ``body`` is the instance that has or will have it, alive or not.

    ``owner`` is the id of the instance that the interface is attached to; ``bound`` is the one that its tag names.
    ``volumes`` are the data volumes by name. ``surplus`` are further volumes of a name, which nobody uses.
    """

    name: str
    node_id: int
    interface: Interface
    body: Instance | None
    volumes: dict[str, Volume]
    surplus: tuple[Volume, ...] = ()

    @property
    def row(self) -> int:
        return row_of(self.name)

    @property
    def zone(self) -> str:
        return self.interface.zone

    @property
    def owner(self) -> str:
        return self.interface.attachment.instance_id if self.interface.attachment else ""

    @property
    def bound(self) -> str:
        return self.interface.tags.get(marks.BODY, "")

    @property
    def generation(self) -> int:
        return _number(self.interface.tags.get(marks.GENERATION, ""), 1)

    @property
    def launch(self) -> str:
        return self.interface.tags.get(marks.LAUNCH, "")

    @property
    def is_under_replacement(self) -> bool:
        return bool(self.interface.tags.get(marks.REPLACEMENT))

    @property
    def had_volumes(self) -> tuple[str, ...]:
        return marks.split(self.interface.tags.get(marks.VOLUMES, ""))


@dataclasses.dataclass(frozen=True)
class Fleet:
    """The slots by name, and what belongs to none: ``spare`` instances, ``loose`` data volumes.

    ``shown`` is how many instances of a launch AWS shows, dead ones included; ``ended`` is how those came to their end.
    """

    slots: dict[str, Slot]
    spare: tuple[Instance, ...]
    loose: tuple[Volume, ...]
    shown: dict[str, int]
    ended: dict[str, str]


def fleet_of(state: State) -> Fleet:
    """Put the parts together."""
    instances = {instance.id: instance for instance in state.instances}
    interfaces = sorted((one for one in state.interfaces if one.slot), key=lambda one: (_node_id(one), one.id))
    bodies = _bodies(interfaces, instances)
    volumes: dict[str, list[Volume]] = defaultdict(list)
    for volume in state.volumes:
        if volume.state != "deleting":
            volumes[volume.slot].append(volume)
    slots = {}
    for interface in interfaces:
        body = bodies.get(interface.id)
        chosen, surplus = _volumes(volumes.pop(interface.slot, []), body)
        slots[interface.slot] = Slot(interface.slot, _node_id(interface), interface, body, chosen, surplus)
    return Fleet(
        slots=slots,
        spare=_spare(instances, interfaces, bodies),
        loose=tuple(sorted((one for left in volumes.values() for one in left), key=lambda one: one.id)),
        shown=_shown(instances.values()),
        ended={
            one.launch: f"the instance {one.id} is {one.state}: {one.reason}" for one in state.instances if one.is_gone
        },
    )


def launch_size(launch: str) -> int:
    """How many instances a launch brings, which its id begins with."""
    return _number(launch.partition("-")[0], 1)


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() else otherwise


def _node_id(interface: Interface) -> int:
    return _number(interface.tags.get(marks.NODE_ID, ""), 0)


def _shown(instances: t.Iterable[Instance]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for instance in instances:
        counts[instance.launch] += 1
    return dict(counts)


def _bodies(interfaces: list[Interface], instances: dict[str, Instance]) -> dict[str, Instance]:
    """The bodies by interface id. An instance is the body of one slot only, whatever tags say."""
    known = {one.id: one.attachment.instance_id for one in interfaces if one.attachment}
    for interface in interfaces:
        bound = interface.tags.get(marks.BODY, "")
        if not interface.attachment and bound and bound not in known.values():
            known[interface.id] = bound
    bodies = {interface_id: instances[body] for interface_id, body in known.items() if body in instances}
    waiting = [one for one in interfaces if not one.tags.get(marks.BODY) and not one.attachment]
    return bodies | _dealt(waiting, instances, set(known.values()))


def _dealt(waiting: list[Interface], instances: dict[str, Instance], given: set[str]) -> dict[str, Instance]:
    """Bodies of launches for the slots that wait for them."""
    shown = _shown(instances.values())
    dealt: dict[str, Instance] = {}
    for launch in {one.tags.get(marks.LAUNCH, "") for one in waiting} - {""}:
        if shown.get(launch, 0) < launch_size(launch):
            continue
        free = [one for one in instances.values() if one.launch == launch and one.is_alive and one.id not in given]
        free.sort(key=lambda one: (one.launch_index, one.id))
        group = [one for one in waiting if one.tags.get(marks.LAUNCH) == launch]
        dealt |= {interface.id: body for interface, body in zip(group, free, strict=False)}
    return dealt


def _spare(
    instances: dict[str, Instance], interfaces: list[Interface], bodies: dict[str, Instance]
) -> tuple[Instance, ...]:
    """Living instances that no slot has any use for. Those of a replacement belong to it."""
    used = {body.id for body in bodies.values()}
    used |= {one.tags.get(marks.BODY, "") for one in interfaces}
    used |= {one.attachment.instance_id for one in interfaces if one.attachment}
    spare = [one for one in instances.values() if one.is_alive and one.id not in used]
    return tuple(sorted((one for one in spare if marks.REPLACEMENT not in one.tags), key=lambda one: one.id))


def _volumes(found: list[Volume], body: Instance | None) -> tuple[dict[str, Volume], tuple[Volume, ...]]:
    """One volume of each name: the one in use, or else the oldest, rather one that was not set aside."""

    def order(volume: Volume) -> tuple[bool, bool, str, str]:
        is_in_use = bool(volume.attachment and body and volume.attachment.instance_id == body.id)
        return not is_in_use, marks.KEPT in volume.tags, volume.created, volume.id

    chosen: dict[str, Volume] = {}
    surplus = []
    for volume in sorted(found, key=order):
        if chosen.setdefault(volume.name, volume) is not volume:
            surplus.append(volume)
    return chosen, tuple(surplus)
