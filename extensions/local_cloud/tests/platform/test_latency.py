# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Latency holds calls up, and not each other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from groundwork_local_cloud.client import LocalCloud
from groundwork_local_cloud.realism.latency import Latency


def test_a_call_takes_as_long_as_its_most_specific_setting_says(cloud: LocalCloud) -> None:
    cloud.client("sts").get_caller_identity()
    cloud.client("kms").list_keys()
    cloud.realism(latency={"default": 0.0, "kms": 9.0, "kms:ListKeys": [0.2, 0.25]})
    cloud.client("sts").get_caller_identity()
    cloud.client("kms").list_keys()
    first, second = cloud.calls()[-2:]
    assert first["duration"] < 0.2
    assert 0.2 <= second["duration"] < 2


def test_waiting_calls_do_not_hold_up_each_other(cloud: LocalCloud) -> None:
    sts = cloud.client("sts")
    sts.get_caller_identity()
    cloud.realism(latency=0.5)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _number: sts.get_caller_identity(), range(2)))
    starts, ends = zip(*[_interval(call) for call in cloud.calls()[-2:]], strict=True)
    assert max(starts) < min(ends)


def _interval(call: dict[str, Any]) -> tuple[float, float]:
    start = datetime.fromisoformat(call["time"]).timestamp()
    return start, start + call["duration"]


def test_a_range_is_drawn_from() -> None:
    latency = Latency({"default": (1.0, 2.0)})
    drawn = {latency.of("ec2", "RunInstances") for _ in range(20)}
    assert len(drawn) > 1
    assert all(1.0 <= seconds <= 2.0 for seconds in drawn)


def test_without_settings_there_is_none() -> None:
    assert Latency().of("ec2", "RunInstances") == 0
