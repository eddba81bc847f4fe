# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""What every part of a plan looks at. No I/O."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core.plan import Step
from .actual import State
from .condition import CREATING, MISSING, Condition, condition_of
from .places import Place, places_of
from .slots import Fleet, Slot, fleet_of
from .wanted import Wanted

Work = tuple[list[Step], list[str]]  # steps, and what is waited for


@dataclasses.dataclass(frozen=True)
class Situation:
    """What there is and what is wanted. ``places`` are the wanted slots; none when the fleet is to go."""

    state: State
    wanted: Wanted
    fleet: Fleet
    places: tuple[Place, ...]
    conditions: dict[str, Condition]

    @property
    def volume_names(self) -> tuple[str, ...]:
        return tuple(wish.name for wish in self.wanted.data_volumes)

    @property
    def kept_slots(self) -> list[Slot]:
        """The slots that exist and are to stay, by number."""
        return [self.fleet.slots[place.slot] for place in self.places if place.slot in self.fleet.slots]

    @property
    def doomed_slots(self) -> list[Slot]:
        """The slots that exist and are to go."""
        staying = {place.slot for place in self.places}
        return [slot for name, slot in self.fleet.slots.items() if name not in staying]

    def lacks_parts(self, slot: Slot) -> bool:
        """Whether AWS does not show the body, or a data volume, that was or will be asked for."""
        lacks_volumes = any(name not in slot.volumes for name in self.volume_names)
        return self.conditions[slot.name].state == CREATING and (slot.body is None or lacks_volumes)

    def is_overdue(self, slot: Slot) -> bool:
        """Whether to ask anew, by another client token, for what this slot lacks.

        AWS remembers a token beyond the end of what was made with it. So a volume that an earlier run has asked for
        and that came to nothing, for lack of rights on its key, would not come however often it is asked for.
        """
        return self.wanted.heal and slot.name in self.state.facts.overdue and self.lacks_parts(slot)

    @property
    def has_to_launch(self) -> bool:
        """Whether an instance is to be made now or later in this run."""
        without_body = [slot for slot in self.kept_slots if not slot.body or not slot.body.is_alive]
        states = {self.conditions[slot.name].state for slot in without_body}
        is_lacking = CREATING in states or (self.wanted.heal and MISSING in states)
        return is_lacking or self._will_replace_impaired or len(self.kept_slots) < len(self.places)

    @property
    def _will_replace_impaired(self) -> bool:
        return self.wanted.heal and any(
            slot.body is not None and slot.body.id in self.state.facts.impaired for slot in self.kept_slots
        )


def situation_of(state: State, wanted: Wanted) -> Situation:
    """Put together what there is and what is wanted."""
    fleet = fleet_of(state)
    names: t.Collection[str] = tuple(wish.name for wish in wanted.data_volumes)
    conditions = {name: condition_of(slot, fleet, state.facts, names) for name, slot in fleet.slots.items()}
    return Situation(state, wanted, fleet, places_of(wanted, state) if wanted.present else (), conditions)
