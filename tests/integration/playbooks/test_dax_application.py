# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook dax_application on real hosts, with the sample application on a real .NET runtime."""

from __future__ import annotations

import http.client
import json

import pytest
from groundwork_local_cloud.client import LocalCloud
from support.architectures import Architecture
from support.dotnet import build_sample_application
from support.modules import changes


@pytest.fixture
def architecture(ssh_key: str) -> Architecture:
    return Architecture("dax_application", ssh_key)


def addresses(cloud: LocalCloud) -> list[str]:
    running = [{"Name": "instance-state-name", "Values": ["running"]}]
    reservations = cloud.client("ec2").describe_instances(Filters=running)["Reservations"]
    return [instance["PublicIpAddress"] for reservation in reservations for instance in reservation["Instances"]]


def ask(address: str, path: str, body: str | None = None) -> dict[str, str]:
    """GET, or with ``body`` PUT, through httpd and the application."""
    connection = http.client.HTTPConnection(address, timeout=10)
    connection.request("GET" if body is None else "PUT", path, body)
    answer = connection.getresponse()
    said = answer.read().decode()
    assert answer.status == 200, said
    return dict(json.loads(said))


def assert_application_works(cloud: LocalCloud) -> None:
    """What one instance writes every other reads, and it is in the table."""
    first, *others = addresses(cloud)
    assert len(others) == 2
    ask(first, "/widgets/blue/1", "round")
    assert [ask(other, "/widgets/blue/1")["data"] for other in others] == ["round", "round"]
    (item,) = cloud.client("dynamodb").scan(TableName="Widgets")["Items"]
    assert item["data"] == {"S": "round"}


def assert_application_may_do_no_more(cloud: LocalCloud) -> None:
    """Its role lets it use this table, its cluster and its key."""
    role = {"RoleName": "dax-application-instances-us-east-1", "PolicyName": "items"}
    statements = cloud.client("iam").get_role_policy(**role)["PolicyDocument"]["Statement"]
    table = cloud.client("dynamodb").describe_table(TableName="Widgets")["Table"]["TableArn"]
    cluster = cloud.client("dax").describe_clusters(ClusterNames=["dax-application"])["Clusters"][0]["ClusterArn"]
    key = cloud.client("kms").describe_key(KeyId="alias/dax-application")["KeyMetadata"]["Arn"]
    assert [statement["Resource"] for statement in statements] == [cluster, [table, f"{table}/index/*"], key]


def make_bystanders(cloud: LocalCloud) -> None:
    """Things of somebody else that have to outlive the playbook."""
    cloud.client("dynamodb").create_table(
        TableName="Gadgets",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    cloud.client("dax").create_parameter_group(ParameterGroupName="gadgets", Description="gadgets")


@pytest.mark.hosts
def test_from_nothing_to_nothing(cloud_with_hosts: LocalCloud, architecture: Architecture) -> None:
    make_bystanders(cloud_with_hosts)

    def verify() -> None:
        assert_application_works(cloud_with_hosts)
        assert_application_may_do_no_more(cloud_with_hosts)

    architecture.live(cloud_with_hosts, verify, *build_sample_application())


def test_bad_input_changes_nothing(cloud: LocalCloud, architecture: Architecture) -> None:
    result = architecture.run("-e", json.dumps({"dax_application_stack": "a-name-that-is-too-long-for-dax"}))
    assert result.failed == 1
    said = " ".join(result.output.split())
    assert "present needs dotnet_app_archive and dotnet_app_entry" in said
    assert "it is a-name-that-is-too-long-for-dax" in said
    assert changes(cloud.calls()) == []
