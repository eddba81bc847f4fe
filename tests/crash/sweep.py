# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The crash sweep: let a fault strike one call of a run, run again, compare the account with that of a clean run.

This is done for every call and every kind of fault, each time from an empty account. A new flow is a few lines::

    Flow("ec2_flow_log created", prepare=make_vpc, act=run_flow_log, reads=("ec2.describe_flow_logs",))

A run keeps nothing but what is in the account. So where two faults have left the same account behind (a run that was
killed before any of three reads in a row), the runs that follow are made once.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t

import pytest
from groundwork_local_cloud.client import LocalCloud
from groundwork_local_cloud.cloud import cloud as served
from groundwork_local_cloud.realism import document
from support.modules import Result, changes

from .account import Picture, Read, difference, picture
from .starting_point import StartingPoint

MOST_CALLS = 400

Run = t.Callable[[t.Any], Result]
Check = t.Callable[[], None]


@dataclasses.dataclass(frozen=True)
class Flow:
    """What is swept. ``prepare`` makes the starting point in an empty account, ``act`` is the run from there.

    ``finish`` is the run after the fault, if it is another one than ``act``; the clean run is then ``act`` and
    ``finish``. ``reads`` are what is compared of the account ("ec2.describe_volumes", or a function), without text that
    ``varies``. ``watch`` makes from the starting point a check that is called after every single call of the API, with
    the state of the cloud held still; it raises AssertionError. ``kinds`` are the kinds of faults to try.
    """

    name: str
    prepare: t.Callable[[LocalCloud], t.Any]
    act: Run
    reads: tuple[Read, ...]
    finish: Run | None = None
    watch: t.Callable[[t.Any], Check] | None = None
    varies: tuple[re.Pattern[str], ...] = ()
    kinds: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Kind:
    """A kind of fault. ``rules`` are those of the local cloud's faults for the call of a number, from 1.

    ``of_changes``: it takes a call that changes something to make a difference.
    """

    rules: t.Callable[[int], list[dict[str, t.Any]]]
    of_changes: bool = False


# A killed process makes no call any more, not even to clean up. At a call that changes nothing, whether it was killed
# before or after it makes no difference.
KINDS = {
    "killed before": Kind(lambda call: [{"kind": "cut_before", "at": call, "onwards": True}]),
    "killed after": Kind(
        lambda call: [{"kind": "cut_after", "at": call}, {"kind": "cut_before", "at": call + 1, "onwards": True}],
        of_changes=True,
    ),
    "error after": Kind(lambda call: [{"kind": "error_after", "at": call}]),
    "throttled": Kind(lambda call: [{"kind": "throttle", "at": call}]),
    "cut": Kind(lambda call: [{"kind": "cut_after", "at": call}]),
    "late": Kind(lambda call: [{"kind": "late", "at": call}], of_changes=True),
}
KILLED = ("killed before", "killed after")
ONE_CALL = ("error after", "throttled", "cut")


@dataclasses.dataclass
class Tally:
    """What a sweep of one flow with one kind of fault came to. ``problems`` are of the faults not survived."""

    flow: str
    calls: int
    faults: int = 0
    problems: list[str] = dataclasses.field(default_factory=list)

    def report(self) -> str:
        """What went wrong: three faults at length, the others in one line each."""
        return "\n".join([*self.problems[:3], *(problem.splitlines()[0] for problem in self.problems[3:])])

    def as_row(self) -> dict[str, t.Any]:
        survived = self.faults - len(self.problems)
        return {"flow": self.flow, "calls": self.calls, "faults": self.faults, "survived": survived}


class _Watch:
    """Keeps what a check has found: it is called in the middle of a call, where nobody would see what it raises."""

    def __init__(self, check: Check) -> None:
        self._check = check
        self.problem = ""

    def __call__(self) -> None:
        if not self.problem:
            try:
                self._check()
            except AssertionError as error:
                call = served.recorder.since()[-1]["operation"] if served.recorder.counts() else "the start"
                self.problem = f"after the call that followed {call}: {error}"


