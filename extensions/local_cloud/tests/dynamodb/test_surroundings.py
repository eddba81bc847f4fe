# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time to live, point-in-time recovery and scaling."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from groundwork_local_cloud.supplement.dynamodb import time_to_live
from refusals import refused
from tables import Tables, index

READS = {
    "ServiceNamespace": "dynamodb",
    "ResourceId": "table/Widgets",
    "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
}


def set_ttl(tables: Tables, attribute: str, *, enabled: bool) -> None:
    specification = {"Enabled": enabled, "AttributeName": attribute}
    tables.client.update_time_to_live(TableName="Widgets", TimeToLiveSpecification=specification)


def shown_ttl(tables: Tables) -> dict[str, str]:
    shown: dict[str, str] = tables.client.describe_time_to_live(TableName="Widgets")["TimeToLiveDescription"]
    return shown


@pytest.mark.correction("dynamodb-update-time-to-live")
@pytest.mark.correction("dynamodb-describe-time-to-live")
def test_time_to_live_changes_once_in_an_hour(tables: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    tables.create()
    tables.describe()
    with refused("ValidationException"):
        set_ttl(tables, "expires", enabled=False)
    set_ttl(tables, "expires", enabled=True)
    assert shown_ttl(tables) == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}
    with refused("ValidationException"):
        set_ttl(tables, "expires", enabled=False)
    # An hour is too long for a test.
    monkeypatch.setattr(time_to_live, "WINDOW", timedelta(0))
    for attribute, enabled in (("expires", True), ("other", True), ("other", False)):
        with refused("ValidationException"):
            set_ttl(tables, attribute, enabled=enabled)
    set_ttl(tables, "expires", enabled=False)
    assert shown_ttl(tables) == {"TimeToLiveStatus": "DISABLED"}
    set_ttl(tables, "other", enabled=True)
    assert shown_ttl(tables)["AttributeName"] == "other"


@pytest.mark.correction("dynamodb-update-time-to-live")
@pytest.mark.correction("dynamodb-describe-time-to-live")
def test_time_to_live_needs_a_table(tables: Tables) -> None:
    with refused("ResourceNotFoundException"):
        set_ttl(tables, "expires", enabled=True)
    with refused("ResourceNotFoundException"):
        shown_ttl(tables)
    tables.cloud.realism(durations={"table.creating": 60})
    tables.create()
    with refused("ResourceInUseException"):
        set_ttl(tables, "expires", enabled=True)
    with refused("ValidationException"):
        shown_ttl(tables)


@pytest.mark.correction("dynamodb-update-time-to-live")
def test_time_to_live_takes_its_time(tables: Tables) -> None:
    tables.create()
    tables.describe()
    tables.cloud.realism(durations={"time-to-live.enabling": 60})
    set_ttl(tables, "expires", enabled=True)
    assert shown_ttl(tables)["TimeToLiveStatus"] == "ENABLING"


