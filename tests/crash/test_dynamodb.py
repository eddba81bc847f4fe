# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""dynamodb_table survives every fault at every one of its calls, whatever is under way in the table."""

from __future__ import annotations

import contextlib
import typing as t
from datetime import timedelta

import pytest
from groundwork_local_cloud.client import LocalCloud
from groundwork_local_cloud.cloud import cloud as served
from groundwork_local_cloud.supplement.dynamodb import time_to_live
from support.modules import Result, run_module

from .sweep import KINDS, Flow, Sweep

LIMITS = {"min_capacity": 5, "max_capacity": 10}
BY_COLOUR = {"name": "by-colour", "hash_key_name": "colour"}
BY_SIZE = {"name": "by-size", "hash_key_name": "size"}
ITEM = {"pk": {"S": "1"}, "colour": {"S": "red"}}
PROVISIONED = {"billing_mode": "PROVISIONED", "autoscaling": {"read": LIMITS, "write": LIMITS}}
SETTINGS: dict[str, t.Any] = {
    "stream_view_type": "NEW_IMAGE",
    "point_in_time_recovery": True,
    "ttl_attribute": "expires",
    "deletion_protection": True,
    "tags": {"a": "1"},
}
OTHER_SETTINGS: dict[str, t.Any] = {
    "kms_key_id": "alias/aws/dynamodb",
    "stream_view_type": "OLD_IMAGE",
    "point_in_time_recovery": False,
    "ttl_attribute": "",
    "deletion_protection": False,
    "table_class": "STANDARD_INFREQUENT_ACCESS",
    "tags": {"b": "1"},
}
SCALED = {**PROVISIONED, "global_secondary_indexes": [{**BY_COLOUR, "autoscaling": {"read": LIMITS}}]}
OTHER_INDEXES = [{**BY_COLOUR, "projection_type": "KEYS_ONLY"}, BY_SIZE]

# How long a change of a table is under way, in calls: a run that follows a fault has to find it so.
CALLS_UNDER_WAY = 4
DURATIONS = (
    "table.creating",
    "table.updating",
    "table.deleting",
    "table.starting-backups",
    "table-encryption.updating",
    "table-index.creating",
    "table-index.updating",
    "table-index.deleting",
)


def run(key_arn: str, **options: t.Any) -> Result:
    given = {"name": "Widgets", "hash_key_name": "pk", "kms_key_id": key_arn, **options}
    return run_module("dynamodb_table", **given)


def prepare(cloud: LocalCloud) -> str:
    cloud.realism(durations=dict.fromkeys(DURATIONS, CALLS_UNDER_WAY))
    return str(cloud.client("kms").create_key()["KeyMetadata"]["Arn"])


def prepare_table(**options: t.Any) -> t.Callable[[LocalCloud], str]:
    """A table with an item, as a run with these options makes it."""

    def make(cloud: LocalCloud) -> str:
        key_arn = prepare(cloud)
        made = run(key_arn, **options)
        assert not made.get("failed"), made["msg"]
        if made["table"]["status"] == "ACTIVE":
            cloud.client("dynamodb").put_item(TableName="Widgets", Item=ITEM)
        return key_arn

    return make


def read_tables(cloud: LocalCloud) -> dict[str, t.Any]:
    """Every table with all that belongs to it, its items too."""
    client = cloud.client("dynamodb")
    found = []
    for name in client.list_tables()["TableNames"]:
        with contextlib.suppress(client.exceptions.ResourceNotFoundException):  # reading takes time, and it may go
            found.append(_read_table(client, name))
    return {"Tables": found}


def _read_table(client: t.Any, name: str) -> dict[str, t.Any]:
    table = client.describe_table(TableName=name)["Table"]
    if table["TableStatus"] in ("CREATING", "DELETING"):
        return {"Table": table}
    backups = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    return {
        "Table": table,
        "Tags": client.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"],
        "Recovery": backups["PointInTimeRecoveryDescription"],
        "TimeToLive": client.describe_time_to_live(TableName=name)["TimeToLiveDescription"],
        "Items": client.scan(TableName=name)["Items"],
    }


def read_scaling(cloud: LocalCloud) -> dict[str, t.Any]:
    """What is scaled, and how."""
    client, namespace = cloud.client("application-autoscaling"), {"ServiceNamespace": "dynamodb"}
    targets = client.describe_scalable_targets(**namespace)["ScalableTargets"]
    policies = client.describe_scaling_policies(**namespace)["ScalingPolicies"]
    keys = ("PolicyName", "ResourceId", "TargetTrackingScalingPolicyConfiguration")
    shown = [{key: policy[key] for key in keys} for policy in policies]
    limits = ("ResourceId", "ScalableDimension", "MinCapacity", "MaxCapacity")
    return {"Targets": [{key: target[key] for key in limits} for target in targets], "Policies": shown}


def change(what: str, before: dict[str, t.Any], after: dict[str, t.Any]) -> Flow:
    """A table of one kind becomes one of another."""
    return Flow(
        f"dynamodb_table {what}",
        prepare_table(**before),
        lambda key_arn: run(key_arn, **after),
        (read_tables, read_scaling),
    )


FLOWS = [
    Flow(
        "dynamodb_table created",
        prepare,
        lambda key_arn: run(key_arn, **SETTINGS, **SCALED),
        (read_tables, read_scaling),
    ),
    change("awaited", {"wait": False}, {"tags": {"a": "1"}, "point_in_time_recovery": True}),
    change("with every setting changed", SETTINGS, OTHER_SETTINGS),
    change(
        "with other indexes", {"global_secondary_indexes": [BY_COLOUR]}, {"global_secondary_indexes": OTHER_INDEXES}
    ),
    change("made provisioned", {"global_secondary_indexes": [BY_COLOUR]}, PROVISIONED),
    change("made on-demand", SCALED, {"billing_mode": "PAY_PER_REQUEST"}),
    change("scaled otherwise", SCALED, {"autoscaling": {"read": {**LIMITS, "max_capacity": 20}}}),
    change("deleted", {**SCALED, "deletion_protection": True}, {"state": "absent", "deletion_protection": False}),
    change("deleted while it is being created", {"wait": False}, {"state": "absent"}),
]


@pytest.fixture
def _time_is_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is under way ends after so many calls, so that each sweep is the same; an hour is no time at all."""
    monkeypatch.setattr(served.transitions, "_clock", lambda: sum(served.recorder.counts().values()))
    monkeypatch.setattr(time_to_live, "WINDOW", timedelta(0))


@pytest.mark.usefixtures("_time_is_calls")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_survives(swept: LocalCloud, record_property: t.Any, flow: Flow, kind: str) -> None:
    tally = Sweep(swept, flow, kind).run()
    record_property("crash_sweep", tally.as_row())
    assert not tally.problems, tally.report()
