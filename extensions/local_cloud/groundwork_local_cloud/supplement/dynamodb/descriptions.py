# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What CreateTable, DescribeTable, UpdateTable and DeleteTable show of a table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.dynamodb.models import Table

from ..registry import Call, Forward, corrects
from . import keys
from .state import Changes, TableState, find_table, index_id, state_of


@corrects(
    "dynamodb",
    "CreateTable",
    "DescribeTable",
    "UpdateTable",
    "DeleteTable",
    "RestoreTableFromBackup",
    "RestoreTableToPointInTime",
    id="dynamodb-table-description",
    behaviour="A table has an id, a status, the ARN of its KMS key and its table class; every index has a status and "
    "an ARN; what a table does not have (indexes, a key, a billing mode that was never changed) is left out.",
    errors=("ResourceNotFoundException",),
)
def describe(call: Call, forward: Forward) -> Any:
    table = find_table(call) if call.operation in ("DescribeTable", "UpdateTable", "DeleteTable") else None
    if table is not None:
        keys.look_at_key(call, table)
    result = forward()
    name = call.params.get("TargetTableName") or call.params["TableName"].rpartition("/")[2]
    # One that is being deleted may be gone by now.
    table = call.backend.tables.get(name, table)
    element = "Table" if call.operation == "DescribeTable" else "TableDescription"
    return ActionResult({element: completed(table, result.result[element])})


def completed(table: Table, shown: dict[str, Any]) -> dict[str, Any]:
    """A description by moto with what it lacks, and without what AWS leaves out."""
    state = state_of(table)
    shown |= {"TableId": state.id, "TableStatus": state.status}
    shown["ProvisionedThroughput"] = _throughput(table.throughput, state.capacity_changes.get("", Changes()))
    shown["BillingModeSummary"] = _billing(table, state)
    shown["SSEDescription"] = _encryption(state)
    shown["TableClassSummary"] = _table_class(state)
    shown["GlobalSecondaryIndexes"] = [
        _index(table, state, index) for index in shown.get("GlobalSecondaryIndexes") or []
    ]
    shown["LocalSecondaryIndexes"] = [
        {**index, "IndexArn": index_id(table, index["IndexName"]), "IndexSizeBytes": 0, "ItemCount": 0}
        for index in shown.get("LocalSecondaryIndexes") or []
    ]
    absent = [name for name in _LEFT_OUT if not shown.get(name)]
    return {name: value for name, value in shown.items() if name not in absent}


_LEFT_OUT = (
    "BillingModeSummary",
    "SSEDescription",
    "TableClassSummary",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
)


def _throughput(throughput: dict[str, Any], changes: Changes) -> dict[str, Any]:
    today = [when for when in changes.decreases if when.date() == utcnow().date()]
    shown: dict[str, Any] = {
        "ReadCapacityUnits": int(throughput["ReadCapacityUnits"]),
        "WriteCapacityUnits": int(throughput["WriteCapacityUnits"]),
        "NumberOfDecreasesToday": len(today),
    }
    times: dict[str, datetime | None] = {
        "LastIncreaseDateTime": changes.last_increase,
        "LastDecreaseDateTime": changes.decreases[-1] if changes.decreases else None,
    }
    return shown | {name: when for name, when in times.items() if when}


def _billing(table: Table, state: TableState) -> dict[str, Any]:
    if state.on_demand_since is None:
        return {}
    return {"BillingMode": table.billing_mode, "LastUpdateToPayPerRequestDateTime": state.on_demand_since}


def _encryption(state: TableState) -> dict[str, Any]:
    if state.key_arn is None:
        return {}
    shown: dict[str, Any] = {"Status": state.key_status, "SSEType": "KMS", "KMSMasterKeyArn": state.key_arn}
    if state.inaccessible_since:
        shown["InaccessibleEncryptionDateTime"] = state.inaccessible_since
    return shown


def _table_class(state: TableState) -> dict[str, Any]:
    if state.table_class is None:
        return {}
    shown: dict[str, Any] = {"TableClass": state.table_class}
    if state.class_changes:
        shown["LastUpdateDateTime"] = state.class_changes[-1]
    return shown


def _index(table: Table, state: TableState, shown: dict[str, Any]) -> dict[str, Any]:
    name = shown["IndexName"]
    changes = state.capacity_changes.get(name, Changes())
    added = {
        "IndexStatus": "CREATING" if state.status == "CREATING" else state.index_states.get(name, "ACTIVE"),
        "IndexArn": index_id(table, name),
        "IndexSizeBytes": 0,
        "ItemCount": 0,
        "ProvisionedThroughput": _throughput(shown["ProvisionedThroughput"], changes),
    }
    if name in state.backfilling:
        added["Backfilling"] = state.status == "ACTIVE"
    return shown | added
