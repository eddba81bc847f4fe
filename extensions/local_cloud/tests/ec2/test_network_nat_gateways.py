# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""NAT gateways and the routes to them."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from groundwork_local_cloud.client import LocalCloud
from networking import allocate, attach_gateway, describe_interface, main_route_table, make_subnet, make_vpc
from refusals import refused


def _describe(cloud: LocalCloud, gateway_id: str) -> dict[str, Any]:
    gateways = cloud.client("ec2").describe_nat_gateways(NatGatewayIds=[gateway_id])["NatGateways"]
    found: dict[str, Any] = gateways[0]
    return found


def _create(cloud: LocalCloud, subnet_id: str, **settings: Any) -> str:
    asked = settings or {"AllocationId": allocate(cloud)}
    gateway = cloud.client("ec2").create_nat_gateway(SubnetId=subnet_id, **asked)["NatGateway"]
    assert gateway["State"] == "pending"
    return str(gateway["NatGatewayId"])


@pytest.mark.correction("create-nat-gateway")
def test_address_and_interface_lie_in_the_subnet(cloud: LocalCloud) -> None:
    vpc_id = make_vpc(cloud)
    subnet_id = make_subnet(cloud, vpc_id)
    attach_gateway(cloud, vpc_id)
    allocation = allocate(cloud)
    gateway = _describe(cloud, _create(cloud, subnet_id, AllocationId=allocation))
    assert (gateway["State"], gateway["ConnectivityType"], gateway["VpcId"]) == ("available", "public", vpc_id)
    address = gateway["NatGatewayAddresses"][0]
    assert ipaddress.ip_address(address["PrivateIp"]) in ipaddress.ip_network("10.20.0.0/24")
    interface = describe_interface(cloud, address["NetworkInterfaceId"])
    assert interface["RequesterManaged"] is True
    assert interface["InterfaceType"] == "nat_gateway"
    assert interface["Description"] == f"Interface for NAT Gateway {gateway['NatGatewayId']}"
    assert (interface["PrivateIpAddress"], interface["Status"]) == (address["PrivateIp"], "in-use")
    elastic = cloud.client("ec2").describe_addresses(AllocationIds=[allocation])["Addresses"][0]
    assert elastic["NetworkInterfaceId"] == address["NetworkInterfaceId"]
    assert elastic["PublicIp"] == address["PublicIp"]
    subnet = cloud.client("ec2").describe_subnets(SubnetIds=[subnet_id])["Subnets"][0]
    assert subnet["AvailableIpAddressCount"] == 250


@pytest.mark.correction("create-nat-gateway")
def test_what_is_refused_at_once(cloud: LocalCloud) -> None:
    vpc_id = make_vpc(cloud)
    subnet_id = make_subnet(cloud, vpc_id)
    attach_gateway(cloud, vpc_id)
    ec2 = cloud.client("ec2")
    with refused("InvalidSubnetID.NotFound"):
        ec2.create_nat_gateway(SubnetId="subnet-0123456789abcdef0", AllocationId=allocate(cloud))
    with refused("InvalidElasticIpID.NotFound"):
        ec2.create_nat_gateway(SubnetId=subnet_id, AllocationId="eipalloc-0123456789abcdef0")
    with refused("MissingParameter"):
        ec2.create_nat_gateway(SubnetId=subnet_id)
    with refused("InvalidParameterCombination"):
        ec2.create_nat_gateway(SubnetId=subnet_id, ConnectivityType="private", AllocationId=allocate(cloud))
    for _ in range(5):
        _create(cloud, subnet_id, ConnectivityType="private")
    with refused("NatGatewayLimitExceeded"):
        ec2.create_nat_gateway(SubnetId=subnet_id, ConnectivityType="private")


@pytest.mark.correction("create-nat-gateway")
def test_what_fails_later(cloud: LocalCloud) -> None:
    vpc_id = make_vpc(cloud)
    subnet_id = make_subnet(cloud, vpc_id)
    lonely = _describe(cloud, _create(cloud, subnet_id))
    assert (lonely["State"], lonely["FailureCode"]) == ("failed", "Gateway.NotAttached")
    attach_gateway(cloud, vpc_id)
    taken = allocate(cloud)
    _create(cloud, subnet_id, AllocationId=taken)
    second = _describe(cloud, _create(cloud, subnet_id, AllocationId=taken))
    assert (second["State"], second["FailureCode"]) == ("failed", "Resource.AlreadyAssociated")
    assert taken in second["FailureMessage"]


