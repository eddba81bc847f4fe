# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every call of every service is recorded, without secrets."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError
from groundwork_local_cloud.client import LocalCloud
from groundwork_local_cloud.recorder import redacted


def test_a_call_is_recorded_with_who_asked_what_and_how_it_ended(cloud: LocalCloud) -> None:
    before = datetime.now(UTC)
    ssm = cloud.client("ssm", region="eu-central-1", access_key="AKIAALICE")
    ssm.put_parameter(Name="/size", Value="3", Type="String")
    (call,) = cloud.calls()
    assert call["service"] == "ssm"
    assert call["operation"] == "PutParameter"
    assert call["region"] == "eu-central-1"
    assert call["access_key"] == "AKIAALICE"
    assert call["params"] == {"Name": "/size", "Value": "3", "Type": "String"}
    assert call["actions"] == ["ssm:PutParameter"]
    assert (call["status"], call["error"]) == (200, None)
    assert before <= datetime.fromisoformat(call["time"]) <= datetime.now(UTC)
    assert 0 < call["duration"] < 30


def test_a_refused_call_is_recorded_with_its_error_code(cloud: LocalCloud) -> None:
    with pytest.raises(ClientError):
        cloud.client("ssm").get_parameter(Name="/nothing")
    (call,) = cloud.calls("ssm", "GetParameter")
    assert (call["status"], call["error"]) == (400, "ParameterNotFound")


@pytest.mark.parametrize(
    ("service", "call", "operation", "params"),
    [
        ("s3", lambda client: client.create_bucket(Bucket="pages"), "CreateBucket", {"Bucket": "pages"}),
        ("route53", lambda client: client.get_hosted_zone_count(), "GetHostedZoneCount", {}),
        ("elbv2", lambda client: client.describe_load_balancers(PageSize=5), "DescribeLoadBalancers", {"PageSize": 5}),
        ("elb", lambda client: client.describe_load_balancers(PageSize=5), "DescribeLoadBalancers", {"PageSize": 5}),
        ("efs", lambda client: client.describe_file_systems(MaxItems=7), "DescribeFileSystems", {"MaxItems": 7}),
        ("lambda", lambda client: client.list_functions(MaxItems=8), "ListFunctions", {"MaxItems": 8}),
        ("dynamodb", lambda client: client.list_tables(Limit=9), "ListTables", {"Limit": 9}),
        ("sqs", lambda client: client.list_queues(QueueNamePrefix="q"), "ListQueues", {"QueueNamePrefix": "q"}),
        ("sts", lambda client: client.get_caller_identity(), "GetCallerIdentity", {}),
        ("cloudwatch", lambda client: client.list_metrics(Namespace="n"), "ListMetrics", {"Namespace": "n"}),
    ],
)
def test_services_of_every_protocol_are_identified(cloud: LocalCloud, service, call, operation, params) -> None:  # type: ignore[no-untyped-def]  # parameters of all kinds
    call(cloud.client(service))
    (recorded,) = cloud.calls()
    assert (recorded["service"], recorded["operation"]) == (service, operation)
    assert recorded["params"] == params


def test_an_object_is_recorded_by_its_key_and_length(cloud: LocalCloud) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="pages")
    s3.put_object(Bucket="pages", Key="a folder/page 1.html", Body=b"<h1>hello</h1>")
    (recorded,) = cloud.calls("s3", "PutObject")
    assert recorded["params"]["Key"] == "a folder/page 1.html"
    assert recorded["params"]["Body"] == "(14 bytes)"
    assert s3.get_object(Bucket="pages", Key="a folder/page 1.html")["Body"].read() == b"<h1>hello</h1>"


def test_secrets_are_not_recorded(cloud: LocalCloud) -> None:
    cloud.client("secretsmanager").create_secret(Name="database", SecretString="hunter2")
    cloud.client("ssm").put_parameter(Name="/password", Value="hunter2", Type="SecureString")
    cloud.client("iam").create_user(UserName="alice")
    cloud.client("iam").create_login_profile(UserName="alice", Password="hunter2hunter2")
    calls = cloud.calls()
    assert len(calls) == 4
    assert "hunter2" not in str(calls)


def test_user_data_is_recorded_by_its_length() -> None:
    assert redacted({"UserData": "IyEvYmluL3No", "MaxCount": 1}) == {"UserData": "(12 characters)", "MaxCount": 1}


def test_names_and_references_of_secrets_are_recorded() -> None:
    params = {"SecretId": "database", "KeyName": "operator", "MasterUserPassword": "x", "NextToken": "page2"}
    shown = {"SecretId": "database", "KeyName": "operator", "MasterUserPassword": "(redacted)", "NextToken": "page2"}
    assert redacted(params) == shown


def test_calls_since_a_number_and_counts(cloud: LocalCloud) -> None:
    sts = cloud.client("sts")
    sts.get_caller_identity()
    last = cloud.calls()[-1]["number"]
    sts.get_caller_identity()
    assert [call["number"] for call in cloud.calls(since=last)] == [last + 1]
    assert cloud.control("GET", "/calls")["counts"] == {"sts:GetCallerIdentity": 2}


def test_calls_can_be_forgotten(cloud: LocalCloud) -> None:
    cloud.client("sts").get_caller_identity()
    cloud.control("DELETE", "/calls")
    assert cloud.calls() == []
