# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Global secondary indexes that are created and deleted on a table that exists."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.dynamodb.models import Table
from moto.dynamodb.models.table import GlobalSecondaryIndex

from ...cloud import cloud
from ..registry import Call, Forward, corrects
from . import errors
from .state import begin_update, description, find_table, index_id, state_of

MOST_GLOBAL = 20
MOST_PROJECTED = 100


@corrects(
    "dynamodb",
    "UpdateTable",
    id="dynamodb-update-table-indexes",
    behaviour="An index is CREATING and the table UPDATING, then the table is ACTIVE while the index is backfilled; "
    "one that is deleted is DELETING for a while; a second one has to wait; the definitions of attributes follow.",
    errors=("LimitExceededException", "ResourceInUseException", "ResourceNotFoundException", "ValidationException"),
)
def update_indexes(call: Call, forward: Forward) -> Any:
    updates = call.params.get("GlobalSecondaryIndexUpdates") or []
    online = [update for update in updates if update.get("Create") or update.get("Delete")]
    if not online:
        return forward()
    table = find_table(call)
    if online[0].get("Create"):
        _create(table, online[0]["Create"], call.params.get("AttributeDefinitions") or [])
    else:
        _delete(table, online[0]["Delete"]["IndexName"])
    return ActionResult(description(table))


def _create(table: Table, wanted: dict[str, Any], definitions: list[dict[str, str]]) -> None:
    name = wanted["IndexName"]
    if name in {index.name for index in [*table.global_indexes, *table.indexes]}:
        raise errors.invalid("Attempting to create an index which already exists")
    _refuse_second(table, name)
    if len(table.global_indexes) >= MOST_GLOBAL:
        raise errors.limit_exceeded(f"Number of global secondary indexes exceeds per-table limit of {MOST_GLOBAL}")
    check_index(wanted, table.billing_mode)
    check_projected([vars(index) for index in [*table.global_indexes, *table.indexes]], [wanted])
    _define(table, wanted, definitions)
    table.global_indexes.append(GlobalSecondaryIndex.create(wanted, table.table_key_attrs))
    state = state_of(table)
    state.index_states[name] = "CREATING"
    state.backfilling.add(name)

    def finish() -> None:
        state.index_states.pop(name, None)
        state.backfilling.discard(name)

    begin_update(table, "table.updating")
    cloud.transitions.begin("table-index.creating", index_id(table, name), finish)


def check_index(wanted: dict[str, Any], billing_mode: str | None) -> None:
    """What holds for every index. Raises ValidationException."""
    name, projection = wanted["IndexName"], wanted["Projection"]
    kind, others = projection.get("ProjectionType"), projection.get("NonKeyAttributes")
    if kind == "INCLUDE" and not others:
        raise errors.invalid_value("ProjectionType is INCLUDE, but NonKeyAttributes is not specified")
    if kind != "INCLUDE" and others:
        raise errors.invalid_value(f"ProjectionType is {kind}, but NonKeyAttributes is specified")
    if [key["KeyType"] for key in wanted["KeySchema"]][:1] != ["HASH"]:
        raise errors.invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type")
    if billing_mode == "PROVISIONED" and not wanted.get("ProvisionedThroughput"):
        raise errors.invalid_value(f"ProvisionedThroughput must be specified for index: {name}")
    if billing_mode == "PAY_PER_REQUEST" and wanted.get("ProvisionedThroughput"):
        raise errors.invalid_value(
            f"Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: {name} when BillingMode is "
            "PAY_PER_REQUEST"
        )


def check_projected(existing: list[dict[str, Any]], added: list[dict[str, Any]]) -> None:
    """All indexes together hold a limited number of further attributes. Raises ValidationException."""
    projections = [index["projection"] for index in existing] + [index["Projection"] for index in added]
    if sum(len(projection.get("NonKeyAttributes") or []) for projection in projections) > MOST_PROJECTED:
        raise errors.invalid_value(f"Number of NonKeyAttributes in all indexes exceeds the limit of {MOST_PROJECTED}")


def _define(table: Table, wanted: dict[str, Any], definitions: list[dict[str, str]]) -> None:
    """Take over the types of the attributes that are new."""
    types = {one["AttributeName"]: one["AttributeType"] for one in table.attr}
    given = {one["AttributeName"]: one["AttributeType"] for one in definitions}
    for name in (key["AttributeName"] for key in wanted["KeySchema"]):
        if name not in types and name not in given:
            raise errors.invalid_value(f"AttributeDefinitions is not specified for index: {wanted['IndexName']}")
        if given.get(name, types.get(name)) != types.get(name, given.get(name)):
            raise errors.invalid_value(
                "Attributes cannot be redefined. Please check that your attribute has the same type as previously "
                f"defined. Existing schema: Schema:[SchemaElement: key{{{name}:{types[name]}}}]"
            )
        types.setdefault(name, given.get(name, ""))
    table.attr = [{"AttributeName": name, "AttributeType": types[name]} for name in sorted(types)]


def _refuse_second(table: Table, name: str) -> None:
    states = {other: status for other, status in state_of(table).index_states.items() if other != name}
    if any(status in ("CREATING", "DELETING") for status in states.values()):
        raise errors.one_online_index()


def _delete(table: Table, name: str) -> None:
    state = state_of(table)
    if name in {index.name for index in table.indexes}:
        raise errors.invalid(f"Cannot delete an index that is not a GlobalSecondaryIndex: {name}")
    if name not in {index.name for index in table.global_indexes}:
        raise errors.not_found(f"Index {name} for table {table.name}")
    _refuse_second(table, name)
    if state.index_states.get(name) in ("UPDATING", "DELETING"):
        raise errors.in_use(f"Index is being updated. Table: {table.name} Index: {name}")
    cloud.transitions.cancel(index_id(table, name))
    state.index_states[name] = "DELETING"
    state.backfilling.discard(name)

    def finish() -> None:
        table.global_indexes = [index for index in table.global_indexes if index.name != name]
        needed = set(table.attribute_keys)
        table.attr = [one for one in table.attr if one["AttributeName"] in needed]
        state.index_states.pop(name, None)
        state.capacity_changes.pop(name, None)

    begin_update(table, "table-index.deleting", finish)
