# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a DynamoDB table."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils._core.errors import Refusal
from ansible_collections.groundwork.aws.plugins.module_utils._core.kms import Key
from ansible_collections.groundwork.aws.plugins.module_utils._dynamodb import api
from ansible_collections.groundwork.aws.plugins.module_utils._dynamodb.model import (
    Capacity,
    Decreases,
    Encryption,
    Index,
    KeyPart,
    Limits,
    Recovery,
    Scaled,
    State,
    Table,
    TimeToLive,
)
from ansible_collections.groundwork.aws.plugins.module_utils._dynamodb.plan import plan
from ansible_collections.groundwork.aws.plugins.module_utils._dynamodb.wanted import (
    CapacityWish,
    GlobalIndexWish,
    KeyWish,
    LocalIndexWish,
    Scaling,
    Wanted,
)

NOW = datetime.datetime(2026, 5, 4, 12, 0, tzinfo=datetime.UTC)
KEY_ARN = "arn:aws:kms:us-east-1:123456789012:key/1"
KEY = Key("alias/data", KEY_ARN, "Enabled", "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", "CUSTOMER")
PK = KeyPart("pk", "S", "HASH")
SK = KeyPart("sk", "S", "RANGE")
PROVISIONED = {"billing_mode": "PROVISIONED", "capacity": Capacity(5, 5)}
LIMITS = Limits(5, 10, 70, 0, 0)
READS = "dynamodb:table:ReadCapacityUnits"


def table(**more: t.Any) -> Table:
    values = {"arn": "arn:t", "id": "1", "status": "ACTIVE", "encryption": Encryption(KEY_ARN, "ENABLED"), **more}
    return Table("Widgets", (PK, SK), **values)


def state(existing: Table | None = None, **more: t.Any) -> State:
    return State(existing, NOW, **more)


def wanted(**more: t.Any) -> Wanted:
    return Wanted("Widgets", **more)


def index(name: str = "by-colour", attribute: str = "colour", **more: t.Any) -> Index:
    return Index(name, (KeyPart(attribute, "S", "HASH"),), "ALL", **more)


def wish(name: str = "by-colour", attribute: str = "colour", **more: t.Any) -> GlobalIndexWish:
    return GlobalIndexWish(index(name, attribute), CapacityWish(**more))


def calls(now: State, request: Wanted) -> list[tuple[object, dict[str, t.Any]]]:
    return [(step.call, step.arguments) for step in plan(now, request).steps]


def changes(now: State, request: Wanted) -> list[dict[str, t.Any]]:
    """The arguments of the steps, without the name of the table."""
    steps = [dict(step.arguments) for step in plan(now, request).steps]
    for arguments in steps:
        arguments.pop("TableName", None)
    return steps


def reasons(now: State, request: Wanted) -> str:
    with pytest.raises(Refusal) as refusal:
        plan(now, request)
    return " ".join(refusal.value.problems)


