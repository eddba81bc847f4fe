# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""New tables."""

from __future__ import annotations

import re
from typing import Any

from moto.core.utils import utcnow
from moto.dynamodb.models import Table

from ...cloud import cloud
from ..registry import Call, Forward, corrects
from . import errors
from .indexes import MOST_GLOBAL, check_index, check_projected
from .keys import chosen_key
from .state import state_of
from .tags import check_tags

MOST_LOCAL = 5
_NAME = re.compile(r"[a-zA-Z0-9_.-]{3,255}")


@corrects(
    "dynamodb",
    "CreateTable",
    id="dynamodb-create-table",
    behaviour="A new table is CREATING before it is ACTIVE, and has continuous backups a little later; its key has to "
    "be one that can be used; the limits on names, indexes and tags hold.",
    errors=("ResourceInUseException", "ValidationException"),
)
def create_table(call: Call, forward: Forward) -> Any:
    params = call.params
    if not _NAME.fullmatch(params["TableName"]):
        raise errors.invalid("TableName must be 3 to 255 characters of a-z, A-Z, 0-9, '_', '-' and '.'")
    if params["TableName"] in call.backend.tables:
        raise errors.existing(params["TableName"])
    _check_indexes(params)
    check_tags({}, params.get("Tags") or [])
    arn = chosen_key(call, params.pop("SSESpecification", None) or {})
    result = forward()
    table: Table = call.backend.tables[params["TableName"]]
    state = state_of(table)
    state.key_arn = arn
    state.table_class = params.get("TableClass")
    state.on_demand_since = utcnow() if table.billing_mode == "PAY_PER_REQUEST" else None
    _begin(table)
    return result


def _check_indexes(params: dict[str, Any]) -> None:
    indexes, local = params.get("GlobalSecondaryIndexes") or [], params.get("LocalSecondaryIndexes") or []
    if len(indexes) > MOST_GLOBAL:
        raise errors.invalid_value(f"GlobalSecondaryIndex count exceeds the per-table limit of {MOST_GLOBAL}")
    if len(local) > MOST_LOCAL:
        raise errors.invalid_value(f"Number of LocalSecondaryIndexes exceeds per-table limit of {MOST_LOCAL}")
    for index in indexes:
        check_index(index, params.get("BillingMode") or "PROVISIONED")
    for index in local:
        check_index(index, None)
        _check_local(params, index)
    check_projected([], [*indexes, *local])
    names = [index["IndexName"] for index in [*indexes, *local]]
    for name in names:
        if names.count(name) > 1:
            raise errors.invalid_value(f"Duplicate index name: {name}")


def _check_local(params: dict[str, Any], index: dict[str, Any]) -> None:
    keys = {key["KeyType"]: key["AttributeName"] for key in params["KeySchema"]}
    own = {key["KeyType"]: key["AttributeName"] for key in index["KeySchema"]}
    if "RANGE" not in keys:
        raise errors.invalid_value(
            "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex"
        )
    if own.get("HASH") != keys["HASH"]:
        raise errors.invalid_value(
            f"Index KeySchema does not have the same leading hash key as table KeySchema for index: "
            f"{index['IndexName']}. index hash key: {own.get('HASH')}, table hash key: {keys['HASH']}"
        )


def _begin(table: Table) -> None:
    state = state_of(table)
    state.status, state.has_backups = "CREATING", False

    def begin_backups() -> None:
        state.has_backups = True

    def finish() -> None:
        state.status = "ACTIVE"
        cloud.transitions.begin("table.starting-backups", table.table_arn, begin_backups)

    cloud.transitions.begin("table.creating", table.table_arn, finish)
