# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Billing mode and provisioned capacity of a table and its indexes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.dynamodb.models import Table

from ...cloud import cloud
from ..registry import Call, Forward, corrects
from . import errors
from .state import Changes, begin_update, description, find_table, index_id, state_of

MOST_DECREASES_A_DAY = 4
BETWEEN_DECREASES = timedelta(hours=1)
MOST_SWITCHES_TO_ON_DEMAND = 4
DAY = timedelta(hours=24)
ON_DEMAND, PROVISIONED = "PAY_PER_REQUEST", "PROVISIONED"
_UNITS = ("ReadCapacityUnits", "WriteCapacityUnits")
Throughput = dict[str, Any]


@corrects(
    "dynamodb",
    "UpdateTable",
    id="dynamodb-update-table-capacity",
    behaviour="A table that becomes provisioned is told its capacity and that of each index; a capacity that stays as "
    "it is is refused; four decreases on a day (UTC) and one more an hour later, four changes to PAY_PER_REQUEST in 24 "
    "hours; the new capacity is shown once the table is ACTIVE again.",
    errors=("LimitExceededException", "ResourceInUseException", "ResourceNotFoundException", "ValidationException"),
)
def update_capacity(call: Call, forward: Forward) -> Any:
    params = call.params
    updates = [one["Update"] for one in params.get("GlobalSecondaryIndexUpdates") or [] if one.get("Update")]
    if not (params.get("ProvisionedThroughput") or params.get("BillingMode") or updates):
        return forward()
    table = find_table(call)
    mode = params.get("BillingMode") or table.billing_mode
    switches = mode != table.billing_mode
    throughput: Throughput | None = params.get("ProvisionedThroughput")
    by_index = {update["IndexName"]: update.get("ProvisionedThroughput") for update in updates}
    _check_mode(table, mode, throughput, by_index)
    if not switches:
        _check_changes(table, throughput, by_index)
    if switches and mode == ON_DEMAND:
        _count_switch(table)
    if throughput or switches:
        begin_update(table, "table.updating", lambda: _set_table(table, mode, throughput))
    for name, wanted in by_index.items():
        _begin_index(table, name, wanted)
    return ActionResult(description(table))


def _check_mode(table: Table, mode: str, throughput: Throughput | None, by_index: dict[str, Throughput | None]) -> None:
    names = [index.name for index in table.global_indexes]
    for name in by_index:
        if name not in names:
            raise errors.not_found(f"Index {name} for table {table.name}")
    if mode == ON_DEMAND:
        if throughput or any(by_index.values()):
            raise errors.invalid_value(
                "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"
            )
        return
    if table.billing_mode != PROVISIONED:
        if not throughput:
            raise errors.invalid_value("ProvisionedThroughput must be specified when BillingMode is PROVISIONED")
        for name in names:
            if not by_index.get(name):
                raise errors.invalid_value(f"ProvisionedThroughput must be specified for index: {name}")


def _check_changes(table: Table, throughput: Throughput | None, by_index: dict[str, Throughput | None]) -> None:
    """Refuse what changes nothing, what the day's decreases do not allow, and a change of what is being changed."""
    state = state_of(table)
    if throughput:
        _check_change("table", table.throughput, throughput)
        _refuse_decrease(state.capacity_changes.get("", Changes()), table.throughput, throughput)
    for index in table.global_indexes:
        wanted = by_index.get(index.name)
        if wanted and state.index_states.get(index.name):
            raise errors.in_use(f"Index is being updated. Table: {table.name} Index: {index.name}")
        if wanted:
            _check_change(f"index {index.name}", index.throughput, wanted)
            _refuse_decrease(state.capacity_changes.get(index.name, Changes()), index.throughput, wanted)


def _check_change(what: str, current: Throughput, wanted: Throughput) -> None:
    if all(int(current[unit]) == int(wanted[unit]) for unit in _UNITS):
        read, write = (wanted[unit] for unit in _UNITS)
        raise errors.invalid(
            f"The provisioned throughput for the {what} will not change. The requested value equals the current value. "
            f"Requested ReadCapacityUnits: {read}. Requested WriteCapacityUnits: {write}."
        )


def _is_decrease(current: Throughput, wanted: Throughput) -> bool:
    return any(int(wanted[unit]) < int(current[unit]) for unit in _UNITS)


def _refuse_decrease(changes: Changes, current: Throughput, wanted: Throughput) -> None:
    now = utcnow()
    today = [when for when in changes.decreases if when.date() == now.date()]
    if not _is_decrease(current, wanted) or len(today) < MOST_DECREASES_A_DAY:
        return
    allowed = today[-1] + BETWEEN_DECREASES
    if now < allowed:
        raise errors.limit_exceeded(
            f"Provisioned throughput decreases are limited within a given UTC day. After the first "
            f"{MOST_DECREASES_A_DAY} decreases, each subsequent decrease in the same UTC day can be performed at most "
            f"once every 3600 seconds. Number of decreases today: {len(today)}. "
            f"Next decrease can be made at {allowed:%Y-%m-%dT%H:%M:%SZ}"
        )


def _count_switch(table: Table) -> None:
    now = utcnow()
    switches = state_of(table).switches_to_on_demand
    if len([when for when in switches if when > now - DAY]) >= MOST_SWITCHES_TO_ON_DEMAND:
        raise errors.limit_exceeded(
            f"A table can be changed to PAY_PER_REQUEST {MOST_SWITCHES_TO_ON_DEMAND} times in 24 hours: {table.name}"
        )
    switches.append(now)


def _set_table(table: Table, mode: str, throughput: Throughput | None) -> None:
    state = state_of(table)
    if mode == ON_DEMAND:
        state.on_demand_since = utcnow()
        for owner in (table, *table.global_indexes):
            owner.throughput = dict.fromkeys(_UNITS, 0)
    elif throughput:
        _note(state.capacity_changes.setdefault("", Changes()), table.throughput, throughput)
        table.throughput = dict(throughput)
    table.billing_mode = mode


def _note(changes: Changes, current: Throughput, wanted: Throughput) -> None:
    if _is_decrease(current, wanted):
        changes.decreases.append(utcnow())
    if any(int(wanted[unit]) > int(current[unit]) for unit in _UNITS):
        changes.last_increase = utcnow()


def set_capacity(table: Table, index_name: str, wanted: Throughput) -> None:
    """Change the capacity of the table, or of the index if one is named, as Application Auto Scaling does."""
    if index_name:
        _begin_index(table, index_name, wanted)
    else:
        begin_update(table, "table.updating", lambda: _set_table(table, PROVISIONED, wanted))


def _begin_index(table: Table, name: str, wanted: Throughput | None) -> None:
    if not wanted:
        return
    state = state_of(table)
    state.index_states[name] = "UPDATING"
    index = next(one for one in table.global_indexes if one.name == name)

    def finish() -> None:
        _note(state.capacity_changes.setdefault(name, Changes()), index.throughput, wanted)
        index.throughput = dict(wanted)
        state.index_states.pop(name, None)

    cloud.transitions.begin("table-index.updating", index_id(table, name), finish)
