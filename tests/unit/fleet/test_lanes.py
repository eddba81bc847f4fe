# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps that are made at once: each once, every kind in its own lane, and what a failure leaves."""

from __future__ import annotations

import threading
import typing as t

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils._core.errors import CoreError, DeadlineExceeded
from ansible_collections.groundwork.aws.plugins.module_utils._core.pace import Deadline, Pace
from ansible_collections.groundwork.aws.plugins.module_utils._core.plan import Plan, Step
from ansible_collections.groundwork.aws.plugins.module_utils._fleet.lanes import converge

State = frozenset[str]


class Things:
    """Named things that are made by one call each, ``second`` ones after all others."""

    pace = Pace(first_delay=0.01, longest=0.01)

    def __init__(self, *names: str, fail: str = "", unseen: bool = False) -> None:
        self.client = self
        self.made: list[str] = []
        self._names = names
        self._fail = fail
        self._unseen = unseen

    def read(self) -> State:
        return frozenset() if self._unseen else frozenset(self.made)

    def plan(self, state: State) -> Plan[State]:
        missing = [name for name in self._names if name not in state]
        ready = [name for name in missing if not name.startswith("second")] or missing
        steps = tuple(Step(f"make {name}", make, {"name": name}) for name in ready)
        return Plan(frozenset(self._names), steps)

    def view(self, state: State) -> dict[str, t.Any]:
        return {"things": sorted(state)}

    def make(self, name: str) -> None:
        if name == self._fail:
            raise CoreError(f"cannot make {name}")
        self.made.append(name)


def make(client: Things, *, name: str) -> None:
    client.make(name)


def deadline(things: Things, seconds: float = 5.0) -> Deadline:
    return Deadline(seconds, things.pace)


@pytest.mark.parametrize("width", [1, 3])
def test_makes_each_once_and_what_depends_on_it_afterwards(width: int) -> None:
    things = Things("a", "b", "c", "second")
    outcome = converge(things, check_mode=False, deadline=deadline(things), width=width)
    assert sorted(things.made) == ["a", "b", "c", "second"]
    assert things.made[-1] == "second"
    assert (outcome.changed, outcome.before, sorted(outcome.after)) == (True, frozenset(), ["a", "b", "c", "second"])


def test_calls_of_one_kind_do_not_hold_up_those_of_another() -> None:
    things = Things()
    quick_one_made = threading.Event()

    def slow(_client: Things) -> None:
        assert quick_one_made.wait(5)
        things.made.append("slow")

    def quick(_client: Things) -> None:
        quick_one_made.set()

    steps = (*(Step(f"slow {number}", slow) for number in range(4)), Step("quick", quick))
    things.plan = lambda _state: Plan(frozenset(), () if things.made else steps)  # type: ignore[method-assign]
    converge(things, check_mode=False, deadline=deadline(things), width=2)
    assert things.made == ["slow"] * 4


@pytest.mark.parametrize("width", [1, 3])
def test_a_failure_ends_the_run_and_tells_what_was_begun(width: int) -> None:
    things = Things("a", "b", "second", fail="b")
    with pytest.raises(CoreError, match="cannot make b") as failure:
        converge(things, check_mode=False, deadline=deadline(things), width=width)
    assert failure.value.details == {"changed": True, "actions": ["make a", "make b"]}
    assert "second" not in things.made


def test_check_mode_makes_nothing() -> None:
    things = Things("a")
    outcome = converge(things, check_mode=True, deadline=deadline(things), width=3)
    assert (outcome.changed, outcome.after, things.made) == (True, frozenset({"a"}), [])


def test_what_aws_does_not_show_is_not_made_again_and_waited_for_in_vain() -> None:
    things = Things("a", unseen=True)
    with pytest.raises(DeadlineExceeded, match="AWS does not show yet: make a"):
        converge(things, check_mode=False, deadline=deadline(things, 0.1), width=3)
    assert things.made == ["a"]
