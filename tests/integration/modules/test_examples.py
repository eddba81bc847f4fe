# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The EXAMPLES of every module run as they stand, and every module is in the action group."""

from __future__ import annotations

import importlib
import json
import typing as t
from pathlib import Path

import pytest
import yaml
from groundwork_local_cloud.client import LocalCloud
from support.playbooks import ROOT, run_playbook

MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("[a-z]*.py"))
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "vpc-flow-logs.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}


@pytest.fixture
def variables(cloud: LocalCloud) -> dict[str, t.Any]:
    """What the examples take for granted: the resources that they name, and variables with the ids of others."""
    ec2, kms = cloud.client("ec2"), cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/storage", TargetKeyId=key["KeyId"])
    cloud.client("s3").create_bucket(Bucket="flow-log-archive")
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc_id, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone="us-east-1a")["Subnet"]["SubnetId"]
        for n in (1, 2)
    ]
    role = cloud.client("iam").create_role(RoleName="flow-logs", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]
    image = cloud.client("ssm").get_parameter(Name="/aws/service/debian/release/12/latest/amd64")["Parameter"]["Value"]
    launch = {"ImageId": image, "InstanceType": "t3.micro", "SubnetId": subnets[0], "MinCount": 1, "MaxCount": 1}
    instance_id = ec2.run_instances(**launch)["Instances"][0]["InstanceId"]
    return {
        "vpc_id": vpc_id,
        "subnet_ids": subnets,
        "flow_log_role_arn": role["Arn"],
        "key_arn": key["Arn"],
        "instance_id": instance_id,
        "found": {"instances": [{"instance_id": instance_id}]},
        **dax_variables(cloud, vpc_id, subnets),
        **fleet_variables(cloud, vpc_id, image),
    }


def dax_variables(cloud: LocalCloud, vpc_id: str, subnet_ids: list[str]) -> dict[str, t.Any]:
    """What the examples of DAX take for granted."""
    dax, trust = cloud.client("dax"), json.dumps(TRUST).replace("vpc-flow-logs", "dax")
    dax.create_subnet_group(SubnetGroupName="existing", SubnetIds=subnet_ids)
    dax.create_parameter_group(ParameterGroupName="existing")
    group = cloud.client("ec2").create_security_group(GroupName="dax", Description="dax", VpcId=vpc_id)
    return {
        "dax_subnet_group": "existing",
        "dax_parameter_group": "existing",
        "dax_role_arn": cloud.client("iam").create_role(RoleName="dax", AssumeRolePolicyDocument=trust)["Role"]["Arn"],
        "security_group_id": group["GroupId"],
    }


def fleet_variables(cloud: LocalCloud, vpc_id: str, image_id: str) -> dict[str, t.Any]:
    """What the examples of stateful_fleet take for granted."""
    ec2 = cloud.client("ec2")
    cidrs = {"us-east-1a": "10.0.32.0/24", "us-east-1b": "10.0.33.0/24", "us-east-1c": "10.0.34.0/24"}
    subnets = [
        ec2.create_subnet(VpcId=vpc_id, CidrBlock=cidr, AvailabilityZone=zone)["Subnet"] for zone, cidr in cidrs.items()
    ]
    return {"zone_subnet_ids": [subnet["SubnetId"] for subnet in subnets], "image_id": image_id}


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str, variables: dict[str, t.Any], tmp_path: Path) -> None:
    module = importlib.import_module(f"ansible_collections.groundwork.aws.plugins.modules.{name}")
    tasks = yaml.safe_load(module.EXAMPLES)
    playbook = tmp_path / "examples.yml"
    playbook.write_text(
        yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "vars": variables, "tasks": tasks}])
    )
    run = run_playbook(playbook)
    assert run.failed == 0, run.output[-2000:]
    assert run.ok == len(tasks)


def test_the_action_group_has_every_module() -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())
    listed = [entry for entry in runtime["action_groups"]["aws"] if isinstance(entry, str)]
    assert listed == MODULES


def test_module_defaults_reach_every_module(cloud: LocalCloud, tmp_path: Path) -> None:
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "module_defaults": {"group/groundwork.aws.aws": {"region": "eu-west-1"}},
        "tasks": [
            {"groundwork.aws.ebs_encryption_default": {}},
            {"groundwork.aws.ec2_volume_encryption_info": {"instance_ids": ["i-0123456789abcdef0"]}},
            {"amazon.aws.ec2_vpc_net_info": {}},
        ],
    }
    playbook = tmp_path / "defaults.yml"
    playbook.write_text(yaml.safe_dump([play]))
    run = run_playbook(playbook)
    assert run.failed == 0, run.output[-2000:]
    assert {call["region"] for call in cloud.calls("ec2")} == {"eu-west-1"}
