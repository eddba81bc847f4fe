# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""How a table will be once everything is done, for check mode and diff. No I/O."""

from __future__ import annotations

import dataclasses

from .._core.tags import tag_changes, tags_after
from . import scaling
from .encryption import encryption_after
from .model import Index, Recovery, State, Table, TimeToLive
from .throughput import index_capacity, table_capacity, wanted_mode
from .updates import missing, superseded
from .wanted import Wanted

MOST_DAYS = 35


def state_after(state: State, wanted: Wanted) -> State:
    """The state that the request leads to."""
    table = table_after(state, wanted)
    changes = tag_changes(state.tags or {}, wanted.tags, purge=wanted.purge_tags)
    return dataclasses.replace(
        state,
        table=table,
        tags=None if wanted.tags is None else tags_after(state.tags or {}, changes),
        recovery=_recovery_after(state.recovery or Recovery(), wanted),
        time_to_live=_time_to_live_after(state.time_to_live or TimeToLive(), wanted),
        scaled=scaling.scaled_after(state.table or table, wanted, state.scaled or ()),
    )


def table_after(state: State, wanted: Wanted) -> Table:
    """The table that the request leads to."""
    table = state.table
    basis = table or Table(wanted.name, wanted.keys, local_indexes=_local_indexes(wanted))
    stream = basis.stream if wanted.stream is None else wanted.stream
    protected = basis.deletion_protection if wanted.deletion_protection is None else wanted.deletion_protection
    return dataclasses.replace(
        basis,
        status="ACTIVE",
        billing_mode=wanted_mode(table, wanted),
        capacity=table_capacity(table, wanted),
        global_indexes=_global_indexes(table, wanted),
        encryption=encryption_after(state, wanted),
        stream=stream,
        table_class=wanted.table_class or basis.table_class,
        deletion_protection=protected,
    )


def _local_indexes(wanted: Wanted) -> tuple[Index, ...]:
    indexes = [wish.index(wanted.keys[0]) for wish in wanted.local_indexes or ()]
    return tuple(sorted(indexes, key=lambda index: index.name))


def _global_indexes(table: Table | None, wanted: Wanted) -> tuple[Index, ...]:
    if table is None:
        kept, new = [], [wish.index for wish in wanted.global_indexes or ()]
    else:
        goes = superseded(table, wanted)
        kept, new = [index for index in table.global_indexes if index not in goes], missing(table, wanted)
        # What is made anew does not go on from the capacity of its predecessor.
        table = dataclasses.replace(table, global_indexes=tuple(kept))
    after = [
        dataclasses.replace(index, capacity=index_capacity(index, table, wanted), status="ACTIVE")
        for index in [*kept, *new]
    ]
    return tuple(sorted(after, key=lambda index: index.name))


def _recovery_after(current: Recovery, wanted: Wanted) -> Recovery | None:
    if wanted.recovery is None:
        return None
    if not wanted.recovery:
        return Recovery()
    return Recovery(True, wanted.recovery_days or current.days or MOST_DAYS)


def _time_to_live_after(current: TimeToLive, wanted: Wanted) -> TimeToLive | None:
    if wanted.ttl_attribute is None:
        return None
    if not wanted.ttl_attribute:
        return TimeToLive() if current.status != "DISABLING" else current
    return TimeToLive("ENABLED", wanted.ttl_attribute) if current.status != "ENABLING" else current
