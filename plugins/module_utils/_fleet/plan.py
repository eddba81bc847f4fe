# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""What turns a fleet into the one that is wanted. No I/O.

What can be done now comes as steps, independent of each other, so that they may be made in any order and at once. What
depends on them comes with the next plan. Two rules hold at every moment: an interface is never taken from an instance
that lives, and data volumes are deleted with permission only.
"""

from __future__ import annotations

from .._core.errors import CoreError
from .._core.plan import Plan
from .actual import State
from .building import build
from .condition import MISSING
from .forecast import forecast
from .healing import heal
from .refusals import refuse
from .removal import remove
from .situation import Situation, situation_of
from .upkeep import upkeep
from .wanted import Wanted


def plan(state: State, wanted: Wanted) -> Plan[State]:
    """The next steps.

    Raises Refusal with every problem; CoreError when everything else is done and launches have failed.
    """
    situation = situation_of(state, wanted)
    refuse(situation)
    parts = [remove(situation)]
    if wanted.present:
        parts += [build(situation), heal(situation), upkeep(situation)]
    steps = tuple(step for part in parts for step in part[0])
    waits = tuple(wait for part in parts for wait in part[1])
    if not steps and not waits:
        _report_failed_launches(situation)
    return Plan(forecast(situation), steps, waits)


def _report_failed_launches(situation: Situation) -> None:
    failed = [
        f"{slot.name}: {'; '.join(situation.conditions[slot.name].reasons)}"
        for slot in situation.kept_slots
        if not slot.bound and situation.conditions[slot.name].state == MISSING
    ]
    if failed:
        raise CoreError(
            f"Instances were launched and did not come to life. {'. '.join(failed)}. Remove the cause, and run again "
            "with heal to launch others."
        )
