# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks for the tests."""

from __future__ import annotations

from typing import Any

from groundwork_local_cloud.client import LocalCloud


def make_vpc(cloud: LocalCloud, cidr: str = "10.20.0.0/16", *, dns: bool = True) -> str:
    ec2 = cloud.client("ec2")
    vpc_id = str(ec2.create_vpc(CidrBlock=cidr)["Vpc"]["VpcId"])
    if dns:
        ec2.modify_vpc_attribute(VpcId=vpc_id, EnableDnsHostnames={"Value": True})
    return vpc_id


def make_subnet(cloud: LocalCloud, vpc_id: str, cidr: str = "10.20.0.0/24", zone: str = "us-east-1a") -> str:
    subnet = cloud.client("ec2").create_subnet(VpcId=vpc_id, CidrBlock=cidr, AvailabilityZone=zone)
    return str(subnet["Subnet"]["SubnetId"])


def attach_gateway(cloud: LocalCloud, vpc_id: str) -> str:
    ec2 = cloud.client("ec2")
    gateway_id = str(ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"])
    ec2.attach_internet_gateway(InternetGatewayId=gateway_id, VpcId=vpc_id)
    return gateway_id


def allocate(cloud: LocalCloud) -> str:
    return str(cloud.client("ec2").allocate_address(Domain="vpc")["AllocationId"])


def main_route_table(cloud: LocalCloud, vpc_id: str) -> str:
    filters = [{"Name": "vpc-id", "Values": [vpc_id]}, {"Name": "association.main", "Values": ["true"]}]
    return str(cloud.client("ec2").describe_route_tables(Filters=filters)["RouteTables"][0]["RouteTableId"])


def describe_interface(cloud: LocalCloud, interface_id: str) -> dict[str, Any]:
    interfaces = cloud.client("ec2").describe_network_interfaces(NetworkInterfaceIds=[interface_id])
    found: dict[str, Any] = interfaces["NetworkInterfaces"][0]
    return found
