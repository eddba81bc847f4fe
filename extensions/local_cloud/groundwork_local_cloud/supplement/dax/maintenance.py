# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The maintenance window of a cluster that asks for none."""

from __future__ import annotations

from moto.moto_api._internal import mock_random

# The start of the block of 8 hours, in minutes after midnight UTC, from which each region's windows are taken.
_BLOCKS = {
    "ap-northeast-1": 13 * 60,
    "ap-south-1": 17 * 60 + 30,
    "ap-southeast-1": 14 * 60,
    "ap-southeast-2": 12 * 60,
    "cn-north-1": 14 * 60,
    "cn-northwest-1": 23 * 60,
    "eu-central-1": 23 * 60,
    "eu-west-1": 22 * 60,
    "eu-west-2": 23 * 60,
    "eu-west-3": 23 * 60,
    "sa-east-1": 60,
    "us-east-1": 3 * 60,
    "us-east-2": 23 * 60,
    "us-west-1": 6 * 60,
    "us-west-2": 6 * 60,
}
_ELSEWHERE = 23 * 60
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MINUTES_PER_DAY = 24 * 60


def default_window(region: str) -> str:
    """60 minutes on a random day, within the region's block of 8 hours."""
    day, half_hour = mock_random.randrange(7), mock_random.randrange(15)
    start = day * _MINUTES_PER_DAY + _BLOCKS.get(region, _ELSEWHERE) + half_hour * 30
    return f"{_moment(start)}-{_moment(start + 60)}"


def _moment(minute_of_week: int) -> str:
    day, minute = divmod(minute_of_week, _MINUTES_PER_DAY)
    return f"{_DAYS[day % 7]}:{minute // 60:02}:{minute % 60:02}"
