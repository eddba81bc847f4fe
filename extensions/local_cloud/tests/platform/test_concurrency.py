# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many clients at once see one consistent cloud."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from groundwork_local_cloud.client import LocalCloud

THREADS = 16


def test_sixteen_threads_lose_nothing(cloud: LocalCloud) -> None:
    ssm = cloud.client("ssm")

    def work(number: int) -> None:
        for step in range(5):
            ssm.put_parameter(Name=f"/thread/{number}/{step}", Value=str(step), Type="String")

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS)))
    numbers = [call["number"] for call in cloud.calls("ssm", "PutParameter")]
    assert len(numbers) == THREADS * 5
    assert numbers == sorted(set(numbers))
    pages = ssm.get_paginator("describe_parameters").paginate()
    assert sum(len(page["Parameters"]) for page in pages) == THREADS * 5


def test_calls_that_race_for_one_name_have_one_winner(cloud: LocalCloud) -> None:
    iam = cloud.client("iam")

    def create(_number: int) -> bool:
        try:
            iam.create_user(UserName="alice")
        except iam.exceptions.EntityAlreadyExistsException:
            return False
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        assert sum(pool.map(create, range(THREADS))) == 1


def test_a_fault_at_the_kth_call_strikes_one_of_many_threads(cloud: LocalCloud) -> None:
    sts = cloud.client("sts")
    cloud.faults({"kind": "throttle", "at": 7})

    def call(_number: int) -> bool:
        try:
            sts.get_caller_identity()
        except sts.exceptions.ClientError:
            return False
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        assert list(pool.map(call, range(THREADS))).count(False) == 1
