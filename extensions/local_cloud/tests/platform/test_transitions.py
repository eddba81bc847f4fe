# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""State changes take the time that they are set to, end in order, and wait for their gates."""

from __future__ import annotations

import threading
import time

import pytest
from groundwork_local_cloud.client import LocalCloud
from groundwork_local_cloud.realism.transitions import Transitions


class Clock:
    """A clock that stands still until told."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def transitions(clock: Clock) -> Transitions:
    return Transitions(threading.RLock(), clock)


def test_a_transition_ends_when_its_duration_has_passed(transitions: Transitions, clock: Clock) -> None:
    ended: list[str] = []
    transitions.durations["instance.pending"] = 2.0
    transitions.begin("instance.pending", "i-1", lambda: ended.append("i-1"))
    clock.now += 1.9
    assert (transitions.tick(), ended, transitions.under_way) == (0, [], True)
    clock.now += 0.1
    assert (transitions.tick(), ended, transitions.under_way) == (1, ["i-1"], False)


def test_without_a_duration_it_ends_at_the_next_look(transitions: Transitions) -> None:
    ended: list[str] = []
    transitions.begin("volume.creating", "vol-1", lambda: ended.append("vol-1"))
    assert ended == []
    transitions.tick()
    assert ended == ["vol-1"]


def test_a_transition_waits_for_its_gate(transitions: Transitions) -> None:
    booted: set[str] = set()
    ended: list[str] = []
    transitions.gates["instance.pending"] = booted.__contains__
    for name in ("i-1", "i-2"):
        transitions.begin("instance.pending", name, lambda name=name: ended.append(name))  # type: ignore[misc]  # a loop variable
    booted.add("i-2")
    transitions.tick()
    assert ended == ["i-2"]


def test_what_is_due_first_ends_first(transitions: Transitions, clock: Clock) -> None:
    ended: list[str] = []
    transitions.durations.update({"a.slow": 2, "b.quick": 1})
    transitions.begin("a.slow", "1", lambda: ended.append("slow"))
    transitions.begin("b.quick", "2", lambda: ended.append("quick"))
    clock.now += 3
    transitions.tick()
    assert ended == ["quick", "slow"]


def test_a_cancelled_transition_does_not_end(transitions: Transitions) -> None:
    ended: list[str] = []
    transitions.begin("instance.pending", "i-1", lambda: ended.append("i-1"))
    transitions.begin("instance.pending", "i-2", lambda: ended.append("i-2"))
    transitions.cancel("i-1")
    transitions.tick()
    assert ended == ["i-2"]


def test_instances_take_their_time_to_run(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    image_id = ec2.describe_images(Owners=["amazon"], MaxResults=5)["Images"][0]["ImageId"]
    cloud.realism(durations={"instance.pending": 0.5})
    ec2.run_instances(ImageId=image_id, InstanceType="t3.micro", MinCount=1, MaxCount=1)
    started = time.monotonic()
    assert _state(ec2) == "pending"
    while _state(ec2) == "pending":
        assert time.monotonic() - started < 20
        time.sleep(0.05)
    assert _state(ec2) == "running"


def _state(ec2) -> str:  # type: ignore[no-untyped-def]  # boto3 is untyped
    return str(ec2.describe_instances()["Reservations"][0]["Instances"][0]["State"]["Name"])
