# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Streams that begin and end."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult

from ..registry import Call, Forward, corrects
from . import errors
from .state import begin_update, description, find_table


@corrects(
    "dynamodb",
    "UpdateTable",
    id="dynamodb-update-table-stream",
    behaviour="A stream ends before another one begins, which then has another ARN; that of the last one stays to be "
    "seen.",
    errors=("ValidationException",),
)
def update_stream(call: Call, forward: Forward) -> Any:
    if "StreamSpecification" not in call.params or call.params.get("BillingMode"):
        return forward()
    table = find_table(call)
    specification = call.params["StreamSpecification"]
    is_on = bool((table.stream_specification or {}).get("StreamEnabled"))
    begins, view = bool(specification.get("StreamEnabled")), specification.get("StreamViewType")
    if begins and not view:
        raise errors.invalid_value("If stream is being enabled then UpdateViewType is required")
    if view and not begins:
        raise errors.invalid_value("If stream is being disabled, then UpdateViewType must not be specified")
    if begins and is_on:
        raise errors.invalid(f"Table already has an enabled stream: TableName: {table.name}")
    if not begins and not is_on:
        raise errors.invalid(f"Table has no stream to disable: TableName: {table.name}")
    table.set_stream_specification(dict(specification))
    if not begins:
        table.stream_shard = None  # moto would go on writing to it
    begin_update(table, "table.updating")
    return ActionResult(description(table))
