# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""The scaling of capacities by Application Auto Scaling: targets and target tracking policies. No I/O."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core.plan import Step
from . import api
from .answers import metric_of
from .model import ON_DEMAND, PROVISIONED, Limits, Scaled, Table
from .throughput import wanted_mode
from .updates import superseded
from .wanted import Scaling, Wanted


def has_to_be_read(table: Table, wanted: Wanted) -> bool:
    """Whether the scaling is asked for, or would outlive what it scales."""
    if wanted.present and wanted.scalings:
        return True
    goes = not wanted.present or wanted_mode(table, wanted) == ON_DEMAND or bool(superseded(table, wanted))
    return table.billing_mode == PROVISIONED and goes


def resource_ids(table: Table, wanted: Wanted) -> list[str]:
    """The ids that Application Auto Scaling has for the table and its indexes, present and future."""
    indexes = {f"table/{table.name}/index/{index.name}" for index in table.global_indexes}
    return sorted({f"table/{table.name}", *indexes, *wanted.scalings})


def endings(table: Table, wanted: Wanted, scaled: tuple[Scaled, ...]) -> list[Step]:
    """End the scaling that is not wanted, before what it scales goes or is paid by the request."""
    return [
        Step(
            f"end the scaling of {_shown(one)}",
            api.deregister_target,
            {"ServiceNamespace": "dynamodb", "ResourceId": one.resource_id, "ScalableDimension": one.dimension},
        )
        for one in scaled
        if _ends(one, table, wanted)
    ]


def _ends(one: Scaled, table: Table, wanted: Wanted) -> bool:
    if not wanted.present or wanted_mode(table, wanted) == ON_DEMAND:
        return True
    if one.resource_id in wanted.scalings:
        return _limits(wanted.scalings[one.resource_id], one.dimension) is None
    names = {wish.index.name for wish in wanted.global_indexes or ()}
    goes = {index.name for index in superseded(table, wanted)} - names
    return one.resource_id in {f"table/{table.name}/index/{name}" for name in goes}


def beginnings(wanted: Wanted, scaled: tuple[Scaled, ...]) -> list[Step]:
    """Register what is to be scaled, and put the policies, as far as they differ from what there is."""
    existing = {(one.resource_id, one.dimension): one for one in scaled}
    steps = []
    for one in wishes(wanted):
        steps += _register(one, existing.get((one.resource_id, one.dimension)))
    return steps


def wishes(wanted: Wanted) -> list[Scaled]:
    """What is to be scaled, with the names that our policies have."""
    found = []
    for resource_id, scaling in wanted.scalings.items():
        kind = "index" if "/index/" in resource_id else "table"
        for way, limits in (("Read", scaling.read), ("Write", scaling.write)):
            if limits:
                dimension = f"dynamodb:{kind}:{way}CapacityUnits"
                found.append(Scaled(resource_id, dimension, limits, f"{metric_of(dimension)}:{resource_id}"))
    return found


def _limits(scaling: Scaling, dimension: str) -> Limits | None:
    return scaling.read if dimension.endswith("ReadCapacityUnits") else scaling.write


def _register(wish: Scaled, existing: Scaled | None) -> list[Step]:
    target = {
        "ServiceNamespace": "dynamodb",
        "ResourceId": wish.resource_id,
        "ScalableDimension": wish.dimension,
    }
    limits = {"MinCapacity": wish.limits.min_capacity, "MaxCapacity": wish.limits.max_capacity}
    steps = []
    if existing is None or _bounds(existing) != _bounds(wish):
        summary = f"scale {_shown(wish)} between {wish.limits.min_capacity} and {wish.limits.max_capacity}"
        steps.append(Step(summary, api.register_target, {**target, **limits}))
    if existing is None or not existing.policy_name or _tracking(existing) != _tracking(wish):
        name = existing.policy_name if existing and existing.policy_name else wish.policy_name
        policy = {"PolicyName": name, "PolicyType": "TargetTrackingScaling", **target}
        configuration = {"TargetTrackingScalingPolicyConfiguration": _tracking(wish)}
        summary = f"keep {wish.limits.target_utilization:g}% of {_shown(wish)} in use"
        steps.append(Step(summary, api.put_policy, {**policy, **configuration}))
    return steps


def _shown(one: Scaled) -> str:
    return f"the {'read' if 'Read' in one.dimension else 'write'} capacity of {one.resource_id}"


def _bounds(one: Scaled) -> tuple[int, int]:
    return one.limits.min_capacity, one.limits.max_capacity


def _tracking(one: Scaled) -> dict[str, t.Any]:
    return {
        "TargetValue": float(one.limits.target_utilization),
        "PredefinedMetricSpecification": {"PredefinedMetricType": metric_of(one.dimension)},
        "ScaleInCooldown": one.limits.scale_in_cooldown,
        "ScaleOutCooldown": one.limits.scale_out_cooldown,
    }


def scaled_after(table: Table, wanted: Wanted, scaled: tuple[Scaled, ...]) -> tuple[Scaled, ...]:
    """What will be scaled in the end."""
    names = {(one.resource_id, one.dimension): one.policy_name for one in scaled if one.policy_name}
    after = {(one.resource_id, one.dimension): one for one in scaled if not _ends(one, table, wanted)}
    for wish in wishes(wanted):
        key = (wish.resource_id, wish.dimension)
        after[key] = dataclasses.replace(wish, policy_name=names.get(key, wish.policy_name))
    return tuple(after[key] for key in sorted(after))
