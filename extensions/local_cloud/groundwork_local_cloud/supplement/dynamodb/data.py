# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Items, as far as their table lets them be reached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..registry import Call, Forward, corrects
from . import errors
from .keys import unusable
from .state import state_of


@corrects(
    "dynamodb",
    "BatchGetItem",
    "BatchWriteItem",
    "DeleteItem",
    "GetItem",
    "PutItem",
    "Query",
    "Scan",
    "TransactGetItems",
    "TransactWriteItems",
    "UpdateItem",
    id="dynamodb-items-of-usable-tables",
    behaviour="The items of a table are out of reach until it is created, and as long as its KMS key cannot be used; "
    "an index is not read before it is complete.",
    errors=("ResourceNotFoundException", "ValidationException"),
)
def reach(call: Call, forward: Forward) -> Any:
    for name in set(_tables(call.params)):
        table = call.backend.tables.get(name.rpartition("/")[2])
        if table is None:
            continue
        state = state_of(table)
        if state.status == "CREATING":
            raise errors.not_found(f"Table: {table.name} not found")
        if problem := unusable(call, table):
            raise errors.invalid(problem)
        index = call.params.get("IndexName")
        if state.index_states.get(str(index)) == "CREATING":
            raise errors.invalid(f"Cannot read from backfilling global secondary index: {index}")
    return forward()


def _tables(params: dict[str, Any]) -> Iterator[str]:
    if "TableName" in params:
        yield params["TableName"]
    yield from params.get("RequestItems") or {}
    for item in params.get("TransactItems") or []:
        yield from (action["TableName"] for action in item.values())