def test_creates_with_everything_in_one_call() -> None:
    request = wanted(
        hash_key=KeyWish("pk", None),
        range_key=KeyWish("sk", "N"),
        billing_mode="PROVISIONED",
        capacity=CapacityWish(2, 3),
        global_indexes=(wish(read=7),),
        local_indexes=(LocalIndexWish("by-age", KeyPart("age", "N", "RANGE"), "INCLUDE", ("a", "b")),),
        kms_key_id="alias/data",
        stream="NEW_IMAGE",
        table_class="STANDARD",
        deletion_protection=True,
        tags={"a": "1"},
    )
    ((call, arguments),) = calls(state(wanted_key=KEY), request)
    assert call is api.create
    assert arguments == {
        "TableName": "Widgets",
        "AttributeDefinitions": [
            {"AttributeName": "age", "AttributeType": "N"},
            {"AttributeName": "colour", "AttributeType": "S"},
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "N"},
        ],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        "BillingMode": "PROVISIONED",
        "ProvisionedThroughput": {"ReadCapacityUnits": 2, "WriteCapacityUnits": 3},
        "SSESpecification": {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY_ARN},
        "GlobalSecondaryIndexes": [
            {
                "IndexName": "by-colour",
                "KeySchema": [{"AttributeName": "colour", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
                "ProvisionedThroughput": {"ReadCapacityUnits": 7, "WriteCapacityUnits": 3},
            }
        ],
        "LocalSecondaryIndexes": [
            {
                "IndexName": "by-age",
                "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "age", "KeyType": "RANGE"}],
                "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["a", "b"]},
            }
        ],
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        "TableClass": "STANDARD",
        "DeletionProtectionEnabled": True,
        "Tags": [{"Key": "a", "Value": "1"}],
    }


def test_what_is_not_set_is_left_as_it_is() -> None:
    existing = table(stream="KEYS_ONLY", deletion_protection=True, global_indexes=(index(),), **PROVISIONED)
    assert calls(state(existing), wanted()) == []


@pytest.mark.parametrize(
    ("now", "request_", "change"),
    [
        ({}, {"deletion_protection": True}, {"DeletionProtectionEnabled": True}),
        ({"deletion_protection": True}, {"deletion_protection": False}, {"DeletionProtectionEnabled": False}),
        ({}, {"table_class": "STANDARD_INFREQUENT_ACCESS"}, {"TableClass": "STANDARD_INFREQUENT_ACCESS"}),
        (
            {},
            {"stream": "NEW_IMAGE"},
            {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}},
        ),
        ({"stream": "NEW_IMAGE"}, {"stream": "OLD_IMAGE"}, {"StreamSpecification": {"StreamEnabled": False}}),
        ({"stream": "NEW_IMAGE"}, {"stream": ""}, {"StreamSpecification": {"StreamEnabled": False}}),
        ({}, {"sse_enabled": False}, {"SSESpecification": {"Enabled": False}}),
        ({"encryption": Encryption()}, {}, {"SSESpecification": {"Enabled": True, "SSEType": "KMS"}}),
        (PROVISIONED, {"billing_mode": "PAY_PER_REQUEST"}, {"BillingMode": "PAY_PER_REQUEST"}),
        (
            PROVISIONED,
            {"capacity": CapacityWish(read=6)},
            {"ProvisionedThroughput": {"ReadCapacityUnits": 6, "WriteCapacityUnits": 5}},
        ),
    ],
)
def test_one_change(now: dict[str, t.Any], request_: dict[str, t.Any], change: dict[str, t.Any]) -> None:
    assert changes(state(table(**now)), wanted(**request_)) == [change]


@pytest.mark.parametrize(
    ("key", "specification"),
    [
        (KEY, None),
        (dataclasses.replace(KEY, arn=f"{KEY_ARN}x"), {"KMSMasterKeyId": f"{KEY_ARN}x"}),
        (Key("alias/aws/dynamodb", "arn:managed", "Enabled", manager="AWS"), {}),
        (Key("alias/aws/dynamodb"), {}),
    ],
    ids=["the same", "another", "the AWS managed one", "the AWS managed one, not made yet"],
)
def test_the_key_that_is_asked_for(key: Key, specification: dict[str, str] | None) -> None:
    request = wanted(kms_key_id=key.asked)
    expected = [] if specification is None else [{"Enabled": True, "SSEType": "KMS", **specification}]
    assert [one["SSESpecification"] for one in changes(state(table(), wanted_key=key), request)] == expected


def test_one_update_at_a_time_and_what_needs_none_beside_it() -> None:
    request = wanted(
        deletion_protection=True, stream="NEW_IMAGE", recovery=True, ttl_attribute="expires", tags={"a": "1"}
    )
    now = state(table(), tags={}, recovery=Recovery(), time_to_live=TimeToLive())
    first = [api.tag, api.update_recovery, api.update]
    assert [call for call, _arguments in calls(now, request)] == first
    done = table(deletion_protection=True, stream="NEW_IMAGE")
    last = state(done, tags={"a": "1"}, recovery=Recovery(True, 35), time_to_live=TimeToLive())
    assert [call for call, _arguments in calls(last, request)] == [api.update_time_to_live]


