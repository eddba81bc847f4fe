# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table class, which is not changed often."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow

from ..registry import Call, Forward, corrects
from . import errors
from .state import begin_update, description, find_table, state_of

MOST_IN_A_WINDOW = 2
WINDOW = timedelta(days=30)


@corrects(
    "dynamodb",
    "UpdateTable",
    id="dynamodb-update-table-class",
    behaviour="The table class is kept, and changes at most twice in 30 days.",
    errors=("LimitExceededException",),
)
def update_class(call: Call, forward: Forward) -> Any:
    wanted = call.params.get("TableClass")
    if not wanted:
        return forward()
    table = find_table(call)
    state = state_of(table)
    if wanted == (state.table_class or "STANDARD"):
        return ActionResult(description(table))
    now = utcnow()
    if len([when for when in state.class_changes if when > now - WINDOW]) >= MOST_IN_A_WINDOW:
        raise errors.limit_exceeded(f"Table class updates are limited to {MOST_IN_A_WINDOW} in 30 days: {table.name}")

    def finish() -> None:
        state.table_class = wanted
        state.class_changes.append(now)

    begin_update(table, "table.updating", finish)
    return ActionResult(description(table))
