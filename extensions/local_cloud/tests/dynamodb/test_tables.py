# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables that are created, described and deleted."""

from __future__ import annotations

import uuid

import pytest
from refusals import refused
from tables import Tables, creation, index

CAPACITY = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}


@pytest.mark.correction("dynamodb-table-description")
def test_a_description_shows_what_there_is_and_leaves_out_the_rest(tables: Tables) -> None:
    tables.create(attributes=("colour",), GlobalSecondaryIndexes=[index("by-colour", "colour")])
    tables.create("Plain", BillingMode="PROVISIONED", ProvisionedThroughput=CAPACITY)
    shown, plain = tables.describe(), tables.describe("Plain")
    assert uuid.UUID(shown["TableId"]) != uuid.UUID(plain["TableId"])
    assert shown["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    (by_colour,) = shown["GlobalSecondaryIndexes"]
    assert by_colour["IndexArn"] == f"{shown['TableArn']}/index/by-colour"
    assert by_colour["IndexStatus"] == "ACTIVE"
    absent = {"BillingModeSummary", "SSEDescription", "TableClassSummary"}
    absent |= {"GlobalSecondaryIndexes", "LocalSecondaryIndexes", "StreamSpecification"}
    assert not absent & set(plain)
    assert plain["ProvisionedThroughput"] == {**CAPACITY, "NumberOfDecreasesToday": 0}


@pytest.mark.correction("dynamodb-table-description")
def test_a_table_is_found_by_its_arn_and_a_missing_one_is_not(tables: Tables) -> None:
    arn = tables.create()["TableArn"]
    assert tables.describe(arn)["TableName"] == "Widgets"
    with refused("ResourceNotFoundException"):
        tables.describe("Missing")


@pytest.mark.correction("dynamodb-table-description")
def test_a_restored_table_is_a_table_of_its_own(tables: Tables) -> None:
    first = tables.create()
    tables.describe()
    tables.client.put_item(TableName="Widgets", Item={"pk": {"S": "1"}})
    backup = tables.client.create_backup(TableName="Widgets", BackupName="before")["BackupDetails"]["BackupArn"]
    restored = tables.client.restore_table_from_backup(TargetTableName="Restored", BackupArn=backup)["TableDescription"]
    assert restored["TableId"] not in ("", first["TableId"])
    assert tables.describe("Restored")["TableId"] == restored["TableId"]
    assert tables.client.scan(TableName="Restored")["Count"] == 1


@pytest.mark.correction("dynamodb-create-table")
def test_a_table_takes_its_time_to_become_active(tables: Tables) -> None:
    tables.cloud.realism(durations={"table.creating": 60})
    assert tables.create()["TableStatus"] == "CREATING"
    assert tables.describe()["TableStatus"] == "CREATING"
    with refused("ResourceInUseException"):
        tables.create()
    with refused("ResourceInUseException"):
        tables.update(DeletionProtectionEnabled=True)
    tables.cloud.realism(durations={})
    tables.create("Others")
    assert tables.describe("Others")["TableStatus"] == "ACTIVE"


@pytest.mark.correction("dynamodb-create-table")
def test_a_key_becomes_its_arn_and_has_to_be_usable(tables: Tables) -> None:
    kms = tables.cloud.client("kms")
    arn = tables.key()
    kms.create_alias(AliasName="alias/data", TargetKeyId=arn)
    sse = {"Enabled": True, "SSEType": "KMS"}
    tables.create(SSESpecification={**sse, "KMSMasterKeyId": "alias/data"})
    assert tables.describe()["SSEDescription"] == {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": arn}
    tables.create("Managed", SSESpecification=sse)
    managed = kms.describe_key(KeyId="alias/aws/dynamodb")["KeyMetadata"]
    assert managed["KeyManager"] == "AWS"
    assert tables.describe("Managed")["SSEDescription"]["KMSMasterKeyArn"] == managed["Arn"]
    with refused("ValidationException"):
        tables.create("Other", SSESpecification={**sse, "KMSMasterKeyId": "alias/none"})
    with refused("ValidationException"):
        tables.create("Other", SSESpecification={"Enabled": True, "KMSMasterKeyId": arn})
    kms.disable_key(KeyId=arn)
    with refused("ValidationException"):
        tables.create("Other", SSESpecification={**sse, "KMSMasterKeyId": arn})
    assert "Other" not in tables.client.list_tables()["TableNames"]


@pytest.mark.correction("dynamodb-create-table")
def test_limits_of_a_new_table(tables: Tables) -> None:
    names = tuple(f"a{number}" for number in range(21))
    with refused("ValidationException"):
        tables.create("ab")
    with refused("ValidationException"):
        tables.create(attributes=names, GlobalSecondaryIndexes=[index(f"by-{name}", name) for name in names])
    with refused("ValidationException"):
        tables.create(attributes=("a",), LocalSecondaryIndexes=[index("by-a", "a")])
    with refused("ValidationException"):
        include = {"Projection": {"ProjectionType": "INCLUDE"}}
        tables.create(attributes=("a",), GlobalSecondaryIndexes=[index("by-a", "a", **include)])
    with refused("ValidationException"):
        tables.create(attributes=("a",), GlobalSecondaryIndexes=[index("by-a", "a", ProvisionedThroughput=CAPACITY)])
    with refused("ValidationException"):
        tables.create(Tags=[{"Key": "aws:x", "Value": "1"}])
    assert tables.client.list_tables()["TableNames"] == []


@pytest.mark.correction("dynamodb-delete-table")
def test_a_table_goes_slowly_and_only_from_rest(tables: Tables) -> None:
    tables.create()
    tables.cloud.realism(durations={"table.deleting": 60, "table-index.creating": 60})
    tables.update(**creation("by-colour", "colour"))
    with refused("ResourceInUseException"):
        tables.client.delete_table(TableName="Widgets")
    tables.create("Others")
    tables.describe("Others")
    assert tables.client.delete_table(TableName="Others")["TableDescription"]["TableStatus"] == "DELETING"
    assert tables.describe("Others")["TableStatus"] == "DELETING"
    assert tables.client.delete_table(TableName="Others")["TableDescription"]["TableStatus"] == "DELETING"
    with refused("ResourceInUseException"):
        tables.create("Others")
    with refused("ResourceNotFoundException"):
        tables.client.delete_table(TableName="Missing")


@pytest.mark.correction("dynamodb-delete-table")
def test_a_deleted_table_makes_room_for_another_of_its_name(tables: Tables) -> None:
    first = tables.create()
    tables.describe()
    tables.client.delete_table(TableName="Widgets")
    with refused("ResourceNotFoundException"):
        tables.describe()
    assert tables.create()["TableId"] != first["TableId"]


@pytest.mark.correction("dynamodb-delete-table")
def test_deletion_protection(tables: Tables) -> None:
    tables.create(DeletionProtectionEnabled=True)
    tables.describe()
    with refused("ValidationException"):
        tables.client.delete_table(TableName="Widgets")
    tables.update(DeletionProtectionEnabled=False)
    tables.client.delete_table(TableName="Widgets")


@pytest.mark.correction("dynamodb-tags")
def test_tags(tables: Tables) -> None:
    arn = tables.create(Tags=[{"Key": "a", "Value": "1"}])["TableArn"]
    tables.client.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": "2"}, {"Key": "b", "Value": "1"}])

    def shown() -> dict[str, str]:
        return {tag["Key"]: tag["Value"] for tag in tables.client.list_tags_of_resource(ResourceArn=arn)["Tags"]}

    assert shown() == {"a": "2", "b": "1"}
    assert len(tables.client.list_tags_of_resource(ResourceArn=arn)["Tags"]) == 2
    with refused("ValidationException"):
        tables.client.tag_resource(ResourceArn=arn, Tags=[{"Key": f"k{n}", "Value": ""} for n in range(49)])
    tables.client.untag_resource(ResourceArn=arn, TagKeys=["a"])
    assert shown() == {"b": "1"}
    for change in (
        lambda: tables.client.tag_resource(ResourceArn=f"{arn}x", Tags=[{"Key": "a", "Value": "1"}]),
        lambda: tables.client.untag_resource(ResourceArn=f"{arn}x", TagKeys=["a"]),
    ):
        with refused("ResourceNotFoundException"):
            change()


@pytest.mark.correction("dynamodb-items-of-usable-tables")
def test_items_are_out_of_reach_until_the_table_is_there(tables: Tables) -> None:
    tables.cloud.realism(durations={"table.creating": 60})
    tables.create()
    item = {"pk": {"S": "1"}}
    for call in (
        lambda: tables.client.put_item(TableName="Widgets", Item=item),
        lambda: tables.client.get_item(TableName="Widgets", Key=item),
        lambda: tables.client.scan(TableName="Widgets"),
        lambda: tables.client.batch_get_item(RequestItems={"Widgets": {"Keys": [item]}}),
        lambda: tables.client.transact_write_items(TransactItems=[{"Put": {"TableName": "Widgets", "Item": item}}]),
    ):
        with refused("ResourceNotFoundException"):
            call()


@pytest.mark.correction("dynamodb-items-of-usable-tables")
def test_a_table_whose_key_is_disabled_loses_its_items_until_it_is_enabled(tables: Tables) -> None:
    kms = tables.cloud.client("kms")
    arn = tables.key()
    tables.create(SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": arn})
    tables.describe()
    item = {"pk": {"S": "1"}}
    tables.client.put_item(TableName="Widgets", Item=item)
    kms.disable_key(KeyId=arn)
    with refused("ValidationException"):
        tables.client.get_item(TableName="Widgets", Key=item)
    tables.describe()
    lost = tables.describe()
    assert lost["TableStatus"] == "INACCESSIBLE_ENCRYPTION_CREDENTIALS"
    assert "InaccessibleEncryptionDateTime" in lost["SSEDescription"]
    with refused("ValidationException"):
        tables.update(SSESpecification={"Enabled": False})
    kms.enable_key(KeyId=arn)
    tables.describe()
    found = tables.describe()
    assert found["TableStatus"] == "ACTIVE"
    assert "InaccessibleEncryptionDateTime" not in found["SSEDescription"]
    assert tables.client.get_item(TableName="Widgets", Key=item)["Item"] == item
