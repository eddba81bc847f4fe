# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook encrypted_web on real hosts, from an empty account to an empty account."""

from __future__ import annotations

import typing as t
import urllib.request

import pytest
from groundwork_local_cloud.client import LocalCloud
from support.architectures import Architecture
from support.modules import changes

pytestmark = pytest.mark.hosts


@pytest.fixture
def architecture(ssh_key: str) -> Architecture:
    return Architecture("encrypted_web", ssh_key)


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


def test_from_nothing_to_nothing(cloud_with_hosts: LocalCloud, architecture: Architecture) -> None:
    make_bystanders(cloud_with_hosts)

    def verify() -> None:
        assert_all_volumes_encrypted(cloud_with_hosts)
        served = pages(cloud_with_hosts)
        assert len(served) == 3
        heading = '<h1>Hello World from Nuuk! (Internal DNS: <span style="color:red">ip-10-0-'
        assert all(heading in page for page in served)

    architecture.live(cloud_with_hosts, verify)


def test_by_user_data(cloud_with_hosts: LocalCloud, architecture: Architecture) -> None:
    arguments = ("-e", "encrypted_web_variant=user_data", "-e", "encrypted_web_zone_count=1")
    architecture.play(*arguments)
    (page,) = pages(cloud_with_hosts)
    assert "Hello World from Nuuk!" in page
    assert architecture.play(*arguments).changed_tasks == []
    architecture.play("-e", "state=absent")


def test_refuses_what_has_its_name_but_is_somebody_elses(cloud: LocalCloud, architecture: Architecture) -> None:
    vpc = make_vpc(cloud, "encrypted-web")
    seen = len(cloud.calls())
    result = architecture.run()
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
def test_bad_input_changes_nothing(
    cloud: LocalCloud, architecture: Architecture, arguments: list[str], said: str
) -> None:
    result = architecture.run(*arguments)
    assert result.failed == 1
    assert said in " ".join(result.output.split())
    assert changes(cloud.calls()) == []
