# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account that is ready for DAX: a VPC with subnets in three zones, a subnet group and a role."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from groundwork_local_cloud.client import LocalCloud
from networking import make_subnet, make_vpc

ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")


def make_role(cloud: LocalCloud, name: str, service: str = "dax.amazonaws.com") -> str:
    """A role that a service may assume; its ARN."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return str(cloud.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"])


@dataclass(frozen=True)
class DaxAccount:
    """The account. ``subnet_ids`` are in the order of ``ZONES``; the subnet group is ``private``."""

    cloud: LocalCloud
    vpc_id: str
    subnet_ids: tuple[str, ...]
    role_arn: str

    @property
    def client(self) -> Any:
        return self.cloud.client("dax")

    def create(self, name: str = "cache", nodes: int = 3, **settings: Any) -> dict[str, Any]:
        """Create a cluster in the subnet group; the answer."""
        asked = {
            "ClusterName": name,
            "NodeType": "dax.r5.large",
            "ReplicationFactor": nodes,
            "IamRoleArn": self.role_arn,
            "SubnetGroupName": "private",
        }
        cluster: dict[str, Any] = self.client.create_cluster(**asked | settings)["Cluster"]
        return cluster

    def describe(self, name: str = "cache") -> dict[str, Any]:
        found: dict[str, Any] = self.client.describe_clusters(ClusterNames=[name])["Clusters"][0]
        return found

    def zones(self, name: str = "cache") -> dict[str, str]:
        """The zone of each node by its id."""
        return {node["NodeId"]: node["AvailabilityZone"] for node in self.describe(name)["Nodes"]}

    def settle(self, name: str = "cache") -> dict[str, Any]:
        """Wait until the cluster is available again; its description."""
        for _ in range(100):
            cluster = self.describe(name)
            if cluster["Status"] == "available":
                return cluster
            time.sleep(0.05)
        raise AssertionError(f"{name} does not become available")

    def interfaces(self) -> dict[str, dict[str, Any]]:
        """The network interfaces in the VPC by their description."""
        filters = [{"Name": "vpc-id", "Values": [self.vpc_id]}]
        found = self.cloud.client("ec2").describe_network_interfaces(Filters=filters)["NetworkInterfaces"]
        return {interface["Description"]: interface for interface in found}


def prepare(cloud: LocalCloud) -> DaxAccount:
    """Make all that a cluster needs."""
    vpc_id = make_vpc(cloud)
    subnets = tuple(make_subnet(cloud, vpc_id, f"10.20.{number}.0/24", zone) for number, zone in enumerate(ZONES))
    cloud.client("dax").create_subnet_group(SubnetGroupName="private", SubnetIds=list(subnets))
    return DaxAccount(cloud, vpc_id, subnets, make_role(cloud, "dax"))
