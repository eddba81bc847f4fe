# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook encrypted_web on real hosts, from an empty account to an empty account."""

from __future__ import annotations

import subprocess
import typing as t
import urllib.request
from pathlib import Path

import pytest
from groundwork_local_cloud.client import LocalCloud
from support.account import take_inventory
from support.modules import changes
from support.playbooks import ROOT, Run, run_playbook

pytestmark = pytest.mark.hosts

INVENTORY = str(ROOT / "inventories" / "local")


@pytest.fixture
def ssh_key(tmp_path: Path) -> str:
    path = tmp_path / "id_ed25519"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
    return str(path)


@pytest.fixture
def play(ssh_key: str) -> t.Callable[..., Run]:
    """Run the playbook with further arguments."""

    def run(*arguments: str) -> Run:
        result = run_playbook(
            "groundwork.aws.encrypted_web", "-i", INVENTORY, "--diff", *arguments, GROUNDWORK_SSH_KEY=ssh_key
        )
        assert result.failed == 0, result.output[-4000:]
        return result

    return run


def make_vpc(cloud: LocalCloud, name: str) -> dict[str, t.Any]:
    tags = [{"ResourceType": "vpc", "Tags": [{"Key": "Name", "Value": name}]}]
    vpc: dict[str, t.Any] = cloud.client("ec2").create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=tags)["Vpc"]
    return vpc


def make_bystanders(cloud: LocalCloud) -> None:
    """Things of somebody else that have to outlive the playbook."""
    ec2 = cloud.client("ec2")
    vpc = make_vpc(cloud, "somebody-else")
    ec2.create_subnet(VpcId=vpc["VpcId"], CidrBlock="10.0.0.0/24")
    ec2.create_security_group(GroupName="other", Description="other", VpcId=vpc["VpcId"])
    ec2.create_key_pair(KeyName="other")
    ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)
    cloud.client("kms").create_alias(
        AliasName="alias/other", TargetKeyId=cloud.client("kms").create_key()["KeyMetadata"]["KeyId"]
    )


def pages(cloud: LocalCloud) -> list[str]:
    """The page of every running instance, as a browser gets it."""
    running = [{"Name": "instance-state-name", "Values": ["running"]}]
    reservations = cloud.client("ec2").describe_instances(Filters=running)["Reservations"]
    addresses = [i["PublicIpAddress"] for reservation in reservations for i in reservation["Instances"]]
    return [urllib.request.urlopen(f"http://{address}/", timeout=5).read().decode() for address in addresses]


def assert_all_volumes_encrypted(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    key = cloud.client("kms").describe_key(KeyId="alias/encrypted-web")["KeyMetadata"]["Arn"]
    attached = ec2.describe_volumes(Filters=[{"Name": "attachment.status", "Values": ["attached"]}])["Volumes"]
    assert len(attached) == 3
    assert {(volume["Encrypted"], volume["KmsKeyId"]) for volume in attached} == {(True, key)}


def test_from_nothing_to_nothing(cloud_with_hosts: LocalCloud, play: t.Callable[..., Run]) -> None:
    cloud = cloud_with_hosts
    make_bystanders(cloud)
    before = take_inventory(cloud)

    def changes_of(*arguments: str) -> tuple[Run, list[str]]:
        seen = len(cloud.calls())
        return play(*arguments), changes(cloud.calls()[seen:])

    checked, made = changes_of("--check")
    assert checked.changed > 0
    assert made == [], "check mode on an empty account changes nothing"

    play()
    assert_all_volumes_encrypted(cloud)
    served = pages(cloud)
    assert len(served) == 3
    assert all('<h1>Hello World from Nuuk! (Internal DNS: <span style="color:red">ip-10-0-' in page for page in served)

    second, made = changes_of()
    assert second.changed_tasks == []
    assert made == []

    checked, made = changes_of("--check")
    assert checked.changed_tasks == []
    assert made == []

    checked, made = changes_of("--check", "-e", "state=absent")
    assert checked.changed > 0
    assert made == []

    play("-e", "state=absent")
    assert take_inventory(cloud) == before

    again, made = changes_of("-e", "state=absent")
    assert again.changed_tasks == []
    assert made == []


def test_by_user_data(cloud_with_hosts: LocalCloud, play: t.Callable[..., Run]) -> None:
    arguments = ("-e", "encrypted_web_variant=user_data", "-e", "encrypted_web_zone_count=1")
    play(*arguments)
    (page,) = pages(cloud_with_hosts)
    assert "Hello World from Nuuk!" in page
    assert play(*arguments).changed_tasks == []
    play("-e", "state=absent")


def test_refuses_what_has_its_name_but_is_somebody_elses(cloud: LocalCloud, ssh_key: str) -> None:
    vpc = make_vpc(cloud, "encrypted-web")
    seen = len(cloud.calls())
    result = run_playbook("groundwork.aws.encrypted_web", "-i", INVENTORY, GROUNDWORK_SSH_KEY=ssh_key)
    assert result.failed == 1
    assert f"{vpc['VpcId']} is named encrypted-web but is not tagged" in result.output
    assert changes(cloud.calls()[seen:]) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-e", "state=gone"], "state has to be present or absent (it is gone)"),
        (["-e", "encrypted_web_variant=magic"], "encrypted_web_variant role or user_data"),
    ],
)
def test_bad_input_changes_nothing(cloud: LocalCloud, ssh_key: str, arguments: list[str], said: str) -> None:
    result = run_playbook("groundwork.aws.encrypted_web", "-i", INVENTORY, *arguments, GROUNDWORK_SSH_KEY=ssh_key)
    assert result.failed == 1
    assert said in " ".join(result.output.split())
    assert changes(cloud.calls()) == []
