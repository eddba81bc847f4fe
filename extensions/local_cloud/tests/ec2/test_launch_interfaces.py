# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Network interfaces of a launch."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from groundwork_local_cloud.client import LocalCloud
from launching import default_subnet, describe_instance, image_id, launch
from refusals import refused


def subnet_of(cloud: LocalCloud, cidr: str = "10.20.0.0/28", zone: str = "us-east-1a") -> tuple[str, str]:
    """The ids of a new VPC and of a subnet in it."""
    ec2 = cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, AvailabilityZone=zone)["Subnet"]["SubnetId"]
    return vpc, subnet


def interface(cloud: LocalCloud, subnet: str, **settings: Any) -> str:
    answer = cloud.client("ec2").create_network_interface(SubnetId=subnet, **settings)
    return str(answer["NetworkInterface"]["NetworkInterfaceId"])


def run(cloud: LocalCloud, settings: dict[str, Any]) -> None:
    request = {"ImageId": image_id(cloud), "InstanceType": "t3.nano", "MinCount": 1, "MaxCount": 1} | settings
    cloud.client("ec2").run_instances(**request)


@pytest.mark.correction("run-instances-interfaces")
def test_launch_by_existing_interfaces(cloud: LocalCloud) -> None:
    vpc, subnet = subnet_of(cloud)
    group = cloud.client("ec2").create_security_group(GroupName="node", Description="node", VpcId=vpc)["GroupId"]
    first, second = interface(cloud, subnet, Groups=[group]), interface(cloud, subnet)
    given = [{"NetworkInterfaceId": one, "DeviceIndex": index} for index, one in enumerate((first, second))]
    instance_id = launch(cloud, NetworkInterfaces=given)
    instance = describe_instance(cloud, instance_id)
    assert [one["GroupId"] for one in instance["SecurityGroups"]] == [group]
    assert (instance["SubnetId"], instance["VpcId"]) == (subnet, vpc)
    attachments = {one["NetworkInterfaceId"]: one["Attachment"] for one in instance["NetworkInterfaces"]}
    assert [attachments[one]["DeviceIndex"] for one in (first, second)] == [0, 1]
    assert {one["DeleteOnTermination"] for one in attachments.values()} == {False}
    with refused("InvalidNetworkInterface.InUse"):
        launch(cloud, NetworkInterfaces=given)

    ec2 = cloud.client("ec2")
    ec2.terminate_instances(InstanceIds=[instance_id])
    ec2.get_waiter("instance_terminated").wait(InstanceIds=[instance_id], WaiterConfig={"Delay": 1})
    described = ec2.describe_network_interfaces()["NetworkInterfaces"]
    assert {one["NetworkInterfaceId"]: one["Status"] for one in described} == {first: "available", second: "available"}


def test_new_interfaces(cloud: LocalCloud) -> None:
    _, subnet = subnet_of(cloud)
    instance = describe_instance(
        cloud,
        launch(
            cloud,
            NetworkInterfaces=[
                {
                    "DeviceIndex": 0,
                    "SubnetId": subnet,
                    "PrivateIpAddresses": [
                        {"PrivateIpAddress": "10.20.0.9"},
                        {"PrivateIpAddress": "10.20.0.10", "Primary": True},
                    ],
                },
                {"DeviceIndex": 1, "SubnetId": subnet, "Description": "data", "DeleteOnTermination": False},
            ],
        ),
    )
    first, second = instance["NetworkInterfaces"]
    assert [one["PrivateIpAddress"] for one in first["PrivateIpAddresses"]] == ["10.20.0.10", "10.20.0.9"]
    assert (first["Attachment"]["DeleteOnTermination"], first["Attachment"]["Status"]) == (True, "attached")
    assert (second["Description"], second["Attachment"]["DeleteOnTermination"]) == ("data", False)
    assert ipaddress.ip_address(second["PrivateIpAddress"]) in ipaddress.ip_network("10.20.0.0/28")
    assert instance["PrivateDnsName"] == "ip-10-20-0-10.ec2.internal"
    assert "PublicIpAddress" not in instance


