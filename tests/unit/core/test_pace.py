# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The intervals between two looks."""

from __future__ import annotations

from ansible_collections.groundwork.aws.plugins.module_utils._core.pace import Deadline, Pace
from hypothesis import given
from hypothesis import strategies as st


def test_intervals_grow_up_to_the_longest() -> None:
    pace = Pace(first_delay=1, growth=2, longest=10, jitter=0.2)
    assert [pace.interval(turn, chance=0.5) for turn in range(6)] == [1, 2, 4, 8, 10, 10]


@given(st.integers(0, 1000), st.floats(0, 1))
def test_jitter_stays_within_its_share(turn: int, chance: float) -> None:
    pace = Pace(first_delay=1, growth=1.5, longest=15, jitter=0.2)
    planned = pace.interval(turn, 0.5)
    assert 0.8 * planned <= pace.interval(turn, chance) <= 1.2 * planned + 1e-9


def test_progress_makes_the_next_look_come_soon() -> None:
    slept: list[float] = []
    deadline = Deadline(60, Pace(jitter=0), clock=lambda: 0.0, sleep=slept.append, chance=lambda: 0.5)
    for _ in range(3):
        deadline.pause(["x"])
    deadline.progress()
    deadline.pause(["x"])
    assert slept == [1.0, 1.5, 2.25, 1.0]
