# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""What turns the table that there is into the one that is wanted. No I/O.

A round ends where AWS has to come to rest before the next change. What does not go through UpdateTable is done in the
first round that it can be done in; what the request leaves open is not touched.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._core.errors import Refusal
from .._core.plan import Plan, Step
from .._core.tags import TagChanges, tag_changes, to_aws
from . import api, scaling
from .encryption import specification
from .foresight import state_after
from .model import PROVISIONED, UNUSABLE, Recovery, State, Table
from .problems import key_parts
from .refusals import refusals
from .throughput import table_capacity, throughput, wanted_mode
from .updates import (
    attribute_definitions,
    index_specification,
    key_schema,
    local_index_specification,
    next_update,
    protection,
)
from .wanted import Wanted


def plan(state: State, wanted: Wanted, *, foresee: bool = False) -> Plan[State]:
    """The next steps, or what has to be waited for.

    With ``foresee``, a table that is busy is taken for one that is not: its steps are to be shown, not made.
    Raises Refusal with every reason why the request cannot be fulfilled.
    """
    if not wanted.present:
        return _removal(state, wanted, foresee=foresee)
    if reasons := refusals(state, wanted):
        raise Refusal(reasons)
    after = state_after(state, wanted)
    table = state.table
    if table is None:
        return Plan(after, (_creation(state, wanted),))
    if table.waits() and not foresee:
        return Plan(after, waiting_for=_patience(table, wanted))
    return Plan(after, tuple(_round(state, table, wanted)))


def _patience(table: Table, wanted: Wanted) -> tuple[str, ...]:
    return table.waits() if wanted.wait else ()


def _round(state: State, table: Table, wanted: Wanted) -> t.Iterator[Step]:
    yield from _tagging(state, table, wanted)
    if step := _recovery(state, table, wanted):
        yield step
    scaled = state.scaled or ()
    yield from scaling.endings(table, wanted, scaled)
    if update := next_update(state, table, wanted):
        yield update
        return
    if wanted_mode(table, wanted) == PROVISIONED:
        yield from scaling.beginnings(wanted, scaled)
    if step := _time_to_live(state, table, wanted):
        # The last, because AWS may refuse it for an hour.
        yield step


def _removal(state: State, wanted: Wanted, *, foresee: bool) -> Plan[State]:
    table = state.table
    gone = dataclasses.replace(state, table=None, tags=None, scaled=None)
    if table is None:
        return Plan(gone)
    if table.deletion_protection and wanted.deletion_protection is not False:
        raise Refusal([f"the table {table.name} is protected: set deletion_protection=false to delete it all the same"])
    if table.status == "DELETING" or (table.waits() and table.status not in UNUSABLE and not foresee):
        return Plan(gone, waiting_for=_patience(table, wanted))
    if table.deletion_protection:
        return Plan(gone, (protection(table.name, False),))
    steps = scaling.endings(table, wanted, state.scaled or ())
    steps.append(Step(f"delete the table {table.name}", api.delete, {"TableName": table.name}))
    return Plan(gone, tuple(steps))


def _creation(state: State, wanted: Wanted) -> Step:
    """One call with all that CreateTable takes. The rest follows when the table is there."""
    mode = wanted_mode(None, wanted)
    parts = {part.name: part for part in [*wanted.keys, *key_parts(wanted)]}
    arguments: dict[str, t.Any] = {
        "TableName": wanted.name,
        "AttributeDefinitions": attribute_definitions(parts[name] for name in sorted(parts)),
        "KeySchema": key_schema(wanted.keys),
        "BillingMode": mode,
        "SSESpecification": specification(state, wanted),
    }
    if mode == PROVISIONED:
        arguments["ProvisionedThroughput"] = throughput(table_capacity(None, wanted))
    if wanted.global_indexes:
        indexes = [index_specification(wish.index, None, wanted) for wish in wanted.global_indexes]
        arguments["GlobalSecondaryIndexes"] = indexes
    if wanted.local_indexes:
        local = [wish.index(wanted.keys[0]) for wish in wanted.local_indexes]
        arguments["LocalSecondaryIndexes"] = [local_index_specification(index) for index in local]
    if wanted.stream:
        arguments["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": wanted.stream}
    if wanted.table_class:
        arguments["TableClass"] = wanted.table_class
    if wanted.deletion_protection:
        arguments["DeletionProtectionEnabled"] = True
    if wanted.tags:
        arguments["Tags"] = to_aws(wanted.tags)
    return Step(f"create the table {wanted.name}", api.create, arguments)


def _tagging(state: State, table: Table, wanted: Wanted) -> t.Iterator[Step]:
    """New values first, and what goes with the next round: AWS refuses two changes of tags at once."""
    changes = _tag_changes(state, wanted)
    if changes.to_set:
        summary = f"tag {table.name} with {', '.join(sorted(changes.to_set))}"
        yield Step(summary, api.tag, {"ResourceArn": table.arn, "Tags": to_aws(changes.to_set)})
    elif changes.to_remove:
        summary = f"remove the tags {', '.join(changes.to_remove)} from {table.name}"
        yield Step(summary, api.untag, {"ResourceArn": table.arn, "TagKeys": list(changes.to_remove)})


def _tag_changes(state: State, wanted: Wanted) -> TagChanges:
    return tag_changes(state.tags or {}, wanted.tags, purge=wanted.purge_tags)


def _recovery(state: State, table: Table, wanted: Wanted) -> Step | None:
    current = state.recovery or Recovery()
    if wanted.recovery is None:
        return None
    differs = wanted.recovery and wanted.recovery_days not in (None, current.days)
    if wanted.recovery == current.enabled and not differs:
        return None
    recovery: dict[str, t.Any] = {"PointInTimeRecoveryEnabled": wanted.recovery}
    if wanted.recovery_days is not None:
        recovery["RecoveryPeriodInDays"] = wanted.recovery_days
    arguments = {"TableName": table.name, "PointInTimeRecoverySpecification": recovery}
    return Step(f"turn point-in-time recovery of {table.name} {_on(wanted.recovery)}", api.update_recovery, arguments)


def _time_to_live(state: State, table: Table, wanted: Wanted) -> Step | None:
    current = state.time_to_live
    if current is None or wanted.ttl_attribute is None:
        return None
    is_on = current.status in ("ENABLED", "ENABLING")
    if is_on == bool(wanted.ttl_attribute):
        return None
    attribute = wanted.ttl_attribute or current.attribute
    change = {"Enabled": not is_on, "AttributeName": attribute}
    arguments = {"TableName": table.name, "TimeToLiveSpecification": change}
    summary = f"turn time to live of {table.name} by {attribute} {_on(not is_on)}"
    return Step(summary, api.update_time_to_live, arguments)


def _on(enabled: bool) -> str:
    return "on" if enabled else "off"
