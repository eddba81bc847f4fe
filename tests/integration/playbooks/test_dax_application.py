# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook dax_application on real hosts, with the sample application on a real .NET runtime."""

from __future__ import annotations

import http.client
import json
import subprocess
import typing as t
from pathlib import Path

import pytest
from groundwork_local_cloud.client import ACCESS_KEY, LocalCloud
from support.account import take_inventory
from support.dotnet import build_sample_application
from support.modules import changes
from support.playbooks import ROOT, Run, run_playbook

INVENTORY = str(ROOT / "inventories" / "local")
Play = t.Callable[..., Run]


@pytest.fixture
def ssh_key(tmp_path: Path) -> str:
    path = tmp_path / "id_ed25519"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
    return str(path)


@pytest.fixture
def play(ssh_key: str) -> Play:
    """Run the playbook with further arguments."""

    def run(*arguments: str) -> Run:
        result = run_playbook(
            "groundwork.aws.dax_application", "-i", INVENTORY, "--diff", *arguments, GROUNDWORK_SSH_KEY=ssh_key
        )
        assert result.failed == 0, result.output[-4000:]
        return result

    return run


def own_changes(cloud: LocalCloud, seen: int) -> list[str]:
    """The operations of the playbook since call ``seen`` that are not reads; not those of the application."""
    return changes(call for call in cloud.calls()[seen:] if call["access_key"] == ACCESS_KEY)


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
def test_from_nothing_to_nothing(cloud_with_hosts: LocalCloud, play: Play) -> None:
    cloud, application = cloud_with_hosts, build_sample_application()
    make_bystanders(cloud)
    before = take_inventory(cloud)

    def changes_of(*arguments: str) -> tuple[Run, list[str]]:
        seen = len(cloud.calls())
        return play(*arguments), own_changes(cloud, seen)

    checked, made = changes_of(*application, "--check")
    assert checked.changed > 0
    assert made == [], "check mode on an empty account changes nothing"

    play(*application)
    assert_application_works(cloud)
    assert_application_may_do_no_more(cloud)

    second, made = changes_of(*application)
    assert second.changed_tasks == []
    assert made == []

    checked, made = changes_of(*application, "--check")
    assert checked.changed_tasks == []
    assert made == []

    checked, made = changes_of("--check", "-e", "state=absent")
    assert checked.changed > 0
    assert made == []

    play("-e", "state=absent")
    assert take_inventory(cloud) == before


def test_bad_input_changes_nothing(cloud: LocalCloud, ssh_key: str) -> None:
    arguments = ("-e", json.dumps({"dax_application_stack": "a-name-that-is-too-long-for-dax"}))
    result = run_playbook("groundwork.aws.dax_application", "-i", INVENTORY, *arguments, GROUNDWORK_SSH_KEY=ssh_key)
    assert result.failed == 1
    said = " ".join(result.output.split())
    assert "present needs dotnet_app_archive and dotnet_app_entry" in said
    assert "it is a-name-that-is-too-long-for-dax" in said
    assert changes(cloud.calls()) == []