@pytest.mark.parametrize(
    "busy",
    [
        table(status="CREATING"),
        table(status="UPDATING"),
        table(global_indexes=(index(status="CREATING"),)),
        table(encryption=Encryption(KEY_ARN, "UPDATING")),
    ],
    ids=["creating", "updating", "index", "encryption"],
)
def test_a_busy_table_is_waited_for(busy: Table) -> None:
    waiting = plan(state(busy), wanted(deletion_protection=True))
    assert waiting.steps == ()
    assert len(waiting.waiting_for) == 1
    assert plan(state(busy), wanted(deletion_protection=True, wait=False)).is_done
    assert plan(state(busy), wanted(deletion_protection=True), foresee=True).steps


def test_a_table_that_becomes_provisioned_is_told_all_capacities() -> None:
    existing = table(global_indexes=(index(), index("by-size", "size")))
    request = wanted(billing_mode="PROVISIONED", capacity=CapacityWish(2, 3))
    units = {"ReadCapacityUnits": 2, "WriteCapacityUnits": 3}
    assert changes(state(existing), request) == [
        {
            "BillingMode": "PROVISIONED",
            "ProvisionedThroughput": units,
            "GlobalSecondaryIndexUpdates": [
                {"Update": {"IndexName": "by-colour", "ProvisionedThroughput": units}},
                {"Update": {"IndexName": "by-size", "ProvisionedThroughput": units}},
            ],
        }
    ]


