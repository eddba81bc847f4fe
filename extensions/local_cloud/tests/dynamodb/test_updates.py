# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UpdateTable: one change at a time, each with its own rules."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from groundwork_local_cloud.supplement.dynamodb import capacity as capacity_rules
from refusals import refused
from tables import Tables, creation, deletion, index

STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
ITEM = {"pk": {"S": "1"}, "colour": {"S": "red"}}


def units(read: int, write: int) -> dict[str, int]:
    return {"ReadCapacityUnits": read, "WriteCapacityUnits": write}


def capacity(read: int, write: int) -> dict[str, Any]:
    return {"ProvisionedThroughput": units(read, write)}


@pytest.mark.correction("dynamodb-update-table-one-change")
@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("ValidationException", {}),
        ("ValidationException", {"SSESpecification": {"Enabled": True}, "TableClass": "STANDARD"}),
        ("ValidationException", {"TableClass": "STANDARD", "StreamSpecification": STREAM}),
        ("ValidationException", {"DeletionProtectionEnabled": True, **capacity(1, 1)}),
        ("ValidationException", {"StreamSpecification": STREAM, **capacity(1, 1)}),
        ("ValidationException", {**creation("by-b", "b"), **capacity(1, 1)}),
        ("ValidationException", {**creation("by-b", "b"), "StreamSpecification": STREAM}),
        (
            "LimitExceededException",
            {
                **creation("by-b", "b"),
                "GlobalSecondaryIndexUpdates": [{"Create": index("by-b", "b")}, {"Delete": {"IndexName": "by-a"}}],
            },
        ),
    ],
)
def test_what_does_not_go_together(tables: Tables, code: str, changes: dict[str, Any]) -> None:
    tables.create_provisioned()
    before = tables.describe()
    with refused(code):
        tables.update(**changes)
    assert tables.describe() == before


@pytest.mark.correction("dynamodb-update-table-active")
def test_a_change_waits_for_the_last_one(tables: Tables) -> None:
    tables.create()
    tables.describe()
    tables.cloud.realism(durations={"table.updating": 60})
    assert tables.update(StreamSpecification=STREAM)["TableStatus"] == "UPDATING"
    with refused("ResourceInUseException"):
        tables.update(TableClass="STANDARD_INFREQUENT_ACCESS")
    with refused("ResourceInUseException"):
        tables.client.delete_table(TableName="Widgets")
    with refused("ResourceNotFoundException"):
        tables.client.update_table(TableName="Missing", TableClass="STANDARD")


@pytest.mark.correction("dynamodb-update-table-encryption")
def test_encryption_changes_while_the_table_is_active(tables: Tables) -> None:
    first, second = tables.key(), tables.key()
    sse = {"Enabled": True, "SSEType": "KMS"}
    tables.create(SSESpecification={**sse, "KMSMasterKeyId": first})
    tables.describe()
    tables.client.put_item(TableName="Widgets", Item=ITEM)
    tables.cloud.realism(durations={"table-encryption.updating": 60})
    answer = tables.update(SSESpecification={**sse, "KMSMasterKeyId": second})
    assert answer["TableStatus"] == "ACTIVE"
    shown = {"Status": "UPDATING", "SSEType": "KMS", "KMSMasterKeyArn": first}
    assert answer["SSEDescription"] == shown
    assert tables.describe()["SSEDescription"] == shown
    with refused("ResourceInUseException"):
        tables.update(SSESpecification={"Enabled": False})
    with refused("ResourceInUseException"):
        tables.client.delete_table(TableName="Widgets")
    assert tables.client.get_item(TableName="Widgets", Key={"pk": ITEM["pk"]})["Item"] == ITEM


@pytest.mark.correction("dynamodb-update-table-encryption")
def test_encryption_is_refused_where_nothing_changes_or_too_often(tables: Tables) -> None:
    arn = tables.key()
    chosen = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": arn}
    tables.create()
    tables.describe()
    with refused("ValidationException"):
        tables.update(SSESpecification={"Enabled": False})
    tables.update(SSESpecification=chosen)
    assert tables.describe()["SSEDescription"]["KMSMasterKeyArn"] == arn
    with refused("ValidationException"):
        tables.update(SSESpecification=chosen)
    for specification in ({"Enabled": False}, chosen, {"Enabled": False}):
        tables.update(SSESpecification=specification)
        tables.describe()
    assert "SSEDescription" not in tables.describe()
    with refused("LimitExceededException"):
        tables.update(SSESpecification=chosen)


