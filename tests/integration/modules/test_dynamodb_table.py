# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module dynamodb_table on the local cloud."""

from __future__ import annotations

import dataclasses
import typing as t
from datetime import timedelta

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils._core.pace import Pace
from ansible_collections.groundwork.aws.plugins.module_utils._dynamodb.resource import DynamoDbTable
from groundwork_local_cloud.client import LocalCloud
from groundwork_local_cloud.supplement.dynamodb import time_to_live
from support.modules import Result, changes, run_module

MODULE = "dynamodb_table"
ITEM = {"pk": {"S": "1"}, "sk": {"S": "a"}, "colour": {"S": "red"}, "data": {"S": "kept"}}
KEY = {"pk": ITEM["pk"], "sk": ITEM["sk"]}
BY_COLOUR = {"name": "by-colour", "hash_key_name": "colour"}
BY_SIZE = {"name": "by-size", "hash_key_name": "size", "hash_key_type": "NUMBER"}
READS = {"min_capacity": 5, "max_capacity": 10}
# Seconds instead of minutes, in the proportions of AWS.
SLOW = {
    "table.creating": 0.3,
    "table.starting-backups": 1.0,
    "table.updating": 0.3,
    "table.deleting": 0.3,
    "table-encryption.updating": 0.3,
    "table-index.creating": 0.5,
    "table-index.updating": 0.2,
    "table-index.deleting": 0.2,
}


@dataclasses.dataclass
class Setting:
    """A cloud with a key, and the table Widgets as soon as the module has made it."""

    cloud: LocalCloud
    key_arn: str

    @property
    def client(self) -> t.Any:
        return self.cloud.client("dynamodb")

    def run(self, **options: t.Any) -> Result:
        given = {"hash_key_name": "pk", "range_key_name": "sk", "kms_key_id": "alias/data", **options}
        return run_module(MODULE, name="Widgets", **given)

    def shown(self) -> dict[str, t.Any]:
        described: dict[str, t.Any] = self.client.describe_table(TableName="Widgets")["Table"]
        return described

    def put(self) -> None:
        self.client.put_item(TableName="Widgets", Item=ITEM)

    def get(self) -> dict[str, t.Any] | None:
        item: dict[str, t.Any] | None = self.client.get_item(TableName="Widgets", Key=KEY).get("Item")
        return item


