# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several things in one task, driven with counters that are to reach a number."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.groundwork.aws.plugins.module_utils._core.errors import AwsCallError, DeadlineExceeded, Refusal
from ansible_collections.groundwork.aws.plugins.module_utils._core.pace import Deadline, Pace
from ansible_collections.groundwork.aws.plugins.module_utils._core.parallel import converge_each
from ansible_collections.groundwork.aws.plugins.module_utils._core.plan import Plan, Step


def count(client: dict[str, int], *, name: str, to: int) -> None:
    if name == "broken" and to == 2:
        raise AwsCallError(f"count {name}", "InternalError", "no")
    client[name] = to


@dataclasses.dataclass
class Counters:
    """Each is to reach 3; ``refused`` is refused, ``broken`` fails on its way, ``stuck`` waits for ever."""

    client: dict[str, int] = dataclasses.field(default_factory=dict)
    pace: Pace = dataclasses.field(default_factory=Pace)
    reads: int = 0
    abandoned: list[str] = dataclasses.field(default_factory=list)

    def read(self, names: t.Sequence[str]) -> dict[str, tuple[str, int]]:
        self.reads += 1
        return {name: (name, self.client.get(name, 0)) for name in names}

    def plan(self, state: tuple[str, int]) -> Plan[tuple[str, int]]:
        name, reached = state
        if name == "refused":
            raise Refusal(["it is refused"])
        if name == "stuck":
            return Plan((name, 3), (), ("stuck to move",))
        step = Step(f"count {name}", count, {"name": name, "to": reached + 1})
        return Plan((name, 3), (step,) if reached < 3 else ())

    def abandon(self, name: str) -> None:
        self.abandoned.append(name)


def _deadline(timeout: float = 5.0) -> Deadline:
    seconds = iter(range(1000))
    return Deadline(timeout, Pace(), clock=lambda: float(next(seconds)), sleep=lambda _seconds: None)


def test_all_of_them_reach_their_goal_with_shared_readings() -> None:
    batch = Counters()
    ways = converge_each(batch, ["a", "b", "c"], check_mode=False, deadline=_deadline())
    assert batch.client == {"a": 3, "b": 3, "c": 3}
    assert batch.reads == 4
    assert {name: len(way.made) for name, way in ways.items()} == {"a": 3, "b": 3, "c": 3}


def test_the_failure_of_one_is_its_own() -> None:
    batch = Counters()
    ways = converge_each(batch, ["refused", "a", "broken", "stuck"], check_mode=False, deadline=_deadline())
    assert batch.client == {"a": 3, "broken": 1}
    assert {name: type(way.error) for name, way in ways.items()} == {
        "refused": Refusal,
        "a": type(None),
        "broken": AwsCallError,
        "stuck": DeadlineExceeded,
    }
    assert batch.abandoned == ["broken"], "one that changed nothing has nothing to give back"


def test_check_mode_only_plans() -> None:
    batch = Counters()
    ways = converge_each(batch, ["a"], check_mode=True, deadline=_deadline())
    assert (batch.client, batch.reads) == ({}, 1)
    assert ways["a"].first is not None
    assert ways["a"].first.after == ("a", 3)
