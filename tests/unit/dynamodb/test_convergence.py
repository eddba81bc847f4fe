# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From any table to any other, step by step, each of which AWS would take."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from ansible_collections.groundwork.aws.plugins.module_utils._core.plan import Step
from ansible_collections.groundwork.aws.plugins.module_utils._dynamodb import api
from ansible_collections.groundwork.aws.plugins.module_utils._dynamodb.model import (
    ON_DEMAND,
    PROVISIONED,
    Capacity,
    Encryption,
    Index,
    KeyPart,
    Limits,
    Scaled,
    State,
    Table,
)
from ansible_collections.groundwork.aws.plugins.module_utils._dynamodb.plan import plan
from ansible_collections.groundwork.aws.plugins.module_utils._dynamodb.wanted import (
    CapacityWish,
    GlobalIndexWish,
    Scaling,
    Wanted,
)
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime.datetime(2026, 5, 4, 12, 0, tzinfo=datetime.UTC)
KEYS = (KeyPart("pk", "S", "HASH"),)
NAMES = ["by-a", "by-b", "by-c"]
ALONE = {"SSESpecification", "TableClass", "DeletionProtectionEnabled", "StreamSpecification"}
LIMITS = Limits(2, 9, 70, 0, 0)
Arguments = dict[str, t.Any]

units = st.integers(1, 9)
capacities = st.builds(Capacity, units, units)
attributes = st.sampled_from([KeyPart("a", "S", "HASH"), KeyPart("b", "N", "HASH"), KeyPart("c", "S", "HASH")])
projections = st.sampled_from(["ALL", "KEYS_ONLY"])
indexes = st.builds(lambda name, key, kind: Index(name, (key,), kind), st.sampled_from(NAMES), attributes, projections)
index_sets = st.lists(indexes, max_size=3, unique_by=lambda index: index.name)
scalings = st.none() | st.builds(Scaling, st.none() | st.just(LIMITS), st.none() | st.just(LIMITS))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    mode = draw(st.sampled_from([ON_DEMAND, PROVISIONED]))
    some = capacities if mode == PROVISIONED else st.just(Capacity())
    found = [dataclasses.replace(index, capacity=draw(some)) for index in draw(index_sets)]
    return Table(
        "Widgets",
        KEYS,
        status="ACTIVE",
        billing_mode=mode,
        capacity=draw(some),
        global_indexes=tuple(sorted(found, key=lambda index: index.name)),
        encryption=draw(st.sampled_from([Encryption(), Encryption("arn:key", "ENABLED")])),
        stream=draw(st.sampled_from(["", "NEW_IMAGE", "OLD_IMAGE"])),
        table_class=draw(st.sampled_from(["STANDARD", "STANDARD_INFREQUENT_ACCESS"])),
        deletion_protection=draw(st.booleans()),
    )


@st.composite
def requests(draw: st.DrawFn) -> Wanted:
    mode = draw(st.sampled_from([ON_DEMAND, PROVISIONED]))
    some = st.just(CapacityWish())
    if mode == PROVISIONED:
        some = st.builds(CapacityWish, units, units, scalings)
    found = draw(st.none() | index_sets)
    wishes = None if found is None else tuple(GlobalIndexWish(index, draw(some)) for index in found)
    return Wanted(
        "Widgets",
        billing_mode=mode,
        capacity=draw(some),
        global_indexes=wishes,
        sse_enabled=draw(st.booleans()),
        stream=draw(st.sampled_from([None, "", "NEW_IMAGE", "OLD_IMAGE"])),
        deletion_protection=draw(st.none() | st.booleans()),
        table_class=draw(st.sampled_from([None, "STANDARD", "STANDARD_INFREQUENT_ACCESS"])),
    )


def capacity_of(throughput: dict[str, int]) -> Capacity:
    return Capacity(throughput["ReadCapacityUnits"], throughput["WriteCapacityUnits"])


def carry_out(state: State, step: Step) -> State:
    """What AWS would make of a step. Fails where AWS would refuse it."""
    table = t.cast(Table, state.table)
    if step.call is api.update:
        return dataclasses.replace(state, table=update(table, dict(step.arguments)))
    scaled = {(one.resource_id, one.dimension): one for one in state.scaled or ()}
    key = (step.arguments["ResourceId"], step.arguments["ScalableDimension"])
    if step.call is api.deregister_target:
        scaled.pop(key)
    else:
        assert table.billing_mode == PROVISIONED
        name = key[0].partition("/index/")[2]
        assert not name or table.global_index(name), "only what exists is scaled"
        policy = step.arguments.get("PolicyName", scaled[key].policy_name if key in scaled else "")
        scaled[key] = Scaled(*key, LIMITS, policy)
    return dataclasses.replace(state, scaled=tuple(scaled.values()))


