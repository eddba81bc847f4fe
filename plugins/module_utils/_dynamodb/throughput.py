# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""Billing mode and capacity of a table and its indexes. No I/O."""

from __future__ import annotations

import typing as t

from .model import ON_DEMAND, PROVISIONED, Capacity, Index, Table
from .wanted import CapacityWish, Wanted


def wanted_mode(table: Table | None, wanted: Wanted) -> str:
    """The billing mode that the table is to have."""
    return wanted.billing_mode or (table.billing_mode if table else ON_DEMAND)


def table_capacity(table: Table | None, wanted: Wanted) -> Capacity:
    """The capacity that the table is to have."""
    if wanted_mode(table, wanted) != PROVISIONED:
        return Capacity()
    if table is None or table.billing_mode != PROVISIONED:
        return wanted.capacity.at_start()
    return wanted.capacity.instead_of(table.capacity)


def index_capacity(index: Index, table: Table | None, wanted: Wanted) -> Capacity:
    """The capacity that an index is to have. Where nobody says otherwise, a new one takes that of its table."""
    if wanted_mode(table, wanted) != PROVISIONED:
        return Capacity()
    wish = next((one.capacity for one in wanted.global_indexes or () if one.index.name == index.name), CapacityWish())
    exists = table is not None and table.global_index(index.name) is not None
    if table is not None and exists and table.billing_mode == PROVISIONED:
        return wish.instead_of(index.capacity)
    return wish.at_start(table_capacity(table, wanted))


def throughput(capacity: Capacity) -> dict[str, int]:
    """A capacity as AWS takes it."""
    return {"ReadCapacityUnits": capacity.read, "WriteCapacityUnits": capacity.write}


def capacity_change(table: Table, wanted: Wanted) -> dict[str, t.Any]:
    """The arguments of UpdateTable that change mode and capacities, empty if nothing is to change.

    AWS takes those of a table and all its indexes together, and refuses those that stay as they are. When a table
    becomes provisioned it wants all of them, and none of them is the 0 that there was.
    """
    mode = wanted_mode(table, wanted)
    arguments: dict[str, t.Any] = {} if mode == table.billing_mode else {"BillingMode": mode}
    if mode == ON_DEMAND:
        return arguments
    capacity = table_capacity(table, wanted)
    if capacity != table.capacity:
        arguments["ProvisionedThroughput"] = throughput(capacity)
    capacities = {index.name: (index, index_capacity(index, table, wanted)) for index in table.global_indexes}
    updates = [
        {"Update": {"IndexName": name, "ProvisionedThroughput": throughput(after)}}
        for name, (index, after) in capacities.items()
        if after != index.capacity
    ]
    return {**arguments, "GlobalSecondaryIndexUpdates": updates} if updates else arguments
