# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables and indexes for the tests of DynamoDB."""

from __future__ import annotations

from typing import Any

from groundwork_local_cloud.client import LocalCloud


class Tables:
    """Tables of one cloud, each with the partition key pk, by name."""

    def __init__(self, cloud: LocalCloud) -> None:
        self.cloud = cloud
        self.client = cloud.client("dynamodb")

    def create(self, name: str = "Widgets", *, attributes: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
        definitions = [{"AttributeName": one, "AttributeType": "S"} for one in ("pk", *attributes)]
        asked: dict[str, Any] = {
            "TableName": name,
            "AttributeDefinitions": definitions,
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "BillingMode": "PAY_PER_REQUEST",
            **more,
        }
        created: dict[str, Any] = self.client.create_table(**asked)["TableDescription"]
        return created

    def create_provisioned(self, read: int = 5, write: int = 5, **more: Any) -> dict[str, Any]:
        capacity = {"ReadCapacityUnits": read, "WriteCapacityUnits": write}
        return self.create(BillingMode="PROVISIONED", ProvisionedThroughput=capacity, **more)

    def update(self, **changes: Any) -> dict[str, Any]:
        updated: dict[str, Any] = self.client.update_table(TableName="Widgets", **changes)["TableDescription"]
        return updated

    def describe(self, name: str = "Widgets") -> dict[str, Any]:
        described: dict[str, Any] = self.client.describe_table(TableName=name)["Table"]
        return described

    def index_states(self) -> dict[str, str]:
        return {one["IndexName"]: one["IndexStatus"] for one in self.describe().get("GlobalSecondaryIndexes", [])}

    def key(self) -> str:
        return str(self.cloud.client("kms").create_key()["KeyMetadata"]["Arn"])


def index(name: str, attribute: str, **more: Any) -> dict[str, Any]:
    """An index over one attribute, as CreateTable and UpdateTable take it."""
    keys = [{"AttributeName": attribute, "KeyType": "HASH"}]
    return {"IndexName": name, "KeySchema": keys, "Projection": {"ProjectionType": "ALL"}, **more}


def creation(name: str, attribute: str, **more: Any) -> dict[str, Any]:
    """The change of a table that creates such an index."""
    return {
        "AttributeDefinitions": [{"AttributeName": attribute, "AttributeType": "S"}],
        "GlobalSecondaryIndexUpdates": [{"Create": index(name, attribute, **more)}],
    }


def deletion(name: str) -> dict[str, Any]:
    """The change of a table that deletes an index."""
    return {"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": name}}]}
