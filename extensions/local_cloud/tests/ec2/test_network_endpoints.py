# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VPC endpoints."""

from __future__ import annotations

from typing import Any

import pytest
from groundwork_local_cloud.client import LocalCloud
from networking import describe_interface, main_route_table, make_subnet, make_vpc
from refusals import refused

S3, DYNAMODB, SSM = (f"com.amazonaws.us-east-1.{service}" for service in ("s3", "dynamodb", "ssm"))


def _create(cloud: LocalCloud, vpc_id: str, service: str, **settings: Any) -> dict[str, Any]:
    endpoint = cloud.client("ec2").create_vpc_endpoint(VpcId=vpc_id, ServiceName=service, **settings)
    made: dict[str, Any] = endpoint["VpcEndpoint"]
    return made


def _prefix_routes(cloud: LocalCloud, table_id: str) -> list[dict[str, Any]]:
    table = cloud.client("ec2").describe_route_tables(RouteTableIds=[table_id])["RouteTables"][0]
    return [route for route in table["Routes"] if "DestinationPrefixListId" in route]


@pytest.mark.correction("create-vpc-endpoint")
@pytest.mark.correction("delete-vpc-endpoints")
def test_gateway_endpoint(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    vpc_id = make_vpc(cloud)
    table_id = main_route_table(cloud, vpc_id)
    endpoint = _create(cloud, vpc_id, S3, RouteTableIds=[table_id])
    assert (endpoint["VpcEndpointType"], endpoint["State"]) == ("Gateway", "available")
    assert [route["GatewayId"] for route in _prefix_routes(cloud, table_id)] == [endpoint["VpcEndpointId"]]
    with refused("RouteAlreadyExists"):
        _create(cloud, vpc_id, S3, RouteTableIds=[table_id])
    _create(cloud, vpc_id, DYNAMODB, RouteTableIds=[table_id])
    answer = ec2.delete_vpc_endpoints(VpcEndpointIds=["vpce-0123456789abcdef0", endpoint["VpcEndpointId"]])
    assert [one["ResourceId"] for one in answer["Unsuccessful"]] == ["vpce-0123456789abcdef0"]
    with refused("InvalidVpcEndpointId.NotFound"):
        ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint["VpcEndpointId"]])
    assert len(_prefix_routes(cloud, table_id)) == 1


@pytest.mark.correction("create-vpc-endpoint")
@pytest.mark.correction("delete-vpc-endpoints")
def test_interface_endpoint(cloud: LocalCloud) -> None:
    cloud.realism(durations={"vpc-endpoint.pending": 2.0, "vpc-endpoint.deleting": 2.0})
    ec2 = cloud.client("ec2")
    vpc_id = make_vpc(cloud)
    subnet_id = make_subnet(cloud, vpc_id)
    group_id = ec2.create_security_group(GroupName="endpoints", Description="d", VpcId=vpc_id)["GroupId"]
    settings = {"VpcEndpointType": "Interface", "SubnetIds": [subnet_id], "SecurityGroupIds": [group_id]}
    endpoint = _create(cloud, vpc_id, SSM, **settings)
    assert (endpoint["State"], endpoint["PrivateDnsEnabled"]) == ("pending", True)
    interface = describe_interface(cloud, endpoint["NetworkInterfaceIds"][0])
    assert interface["RequesterManaged"] is True
    assert interface["InterfaceType"] == "vpc_endpoint"
    assert interface["Description"] == f"VPC Endpoint Interface {endpoint['VpcEndpointId']}"
    assert [group["GroupId"] for group in interface["Groups"]] == [group_id]
    with refused("DependencyViolation"):
        ec2.delete_security_group(GroupId=group_id)

    def states() -> list[str]:
        filters = [{"Name": "vpc-id", "Values": [vpc_id]}]
        return [one["State"] for one in ec2.describe_vpc_endpoints(Filters=filters)["VpcEndpoints"]]

    while states() == ["pending"]:
        continue
    assert states() == ["available"]
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint["VpcEndpointId"]])
    assert states() == ["deleting"]
    with refused("DependencyViolation"):
        ec2.delete_subnet(SubnetId=subnet_id)
    while states():
        continue
    ec2.delete_subnet(SubnetId=subnet_id)


@pytest.mark.correction("create-vpc-endpoint")
def test_what_is_refused(cloud: LocalCloud) -> None:
    vpc_id, other_vpc = make_vpc(cloud), make_vpc(cloud, "10.30.0.0/16", dns=False)
    subnet_id = make_subnet(cloud, vpc_id)
    with refused("InvalidServiceName"):
        _create(cloud, vpc_id, "com.amazonaws.us-east-1.no-such-service")
    with refused("InvalidParameter"):
        _create(cloud, vpc_id, SSM, VpcEndpointType="Gateway")
    with refused("InvalidVpcID.NotFound"):
        _create(cloud, "vpc-0123456789abcdef0", S3)
    with refused("InvalidSubnetID.NotFound"):
        _create(cloud, vpc_id, SSM, VpcEndpointType="Interface", SubnetIds=["subnet-0123456789abcdef0"])
    with refused("InvalidParameter"):
        _create(cloud, other_vpc, SSM, VpcEndpointType="Interface", SubnetIds=[subnet_id], PrivateDnsEnabled=False)
    with refused("InvalidParameter"):
        _create(cloud, other_vpc, SSM, VpcEndpointType="Interface")
    _create(cloud, vpc_id, SSM, VpcEndpointType="Interface", SubnetIds=[subnet_id])
    with refused("InvalidParameter"):
        _create(cloud, vpc_id, SSM, VpcEndpointType="Interface", SubnetIds=[subnet_id])
    _create(cloud, vpc_id, SSM, VpcEndpointType="Interface", SubnetIds=[subnet_id], PrivateDnsEnabled=False)


@pytest.mark.correction("modify-vpc-endpoint")
def test_modification(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    vpc_id = make_vpc(cloud)
    first, second = make_subnet(cloud, vpc_id), make_subnet(cloud, vpc_id, "10.20.1.0/24", "us-east-1b")
    endpoint_id = _create(cloud, vpc_id, SSM, VpcEndpointType="Interface", SubnetIds=[first])["VpcEndpointId"]
    ec2.modify_vpc_endpoint(VpcEndpointId=endpoint_id, AddSubnetIds=[second], RemoveSubnetIds=[first])
    endpoint = ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint_id])["VpcEndpoints"][0]
    assert endpoint["SubnetIds"] == [second]
    assert [describe_interface(cloud, one)["SubnetId"] for one in endpoint["NetworkInterfaceIds"]] == [second]
    table_id = main_route_table(cloud, vpc_id)
    gateway_id = _create(cloud, vpc_id, S3)["VpcEndpointId"]
    ec2.modify_vpc_endpoint(VpcEndpointId=gateway_id, AddRouteTableIds=[table_id])
    assert len(_prefix_routes(cloud, table_id)) == 1
    ec2.modify_vpc_endpoint(VpcEndpointId=gateway_id, RemoveRouteTableIds=[table_id])
    assert _prefix_routes(cloud, table_id) == []
