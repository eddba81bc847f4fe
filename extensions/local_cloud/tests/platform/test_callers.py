# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls that come from instances: signed with credentials of the cloud's own, and within the policies of their role."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from groundwork_local_cloud.client import LocalCloud
from groundwork_local_cloud.hosts.role_credentials import RoleCredentials
from groundwork_local_cloud.server import Server
from groundwork_local_cloud.settings import ACCOUNT_ID
from moto.sts.models import sts_backends

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
WIDGETS = f"arn:aws:dynamodb:us-east-1:{ACCOUNT_ID}:table/Widgets"
ITEM = {"pk": {"S": "1"}}


class Door:
    """The API as the instances see it. Here it stands on loopback, as networks need root."""

    def __init__(self, endpoint: str, operator: LocalCloud) -> None:
        self.endpoint = endpoint
        self.operator = operator

    def client(self, service: str, credentials: Any, **changes: str) -> Any:
        given = {
            "aws_access_key_id": credentials["AccessKeyId"],
            "aws_secret_access_key": credentials["SecretAccessKey"],
            "aws_session_token": credentials["Token"],
            **changes,
        }
        style = Config(s3={"addressing_style": "path"}, retries={"max_attempts": 0})
        return boto3.client(service, "us-east-1", endpoint_url=self.endpoint, config=style, **given)


@pytest.fixture(scope="module")
def _door() -> Iterator[tuple[str, LocalCloud]]:
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with Server(listen_for_hosts=lambda: listener) as server:
        yield address, LocalCloud(server.endpoint)


@pytest.fixture
def door(_door: tuple[str, LocalCloud]) -> Door:
    """A cloud with a role ``app``, whose one policy is about the table Widgets and one bucket, and two tables."""
    endpoint, operator = _door
    operator.reset()
    operator.client("iam").create_role(RoleName="app", AssumeRolePolicyDocument=json.dumps(TRUST))
    allow(operator, ["dynamodb:PutItem", "dynamodb:BatchGetItem", "dynamodb:TransactWriteItems"], WIDGETS)
    for name in ("Widgets", "Others"):
        operator.client("dynamodb").create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    return Door(endpoint, operator)


def allow(operator: LocalCloud, actions: list[str], resource: str, effect: str = "Allow", name: str = "first") -> None:
    statement = {"Effect": effect, "Action": actions, "Resource": resource}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    operator.client("iam").put_role_policy(RoleName="app", PolicyName=name, PolicyDocument=document)


@pytest.fixture
def credentials(door: Door) -> Any:
    """What the instance metadata gives to an instance of the role."""
    return RoleCredentials()("app")


def code_of(call: Any, **arguments: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    response = caught.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def test_a_call_within_the_policies_is_carried_out_and_recorded(door: Door, credentials: Any) -> None:
    door.client("dynamodb", credentials).put_item(TableName="Widgets", Item=ITEM)
    assert door.operator.client("dynamodb").get_item(TableName="Widgets", Key=ITEM)["Item"] == ITEM
    put = [call for call in door.operator.calls() if call["operation"] == "PutItem"]
    assert [call["access_key"] for call in put] == [credentials["AccessKeyId"]]


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("put_item", {"TableName": "Others", "Item": ITEM}),
        ("get_item", {"TableName": "Widgets", "Key": ITEM}),
        ("batch_get_item", {"RequestItems": {"Widgets": {"Keys": [ITEM]}, "Others": {"Keys": [ITEM]}}}),
        ("transact_write_items", {"TransactItems": [{"Put": {"TableName": "Others", "Item": ITEM}}]}),
    ],
)
def test_another_table_or_action_is_refused(
    door: Door, credentials: Any, operation: str, arguments: dict[str, Any]
) -> None:
    call = getattr(door.client("dynamodb", credentials), operation)
    assert code_of(call, **arguments) == ("AccessDeniedException", 400)


def test_a_denial_is_stronger_than_a_permission(door: Door, credentials: Any) -> None:
    allow(door.operator, ["dynamodb:Put*"], "*", effect="Deny", name="second")
    put = door.client("dynamodb", credentials).put_item
    assert code_of(put, TableName="Widgets", Item=ITEM) == ("AccessDeniedException", 400)


def test_managed_policies_count(door: Door, credentials: Any) -> None:
    policy = "arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess"
    door.operator.client("iam").attach_role_policy(RoleName="app", PolicyArn=policy)
    assert door.client("dynamodb", credentials).get_item(TableName="Others", Key=ITEM)


