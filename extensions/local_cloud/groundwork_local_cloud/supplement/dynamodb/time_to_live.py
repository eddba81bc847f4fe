# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time to live, which can be changed once in an hour."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.dynamodb.models import Table

from ...cloud import cloud
from ..registry import Call, Forward, corrects
from . import errors
from .state import INACCESSIBLE, find_table, state_of

WINDOW = timedelta(hours=1)


@corrects(
    "dynamodb",
    "UpdateTimeToLive",
    id="dynamodb-update-time-to-live",
    behaviour="Time to live is turned on or off once in an hour, each time for the attribute that it has, and only if "
    "that changes something; it is ENABLING or DISABLING first.",
    errors=("ResourceInUseException", "ResourceNotFoundException", "ValidationException"),
)
def update(call: Call, forward: Forward) -> Any:
    table = find_table(call)
    specification = call.params["TimeToLiveSpecification"]
    _refuse_state(table)
    _refuse_content(table, specification)
    state = state_of(table)
    now = utcnow()
    if state.ttl_changed and now < state.ttl_changed + WINDOW:
        raise errors.invalid("Time to live has been modified multiple times within a fixed interval")
    state.ttl_changed = now
    enabled = specification["Enabled"]
    coming, then = ("ENABLING", "ENABLED") if enabled else ("DISABLING", "DISABLED")
    table.ttl = {"TimeToLiveStatus": coming, "AttributeName": specification["AttributeName"]}

    def finish() -> None:
        table.ttl["TimeToLiveStatus"] = then
        if not enabled:
            table.ttl.pop("AttributeName", None)

    cloud.transitions.begin(f"time-to-live.{coming.lower()}", table.table_arn, finish)
    return ActionResult({"TimeToLiveSpecification": specification})


def _refuse_state(table: Table) -> None:
    status = state_of(table).status
    if status in ("CREATING", "DELETING"):
        raise errors.in_use(f"Table is being {'created' if status == 'CREATING' else 'deleted'}: {table.name}")
    if status == INACCESSIBLE:
        raise errors.invalid(f"The table {table.name} cannot use its KMS key.")


def _refuse_content(table: Table, specification: dict[str, Any]) -> None:
    is_on = table.ttl["TimeToLiveStatus"] != "DISABLED"
    current = table.ttl.get("AttributeName")
    if is_on and specification["AttributeName"] != current:
        raise errors.invalid(f"TimeToLive is active on a different AttributeName: current AttributeName is {current}")
    if is_on and specification["Enabled"] and table.ttl["TimeToLiveStatus"] != "DISABLING":
        raise errors.invalid("TimeToLive is already enabled")
    if not is_on and not specification["Enabled"]:
        raise errors.invalid("TimeToLive is already disabled")


@corrects(
    "dynamodb",
    "DescribeTimeToLive",
    id="dynamodb-describe-time-to-live",
    behaviour="A table without time to live names no attribute; there is no answer for one that is being created or "
    "deleted.",
    errors=("ResourceNotFoundException", "ValidationException"),
)
def describe(call: Call, forward: Forward) -> Any:
    table = find_table(call)
    status = state_of(table).status
    if status in ("CREATING", "DELETING"):
        raise errors.invalid(
            f"Cannot describe time to live while table is in {status} state: Current table state is {status}"
        )
    return forward()