@pytest.mark.correction("dynamodb-update-table-class")
def test_the_table_class_changes_twice_in_thirty_days(tables: Tables) -> None:
    tables.create(TableClass="STANDARD_INFREQUENT_ACCESS")
    assert tables.describe()["TableClassSummary"]["TableClass"] == "STANDARD_INFREQUENT_ACCESS"
    tables.update(TableClass="STANDARD")
    assert tables.describe()["TableClassSummary"]["TableClass"] == "STANDARD"
    tables.update(TableClass="STANDARD_INFREQUENT_ACCESS")
    tables.describe()
    with refused("LimitExceededException"):
        tables.update(TableClass="STANDARD")


@pytest.mark.correction("dynamodb-update-table-stream")
def test_a_stream_ends_before_another_begins(tables: Tables) -> None:
    tables.create()
    tables.describe()
    with refused("ValidationException"):
        tables.update(StreamSpecification={"StreamEnabled": False})
    with refused("ValidationException"):
        tables.update(StreamSpecification={"StreamEnabled": True})
    tables.update(StreamSpecification=STREAM)
    first = tables.describe()
    assert first["StreamSpecification"] == STREAM
    with refused("ValidationException"):
        tables.update(StreamSpecification={"StreamEnabled": True, "StreamViewType": "OLD_IMAGE"})
    tables.update(StreamSpecification={"StreamEnabled": False})
    ended = tables.describe()
    assert "StreamSpecification" not in ended
    assert ended["LatestStreamArn"] == first["LatestStreamArn"]
    tables.client.put_item(TableName="Widgets", Item=ITEM)
    tables.update(StreamSpecification={"StreamEnabled": True, "StreamViewType": "OLD_IMAGE"})
    assert tables.describe()["LatestStreamArn"] != first["LatestStreamArn"]


@pytest.mark.correction("dynamodb-update-table-indexes")
def test_an_index_is_created_then_filled_and_the_next_waits(tables: Tables) -> None:
    tables.create()
    tables.describe()
    tables.client.put_item(TableName="Widgets", Item=ITEM)
    tables.cloud.realism(durations={"table-index.creating": 60})
    answer = tables.update(**creation("by-colour", "colour"))
    assert answer["TableStatus"] == "UPDATING"
    assert tables.index_states() == {"by-colour": "CREATING"}
    described = tables.describe()
    assert (described["TableStatus"], described["GlobalSecondaryIndexes"][0]["Backfilling"]) == ("ACTIVE", True)
    assert [one["AttributeName"] for one in described["AttributeDefinitions"]] == ["colour", "pk"]
    with refused("LimitExceededException"):
        tables.update(**creation("by-size", "size"))
    query = {"TableName": "Widgets", "IndexName": "by-colour", "KeyConditionExpression": "colour = :c"}
    with refused("ValidationException"):
        tables.client.query(**query, ExpressionAttributeValues={":c": {"S": "red"}})
    tables.update(**deletion("by-colour"))
    assert tables.index_states() == {}


@pytest.mark.correction("dynamodb-update-table-indexes")
def test_a_complete_index_is_queried_and_goes_with_its_attribute(tables: Tables) -> None:
    tables.create()
    tables.describe()
    tables.client.put_item(TableName="Widgets", Item=ITEM)
    tables.update(**creation("by-colour", "colour"))
    assert tables.index_states() == {"by-colour": "ACTIVE"}
    query = {"TableName": "Widgets", "IndexName": "by-colour", "KeyConditionExpression": "colour = :c"}
    assert tables.client.query(**query, ExpressionAttributeValues={":c": {"S": "red"}})["Items"] == [ITEM]
    with refused("ValidationException"):
        tables.update(**creation("by-colour", "colour"))
    tables.cloud.realism(durations={"table-index.deleting": 60})
    tables.update(**deletion("by-colour"))
    assert tables.index_states() == {"by-colour": "DELETING"}
    tables.cloud.realism(durations={})
    with refused("ResourceInUseException"):
        tables.update(**creation("by-size", "size"))


