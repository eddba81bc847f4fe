# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The default VPC."""

from __future__ import annotations

from typing import Any

import pytest
from groundwork_local_cloud.client import LocalCloud


def default_route(ec2: Any, vpc: str) -> str:
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
    routes = [route for table in tables for route in table["Routes"]]
    return str(next(route["GatewayId"] for route in routes if route["DestinationCidrBlock"] == "0.0.0.0/0"))


@pytest.mark.correction("default-vpc-internet-gateway")
def test_it_has_an_internet_gateway(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    (vpc,) = ec2.describe_vpcs()["Vpcs"]
    gateway = default_route(ec2, vpc["VpcId"])
    (attached,) = ec2.describe_internet_gateways(InternetGatewayIds=[gateway])["InternetGateways"][0]["Attachments"]
    assert attached["VpcId"] == vpc["VpcId"]


def test_so_has_a_new_one(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    (old,) = ec2.describe_vpcs()["Vpcs"]
    gateway = default_route(ec2, old["VpcId"])
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=old["VpcId"])
    for subnet in ec2.describe_subnets()["Subnets"]:
        ec2.delete_subnet(SubnetId=subnet["SubnetId"])
    ec2.delete_vpc(VpcId=old["VpcId"])
    new = ec2.create_default_vpc()["Vpc"]["VpcId"]
    assert default_route(ec2, new) != gateway