@pytest.mark.correction("delete-nat-gateway")
@pytest.mark.correction("describe-nat-gateways")
def test_deletion_and_the_blackhole_it_leaves(cloud: LocalCloud) -> None:
    vpc_id = make_vpc(cloud)
    subnet_id = make_subnet(cloud, vpc_id)
    attach_gateway(cloud, vpc_id)
    allocation = allocate(cloud)
    gateway_id = _create(cloud, subnet_id, AllocationId=allocation)
    ec2 = cloud.client("ec2")
    table_id = main_route_table(cloud, vpc_id)
    ec2.create_route(RouteTableId=table_id, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=gateway_id)

    def route_state() -> str:
        routes = ec2.describe_route_tables(RouteTableIds=[table_id])["RouteTables"][0]["Routes"]
        return str(next(route["State"] for route in routes if route.get("NatGatewayId") == gateway_id))

    assert route_state() == "active"
    cloud.realism(durations={"nat-gateway.deleting": 2.0})
    interface_id = _describe(cloud, gateway_id)["NatGatewayAddresses"][0]["NetworkInterfaceId"]
    ec2.delete_nat_gateway(NatGatewayId=gateway_id)
    assert _describe(cloud, gateway_id)["State"] == "deleting"
    assert describe_interface(cloud, interface_id)["Status"] == "in-use"
    ec2.get_waiter("nat_gateway_deleted").wait(NatGatewayIds=[gateway_id], WaiterConfig={"Delay": 1})
    assert route_state() == "blackhole"
    with refused("InvalidNetworkInterfaceID.NotFound"):
        describe_interface(cloud, interface_id)
    assert "AssociationId" not in ec2.describe_addresses(AllocationIds=[allocation])["Addresses"][0]
    ec2.release_address(AllocationId=allocation)
    with refused("NatGatewayNotFound"):
        ec2.delete_nat_gateway(NatGatewayId="nat-0123456789abcdef0")
    with refused("NatGatewayNotFound"):
        ec2.describe_nat_gateways(NatGatewayIds=["nat-0123456789abcdef0"])


def test_tags_and_filters(cloud: LocalCloud) -> None:
    vpc_id = make_vpc(cloud)
    subnet_id = make_subnet(cloud, vpc_id)
    ec2 = cloud.client("ec2")
    gateway = ec2.create_nat_gateway(
        SubnetId=subnet_id,
        ConnectivityType="private",
        TagSpecifications=[{"ResourceType": "natgateway", "Tags": [{"Key": "Name", "Value": "a"}]}],
    )["NatGateway"]
    tags = ec2.describe_tags(Filters=[{"Name": "resource-type", "Values": ["natgateway"]}])["Tags"]
    assert [(tag["ResourceId"], tag["ResourceType"]) for tag in tags] == [(gateway["NatGatewayId"], "natgateway")]
    for name, value in (("tag:Name", "a"), ("vpc-id", vpc_id), ("subnet-id", subnet_id), ("state", "available")):
        found = ec2.describe_nat_gateways(Filter=[{"Name": name, "Values": [value]}])["NatGateways"]
        assert [one["NatGatewayId"] for one in found] == [gateway["NatGatewayId"]], name


def test_client_token(cloud: LocalCloud) -> None:
    subnet_id = make_subnet(cloud, make_vpc(cloud))
    ec2 = cloud.client("ec2")
    asked = {"SubnetId": subnet_id, "ConnectivityType": "private", "ClientToken": "once"}
    first, second = (ec2.create_nat_gateway(**asked)["NatGateway"]["NatGatewayId"] for _ in range(2))
    assert first == second
    with refused("IdempotentParameterMismatch"):
        ec2.create_nat_gateway(**asked | {"ConnectivityType": "public"})
