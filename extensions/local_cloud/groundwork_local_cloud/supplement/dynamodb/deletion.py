# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables that go."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult

from ...cloud import cloud
from ..registry import Call, Forward, corrects
from . import errors
from .state import description, find_table, index_id, state_of


@corrects(
    "dynamodb",
    "DeleteTable",
    id="dynamodb-delete-table",
    behaviour="A table is DELETING before it is gone; one that is protected, being created or changed, or has an index "
    "that is, is refused; to ask again for the deletion is no error.",
    errors=("ResourceInUseException", "ResourceNotFoundException", "ValidationException"),
)
def delete_table(call: Call, forward: Forward) -> Any:
    table = find_table(call)
    state = state_of(table)
    if state.status == "DELETING":
        return ActionResult(description(table))
    if table.deletion_protection_enabled:
        raise errors.invalid(
            "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection "
            "first."
        )
    if state.index_states:
        raise errors.in_use("Cannot delete table while indexes are being created, updated, or deleted")
    if state.is_busy:
        raise errors.in_use(f"Table is being {'created' if state.status == 'CREATING' else 'updated'}: {table.name}")
    for under_way in (table.table_arn, *(index_id(table, index.name) for index in table.global_indexes)):
        cloud.transitions.cancel(under_way)
    state.status = "DELETING"
    cloud.transitions.begin("table.deleting", table.table_arn, lambda: call.backend.tables.pop(table.name, None))
    return ActionResult(description(table))