def test_an_index_that_differs_is_deleted_and_made_again() -> None:
    old = dataclasses.replace(index(), projection_type="KEYS_ONLY")
    request = wanted(global_indexes=(wish(),))
    deletion = [{"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "by-colour"}}]}]
    assert changes(state(table(global_indexes=(old,))), request) == deletion
    (creation,) = changes(state(table()), request)
    assert creation["AttributeDefinitions"] == [{"AttributeName": "colour", "AttributeType": "S"}]
    assert creation["GlobalSecondaryIndexUpdates"][0]["Create"]["IndexName"] == "by-colour"
    assert changes(state(table(global_indexes=(index(),))), request) == []


def test_tags_are_set_first_and_removed_when_that_shows() -> None:
    request = wanted(tags={"same": "1", "new": "2"})
    assert calls(state(table(), tags={"same": "1", "old": "1"}), request) == [
        (api.tag, {"ResourceArn": "arn:t", "Tags": [{"Key": "new", "Value": "2"}]})
    ]
    assert calls(state(table(), tags={"same": "1", "new": "2", "old": "1"}), request) == [
        (api.untag, {"ResourceArn": "arn:t", "TagKeys": ["old"]})
    ]
    assert calls(state(table(), tags={"old": "1"}), wanted(tags={}, purge_tags=False)) == []


@pytest.mark.parametrize(
    ("now", "request_", "specification"),
    [
        (Recovery(), {"recovery": True}, {"PointInTimeRecoveryEnabled": True}),
        (Recovery(True, 35), {"recovery": True}, None),
        (Recovery(True, 35), {"recovery": False}, {"PointInTimeRecoveryEnabled": False}),
        (Recovery(), {"recovery": False}, None),
        (
            Recovery(True, 35),
            {"recovery": True, "recovery_days": 7},
            {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 7},
        ),
    ],
)
def test_recovery(now: Recovery, request_: dict[str, t.Any], specification: dict[str, t.Any] | None) -> None:
    expected = [] if specification is None else [{"PointInTimeRecoverySpecification": specification}]
    assert changes(state(table(), recovery=now), wanted(**request_)) == expected


@pytest.mark.parametrize(
    ("now", "attribute", "specification"),
    [
        (TimeToLive(), "expires", {"Enabled": True, "AttributeName": "expires"}),
        (TimeToLive("ENABLING", "expires"), "expires", None),
        (TimeToLive("ENABLED", "expires"), "", {"Enabled": False, "AttributeName": "expires"}),
        (TimeToLive("DISABLING", "expires"), "", None),
    ],
)
def test_time_to_live(now: TimeToLive, attribute: str, specification: dict[str, t.Any] | None) -> None:
    expected = [] if specification is None else [{"TimeToLiveSpecification": specification}]
    assert changes(state(table(), time_to_live=now), wanted(ttl_attribute=attribute)) == expected


def scaled(**more: t.Any) -> Scaled:
    values = {"limits": LIMITS, "policy_name": "a policy of the console", **more}
    return Scaled("table/Widgets", READS, **values)


def test_scaling_is_registered_and_gets_a_policy() -> None:
    request = wanted(capacity=CapacityWish(scaling=Scaling(read=LIMITS)))
    target = {"ServiceNamespace": "dynamodb", "ResourceId": "table/Widgets", "ScalableDimension": READS}
    tracking = {
        "TargetValue": 70.0,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "DynamoDBReadCapacityUtilization"},
        "ScaleInCooldown": 0,
        "ScaleOutCooldown": 0,
    }
    assert calls(state(table(**PROVISIONED), scaled=()), request) == [
        (api.register_target, {**target, "MinCapacity": 5, "MaxCapacity": 10}),
        (
            api.put_policy,
            {
                **target,
                "PolicyName": "DynamoDBReadCapacityUtilization:table/Widgets",
                "PolicyType": "TargetTrackingScaling",
                "TargetTrackingScalingPolicyConfiguration": tracking,
            },
        ),
    ]


def test_a_policy_that_fits_is_not_put_again() -> None:
    request = wanted(capacity=CapacityWish(read=50, scaling=Scaling(read=LIMITS)))
    assert calls(state(table(**PROVISIONED), scaled=(scaled(),)), request) == [], "the capacity is left to the scaling"


def test_other_limits_are_registered_and_leave_the_policy_alone() -> None:
    request = wanted(capacity=CapacityWish(scaling=Scaling(read=dataclasses.replace(LIMITS, max_capacity=20))))
    ((call, arguments),) = calls(state(table(**PROVISIONED), scaled=(scaled(),)), request)
    assert (call, arguments["MaxCapacity"]) == (api.register_target, 20)


def test_a_policy_is_changed_under_the_name_that_it_has() -> None:
    request = wanted(capacity=CapacityWish(scaling=Scaling(read=dataclasses.replace(LIMITS, target_utilization=50))))
    ((call, arguments),) = calls(state(table(**PROVISIONED), scaled=(scaled(),)), request)
    assert (call, arguments["PolicyName"]) == (api.put_policy, "a policy of the console")


@pytest.mark.parametrize(
    ("request_", "then"),
    [
        ({"capacity": CapacityWish(scaling=Scaling())}, []),
        ({"billing_mode": "PAY_PER_REQUEST"}, [api.update]),
        ({"present": False}, [api.delete]),
    ],
    ids=["no longer wanted", "paid by the request", "deleted"],
)
def test_scaling_ends_before_what_it_scales_goes(request_: dict[str, t.Any], then: list[object]) -> None:
    found = calls(state(table(**PROVISIONED), scaled=(scaled(),)), wanted(**request_))
    assert [call for call, _arguments in found] == [api.deregister_target, *then]


def test_scaling_of_an_index_ends_with_it() -> None:
    existing = table(global_indexes=(index(),), **PROVISIONED)
    of_index = dataclasses.replace(scaled(), resource_id="table/Widgets/index/by-colour")
    found = calls(state(existing, scaled=(of_index, scaled())), wanted(global_indexes=()))
    assert [call for call, _arguments in found] == [api.deregister_target, api.update]
    assert found[0][1]["ResourceId"] == "table/Widgets/index/by-colour"


def test_deletes_and_is_content_with_none() -> None:
    assert calls(state(table()), wanted(present=False)) == [(api.delete, {"TableName": "Widgets"})]
    assert plan(state(), wanted(present=False)).is_done
    assert plan(state(table(status="DELETING")), wanted(present=False)).waiting_for
    assert plan(state(table(status="UPDATING")), wanted(present=False)).waiting_for
    lost = table(status="INACCESSIBLE_ENCRYPTION_CREDENTIALS")
    assert plan(state(lost), wanted(present=False)).steps


def test_a_protected_table_is_deleted_only_if_the_user_says_so() -> None:
    protected = state(table(deletion_protection=True))
    assert "deletion_protection=false" in reasons(protected, wanted(present=False))
    assert "deletion_protection=false" in reasons(protected, wanted(present=False, deletion_protection=True))
    taken = wanted(present=False, deletion_protection=False)
    assert changes(protected, taken) == [{"DeletionProtectionEnabled": False}]


def test_every_reason_is_named_at_once() -> None:
    existing = table(local_indexes=(dataclasses.replace(index("by-age", "age"), capacity=Capacity()),))
    said = reasons(
        state(existing, time_to_live=TimeToLive("ENABLED", "expires"), wanted_key=Key("alias/none")),
        wanted(
            hash_key=KeyWish("id", "S"),
            range_key=KeyWish("sk", "N"),
            capacity=CapacityWish(read=1),
            local_indexes=(),
            global_indexes=(GlobalIndexWish(Index("by-age", (KeyPart("pk", "N", "HASH"),), "ALL"), CapacityWish()),),
            ttl_attribute="until",
            kms_key_id="alias/none",
        ),
    )
    for part in (
        "hash_key_name: the table Widgets has pk (S)",
        "range_key_name: the table Widgets has sk (S)",
        "read_capacity: the table Widgets is PAY_PER_REQUEST",
        "local_secondary_indexes: by-age is there",
        "global_secondary_indexes: pk is of the type S",
        "global_secondary_indexes: by-age is the name of a local index",
        "ttl_attribute: time to live follows expires",
        "kms_key_id: there is no KMS key 'alias/none'",
    ):
        assert part in said


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ({}, "a new one needs a partition key"),
        ({"hash_key": KeyWish("pk", None), "billing_mode": "PROVISIONED"}, "read_capacity: billing_mode=PROVISIONED"),
        ({"hash_key": KeyWish("pk", None), "capacity": CapacityWish(1, 1)}, "a new table is PAY_PER_REQUEST"),
        (
            {"hash_key": KeyWish("pk", None), "local_indexes": (LocalIndexWish("abc", SK, "ALL", ()),)},
            "needs a sort key",
        ),
    ],
)
def test_what_a_new_table_lacks(request_: dict[str, t.Any], said: str) -> None:
    assert said in reasons(state(), wanted(**request_))


