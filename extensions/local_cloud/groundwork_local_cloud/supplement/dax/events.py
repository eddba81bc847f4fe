# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DescribeEvents: what has happened to clusters, parameter groups and subnet groups, the newest first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from moto.core.utils import utcnow

from ..registry import Call, provides
from . import errors
from .pages import page
from .state import state_of

KEPT = timedelta(days=14)
SHOWN_BY_DEFAULT = timedelta(hours=24)
SOURCE_TYPES = ("CLUSTER", "PARAMETER_GROUP", "SUBNET_GROUP")


@provides(
    "dax",
    "DescribeEvents",
    id="dax-describe-events",
    behaviour="Events of one source or all, of the last 24 hours or of a time asked for within the last 14 days, the "
    "newest first.",
    errors=("InvalidParameterCombinationException", "InvalidParameterValueException"),
)
def describe_events(call: Call) -> dict[str, Any]:
    params = call.params
    source_type, source_name = params.get("SourceType"), params.get("SourceName")
    if source_type is not None and source_type not in SOURCE_TYPES:
        raise errors.invalid_value(f"SourceType must be one of {', '.join(SOURCE_TYPES)}.")
    first, last = _interval(params)
    shown = [
        event.view()
        for event in reversed(state_of(call).events)
        if source_type in (None, event.source_type)
        and source_name in (None, event.source_name)
        and first <= event.date <= last
    ]
    return page(call, "Events", shown)


def _interval(params: dict[str, Any]) -> tuple[datetime, datetime]:
    now = utcnow()
    start, end, minutes = params.get("StartTime"), params.get("EndTime"), params.get("Duration")
    if minutes is not None and not 0 < minutes <= KEPT / timedelta(minutes=1):
        raise errors.invalid_value("Duration must be between 1 and 20160 minutes.")
    length = SHOWN_BY_DEFAULT if minutes is None else timedelta(minutes=minutes)
    if start is None:
        last = now if end is None else _time(end)
        return last - length, last
    first = _time(start)
    if first < now - KEPT:
        raise errors.invalid_value("StartTime must lie within the last 14 days.")
    last = _time(end) if end is not None else first + length if minutes is not None else now
    if last < first:
        raise errors.invalid_combination("StartTime must not be later than EndTime.")
    return first, last


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
