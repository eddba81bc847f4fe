# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""Read, plan, apply: the one path that every module takes.

A module brings a :class:`Resource`: how to read the whole actual state, how to plan (a pure function of that state),
and how a state looks to the user. Check mode, diff, waits, deadlines and errors are the same for all and stand here.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .errors import CoreError
from .pace import Deadline, Pace
from .plan import Plan, Step

State = t.TypeVar("State")


class Module(t.Protocol):
    """What is used of AnsibleAWSModule, so that a test can hand in a stub."""

    check_mode: bool
    params: dict[str, t.Any]

    def exit_json(self, **result: t.Any) -> t.NoReturn: ...

    def fail_json(self, msg: str, **result: t.Any) -> t.NoReturn: ...


class Resource(t.Protocol[State]):
    """One thing (or one set of things) that a module brings into a desired state."""

    client: t.Any
    pace: Pace

    def read(self) -> State:
        """The whole actual state, in as few calls as the API allows."""

    def plan(self, state: State) -> Plan[State]:
        """What to do next. Does no I/O. Raises Refusal, with every problem, where nothing may be done."""

    def view(self, state: State) -> dict[str, t.Any]:
        """The state in the words of the module's result; also the two sides of the diff."""


@dataclasses.dataclass(frozen=True)
class Outcome(t.Generic[State]):
    """What a run did, or in check mode would do first."""

    before: State
    after: State
    steps: tuple[Step, ...]
    changed: bool


def converge(resource: Resource[State], *, check_mode: bool, deadline: Deadline) -> Outcome[State]:
    """Bring ``resource`` into the desired state; in check mode only say how it would be.

    A step is made once: when the next plan asks for it again, AWS has not caught up with it yet, and the runner waits.
    So neither eventual consistency nor an interrupted earlier run leads to a second creation.

    Raises Refusal before anything was changed, AwsCallError when a call fails, DeadlineExceeded when time runs out.
    """
    before = state = resource.read()
    plan = resource.plan(state)
    if check_mode:
        return Outcome(before, plan.after, plan.steps, bool(plan.steps))
    made: list[Step] = []
    while not plan.is_done:
        fresh = [step for step in plan.steps if step not in made]
        for step in fresh:
            step.apply(resource.client)
            made.append(step)
        if fresh:
            deadline.progress()
        else:
            deadline.pause(plan.waiting_for or [f"AWS does not show yet: {step.summary}" for step in plan.steps])
        state = resource.read()
        plan = resource.plan(state)
    return Outcome(before, state, tuple(made), bool(made))


def run(module: Module, build: t.Callable[[], Resource[State]]) -> t.NoReturn:
    """Run a module to its end: converge, then ``exit_json`` with result and diff, or ``fail_json`` with the reason.

    ``build`` makes the resource from the module's parameters; what it refuses is reported like any other refusal.
    ``wait_timeout`` (seconds) of the parameters bounds all waiting together.
    """
    try:
        resource = build()
        deadline = Deadline(module.params["wait_timeout"], resource.pace)
        outcome = converge(resource, check_mode=module.check_mode, deadline=deadline)
    except CoreError as error:
        module.fail_json(msg=error.message, **error.details)
    before, after = resource.view(outcome.before), resource.view(outcome.after)
    module.exit_json(
        changed=outcome.changed,
        actions=[step.summary for step in outcome.steps],
        diff={"before": before, "after": after},
        **after,
    )