@pytest.mark.parametrize(
    ("decreases", "refused"),
    [
        (Decreases(4, NOW - datetime.timedelta(minutes=59)), True),
        (Decreases(4, NOW - datetime.timedelta(minutes=60)), False),
        (Decreases(3, NOW - datetime.timedelta(minutes=1)), False),
        (Decreases(), False),
    ],
)
def test_a_decrease_too_many_is_refused(decreases: Decreases, refused: bool) -> None:
    now = state(table(**PROVISIONED, decreases=decreases))
    request = wanted(capacity=CapacityWish(read=4))
    if refused:
        assert "allows the next decrease at 2026-05-04T12:01:00Z" in reasons(now, request)
    else:
        assert len(changes(now, request)) == 1
    assert len(changes(now, wanted(capacity=CapacityWish(read=6)))) == 1, "an increase is always allowed"


@pytest.mark.parametrize(
    ("status", "said"), [("INACCESSIBLE_ENCRYPTION_CREDENTIALS", "enable the key"), ("ARCHIVED", "restored")]
)
def test_a_table_out_of_reach_is_refused(status: str, said: str) -> None:
    assert said in reasons(state(table(status=status)), wanted())


@pytest.mark.parametrize(("status", "attribute"), [("ENABLING", ""), ("DISABLING", "expires")])
def test_time_to_live_is_not_turned_round_on_its_way(status: str, attribute: str) -> None:
    now = state(table(), time_to_live=TimeToLive(status, "expires"))
    assert "takes up to an hour" in reasons(now, wanted(ttl_attribute=attribute))
