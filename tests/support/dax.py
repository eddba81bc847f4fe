# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account in which DAX clusters can be made, for the tests of their modules."""

from __future__ import annotations

import dataclasses
import json
import typing as t

from groundwork_local_cloud.client import LocalCloud

from .modules import Result, changes, run_module

ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")


@dataclasses.dataclass
class DaxSetting:
    """A VPC with a subnet in each of three zones, a subnet group of these, a security group and a role."""

    cloud: LocalCloud
    vpc_id: str
    subnet_ids: list[str]
    security_group_id: str
    role_arn: str

    def run(self, **options: t.Any) -> Result:
        """dax_cluster with what a new cluster of three nodes needs."""
        given = {
            "name": "web",
            "node_type": "dax.t3.small",
            "node_count": 3,
            "iam_role_arn": self.role_arn,
            "subnet_group": "web",
            **options,
        }
        return run_module("dax_cluster", **given)

    def cluster(self) -> dict[str, t.Any]:
        """The cluster as AWS shows it."""
        found: dict[str, t.Any] = self.cloud.client("dax").describe_clusters(ClusterNames=["web"])["Clusters"][0]
        return found

    def tags(self) -> dict[str, str]:
        answer = self.cloud.client("dax").list_tags(ResourceName=self.cluster()["ClusterArn"])
        return {tag["Key"]: tag["Value"] for tag in answer["Tags"]}

    def operations_since(self) -> t.Callable[[], list[str]]:
        """Call what is returned for all operations since then."""
        seen = len(self.cloud.calls())
        return lambda: [call["operation"] for call in self.cloud.calls()[seen:]]

    def changes_since(self) -> t.Callable[[], list[str]]:
        """Call what is returned for the operations since then that changed something."""
        seen = len(self.cloud.calls())
        return lambda: changes(self.cloud.calls()[seen:])


def make_setting(cloud: LocalCloud) -> DaxSetting:
    """Make all that a cluster needs."""
    ec2 = cloud.client("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet_ids = [make_subnet(cloud, vpc_id, number) for number in range(len(ZONES))]
    group = ec2.create_security_group(GroupName="dax", Description="dax", VpcId=vpc_id)["GroupId"]
    trust = {"Effect": "Allow", "Principal": {"Service": "dax.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = cloud.client("iam").create_role(RoleName="dax", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    cloud.client("dax").create_subnet_group(SubnetGroupName="web", SubnetIds=subnet_ids)
    return DaxSetting(cloud, vpc_id, subnet_ids, group, role)


def make_subnet(cloud: LocalCloud, vpc_id: str, number: int) -> str:
    """A subnet in the zone of this number, from 0."""
    zone, block = ZONES[number % len(ZONES)], f"10.0.{number}.0/24"
    made = cloud.client("ec2").create_subnet(VpcId=vpc_id, CidrBlock=block, AvailabilityZone=zone)
    return str(made["Subnet"]["SubnetId"])
