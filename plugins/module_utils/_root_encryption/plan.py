# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""The plan for one instance: refuse, lock, work, unlock. No I/O."""

from __future__ import annotations

from .._core.errors import Refusal
from .._core.plan import Plan
from . import encrypting, undoing
from .forecast import after, is_to_be_cleaned
from .locking import hold, release
from .model import State, Wanted
from .refusals import problems
from .steps import Work


def plan(state: State, wanted: Wanted) -> Plan[State]:
    """The next steps for one instance. Raises Refusal, Busy, or CoreError where AWS has ended something in error."""
    if found := problems(state, wanted):
        raise Refusal(found)
    work = next_work(state, wanted)
    goal = after(state, wanted)
    if work.is_done:
        unlocking = release(state)
        return Plan(goal, (unlocking,) if unlocking else ())
    locking, waiting = hold(state, wanted.lock_timeout)
    if locking or waiting:
        return Plan(goal, locking, waiting)
    return Plan(goal, work.steps, work.waiting_for)


def next_work(state: State, wanted: Wanted) -> Work:
    """What comes next, locks aside."""
    if wanted.state == "rolled_back":
        return undoing.roll_back(state)
    if wanted.state == "cleaned":
        return undoing.clean(state)
    work = encrypting.work(state, wanted)
    return undoing.clean(state) if work.is_done and is_to_be_cleaned(state, wanted) else work