@pytest.fixture
def setting(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> Setting:
    monkeypatch.setattr(DynamoDbTable, "pace", Pace(first_delay=0.05, longest=0.2))
    kms = cloud.client("kms")
    arn = kms.create_key()["KeyMetadata"]["Arn"]
    kms.create_alias(AliasName="alias/data", TargetKeyId=arn)
    return Setting(cloud, arn)


def calls_of(setting: Setting, **options: t.Any) -> tuple[Result, list[str]]:
    """The result of a run, and the operations that it called."""
    seen = len(setting.cloud.calls())
    result = setting.run(**options)
    return result, [call["operation"] for call in setting.cloud.calls()[seen:]]


def changes_of(setting: Setting, **options: t.Any) -> tuple[Result, list[str]]:
    """The result of a run, and the operations by which it changed something."""
    seen = len(setting.cloud.calls())
    result = setting.run(**options)
    assert not result.get("failed"), result["msg"]
    return result, changes(call for call in setting.cloud.calls()[seen:] if call["error"] is None)


EVERYTHING: dict[str, t.Any] = {
    "global_secondary_indexes": [BY_COLOUR],
    "stream_view_type": "NEW_IMAGE",
    "deletion_protection": True,
    "table_class": "STANDARD_INFREQUENT_ACCESS",
    "point_in_time_recovery": True,
    "recovery_period_in_days": 7,
    "ttl_attribute": "expires",
    "tags": {"Environment": "production"},
}


def test_creates_once_with_everything(setting: Setting) -> None:
    setting.cloud.realism(durations=SLOW)
    result, made = changes_of(setting, **EVERYTHING)
    assert made == ["CreateTable", "UpdateContinuousBackups", "UpdateTimeToLive"], "the rest CreateTable takes"
    table, shown = result["table"], setting.shown()
    assert (table["arn"], table["id"]) == (shown["TableArn"], shown["TableId"])
    assert table["status"] == shown["TableStatus"] == "ACTIVE"
    assert table["sse_description"] == {"kms_key_arn": setting.key_arn, "status": "ENABLED"}
    assert table["global_secondary_indexes"][0]["status"] == "ACTIVE"
    assert table["latest_stream_arn"] == shown["LatestStreamArn"]
    assert table["point_in_time_recovery"] == {"enabled": True, "recovery_period_in_days": 7}
    assert table["time_to_live"]["attribute"] == "expires"
    assert table["tags"] == {"Environment": "production"}
    setting.put()
    again, made = changes_of(setting, **EVERYTHING)
    assert (again["changed"], made, again["table"]) == (False, [], table)
    assert setting.get() == ITEM


@pytest.mark.parametrize(
    ("options", "operations"),
    [
        ({"kms_key_id": None}, ["DescribeTable"]),
        ({}, ["DescribeTable", "DescribeKey"]),
        ({"tags": {}}, ["DescribeTable", "DescribeKey", "ListTagsOfResource"]),
        ({"ttl_attribute": ""}, ["DescribeTable", "DescribeKey", "DescribeTimeToLive"]),
        ({"point_in_time_recovery": False}, ["DescribeTable", "DescribeKey", "DescribeContinuousBackups"]),
        ({"autoscaling": {}}, ["DescribeTable", "DescribeKey", "DescribeScalableTargets"]),
    ],
)
def test_a_second_run_reads_only_what_it_needs(
    setting: Setting, options: dict[str, t.Any], operations: list[str]
) -> None:
    setting.run(**options)
    result, called = calls_of(setting, **options)
    assert not result["changed"]
    assert called == operations


CHANGES: dict[str, tuple[dict[str, t.Any], dict[str, t.Any], list[str]]] = {
    "the key": ({}, {"kms_key_id": "alias/aws/dynamodb"}, ["UpdateTable"]),
    "a key of AWS": ({}, {"kms_key_id": None, "sse_enabled": False}, ["UpdateTable"]),
    "a key at last": ({"kms_key_id": None, "sse_enabled": False}, {}, ["UpdateTable"]),
    "a stream": ({}, {"stream_view_type": "NEW_IMAGE"}, ["UpdateTable"]),
    "another stream": (
        {"stream_view_type": "NEW_IMAGE"},
        {"stream_view_type": "OLD_IMAGE"},
        ["UpdateTable", "UpdateTable"],
    ),
    "no stream": ({"stream_view_type": "NEW_IMAGE"}, {"stream_view_type": "DISABLED"}, ["UpdateTable"]),
    "the table class": ({}, {"table_class": "STANDARD_INFREQUENT_ACCESS"}, ["UpdateTable"]),
    "protection": ({}, {"deletion_protection": True}, ["UpdateTable"]),
    "no protection": ({"deletion_protection": True}, {"deletion_protection": False}, ["UpdateTable"]),
    "provisioned": (
        {"global_secondary_indexes": [BY_COLOUR]},
        {"billing_mode": "PROVISIONED", "read_capacity": 2, "write_capacity": 3},
        ["UpdateTable"],
    ),
    "on demand": (
        {"billing_mode": "PROVISIONED", "read_capacity": 2, "write_capacity": 3},
        {"billing_mode": "PAY_PER_REQUEST"},
        # Nobody asked for scaling, but nothing may be left of it.
        ["UpdateTable"],
    ),
    "capacity": (
        {"billing_mode": "PROVISIONED", "read_capacity": 2, "write_capacity": 3},
        {"read_capacity": 3},
        ["UpdateTable"],
    ),
    "two indexes": ({}, {"global_secondary_indexes": [BY_COLOUR, BY_SIZE]}, ["UpdateTable", "UpdateTable"]),
    "other indexes": (
        {"global_secondary_indexes": [BY_COLOUR]},
        {"global_secondary_indexes": [BY_SIZE]},
        ["UpdateTable", "UpdateTable"],
    ),
    "an index of another shape": (
        {"global_secondary_indexes": [BY_COLOUR]},
        {"global_secondary_indexes": [{**BY_COLOUR, "projection_type": "KEYS_ONLY"}]},
        ["UpdateTable", "UpdateTable"],
    ),
    "recovery": ({}, {"point_in_time_recovery": True}, ["UpdateContinuousBackups"]),
    "the period of recovery": (
        {"point_in_time_recovery": True},
        {"point_in_time_recovery": True, "recovery_period_in_days": 7},
        ["UpdateContinuousBackups"],
    ),
    "no recovery": ({"point_in_time_recovery": True}, {"point_in_time_recovery": False}, ["UpdateContinuousBackups"]),
    "time to live": ({}, {"ttl_attribute": "expires"}, ["UpdateTimeToLive"]),
    "no time to live": ({"ttl_attribute": "expires"}, {"ttl_attribute": ""}, ["UpdateTimeToLive"]),
    "tags": ({"tags": {"a": "1", "b": "1"}}, {"tags": {"a": "2"}}, ["TagResource", "UntagResource"]),
}


@pytest.mark.parametrize("name", CHANGES)
def test_each_change_alone(setting: Setting, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    # AWS wants an hour between two changes, which is too long for a test.
    monkeypatch.setattr(time_to_live, "WINDOW", timedelta(0))
    first, then, operations = CHANGES[name]
    setting.cloud.realism(durations=SLOW)
    assert not setting.run(**first).get("failed")
    setting.put()
    predicted, none = changes_of(setting, **then, check=True)
    result, made = changes_of(setting, **then)
    assert (predicted["changed"], none, made) == (True, [], operations)
    assert comparable(predicted["table"]) == comparable(result["table"])
    assert not setting.run(**then)["changed"]
    assert setting.get() == ITEM, "the items survive"


def comparable(table: dict[str, t.Any]) -> dict[str, t.Any]:
    """A table without what cannot be foretold: which stream there will be, and the AWS managed key's ARN."""
    encryption = table["sse_description"]
    managed = encryption and "alias/data" not in encryption["kms_key_arn"]
    return {**table, "latest_stream_arn": None, "sse_description": None if managed else encryption}


def test_changes_that_aws_takes_one_at_a_time(setting: Setting) -> None:
    setting.cloud.realism(durations=SLOW)
    setting.run()
    setting.put()
    options = {**EVERYTHING, "kms_key_id": "alias/aws/dynamodb", "global_secondary_indexes": [BY_COLOUR, BY_SIZE]}
    result, made = changes_of(setting, **options)
    assert made.count("UpdateTable") == 6
    assert [index["name"] for index in result["table"]["global_secondary_indexes"]] == ["by-colour", "by-size"]
    last = ["create the index by-size of Widgets", "turn time to live of Widgets by expires on"]
    assert result["actions"][-2:] == last
    assert not setting.run(**options)["changed"]
    assert setting.get() == ITEM


def test_a_new_index_is_queried(setting: Setting) -> None:
    setting.run()
    setting.put()
    setting.run(global_secondary_indexes=[BY_COLOUR])
    query = {"IndexName": "by-colour", "KeyConditionExpression": "colour = :c"}
    found = setting.client.query(TableName="Widgets", **query, ExpressionAttributeValues={":c": {"S": "red"}})
    assert found["Items"] == [ITEM]


SCALED = {"billing_mode": "PROVISIONED", "autoscaling": {"read": READS, "write": READS}}


def scaling_policies(setting: Setting) -> list[dict[str, t.Any]]:
    client = setting.cloud.client("application-autoscaling")
    return list(client.describe_scaling_policies(ServiceNamespace="dynamodb")["ScalingPolicies"])


def test_capacity_is_scaled_and_then_left_alone(setting: Setting) -> None:
    indexes = [{**BY_COLOUR, "autoscaling": {"read": READS}}]
    options = {**SCALED, "global_secondary_indexes": indexes}
    result, made = changes_of(setting, **options)
    assert made == ["CreateTable", *["RegisterScalableTarget", "PutScalingPolicy"] * 3]
    assert (result["table"]["read_capacity"], len(result["table"]["autoscaling"])) == (5, 3)
    units = {"ReadCapacityUnits": 8, "WriteCapacityUnits": 5}
    setting.client.update_table(TableName="Widgets", ProvisionedThroughput=units)
    again, made = changes_of(setting, **options)
    assert (again["changed"], made, again["table"]["read_capacity"]) == (False, [], 8)


def test_scaling_is_changed_under_the_policy_that_there_is(setting: Setting) -> None:
    setting.run(**SCALED)
    before = {policy["PolicyARN"] for policy in scaling_policies(setting)}
    more = {"read": {**READS, "max_capacity": 20}, "write": {**READS, "target_utilization": 50}}
    _result, made = changes_of(setting, billing_mode="PROVISIONED", autoscaling=more)
    assert made == ["RegisterScalableTarget", "PutScalingPolicy"]
    assert {policy["PolicyARN"] for policy in scaling_policies(setting)} == before


@pytest.mark.parametrize(
    ("options", "made"),
    [
        ({"billing_mode": "PROVISIONED", "autoscaling": {"write": READS}}, ["DeregisterScalableTarget"]),
        ({"autoscaling": {}}, ["DeregisterScalableTarget", "DeregisterScalableTarget"]),
        (
            {"billing_mode": "PAY_PER_REQUEST"},
            ["DeregisterScalableTarget", "DeregisterScalableTarget", "UpdateTable"],
        ),
        ({"state": "absent"}, ["DeregisterScalableTarget", "DeregisterScalableTarget", "DeleteTable"]),
    ],
)
def test_scaling_ends(setting: Setting, options: dict[str, t.Any], made: list[str]) -> None:
    setting.run(**SCALED)
    assert changes_of(setting, **options)[1] == made
    assert len(scaling_policies(setting)) == 2 - made.count("DeregisterScalableTarget")


def test_deletes_and_deletes_again_and_leaves_others_alone(setting: Setting) -> None:
    setting.cloud.realism(durations=SLOW)
    setting.run()
    run_module(MODULE, name="Others", hash_key_name="pk")
    gone, made = changes_of(setting, state="absent")
    assert (gone["changed"], gone["table"], made) == (True, None, ["DeleteTable"])
    assert not setting.run(state="absent")["changed"]
    assert setting.client.list_tables()["TableNames"] == ["Others"]


def test_a_protected_table_is_deleted_only_if_the_user_says_so(setting: Setting) -> None:
    setting.run(deletion_protection=True)
    result, operations = calls_of(setting, state="absent")
    assert "deletion_protection=false" in result["msg"]
    assert operations == ["DescribeTable"]
    assert changes_of(setting, state="absent", deletion_protection=False)[1] == ["UpdateTable", "DeleteTable"]


def test_without_waiting_it_goes_as_far_as_it_can(setting: Setting) -> None:
    setting.cloud.realism(durations={"table.creating": 1.0})
    begun, made = changes_of(setting, point_in_time_recovery=True, wait=False)
    assert (begun["table"]["status"], made) == ("CREATING", ["CreateTable"])
    assert changes_of(setting, point_in_time_recovery=True, wait=False)[1] == []
    finished, made = changes_of(setting, point_in_time_recovery=True)
    assert (finished["table"]["status"], made) == ("ACTIVE", ["UpdateContinuousBackups"])


def test_an_answer_that_is_lost_leads_to_no_second_table(setting: Setting) -> None:
    setting.cloud.faults({"kind": "cut_after", "match": {"operation": "CreateTable"}, "at": 1})
    seen = len(setting.cloud.calls())
    assert setting.run()["table"]["status"] == "ACTIVE"
    asked = [call["error"] for call in setting.cloud.calls(operation="CreateTable", since=seen)]
    assert asked[1:] == ["ResourceInUseException"], "botocore asks again by itself"


def test_gives_up_when_the_time_is_over(setting: Setting) -> None:
    setting.cloud.realism(durations={"table.creating": 60})
    result = setting.run(wait_timeout=1)
    assert "Still waiting: the table Widgets is CREATING" in result["msg"]


@pytest.mark.parametrize("state", ["present", "absent"])
def test_check_mode_makes_no_mutating_call(setting: Setting, state: str) -> None:
    if state == "absent":
        setting.run()
    result, made = changes_of(setting, state=state, check=True)
    assert (result["changed"], made) == (True, [])


def test_check_mode_sees_the_changes_of_a_busy_table(setting: Setting) -> None:
    setting.cloud.realism(durations={"table.creating": 60})
    setting.run(wait=False)
    result, made = changes_of(setting, deletion_protection=True, check=True)
    assert (result["changed"], made) == (True, [])


def test_diff_shows_both_sides(setting: Setting) -> None:
    diff = setting.run(check=True)["diff"]
    assert diff["before"] == {"table": None}
    assert diff["after"]["table"]["id"] == "(known after creation)"
    assert diff["after"]["table"]["sse_description"] == {"kms_key_arn": setting.key_arn, "status": "ENABLED"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"name": "ab"}, "3 to 255"),
        ({"hash_key_type": "TEXT"}, "must be one of: STRING, NUMBER, BINARY, S, N, B"),
        ({"ttl_attribute": "x" * 256, "recovery_period_in_days": 36}, "has more than 255 characters"),
        ({"global_secondary_indexes": [{"name": "by-a"}]}, "missing required arguments: hash_key_name"),
    ],
)
def test_bad_input_is_refused_before_any_call(setting: Setting, options: dict[str, t.Any], said: str) -> None:
    seen = len(setting.cloud.calls())
    result = run_module(MODULE, **{"name": "Widgets", "hash_key_name": "pk", **options})
    assert result["failed"]
    assert said in result["msg"]
    assert setting.cloud.calls()[seen:] == []