def test_refused(cloud: LocalCloud) -> None:
    _, subnet = subnet_of(cloud)
    available = interface(cloud, subnet)
    elsewhere = interface(cloud, default_subnet(cloud, "us-east-1b"))
    group = cloud.client("ec2").describe_security_groups()["SecurityGroups"][0]["GroupId"]
    new = {"DeviceIndex": 0, "SubnetId": subnet}
    refusals: list[tuple[str, dict[str, Any]]] = [
        ("InvalidParameterCombination", {"NetworkInterfaces": [new], "SubnetId": subnet}),
        ("InvalidParameterCombination", {"NetworkInterfaces": [new], "SecurityGroupIds": [group]}),
        ("InvalidParameterCombination", {"NetworkInterfaces": [new], "PrivateIpAddress": "10.20.0.9"}),
        ("InvalidParameterCombination", {"SubnetId": subnet, "SecurityGroups": ["default"]}),
        ("InvalidParameterCombination", {"NetworkInterfaces": [{"NetworkInterfaceId": available, **new}]}),
        (
            "InvalidParameterCombination",
            {
                "NetworkInterfaces": [
                    {"NetworkInterfaceId": available, "DeviceIndex": 0},
                    {"NetworkInterfaceId": elsewhere, "DeviceIndex": 1},
                ]
            },
        ),
        (
            "InvalidParameterCombination",
            {"MaxCount": 2, "NetworkInterfaces": [{"NetworkInterfaceId": available, "DeviceIndex": 0}]},
        ),
        ("InvalidParameterCombination", {"MaxCount": 2, "SubnetId": subnet, "PrivateIpAddress": "10.20.0.9"}),
        (
            "InvalidParameterCombination",
            {"NetworkInterfaces": [{**new, "AssociatePublicIpAddress": True}, {**new, "DeviceIndex": 1}]},
        ),
        ("InvalidParameterValue", {"NetworkInterfaces": [new, new]}),
        ("InvalidParameterValue", {"NetworkInterfaces": [{**new, "DeviceIndex": 1}]}),
        ("InvalidParameterValue", {"SubnetId": subnet, "Placement": {"AvailabilityZone": "us-east-1b"}}),
        ("AttachmentLimitExceeded", {"NetworkInterfaces": [{**new, "DeviceIndex": index} for index in range(3)]}),
        ("PrivateIpAddressLimitExceeded", {"NetworkInterfaces": [{**new, "SecondaryPrivateIpAddressCount": 2}]}),
        ("InvalidSubnetID.NotFound", {"SubnetId": "subnet-0123456789abcdef0"}),
        ("InvalidGroup.NotFound", {"SubnetId": subnet, "SecurityGroupIds": ["sg-0123456789abcdef0"]}),
        ("InvalidGroup.NotFound", {"SecurityGroups": ["absent"]}),
        (
            "InvalidNetworkInterfaceID.NotFound",
            {"NetworkInterfaces": [{"NetworkInterfaceId": "eni-0", "DeviceIndex": 0}]},
        ),
        (
            "InvalidParameterValue",
            {
                "NetworkInterfaces": [{"NetworkInterfaceId": available, "DeviceIndex": 0}],
                "TagSpecifications": [
                    {"ResourceType": "network-interface", "Tags": [{"Key": "Name", "Value": "node"}]}
                ],
            },
        ),
    ]
    for code, settings in refusals:
        with refused(code):
            run(cloud, settings)
    assert cloud.client("ec2").describe_instances()["Reservations"] == []


def test_a_group_of_another_vpc(cloud: LocalCloud) -> None:
    vpc, _ = subnet_of(cloud)
    group = cloud.client("ec2").create_security_group(GroupName="node", Description="node", VpcId=vpc)["GroupId"]
    with refused("InvalidParameter"):
        run(cloud, {"SecurityGroupIds": [group]})


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("10.20.0.9", "InvalidIPAddress.InUse"),
        ("10.20.1.9", "InvalidParameterValue"),
        ("10.20.0.3", "InvalidParameterValue"),
        ("10.20.0.15", "InvalidParameterValue"),
    ],
)
def test_fixed_addresses(cloud: LocalCloud, address: str, code: str) -> None:
    _, subnet = subnet_of(cloud)
    interface(cloud, subnet, PrivateIpAddress="10.20.0.9")
    with refused(code):
        run(cloud, {"SubnetId": subnet, "PrivateIpAddress": address})
    with refused(code):
        run(cloud, {"NetworkInterfaces": [{"DeviceIndex": 0, "SubnetId": subnet, "PrivateIpAddress": address}]})


def test_a_subnet_that_is_full(cloud: LocalCloud) -> None:
    _, subnet = subnet_of(cloud)  # a /28: 11 addresses
    ec2 = cloud.client("ec2")
    with refused("InsufficientFreeAddressesInSubnet"):
        run(cloud, {"SubnetId": subnet, "MinCount": 12, "MaxCount": 12})
    run(cloud, {"SubnetId": subnet, "MinCount": 11, "MaxCount": 11})
    addresses = {one["PrivateIpAddress"] for one in ec2.describe_network_interfaces()["NetworkInterfaces"]}
    assert addresses == {f"10.20.0.{number}" for number in range(4, 15)}
    assert ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["AvailableIpAddressCount"] == 0
    with refused("InsufficientFreeAddressesInSubnet"):
        run(cloud, {"SubnetId": subnet})


def test_no_default_vpc(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    zone = "us-east-1a"
    default = default_subnet(cloud, zone)
    ec2.delete_subnet(SubnetId=default)
    with refused("InvalidInput"):
        run(cloud, {"Placement": {"AvailabilityZone": zone}})


def test_public_addresses(cloud: LocalCloud) -> None:
    _, private = subnet_of(cloud)
    default = describe_instance(cloud, launch(cloud))
    assert default["PublicIpAddress"] == default["NetworkInterfaces"][0]["Association"]["PublicIp"]
    assert default["NetworkInterfaces"][0]["Association"]["IpOwnerId"] == "amazon"
    assert "PublicIpAddress" not in describe_instance(cloud, launch(cloud, SubnetId=private))
    wanted = [{"DeviceIndex": 0, "SubnetId": private, "AssociatePublicIpAddress": True}]
    asked = describe_instance(cloud, launch(cloud, NetworkInterfaces=wanted))
    assert asked["PublicIpAddress"] != default["PublicIpAddress"]
