# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""Make the steps of a plan at once, as many as EC2 takes, while looking on and planning further.

The core's runner makes all steps of a plan before it looks again. With hundreds of things the last of the first kind
would hold up the first of the next, although each kind of call has a limit of its own. Here every kind has a lane with
its own workers, and what shows in the meantime is planned for.
"""

from __future__ import annotations

import json
import time
import typing as t
from concurrent.futures import Future, ThreadPoolExecutor, wait

from .._core.errors import CoreError
from .._core.pace import Deadline
from .._core.plan import Plan, Step
from .._core.runner import Outcome, Resource, State

LOOK_AGAIN = 1.0  # seconds, while calls are under way; at least as long as a look takes


class Lanes:
    """Workers for each kind of call. With a ``width`` of 1 there are none: steps are made one by one, in order."""

    def __init__(self, client: t.Any, width: int) -> None:
        self._client = client
        self._width = width
        self._pools: dict[t.Any, ThreadPoolExecutor] = {}
        self._calls: set[Future[t.Any]] = set()

    @property
    def are_empty(self) -> bool:
        return not self._calls

    def start(self, steps: t.Sequence[Step]) -> None:
        """Begin to make steps. Raises what they raise, here or in :meth:`look`."""
        for step in steps:
            if self._width == 1:
                step.apply(self._client)
            else:
                pool = self._pools.setdefault(step.call, ThreadPoolExecutor(self._width))
                self._calls.add(pool.submit(step.apply, self._client))

    def look(self, seconds: float) -> None:
        """Wait until all is done, at most so long. Raises the first failure."""
        done, self._calls = wait(self._calls, timeout=seconds)
        for call in done:
            call.result()

    def close(self) -> None:
        """Begin nothing more, and wait for what is under way."""
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)
        for pool in self._pools.values():
            pool.shutdown()


def converge(resource: Resource[State], *, check_mode: bool, deadline: Deadline, width: int) -> Outcome[State]:
    """Bring ``resource`` into the desired state; in check mode only say how it would be.

    As in the core, a step is made once: when a later plan asks for it again, AWS does not show it yet.

    Raises what the core's runner raises; details of the error say whether anything was changed, and what.
    """
    before = resource.read()
    plan = resource.plan(before)
    if check_mode:
        return Outcome(before, plan.after, plan.steps, bool(plan.steps))
    made: dict[str, Step] = {}
    lanes = Lanes(resource.client, width)
    try:
        state = _go_on(resource, before, plan, made, lanes, deadline)
    except CoreError as error:
        error.details |= {"changed": bool(made), "actions": [step.summary for step in made.values()]}
        raise
    finally:
        lanes.close()
    return Outcome(before, state, tuple(made.values()), bool(made))


def _go_on(
    resource: Resource[State],
    state: State,
    plan: Plan[State],
    made: dict[str, Step],
    lanes: Lanes,
    deadline: Deadline,
) -> State:
    taken = 0.0
    while not (plan.is_done and lanes.are_empty):
        fresh = {key: step for step in plan.steps if (key := _key(step)) not in made}
        made.update(fresh)  # first: a call without an answer may have had its effect
        lanes.start(list(fresh.values()))
        if not lanes.are_empty:
            lanes.look(max(LOOK_AGAIN, taken))
        if fresh:
            deadline.progress()
        elif lanes.are_empty and not plan.is_done:
            deadline.pause(plan.waiting_for or [f"AWS does not show yet: {step.summary}" for step in plan.steps])
        started = time.monotonic()
        state = resource.read()
        plan = resource.plan(state)
        taken = time.monotonic() - started
    return state


def _key(step: Step) -> str:
    return f"{step.summary} {json.dumps(step.arguments, sort_keys=True)}"
