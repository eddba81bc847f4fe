# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""The changes of a table that go through UpdateTable, in the order in which they are made. No I/O.

AWS takes one of them at a time, and the next when the table has come to rest.
"""

from __future__ import annotations

import typing as t

from .._core.plan import Step
from . import api
from .encryption import encryption_after, specification
from .model import PROVISIONED, Index, KeyPart, State, Table
from .throughput import capacity_change, index_capacity, throughput, wanted_mode
from .wanted import Wanted


def next_update(state: State, table: Table, wanted: Wanted) -> Step | None:
    """The first change that is to be made.

    Indexes that go come before the capacities, which then need not name them; new ones come last, because nothing else
    can be changed for the minutes that AWS takes to fill one.
    """
    return next(_updates(state, table, wanted), None)


def superseded(table: Table, wanted: Wanted) -> list[Index]:
    """The global indexes that are to be deleted: not wanted, or wanted with another key or projection."""
    if wanted.global_indexes is None:
        return []
    shapes = {wish.index.name: wish.index.shape for wish in wanted.global_indexes}
    return [index for index in table.global_indexes if shapes.get(index.name) != index.shape]


def missing(table: Table, wanted: Wanted) -> list[Index]:
    """The global indexes that are to be created, once the superseded ones are gone."""
    kept = {index.name for index in table.global_indexes} - {index.name for index in superseded(table, wanted)}
    return [wish.index for wish in wanted.global_indexes or () if wish.index.name not in kept]


def _updates(state: State, table: Table, wanted: Wanted) -> t.Iterator[Step]:
    name = table.name
    if wanted.deletion_protection not in (None, table.deletion_protection):
        yield protection(name, bool(wanted.deletion_protection))
    after = encryption_after(state, wanted)
    if after.key_arn != table.encryption.key_arn:
        summary = f"encrypt {name} with {after.key_arn}" if after.key_arn else f"encrypt {name} with a key of AWS"
        yield _update(name, summary, SSESpecification=specification(state, wanted))
    yield from _stream_updates(table, wanted)
    if wanted.table_class not in (None, table.table_class):
        yield _update(name, f"change the table class of {name} to {wanted.table_class}", TableClass=wanted.table_class)
    for index in superseded(table, wanted):
        deletion = {"Delete": {"IndexName": index.name}}
        yield _update(name, f"delete the index {index.name} of {name}", GlobalSecondaryIndexUpdates=[deletion])
    if change := capacity_change(table, wanted):
        yield _update(name, _capacity_summary(table, change), **change)
    for index in missing(table, wanted):
        yield _creation(index, table, wanted)


def protection(name: str, protect: bool) -> Step:
    """Turn deletion protection on or off."""
    verb = "protect {} from deletion" if protect else "take the deletion protection from {}"
    return _update(name, verb.format(name), DeletionProtectionEnabled=protect)


def _update(name: str, summary: str, **arguments: t.Any) -> Step:
    return Step(summary, api.update, {"TableName": name, **arguments})


def _stream_updates(table: Table, wanted: Wanted) -> t.Iterator[Step]:
    """A stream cannot change what it shows: it ends, and the next step begins a new one."""
    name = table.name
    if wanted.stream in (None, table.stream):
        return
    if table.stream:
        yield _update(name, f"end the stream of {name}", StreamSpecification={"StreamEnabled": False})
    else:
        stream = {"StreamEnabled": True, "StreamViewType": wanted.stream}
        yield _update(name, f"begin a stream of {name} that shows {wanted.stream}", StreamSpecification=stream)


def _capacity_summary(table: Table, change: dict[str, t.Any]) -> str:
    if "BillingMode" in change:
        return f"change the billing mode of {table.name} to {change['BillingMode']}"
    return f"change the capacity of {table.name}"


def _creation(index: Index, table: Table, wanted: Wanted) -> Step:
    creation = index_specification(index, table, wanted)
    return _update(
        table.name,
        f"create the index {index.name} of {table.name}",
        AttributeDefinitions=attribute_definitions(index.keys),
        GlobalSecondaryIndexUpdates=[{"Create": creation}],
    )


def attribute_definitions(parts: t.Iterable[KeyPart]) -> list[dict[str, str]]:
    """The types of key attributes as AWS takes them."""
    return [{"AttributeName": part.name, "AttributeType": part.type} for part in parts]


def key_schema(parts: t.Iterable[KeyPart]) -> list[dict[str, str]]:
    """A key as AWS takes it."""
    return [{"AttributeName": part.name, "KeyType": part.role} for part in parts]


def local_index_specification(index: Index) -> dict[str, t.Any]:
    """An index as AWS takes it, without a capacity."""
    projection: dict[str, t.Any] = {"ProjectionType": index.projection_type}
    if index.non_key_attributes:
        projection["NonKeyAttributes"] = list(index.non_key_attributes)
    return {"IndexName": index.name, "KeySchema": key_schema(index.keys), "Projection": projection}


def index_specification(index: Index, table: Table | None, wanted: Wanted) -> dict[str, t.Any]:
    """A new global index as AWS takes it."""
    found = local_index_specification(index)
    if wanted_mode(table, wanted) == PROVISIONED:
        found["ProvisionedThroughput"] = throughput(index_capacity(index, table, wanted))
    return found