def test_what_cannot_be_changed_is_refused_with_every_reason(setting: Setting) -> None:
    local = [{"name": "by-age", "range_key_name": "age"}]
    setting.run(local_secondary_indexes=local, ttl_attribute="expires")
    result, operations = calls_of(
        setting, hash_key_name="id", local_secondary_indexes=[], ttl_attribute="until", kms_key_id="alias/none"
    )
    assert changes([{"operation": operation} for operation in operations]) == []
    for part in ("hash_key_name: ", "local_secondary_indexes: by-age is there", "ttl_attribute: ", "kms_key_id: "):
        assert part in result["msg"]


def test_the_same_key_by_any_of_its_names_is_no_change(setting: Setting) -> None:
    setting.run()
    for name in (setting.key_arn, setting.key_arn.rpartition("/")[2]):
        assert not setting.run(kms_key_id=name)["changed"]
    assert not setting.run(kms_key_id=None)["changed"]


def test_a_disabled_key_is_named(setting: Setting) -> None:
    setting.run()
    setting.cloud.client("kms").disable_key(KeyId=setting.key_arn)
    setting.shown()
    result, operations = calls_of(setting, kms_key_id=None)
    assert "enable the key or cancel its deletion" in result["msg"]
    assert operations == ["DescribeTable"]


def test_another_run_that_is_at_work_is_waited_for(setting: Setting) -> None:
    setting.run()
    setting.cloud.realism(durations={"table.updating": 0.5})
    setting.client.update_table(
        TableName="Widgets", StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    )
    assert changes_of(setting, deletion_protection=True)[1] == ["UpdateTable"]
