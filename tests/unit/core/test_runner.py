# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one path of all modules, driven with a small cloud of named things that can lag, fail and be killed."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils._core.errors import (
    AwsCallError,
    DeadlineExceeded,
    Refusal,
)
from ansible_collections.groundwork.aws.plugins.module_utils._core.pace import Deadline, Pace
from ansible_collections.groundwork.aws.plugins.module_utils._core.plan import Plan, Step
from ansible_collections.groundwork.aws.plugins.module_utils._core.runner import converge, run
from hypothesis import given
from hypothesis import strategies as st

State = frozenset[str]


class Killed(BaseException):
    """The process ends here, as by kill -9."""


@dataclasses.dataclass
class ThingCloud:
    """A service that creates and deletes named things. ``lag`` is how many reads a change takes to be seen."""

    things: set[str] = dataclasses.field(default_factory=set)
    lag: int = 0
    calls: list[str] = dataclasses.field(default_factory=list)
    kill_at: int | None = None
    kill_after_effect: bool = False
    _unseen: list[tuple[int, State]] = dataclasses.field(default_factory=list)
    _reads: int = 0

    def read(self) -> State:
        self._reads += 1
        self._unseen = [(until, seen) for until, seen in self._unseen if until >= self._reads]
        return self._unseen[0][1] if self._unseen else frozenset(self.things)

    def change(self, call: str, effect: t.Callable[[], None]) -> None:
        self.calls.append(call)
        dies = self.kill_at == len(self.calls)
        if dies and not self.kill_after_effect:
            raise Killed
        self._unseen.append((self._reads + self.lag, frozenset(self.things)))
        effect()
        if dies:
            raise Killed


def create(client: ThingCloud, *, name: str) -> None:
    if name in client.things:
        raise AwsCallError(f"create {name}", "AlreadyExists", f"{name} exists")
    client.change(f"create {name}", lambda: client.things.add(name))


def delete(client: ThingCloud, *, name: str) -> None:
    client.change(f"delete {name}", lambda: client.things.discard(name))


@dataclasses.dataclass
class Things:
    """The resource under test: exactly the things of ``wanted``; one at a time where ``one_by_one`` is set."""

    client: ThingCloud
    wanted: State
    one_by_one: bool = False
    pace: Pace = dataclasses.field(default_factory=Pace)

    def read(self) -> State:
        return self.client.read()

    def plan(self, state: State) -> Plan[State]:
        if "forbidden" in self.wanted:
            raise Refusal(["forbidden cannot be created", "use another name"])
        creations = [Step(f"create {name}", create, {"name": name}) for name in sorted(self.wanted - state)]
        deletions = [Step(f"delete {name}", delete, {"name": name}) for name in sorted(state - self.wanted)]
        steps = creations + deletions
        return Plan(self.wanted, tuple(steps[:1] if self.one_by_one else steps))

    def view(self, state: State) -> dict[str, t.Any]:
        return {"things": sorted(state)}


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def deadline(self, timeout: float = 60) -> Deadline:
        return Deadline(timeout, Pace(), clock=lambda: self.now, sleep=self.sleep, chance=lambda: 0.5)


def test_creates_and_deletes_what_differs() -> None:
    cloud = ThingCloud({"old", "kept"})
    outcome = converge(Things(cloud, frozenset({"kept", "new"})), check_mode=False, deadline=Clock().deadline())
    assert cloud.calls == ["create new", "delete old"]
    assert (outcome.changed, outcome.before, outcome.after) == (True, {"old", "kept"}, {"kept", "new"})


def test_second_run_changes_nothing() -> None:
    cloud = ThingCloud({"a"})
    outcome = converge(Things(cloud, frozenset({"a"})), check_mode=False, deadline=Clock().deadline())
    assert cloud.calls == []
    assert not outcome.changed


def test_check_mode_makes_no_call_and_predicts_the_end() -> None:
    cloud = ThingCloud({"old"})
    resource = Things(cloud, frozenset({"a", "b"}), one_by_one=True)
    outcome = converge(resource, check_mode=True, deadline=Clock().deadline())
    assert cloud.calls == []
    assert outcome.changed
    assert outcome.after == {"a", "b"}


