# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a network cannot be deleted or detached while something depends on it."""

from __future__ import annotations

import pytest
from groundwork_local_cloud.client import LocalCloud
from launching import launch
from networking import attach_gateway, main_route_table, make_subnet, make_vpc
from refusals import refused


@pytest.mark.correction("delete-subnet")
def test_subnet_with_an_interface(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    vpc_id = make_vpc(cloud)
    subnet_id = make_subnet(cloud, vpc_id)
    table_id = ec2.create_route_table(VpcId=vpc_id)["RouteTable"]["RouteTableId"]
    ec2.associate_route_table(RouteTableId=table_id, SubnetId=subnet_id)
    interface = ec2.create_network_interface(SubnetId=subnet_id)["NetworkInterface"]["NetworkInterfaceId"]
    with refused("DependencyViolation"):
        ec2.delete_subnet(SubnetId=subnet_id)
    ec2.delete_network_interface(NetworkInterfaceId=interface)
    ec2.delete_subnet(SubnetId=subnet_id)
    assert ec2.describe_route_tables(RouteTableIds=[table_id])["RouteTables"][0]["Associations"] == []
    acls = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])["NetworkAcls"]
    assert acls[0]["Associations"] == []
    ec2.delete_route_table(RouteTableId=table_id)
    ec2.delete_vpc(VpcId=vpc_id)
    with refused("InvalidVpcID.NotFound"):
        ec2.describe_vpcs(VpcIds=[vpc_id])


@pytest.mark.correction("delete-vpc")
def test_vpc_with_content(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    vpc_id = make_vpc(cloud)
    gateway_id = attach_gateway(cloud, vpc_id)
    with refused("DependencyViolation"):
        ec2.delete_vpc(VpcId=vpc_id)
    ec2.detach_internet_gateway(InternetGatewayId=gateway_id, VpcId=vpc_id)
    group_id = ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc_id)["GroupId"]
    with refused("DependencyViolation"):
        ec2.delete_vpc(VpcId=vpc_id)
    ec2.delete_security_group(GroupId=group_id)
    acl_id = ec2.create_network_acl(VpcId=vpc_id)["NetworkAcl"]["NetworkAclId"]
    with refused("DependencyViolation"):
        ec2.delete_vpc(VpcId=vpc_id)
    ec2.delete_network_acl(NetworkAclId=acl_id)
    ec2.delete_vpc(VpcId=vpc_id)
    assert ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])["NetworkAcls"] == []


