# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""Several things in one task: read together, planned one by one, changed side by side.

All of them share each reading, so that waiting for twenty costs the requests of waiting for one, and the failure of one
is its own.
"""

from __future__ import annotations

import dataclasses
import typing as t
from concurrent.futures import ThreadPoolExecutor

from .errors import CoreError, DeadlineExceeded
from .pace import Deadline, Pace
from .plan import Plan, Step

State = t.TypeVar("State")

# How fast the calls may go is the budget's affair (see budget.py), so there are as many workers as botocore keeps
# connections. At half a second a call they make 20 calls in a second, as many as EC2's largest bucket gets back.
WORKERS = 10


class Batch(t.Protocol[State]):
    """Things of one kind, each with its own plan. An EC2 ``client`` should have a Budget, see budget.py."""

    client: t.Any
    pace: Pace

    def read(self, names: t.Sequence[str]) -> dict[str, State]:
        """The whole actual state of each, in as few calls as the API allows."""

    def plan(self, state: State) -> Plan[State]:
        """What to do next for one. Does no I/O. Raises CoreError where it cannot go on."""

    def abandon(self, name: str) -> None:
        """Called once for one that has failed after something was changed. Does not raise."""


@dataclasses.dataclass
class Way(t.Generic[State]):
    """How far one of them has come. ``first`` is its first plan, ``error`` what ended it before its goal."""

    before: State | None = None
    after: State | None = None
    first: Plan[State] | None = None
    made: list[Step] = dataclasses.field(default_factory=list)
    error: CoreError | None = None


def converge_each(
    batch: Batch[State], names: t.Sequence[str], *, check_mode: bool, deadline: Deadline
) -> dict[str, Way[State]]:
    """Bring each of ``names`` into its desired state; in check mode only plan.

    What ends one of them, or all, is in its :class:`Way` and is not raised.
    """
    ways: dict[str, Way[State]] = {name: Way() for name in names}
    live = list(names)
    while live:
        plans = _read_and_plan(batch, live, ways)
        live = [name for name, plan in plans.items() if not plan.is_done]
        if check_mode:
            break
        fresh = {name: [step for step in plans[name].steps if step not in ways[name].made] for name in live}
        if any(fresh.values()):
            _apply(batch, fresh, ways)
            deadline.progress()
        elif live:
            _pause(deadline, {name: plans[name] for name in live}, ways)
        live = [name for name in live if ways[name].error is None]
    for name, way in ways.items():
        if way.error is not None and way.made:
            batch.abandon(name)
    return ways


def _read_and_plan(batch: Batch[State], live: list[str], ways: dict[str, Way[State]]) -> dict[str, Plan[State]]:
    """The plans of those that can go on; what ends the others is noted."""
    try:
        states = batch.read(live)
    except CoreError as error:
        for name in live:
            ways[name].error = error
        return {}
    plans = {}
    for name in live:
        way = ways[name]
        way.before = states[name] if way.before is None else way.before
        way.after = states[name]
        try:
            plans[name] = batch.plan(states[name])
        except CoreError as error:
            way.error = error
            continue
        way.first = way.first or plans[name]
    return plans


def _apply(batch: Batch[State], fresh: dict[str, list[Step]], ways: dict[str, Way[State]]) -> None:
    """The steps of one in their order, those of different ones side by side."""

    def apply(name: str) -> None:
        way = ways[name]
        try:
            for step in fresh[name]:
                way.made.append(step)  # first: a call without an answer may have had its effect
                step.apply(batch.client)
        except CoreError as error:
            way.error = error

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(apply, fresh))


def _pause(deadline: Deadline, plans: dict[str, Plan[State]], ways: dict[str, Way[State]]) -> None:
    waits = {
        name: plan.waiting_for or tuple(f"AWS does not show yet: {step.summary}" for step in plan.steps)
        for name, plan in plans.items()
    }
    try:
        deadline.pause([wait for wait_list in waits.values() for wait in wait_list])
    except DeadlineExceeded as error:
        for name, waiting_for in waits.items():
            ways[name].error = DeadlineExceeded(error.timeout, waiting_for)