def test_an_object_of_s3_is_read_with_its_own_signature(door: Door, credentials: Any) -> None:
    operator = door.operator.client("s3")
    operator.create_bucket(Bucket="releases")
    for key in ("app/widgets 1.zip", "other"):
        operator.put_object(Bucket="releases", Key=key, Body=b"archive")
    allow(door.operator, ["s3:GetObject"], "arn:aws:s3:::releases/app/*", name="second")
    client = door.client("s3", credentials)
    assert client.get_object(Bucket="releases", Key="app/widgets 1.zip")["Body"].read() == b"archive"
    assert code_of(client.get_object, Bucket="releases", Key="other") == ("AccessDenied", 403)


def test_everybody_may_ask_who_he_is(door: Door, credentials: Any) -> None:
    arn = door.client("sts", credentials).get_caller_identity()["Arn"]
    assert arn == f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/app/instance-profile"


FORGED = {"dynamodb": ("InvalidSignatureException", 400), "sts": ("SignatureDoesNotMatch", 403)} | {
    "s3": ("SignatureDoesNotMatch", 403),
    "ec2": ("AuthFailure", 401),
    "lambda": ("InvalidSignatureException", 403),
}
UNKNOWN = {"dynamodb": ("UnrecognizedClientException", 400), "sts": ("InvalidClientTokenId", 403)} | {
    "s3": ("InvalidAccessKeyId", 403),
    "ec2": ("AuthFailure", 401),
    "lambda": ("UnrecognizedClientException", 403),
}
CALLS = {
    "dynamodb": "list_tables",
    "sts": "get_caller_identity",
    "s3": "list_buckets",
    "ec2": "describe_vpcs",
    "lambda": "list_functions",
}


@pytest.mark.parametrize("service", FORGED)
def test_a_wrong_secret_is_told_by_the_signature(door: Door, credentials: Any, service: str) -> None:
    client = door.client(service, credentials, aws_secret_access_key="guessed")
    assert code_of(getattr(client, CALLS[service])) == FORGED[service]


@pytest.mark.parametrize("change", [{"aws_access_key_id": "ASIAUNKNOWN"}, {"aws_session_token": "another"}])
@pytest.mark.parametrize("service", UNKNOWN)
def test_an_unknown_key_or_token_is_refused(door: Door, credentials: Any, service: str, change: dict[str, str]) -> None:
    assert code_of(getattr(door.client(service, credentials, **change), CALLS[service])) == UNKNOWN[service]


def test_credentials_expire(door: Door, credentials: Any) -> None:
    role = sts_backends[ACCOUNT_ID]["aws"].get_assumed_role_from_access_key(credentials["AccessKeyId"])
    assert role is not None
    role.expiration -= timedelta(days=1)
    assert code_of(door.client("dynamodb", credentials).list_tables) == ("ExpiredTokenException", 400)


def test_the_operators_free_credentials_are_worth_nothing_here(door: Door) -> None:
    client = boto3.client(
        "dynamodb",
        "us-east-1",
        endpoint_url=door.endpoint,
        aws_access_key_id="local-access-key",
        aws_secret_access_key="local-secret-key",
    )
    assert code_of(client.list_tables) == ("UnrecognizedClientException", 400)


def ask(door: Door, path: str, headers: dict[str, str] | None = None, body: bytes | None = None) -> tuple[int, str]:
    connection = http.client.HTTPConnection(door.endpoint.removeprefix("http://"))
    with contextlib.closing(connection):
        connection.request("GET" if body is None else "POST", path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def test_an_unsigned_call_is_refused(door: Door) -> None:
    """A call that names no service in its signature goes to S3."""
    status, answer = ask(door, "/", {"X-Amz-Target": "DynamoDB_20120810.ListTables"}, b"{}")
    assert (status, "<Code>AccessDenied</Code>" in answer) == (403, True)


def test_a_signature_is_good_for_one_body_only(door: Door, credentials: Any) -> None:
    client = door.client("dynamodb", credentials)
    sent: list[Any] = []
    client.meta.events.register("before-send.dynamodb.PutItem", lambda request, **_: sent.append(request))
    client.put_item(TableName="Widgets", Item=ITEM)
    headers = {name: value if isinstance(value, str) else value.decode() for name, value in sent[0].headers.items()}
    assert ask(door, "/", headers, sent[0].body)[0] == 200
    status, answer = ask(door, "/", headers, sent[0].body.replace(b'"1"', b'"2"'))
    assert (status, json.loads(answer)["__type"]) == (400, "InvalidSignatureException")


@pytest.mark.parametrize("path", ["/_local_cloud/status", "/_local_cloud", "/moto-api/reset", "/moto-api/data.json"])
def test_the_control_apis_are_not_there(door: Door, path: str) -> None:
    assert ask(door, path)[0] == 404
    assert ask(door, path, body=b"{}")[0] == 404
    assert sorted(door.operator.client("dynamodb").list_tables()["TableNames"]) == ["Others", "Widgets"]