@pytest.mark.correction("attach-internet-gateway")
@pytest.mark.correction("detach-internet-gateway")
def test_internet_gateway(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    vpc_id, other_vpc = make_vpc(cloud), make_vpc(cloud, "10.30.0.0/16")
    gateway_id = attach_gateway(cloud, vpc_id)
    with refused("Resource.AlreadyAssociated"):
        ec2.attach_internet_gateway(InternetGatewayId=gateway_id, VpcId=other_vpc)
    second = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    with refused("InvalidParameterValue"):
        ec2.attach_internet_gateway(InternetGatewayId=second, VpcId=vpc_id)
    subnet_id = make_subnet(cloud, vpc_id)
    public = [{"DeviceIndex": 0, "SubnetId": subnet_id, "AssociatePublicIpAddress": True}]
    instance_id = launch(cloud, NetworkInterfaces=public)
    with refused("DependencyViolation"):
        ec2.detach_internet_gateway(InternetGatewayId=gateway_id, VpcId=vpc_id)
    ec2.terminate_instances(InstanceIds=[instance_id])
    ec2.get_waiter("instance_terminated").wait(InstanceIds=[instance_id], WaiterConfig={"Delay": 1})
    with refused("DependencyViolation"):
        ec2.delete_internet_gateway(InternetGatewayId=gateway_id)
    ec2.detach_internet_gateway(InternetGatewayId=gateway_id, VpcId=vpc_id)
    ec2.delete_internet_gateway(InternetGatewayId=gateway_id)


@pytest.mark.correction("delete-route-table")
@pytest.mark.correction("associate-route-table")
@pytest.mark.correction("disassociate-route-table")
def test_route_tables(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    vpc_id = make_vpc(cloud)
    main_id = main_route_table(cloud, vpc_id)
    with refused("DependencyViolation"):
        ec2.delete_route_table(RouteTableId=main_id)
    association = ec2.describe_route_tables(RouteTableIds=[main_id])["RouteTables"][0]["Associations"][0]
    with refused("InvalidParameterValue"):
        ec2.disassociate_route_table(AssociationId=association["RouteTableAssociationId"])
    first, second = (ec2.create_route_table(VpcId=vpc_id)["RouteTable"]["RouteTableId"] for _ in range(2))
    subnet_id = make_subnet(cloud, vpc_id)
    made = ec2.associate_route_table(RouteTableId=first, SubnetId=subnet_id)["AssociationId"]
    assert ec2.associate_route_table(RouteTableId=first, SubnetId=subnet_id)["AssociationId"] == made
    with refused("Resource.AlreadyAssociated"):
        ec2.associate_route_table(RouteTableId=second, SubnetId=subnet_id)
    with refused("DependencyViolation"):
        ec2.delete_route_table(RouteTableId=first)
    other = make_subnet(cloud, make_vpc(cloud, "10.30.0.0/16"), "10.30.0.0/24")
    with refused("InvalidParameterValue"):
        ec2.associate_route_table(RouteTableId=first, SubnetId=other)


@pytest.mark.correction("delete-network-acl")
@pytest.mark.correction("replace-network-acl-association")
def test_network_acls(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    vpc_id = make_vpc(cloud)
    make_subnet(cloud, vpc_id)
    default = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])["NetworkAcls"][0]
    assert default["IsDefault"] is True
    with refused("InvalidParameterValue"):
        ec2.delete_network_acl(NetworkAclId=default["NetworkAclId"])
    acl_id = ec2.create_network_acl(VpcId=vpc_id)["NetworkAcl"]["NetworkAclId"]
    association = default["Associations"][0]["NetworkAclAssociationId"]
    with refused("InvalidNetworkAclID.NotFound"):
        ec2.replace_network_acl_association(AssociationId=association, NetworkAclId="acl-0123456789abcdef0")
    with refused("InvalidAssociationID.NotFound"):
        ec2.replace_network_acl_association(AssociationId="aclassoc-0123456789abcdef0", NetworkAclId=acl_id)
    ec2.replace_network_acl_association(AssociationId=association, NetworkAclId=acl_id)
    with refused("DependencyViolation"):
        ec2.delete_network_acl(NetworkAclId=acl_id)


@pytest.mark.correction("route-targets")
def test_route_targets(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    vpc_id = make_vpc(cloud)
    table_id = main_route_table(cloud, vpc_id)
    stranger = attach_gateway(cloud, make_vpc(cloud, "10.30.0.0/16"))
    gateway_id = attach_gateway(cloud, vpc_id)
    everywhere = {"RouteTableId": table_id, "DestinationCidrBlock": "0.0.0.0/0"}
    with refused("MissingParameter"):
        ec2.create_route(**everywhere)
    with refused("InvalidNatGatewayID.NotFound"):
        ec2.create_route(**everywhere, NatGatewayId="nat-0123456789abcdef0")
    with refused("InvalidInternetGatewayID.NotFound"):
        ec2.create_route(**everywhere, GatewayId="igw-0123456789abcdef0")
    with refused("InvalidParameterValue"):
        ec2.create_route(**everywhere, GatewayId=stranger)
    with refused("InvalidParameterCombination"):
        ec2.create_route(**everywhere, GatewayId=gateway_id, NatGatewayId="nat-0123456789abcdef0")
    ec2.create_route(**everywhere, GatewayId=gateway_id)
    with refused("RouteAlreadyExists"):
        ec2.create_route(**everywhere, GatewayId=gateway_id)
    ec2.detach_internet_gateway(InternetGatewayId=gateway_id, VpcId=vpc_id)
    routes = ec2.describe_route_tables(RouteTableIds=[table_id])["RouteTables"][0]["Routes"]
    assert {route["DestinationCidrBlock"]: route["State"] for route in routes} == {
        "10.20.0.0/16": "active",
        "0.0.0.0/0": "blackhole",
    }


def test_overlapping_subnets(cloud: LocalCloud) -> None:
    vpc_id = make_vpc(cloud)
    make_subnet(cloud, vpc_id, "10.20.0.0/20")
    with refused("InvalidSubnet.Conflict"):
        make_subnet(cloud, vpc_id, "10.20.1.0/24")


@pytest.mark.correction("describe-availability-zones")
def test_zones(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    zone = ec2.describe_availability_zones(ZoneNames=["us-east-1a"])["AvailabilityZones"][0]
    assert zone["OptInStatus"] == "opt-in-not-required"
    assert (zone["GroupName"], zone["NetworkBorderGroup"]) == ("us-east-1-zg-1", "us-east-1")
    names = ec2.describe_availability_zones(Filters=[{"Name": "zone-name", "Values": ["us-east-1b"]}])
    assert [one["ZoneName"] for one in names["AvailabilityZones"]] == ["us-east-1b"]
    with refused("InvalidParameterValue"):
        ec2.describe_availability_zones(ZoneNames=["us-east-1z"])