@pytest.mark.correction("dynamodb-update-table-indexes")
def test_what_an_index_needs(tables: Tables) -> None:
    tables.create_provisioned()
    tables.describe()
    with refused("ResourceNotFoundException"):
        tables.update(**deletion("by-none"))
    with refused("ValidationException"):
        tables.update(**creation("by-a", "a"))
    throughput = {"ProvisionedThroughput": units(1, 1)}
    with refused("ValidationException"):
        tables.update(GlobalSecondaryIndexUpdates=[{"Create": index("by-a", "a", **throughput)}])
    with refused("ValidationException"):
        keys = [{"AttributeName": "pk", "AttributeType": "N"}]
        change = {"GlobalSecondaryIndexUpdates": [{"Create": index("by-pk", "pk", **throughput)}]}
        tables.update(AttributeDefinitions=keys, **change)
    tables.update(**creation("by-a", "a", **throughput))
    assert tables.index_states() == {"by-a": "ACTIVE"}
    tables.update(**deletion("by-a"))
    assert [one["AttributeName"] for one in tables.describe()["AttributeDefinitions"]] == ["pk"]


@pytest.mark.correction("dynamodb-update-table-capacity")
def test_capacity_changes_when_the_table_is_active_again(tables: Tables) -> None:
    tables.create_provisioned(5, 5)
    tables.describe()
    with refused("ValidationException"):
        tables.update(**capacity(5, 5))
    tables.cloud.realism(durations={"table.updating": 60})
    answer = tables.update(**capacity(6, 5))
    assert answer["TableStatus"] == "UPDATING"
    assert answer["ProvisionedThroughput"]["ReadCapacityUnits"] == 5


@pytest.mark.correction("dynamodb-update-table-capacity")
def test_decreases_are_limited(tables: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    tables.create_provisioned(9, 9)
    tables.describe()
    for read in (8, 7, 6, 5):
        tables.update(**capacity(read, 9))
        tables.describe()
    shown = tables.describe()["ProvisionedThroughput"]
    assert shown["NumberOfDecreasesToday"] == 4
    assert "LastDecreaseDateTime" in shown
    with refused("LimitExceededException"):
        tables.update(**capacity(4, 9))
    tables.update(**capacity(10, 9))
    tables.describe()
    # An hour is too long for a test.
    monkeypatch.setattr(capacity_rules, "BETWEEN_DECREASES", timedelta(0))
    tables.update(**capacity(4, 9))
    assert tables.describe()["ProvisionedThroughput"]["ReadCapacityUnits"] == 4


@pytest.mark.correction("dynamodb-update-table-capacity")
def test_a_table_that_becomes_provisioned_is_told_everything(tables: Tables) -> None:
    tables.create(attributes=("a",), GlobalSecondaryIndexes=[index("by-a", "a")])
    tables.describe()
    provisioned = {"BillingMode": "PROVISIONED", **capacity(2, 3)}
    of_index = {"Update": {"IndexName": "by-a", "ProvisionedThroughput": units(4, 5)}}
    with refused("ValidationException"):
        tables.update(BillingMode="PROVISIONED")
    with refused("ValidationException"):
        tables.update(**provisioned)
    with refused("ValidationException"):
        tables.update(**capacity(2, 3))
    tables.update(**provisioned, GlobalSecondaryIndexUpdates=[of_index])
    shown = tables.describe()
    assert shown["BillingModeSummary"]["BillingMode"] == "PROVISIONED"
    assert shown["ProvisionedThroughput"]["WriteCapacityUnits"] == 3
    assert shown["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"]["ReadCapacityUnits"] == 4
    with refused("ValidationException"):
        tables.update(GlobalSecondaryIndexUpdates=[of_index])
    with refused("ResourceNotFoundException"):
        tables.update(GlobalSecondaryIndexUpdates=[{"Update": {**of_index["Update"], "IndexName": "by-none"}}])
    for _again in range(4):
        tables.update(BillingMode="PAY_PER_REQUEST")
        assert tables.describe()["ProvisionedThroughput"]["ReadCapacityUnits"] == 0
        tables.update(**provisioned, GlobalSecondaryIndexUpdates=[of_index])
        tables.describe()
    with refused("LimitExceededException"):
        tables.update(BillingMode="PAY_PER_REQUEST")