def recover(tables: Tables, **specification: Any) -> dict[str, Any]:
    answer = tables.client.update_continuous_backups(
        TableName="Widgets", PointInTimeRecoverySpecification=specification
    )
    recovery: dict[str, Any] = answer["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    return recovery


@pytest.mark.correction("dynamodb-update-continuous-backups")
@pytest.mark.correction("dynamodb-describe-continuous-backups")
def test_recovery_begins_a_little_after_the_table(tables: Tables) -> None:
    with refused("TableNotFoundException"):
        recover(tables, PointInTimeRecoveryEnabled=True)
    tables.cloud.realism(durations={"table.starting-backups": 60})
    tables.create()
    tables.describe()

    def status() -> str:
        answer = tables.client.describe_continuous_backups(TableName="Widgets")
        return str(answer["ContinuousBackupsDescription"]["ContinuousBackupsStatus"])

    assert status() == "DISABLED"
    with refused("ContinuousBackupsUnavailableException"):
        recover(tables, PointInTimeRecoveryEnabled=True)
    tables.cloud.reset()
    tables.create()
    tables.describe()
    assert status() == "ENABLED"
    assert recover(tables, PointInTimeRecoveryEnabled=True)["RecoveryPeriodInDays"] == 35


@pytest.mark.correction("dynamodb-update-continuous-backups")
def test_the_period_of_recovery(tables: Tables) -> None:
    tables.create()
    tables.describe()
    tables.describe()
    assert recover(tables, PointInTimeRecoveryEnabled=True, RecoveryPeriodInDays=7)["RecoveryPeriodInDays"] == 7
    with refused("ValidationException"):
        recover(tables, PointInTimeRecoveryEnabled=True, RecoveryPeriodInDays=36)
    with refused("ValidationException"):
        recover(tables, PointInTimeRecoveryEnabled=False, RecoveryPeriodInDays=7)
    assert recover(tables, PointInTimeRecoveryEnabled=False)["PointInTimeRecoveryStatus"] == "DISABLED"


def register(tables: Tables, **more: Any) -> None:
    tables.cloud.client("application-autoscaling").register_scalable_target(**{**READS, **more})


def put_policy(tables: Tables, target: float = 70.0, **more: Any) -> dict[str, Any]:
    metric = {"PredefinedMetricType": "DynamoDBReadCapacityUtilization"}
    answer: dict[str, Any] = tables.cloud.client("application-autoscaling").put_scaling_policy(
        PolicyName="reads",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={"TargetValue": target, "PredefinedMetricSpecification": metric},
        **{**READS, **more},
    )
    return answer


def alarms(tables: Tables) -> list[str]:
    return [one["AlarmName"] for one in tables.cloud.client("cloudwatch").describe_alarms()["MetricAlarms"]]


@pytest.mark.correction("register-scalable-target")
def test_a_target_exists_and_is_brought_between_its_limits(tables: Tables) -> None:
    with refused("ValidationException"):
        register(tables, MinCapacity=5, MaxCapacity=10)
    tables.create("OnDemand")
    with refused("ValidationException"):
        register(tables, MinCapacity=5, MaxCapacity=10, ResourceId="table/OnDemand")
    tables.create_provisioned(1, 1)
    tables.describe()
    with refused("ValidationException"):
        register(tables, MinCapacity=5)
    with refused("ValidationException"):
        register(tables, MinCapacity=11, MaxCapacity=10)
    register(tables, MinCapacity=5, MaxCapacity=10)
    shown = tables.describe()["ProvisionedThroughput"]
    assert (shown["ReadCapacityUnits"], shown["WriteCapacityUnits"]) == (5, 1)
    described = tables.cloud.client("application-autoscaling").describe_scalable_targets(ServiceNamespace="dynamodb")
    assert described["ScalableTargets"][0]["RoleARN"].endswith("AWSServiceRoleForApplicationAutoScaling_DynamoDBTable")


@pytest.mark.correction("put-scaling-policy")
def test_a_policy_put_again_is_the_same_policy(tables: Tables) -> None:
    tables.create_provisioned()
    tables.describe()
    with refused("ObjectNotFoundException"):
        put_policy(tables)
    register(tables, MinCapacity=5, MaxCapacity=10)
    first = put_policy(tables)
    count = len(alarms(tables))
    second = put_policy(tables, 50.0)
    assert second["PolicyARN"] == first["PolicyARN"]
    assert len(alarms(tables)) == count
    assert {one["AlarmName"] for one in second["Alarms"]} == set(alarms(tables))


@pytest.mark.correction("deregister-scalable-target")
def test_policies_and_alarms_go_with_their_target(tables: Tables) -> None:
    scaling = tables.cloud.client("application-autoscaling")
    with refused("ObjectNotFoundException"):
        scaling.deregister_scalable_target(**READS)
    tables.create_provisioned()
    tables.describe()
    register(tables, MinCapacity=5, MaxCapacity=10)
    put_policy(tables)
    scaling.deregister_scalable_target(**READS)
    assert scaling.describe_scaling_policies(ServiceNamespace="dynamodb")["ScalingPolicies"] == []
    assert alarms(tables) == []


@pytest.mark.correction("describe-scaling-policies")
def test_policies_are_found_by_the_whole_id(tables: Tables) -> None:
    capacity = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
    indexes = [index("by-a", "a", ProvisionedThroughput=capacity)]
    tables.create_provisioned(attributes=("a",), GlobalSecondaryIndexes=indexes)
    tables.describe()
    of_index = {"ResourceId": "table/Widgets/index/by-a", "ScalableDimension": "dynamodb:index:ReadCapacityUnits"}
    for more in ({}, of_index):
        register(tables, MinCapacity=5, MaxCapacity=10, **more)
        put_policy(tables, **more)

    def found(**filters: Any) -> list[str]:
        scaling = tables.cloud.client("application-autoscaling")
        answer = scaling.describe_scaling_policies(ServiceNamespace="dynamodb", **filters)
        return [one["ResourceId"] for one in answer["ScalingPolicies"]]

    assert found() == ["table/Widgets", "table/Widgets/index/by-a"]
    assert found(ResourceId="table/Widgets/index/by-a") == ["table/Widgets/index/by-a"]
    assert found(PolicyNames=["other"]) == []