def test_waits_for_aws_to_show_a_change_and_makes_it_once() -> None:
    cloud, clock = ThingCloud(lag=3), Clock()
    converge(Things(cloud, frozenset({"a"})), check_mode=False, deadline=clock.deadline())
    assert cloud.calls == ["create a"]
    assert clock.slept == sorted(clock.slept), "the intervals grow"
    assert len(clock.slept) == 3


def test_gives_up_at_the_deadline_and_says_what_it_waited_for() -> None:
    cloud, clock = ThingCloud(lag=10**6), Clock()
    with pytest.raises(DeadlineExceeded, match=r"Gave up after 30 s .*AWS does not show yet: create a"):
        converge(Things(cloud, frozenset({"a"})), check_mode=False, deadline=clock.deadline(30))
    assert clock.now == pytest.approx(30), "no wait goes beyond the deadline"


@pytest.mark.parametrize("check_mode", [False, True])
def test_refuses_before_anything_is_changed_and_lists_every_problem(check_mode: bool) -> None:
    cloud = ThingCloud()
    resource = Things(cloud, frozenset({"forbidden", "a"}))
    with pytest.raises(Refusal, match=r"forbidden cannot be created\. use another name\."):
        converge(resource, check_mode=check_mode, deadline=Clock().deadline())
    assert cloud.calls == []


names = st.frozensets(st.sampled_from("abcde"))


@given(names, names, st.integers(0, 3), st.booleans(), st.booleans(), st.data())
def test_killed_at_any_call_the_next_run_finishes_with_no_call_twice(
    start: State, wanted: State, lag: int, one_by_one: bool, after_effect: bool, data: st.DataObject
) -> None:
    needed = len(start ^ wanted)
    kill_at = data.draw(st.integers(1, max(needed, 1)))
    cloud = ThingCloud(set(start), lag=lag, kill_at=kill_at, kill_after_effect=after_effect)
    resource = Things(cloud, wanted, one_by_one)
    if needed:
        with pytest.raises(Killed):
            converge(resource, check_mode=False, deadline=Clock().deadline())
    for _ in range(lag):
        cloud.read()  # the time that passes until somebody starts the next run
    converge(resource, check_mode=False, deadline=Clock().deadline(10**4))
    assert cloud.things == wanted
    assert len(cloud.calls) == needed + (1 if needed and not after_effect else 0)


class Ended(Exception):
    """A module has ended; carries its result."""

    def __init__(self, failed: bool, result: dict[str, t.Any]) -> None:
        super().__init__(result)
        self.failed = failed
        self.result = result


@dataclasses.dataclass
class StubModule:
    """The four things that the runner uses of AnsibleAWSModule."""

    check_mode: bool = False
    params: dict[str, t.Any] = dataclasses.field(default_factory=lambda: {"wait_timeout": 5})

    def exit_json(self, **result: t.Any) -> t.NoReturn:
        raise Ended(False, result)

    def fail_json(self, msg: str, **result: t.Any) -> t.NoReturn:
        raise Ended(True, {"msg": msg, **result})


def test_result_has_changed_actions_diff_and_the_state() -> None:
    cloud = ThingCloud({"old"})
    with pytest.raises(Ended) as ended:
        run(StubModule(), lambda: Things(cloud, frozenset({"a"})))
    assert ended.value.result == {
        "changed": True,
        "actions": ["create a", "delete old"],
        "diff": {"before": {"things": ["old"]}, "after": {"things": ["a"]}},
        "things": ["a"],
    }


def test_a_failed_call_ends_the_module_with_its_code() -> None:
    def refuse() -> Things:
        raise AwsCallError("create a thing", "UnauthorizedOperation", "You are not authorized")

    with pytest.raises(Ended) as ended:
        run(StubModule(), refuse)
    assert ended.value.failed
    assert ended.value.result["error"] == {"code": "UnauthorizedOperation", "message": "You are not authorized"}
    assert ended.value.result["msg"].startswith(
        "Failed to create a thing. AWS answered UnauthorizedOperation: You are not authorized. Allow this action"
    )