class Ground:
    """What the sweeps of one flow have in common: its starting point, its clean run, and what was seen to recover."""

    def __init__(self, cloud: LocalCloud, flow: Flow) -> None:
        self._cloud = cloud
        self.flow = flow
        self.finish = flow.finish or flow.act
        self.watch = _Watch(lambda: None)
        self.recovered: set[tuple[str, ...]] = set()
        self._point: StartingPoint | None = None
        self.calls = self._clean_run()
        self.wanted = self.picture()
        self.comes_to_rest()

    def _clean_run(self) -> list[dict[str, t.Any]]:
        self._prepare()
        seen = _seen()
        self._run(self.flow.act)
        calls = served.recorder.since(seen)
        if self.flow.finish:
            self._run(self.finish)
        assert 0 < len(calls) < MOST_CALLS
        return calls

    def _prepare(self) -> None:
        served.watch = lambda: None
        served.reset()
        self.start = self.flow.prepare(self._cloud)
        self._look_after()
        if not served.transitions.under_way:  # what is under way cannot be copied
            self._point = StartingPoint()
            prepared = self.picture()
            self.begin()
            _same(self.picture(), prepared)

    def begin(self) -> None:
        """Go back to the starting point."""
        if self._point is None:
            self._prepare()
        else:
            served.watch = lambda: None
            self._point.restore()
            self._look_after()

    def _look_after(self) -> None:
        self.watch = _Watch(self.flow.watch(self.start) if self.flow.watch else lambda: None)
        served.watch = self.watch

    def _run(self, run: Run) -> None:
        result = run(self.start)
        assert not self.watch.problem, self.watch.problem
        assert not result.get("failed"), result["msg"]

    def picture(self) -> Picture:
        """What is compared."""
        found = picture(self._cloud, self.flow.reads, self.flow.varies)
        assert not self.watch.problem, self.watch.problem
        return found

    def recovers(self) -> None:
        """A run from here ends as a clean run does, and the next one has nothing to do."""
        self._run(self.finish)
        _same(self.picture(), self.wanted)
        self.comes_to_rest()

    def comes_to_rest(self) -> None:
        """Another run changes nothing."""
        seen = _seen()
        result = self.finish(self.start)
        made = changes(served.recorder.since(seen))
        assert not result["changed"], f"a run after the last one still changes something: {made}"
        assert made == []
        assert not self.watch.problem, self.watch.problem


def cases(flows: t.Iterable[Flow]) -> list[t.Any]:
    """Every flow with each of its kinds of faults, as parameters of a test."""
    return [pytest.param(flow, kind, id=f"{flow.name}-{kind}") for flow in flows for kind in flow.kinds or KINDS]


_grounds: dict[str, Ground] = {}


def _ground(cloud: LocalCloud, flow: Flow) -> Ground:
    if flow.name not in _grounds:
        _grounds[flow.name] = Ground(cloud, flow)
    return _grounds[flow.name]


class Sweep:
    """One flow and one kind of fault.

    Raises AssertionError where the clean run does not go well.
    """

    def __init__(self, cloud: LocalCloud, flow: Flow, kind: str) -> None:
        self._ground = _ground(cloud, flow)
        self._kind = KINDS[kind]

    def run(self) -> Tally:
        """Try the fault at every call."""
        calls = self._ground.calls
        tally = Tally(self._ground.flow.name, len(calls))
        for number, call in enumerate(calls, 1):
            if self._kind.of_changes and not changes([call]):
                continue
            tally.faults += 1
            try:
                self._survive(number)
            except AssertionError as error:
                tally.problems.append(f"call {number}, {call['operation']}: {error}")
        return tally

    def _survive(self, number: int) -> None:
        ground, faults = self._ground, document.faults(self._kind.rules(number))
        ground.begin()
        served.faults.replace(faults)
        ground.flow.act(ground.start)
        served.faults.replace([])
        served.visibility.catch_up()
        assert faults[0].matched >= number, f"this run ended with call {faults[0].matched}"
        left = tuple(ground.picture())
        if left not in ground.recovered:
            ground.recovers()
            ground.recovered.add(left)


def _seen() -> int:
    return max((call["number"] for call in served.recorder.since()), default=0)


def _same(found: Picture, wanted: Picture) -> None:
    if found != wanted:
        raise AssertionError(f"something else was left behind:\n{difference(wanted, found)}")