def update(table: Table, arguments: Arguments) -> Table:
    """UpdateTable: one change at a time."""
    arguments.pop("TableName")
    definitions = arguments.pop("AttributeDefinitions", [])
    updates = arguments.pop("GlobalSecondaryIndexUpdates", [])
    assert len(ALONE & set(arguments)) == 0 or (len(arguments) == 1 and not updates)
    kinds = {kind for one in updates for kind in one}
    if kinds & {"Create", "Delete"}:
        assert len(updates) == 1, "one index at a time"
        assert not arguments
        return online(table, updates[0], definitions)
    if "SSESpecification" in arguments:
        arn = "arn:managed" if arguments["SSESpecification"]["Enabled"] else ""
        assert arn != table.encryption.key_arn
        return dataclasses.replace(table, encryption=Encryption(arn, "ENABLED" if arn else ""))
    if "StreamSpecification" in arguments:
        begins = arguments["StreamSpecification"]["StreamEnabled"]
        assert begins != bool(table.stream)
        return dataclasses.replace(table, stream=arguments["StreamSpecification"].get("StreamViewType", ""))
    if "TableClass" in arguments:
        return dataclasses.replace(table, table_class=arguments["TableClass"])
    if "DeletionProtectionEnabled" in arguments:
        return dataclasses.replace(table, deletion_protection=arguments["DeletionProtectionEnabled"])
    return capacity(table, arguments, {one["Update"]["IndexName"]: one["Update"] for one in updates})


def online(table: Table, change: dict[str, t.Any], definitions: list[dict[str, str]]) -> Table:
    if "Delete" in change:
        gone = table.global_index(change["Delete"]["IndexName"])
        assert gone
        return dataclasses.replace(table, global_indexes=tuple(one for one in table.global_indexes if one != gone))
    made = change["Create"]
    assert table.global_index(made["IndexName"]) is None
    assert ("ProvisionedThroughput" in made) == (table.billing_mode == PROVISIONED)
    types = {one["AttributeName"]: one["AttributeType"] for one in definitions}
    keys = tuple(
        KeyPart(one["AttributeName"], types[one["AttributeName"]], one["KeyType"]) for one in made["KeySchema"]
    )
    throughput = made.get("ProvisionedThroughput")
    units_ = capacity_of(throughput) if throughput else Capacity()
    new = Index(made["IndexName"], keys, made["Projection"]["ProjectionType"], capacity=units_)
    found = sorted([*table.global_indexes, new], key=lambda one: one.name)
    return dataclasses.replace(table, global_indexes=tuple(found))


def capacity(table: Table, arguments: Arguments, updates: dict[str, Arguments]) -> Table:
    mode = arguments.get("BillingMode", table.billing_mode)
    if mode == ON_DEMAND:
        assert set(arguments) == {"BillingMode"}
        assert not updates
        found = [dataclasses.replace(one, capacity=Capacity()) for one in table.global_indexes]
        return dataclasses.replace(table, billing_mode=mode, capacity=Capacity(), global_indexes=tuple(found))
    after = {name: capacity_of(one["ProvisionedThroughput"]) for name, one in updates.items()}
    given = arguments.get("ProvisionedThroughput")
    if mode != table.billing_mode:
        assert given
        assert set(after) == {one.name for one in table.global_indexes}
    else:
        assert given is None or capacity_of(given) != table.capacity, "AWS refuses what changes nothing"
        assert all(one.capacity != after.get(one.name) for one in table.global_indexes)
    found = [dataclasses.replace(one, capacity=after.get(one.name, one.capacity)) for one in table.global_indexes]
    own = capacity_of(given) if given else table.capacity
    return dataclasses.replace(table, billing_mode=mode, capacity=own, global_indexes=tuple(found))


@given(tables(), requests())
def test_from_any_table_to_any_other(start: Table, request: Wanted) -> None:
    state = State(start, NOW, scaled=())
    predicted = plan(state, request).after
    made: list[Step] = []
    for _round in range(20):
        steps = plan(state, request).steps
        assert len([step for step in steps if step.call is api.update]) <= 1, "one update, then the table has to rest"
        if not steps:
            break
        for step in steps:
            assert step not in made, "the runner makes a step once"
            made.append(step)
            state = carry_out(state, step)
    assert plan(state, request).is_done
    reached = t.cast(Table, state.table)
    if reached.encryption.key_arn == "arn:managed":  # its ARN cannot be foretold
        reached = dataclasses.replace(reached, encryption=t.cast(Table, predicted.table).encryption)
    assert reached == predicted.table
    assert set(state.scaled or ()) == set(predicted.scaled or ())
