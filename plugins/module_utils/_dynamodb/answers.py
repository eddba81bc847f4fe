# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""AWS's answers as values of the model. No I/O."""

from __future__ import annotations

import typing as t

from .model import (
    PROVISIONED,
    Capacity,
    Decreases,
    Encryption,
    Index,
    KeyPart,
    Limits,
    Recovery,
    Scaled,
    Table,
    TimeToLive,
)

Answer = dict[str, t.Any]
_METRICS = {"Read": "DynamoDBReadCapacityUtilization", "Write": "DynamoDBWriteCapacityUtilization"}


def table_of(answer: Answer) -> Table:
    """The table that DescribeTable shows."""
    types = {one["AttributeName"]: one["AttributeType"] for one in answer["AttributeDefinitions"]}
    encryption = answer.get("SSEDescription", {})
    stream = answer.get("StreamSpecification", {})
    indexes = [_index_of(index, types) for index in answer.get("GlobalSecondaryIndexes", [])]
    local_indexes = [_index_of(index, types) for index in answer.get("LocalSecondaryIndexes", [])]
    return Table(
        name=answer["TableName"],
        keys=_keys_of(answer, types),
        arn=answer["TableArn"],
        id=answer.get("TableId", ""),
        status=answer["TableStatus"],
        billing_mode=answer.get("BillingModeSummary", {}).get("BillingMode", PROVISIONED),
        capacity=_capacity_of(answer),
        decreases=_decreases_of(answer),
        global_indexes=tuple(sorted(indexes, key=lambda index: index.name)),
        local_indexes=tuple(sorted(local_indexes, key=lambda index: index.name)),
        encryption=Encryption(encryption.get("KMSMasterKeyArn", ""), encryption.get("Status", "")),
        stream=stream.get("StreamViewType", "") if stream.get("StreamEnabled") else "",
        stream_arn=answer.get("LatestStreamArn"),
        table_class=answer.get("TableClassSummary", {}).get("TableClass", "STANDARD"),
        deletion_protection=answer.get("DeletionProtectionEnabled", False),
    )


def _keys_of(answer: Answer, types: dict[str, str]) -> tuple[KeyPart, ...]:
    parts = ((one["AttributeName"], one["KeyType"]) for one in answer["KeySchema"])
    # An index that is being deleted may have lost the definition of its attribute already.
    return tuple(KeyPart(name, types.get(name, ""), role) for name, role in parts)


def _index_of(answer: Answer, types: dict[str, str]) -> Index:
    return Index(
        name=answer["IndexName"],
        keys=_keys_of(answer, types),
        projection_type=answer["Projection"]["ProjectionType"],
        non_key_attributes=tuple(sorted(answer["Projection"].get("NonKeyAttributes", []))),
        capacity=_capacity_of(answer),
        status=answer.get("IndexStatus", "ACTIVE"),
        decreases=_decreases_of(answer),
    )


def _capacity_of(answer: Answer) -> Capacity:
    throughput = answer.get("ProvisionedThroughput", {})
    return Capacity(throughput.get("ReadCapacityUnits", 0), throughput.get("WriteCapacityUnits", 0))


def _decreases_of(answer: Answer) -> Decreases:
    throughput = answer.get("ProvisionedThroughput", {})
    return Decreases(throughput.get("NumberOfDecreasesToday", 0), throughput.get("LastDecreaseDateTime"))


def recovery_of(answer: Answer | None) -> Recovery:
    """What DescribeContinuousBackups shows; a table that it does not know yet has no recovery."""
    shown = answer or {}
    return Recovery(shown.get("PointInTimeRecoveryStatus") == "ENABLED", shown.get("RecoveryPeriodInDays"))


def time_to_live_of(answer: Answer | None) -> TimeToLive:
    """What DescribeTimeToLive shows."""
    status = (answer or {}).get("TimeToLiveStatus", "DISABLED")
    # DISABLED may still show the attribute that there was.
    return TimeToLive(status, (answer or {}).get("AttributeName", "") if status != "DISABLED" else "")


def scaled_of(target: Answer, policies: t.Sequence[Answer]) -> Scaled:
    """A scalable target with the first of its policies that follows the utilization of its capacity.

    It need not be one of ours: a second one beside it would only get in its way.
    """
    dimension = target["ScalableDimension"]
    ours = sorted((one for one in policies if _follows(one, dimension)), key=lambda one: str(one["PolicyName"]))
    policy: Answer = ours[0] if ours else {}
    configuration = policy.get("TargetTrackingScalingPolicyConfiguration", {})
    limits = Limits(
        target["MinCapacity"],
        target["MaxCapacity"],
        configuration.get("TargetValue", 0),
        configuration.get("ScaleInCooldown", 0),
        configuration.get("ScaleOutCooldown", 0),
    )
    return Scaled(target["ResourceId"], dimension, limits, policy.get("PolicyName", ""))


def metric_of(dimension: str) -> str:
    """The predefined metric of a scalable dimension such as dynamodb:table:ReadCapacityUnits."""
    return _METRICS["Read" if dimension.endswith("ReadCapacityUnits") else "Write"]


def _follows(policy: Answer, dimension: str) -> bool:
    configuration = policy.get("TargetTrackingScalingPolicyConfiguration", {})
    metric = configuration.get("PredefinedMetricSpecification", {}).get("PredefinedMetricType")
    return bool(policy["ScalableDimension"] == dimension and metric == metric_of(dimension))
