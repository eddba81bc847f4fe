# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Network interfaces: addresses, groups, attributes, deletion."""

from __future__ import annotations

from typing import Any

import pytest
from groundwork_local_cloud.client import LocalCloud
from launching import default_subnet, describe_instance, launch
from refusals import refused


@pytest.fixture
def subnet(cloud: LocalCloud) -> str:
    """A subnet 10.20.0.0/28 in us-east-1a."""
    ec2 = cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    made = ec2.create_subnet(VpcId=vpc, CidrBlock="10.20.0.0/28", AvailabilityZone="us-east-1a")["Subnet"]
    return str(made["SubnetId"])


def create(cloud: LocalCloud, subnet: str, **settings: Any) -> dict[str, Any]:
    answer: dict[str, Any] = cloud.client("ec2").create_network_interface(SubnetId=subnet, **settings)
    interface: dict[str, Any] = answer["NetworkInterface"]
    return interface


def addresses_of(cloud: LocalCloud, interface_id: str) -> list[str]:
    answer = cloud.client("ec2").describe_network_interfaces(NetworkInterfaceIds=[interface_id])
    return [one["PrivateIpAddress"] for one in answer["NetworkInterfaces"][0]["PrivateIpAddresses"]]


@pytest.mark.correction("create-network-interface")
def test_addresses_come_from_the_subnet(cloud: LocalCloud, subnet: str) -> None:
    fixed = create(cloud, subnet, PrivateIpAddress="10.20.0.7", SecondaryPrivateIpAddressCount=2)
    assert [(one["PrivateIpAddress"], one["Primary"]) for one in fixed["PrivateIpAddresses"]] == [
        ("10.20.0.7", True),
        ("10.20.0.4", False),
        ("10.20.0.5", False),
    ]
    assert create(cloud, subnet)["PrivateIpAddress"] == "10.20.0.6"
    assert create(cloud, subnet)["PrivateIpAddress"] == "10.20.0.8"


def test_create_refused(cloud: LocalCloud, subnet: str) -> None:
    create(cloud, subnet, PrivateIpAddress="10.20.0.7")
    groups = cloud.client("ec2").describe_security_groups()["SecurityGroups"]
    foreign = next(one["GroupId"] for one in groups if one["VpcId"] != vpc_of(cloud, subnet))
    refusals: list[tuple[str, dict[str, Any]]] = [
        ("InvalidIPAddress.InUse", {"PrivateIpAddress": "10.20.0.7"}),
        ("InvalidIPAddress.InUse", {"PrivateIpAddresses": [{"PrivateIpAddress": "10.20.0.7", "Primary": True}]}),
        ("InvalidParameterValue", {"PrivateIpAddress": "10.20.1.7"}),
        ("InvalidParameterValue", {"PrivateIpAddress": "10.20.0.0"}),
        ("InvalidParameterValue", {"PrivateIpAddress": "10.20.0.3"}),
        ("InvalidParameterValue", {"PrivateIpAddress": "10.20.0.15"}),
        ("InvalidParameterValue", {"PrivateIpAddress": "ten"}),
        ("InvalidParameterValue", {"PrivateIpAddresses": [{"PrivateIpAddress": "10.20.0.9"}] * 2}),
        ("InsufficientFreeAddressesInSubnet", {"SecondaryPrivateIpAddressCount": 10}),
        ("InvalidGroup.NotFound", {"Groups": ["sg-0123456789abcdef0"]}),
        ("InvalidParameter", {"Groups": [foreign]}),
    ]
    for code, settings in refusals:
        with refused(code):
            create(cloud, subnet, **settings)
    assert len(cloud.client("ec2").describe_network_interfaces()["NetworkInterfaces"]) == 1


def vpc_of(cloud: LocalCloud, subnet: str) -> str:
    return str(cloud.client("ec2").describe_subnets(SubnetIds=[subnet])["Subnets"][0]["VpcId"])


@pytest.mark.correction("delete-network-interface-in-use")
def test_delete(cloud: LocalCloud, subnet: str) -> None:
    ec2 = cloud.client("ec2")
    instance = describe_instance(cloud, launch(cloud, SubnetId=subnet))
    with refused("InvalidParameterValue"):
        ec2.delete_network_interface(NetworkInterfaceId=instance["NetworkInterfaces"][0]["NetworkInterfaceId"])
    free = create(cloud, subnet, PrivateIpAddress="10.20.0.9")["NetworkInterfaceId"]
    ec2.delete_network_interface(NetworkInterfaceId=free)
    with refused("InvalidNetworkInterfaceID.NotFound"):
        ec2.delete_network_interface(NetworkInterfaceId=free)
    assert create(cloud, subnet, PrivateIpAddress="10.20.0.9")["PrivateIpAddress"] == "10.20.0.9"


@pytest.mark.correction("assign-private-ip-addresses")
@pytest.mark.correction("unassign-private-ip-addresses")
def test_secondary_addresses(cloud: LocalCloud, subnet: str) -> None:
    ec2 = cloud.client("ec2")
    first, second = (create(cloud, subnet)["NetworkInterfaceId"] for _ in range(2))
    answer = ec2.assign_private_ip_addresses(NetworkInterfaceId=first, SecondaryPrivateIpAddressCount=2)
    assert [one["PrivateIpAddress"] for one in answer["AssignedPrivateIpAddresses"]] == ["10.20.0.6", "10.20.0.7"]
    with refused("InvalidParameterValue"):
        ec2.assign_private_ip_addresses(NetworkInterfaceId=second, PrivateIpAddresses=["10.20.0.6"])
    ec2.assign_private_ip_addresses(NetworkInterfaceId=second, PrivateIpAddresses=["10.20.0.6"], AllowReassignment=True)
    assert addresses_of(cloud, first) == ["10.20.0.4", "10.20.0.7"]
    assert addresses_of(cloud, second) == ["10.20.0.5", "10.20.0.6"]
    with refused("InvalidParameterValue"):  # a primary address never moves
        ec2.assign_private_ip_addresses(
            NetworkInterfaceId=second, PrivateIpAddresses=["10.20.0.4"], AllowReassignment=True
        )
    for address in ("10.20.1.4", "10.20.0.2"):
        with refused("InvalidParameterValue"):
            ec2.assign_private_ip_addresses(NetworkInterfaceId=second, PrivateIpAddresses=[address])
    with refused("InsufficientFreeAddressesInSubnet"):
        ec2.assign_private_ip_addresses(NetworkInterfaceId=second, SecondaryPrivateIpAddressCount=8)
    ec2.unassign_private_ip_addresses(NetworkInterfaceId=second, PrivateIpAddresses=["10.20.0.6"])
    assert addresses_of(cloud, second) == ["10.20.0.5"]
    for address in ("10.20.0.5", "10.20.0.6"):
        with refused("InvalidParameterValue"):
            ec2.unassign_private_ip_addresses(NetworkInterfaceId=second, PrivateIpAddresses=[address])


def test_the_type_limits_addresses(cloud: LocalCloud, subnet: str) -> None:
    instance = describe_instance(cloud, launch(cloud, InstanceType="t3.nano", SubnetId=subnet))  # 2 per interface
    interface = instance["NetworkInterfaces"][0]["NetworkInterfaceId"]
    with refused("PrivateIpAddressLimitExceeded"):
        cloud.client("ec2").assign_private_ip_addresses(NetworkInterfaceId=interface, SecondaryPrivateIpAddressCount=2)
    assert len(addresses_of(cloud, interface)) == 1


@pytest.mark.correction("modify-network-interface-attribute")
def test_attributes(cloud: LocalCloud, subnet: str) -> None:
    ec2 = cloud.client("ec2")
    instance_id = launch(cloud, SubnetId=subnet)
    interface = describe_instance(cloud, instance_id)["NetworkInterfaces"][0]
    interface_id, attachment = interface["NetworkInterfaceId"], interface["Attachment"]["AttachmentId"]
    ec2.modify_network_interface_attribute(
        NetworkInterfaceId=interface_id, Attachment={"AttachmentId": attachment, "DeleteOnTermination": False}
    )
    ec2.modify_network_interface_attribute(NetworkInterfaceId=interface_id, Description={"Value": "kept"})
    ec2.modify_network_interface_attribute(NetworkInterfaceId=interface_id, SourceDestCheck={"Value": False})
    interface = describe_instance(cloud, instance_id)["NetworkInterfaces"][0]
    assert interface["Attachment"]["DeleteOnTermination"] is False
    assert (interface["Description"], interface["SourceDestCheck"]) == ("kept", False)
    with refused("InvalidAttachmentID.NotFound"):
        ec2.modify_network_interface_attribute(
            NetworkInterfaceId=interface_id, Attachment={"AttachmentId": "eni-attach-0", "DeleteOnTermination": True}
        )
    with refused("InvalidGroup.NotFound"):
        ec2.modify_network_interface_attribute(NetworkInterfaceId=interface_id, Groups=["sg-0123456789abcdef0"])
    ec2.terminate_instances(InstanceIds=[instance_id])
    ec2.get_waiter("instance_terminated").wait(InstanceIds=[instance_id], WaiterConfig={"Delay": 1})
    kept = ec2.describe_network_interfaces(NetworkInterfaceIds=[interface_id])["NetworkInterfaces"][0]
    assert kept["Status"] == "available"


@pytest.mark.correction("describe-network-interfaces-filters")
def test_filters(cloud: LocalCloud, subnet: str) -> None:
    ec2 = cloud.client("ec2")
    with refused("InvalidParameterValue"):
        ec2.describe_network_interfaces(Filters=[{"Name": "colour", "Values": ["red"]}])
    free = create(
        cloud,
        subnet,
        Description="slot-1",
        SecondaryPrivateIpAddressCount=1,
        TagSpecifications=[{"ResourceType": "network-interface", "Tags": [{"Key": "slot", "Value": "1"}]}],
    )
    used = describe_instance(cloud, launch(cloud, SubnetId=default_subnet(cloud)))["NetworkInterfaces"][0]
    expected = {
        ("attachment.device-index", "0"): used,
        ("attachment.status", "attached"): used,
        ("attachment.delete-on-termination", "true"): used,
        ("attachment.attachment-id", used["Attachment"]["AttachmentId"]): used,
        ("association.public-ip", used["Association"]["PublicIp"]): used,
        ("addresses.association.public-ip", used["Association"]["PublicIp"]): used,
        ("association.ip-owner-id", "amazon"): used,
        ("status", "in-use"): used,
        ("subnet-id", subnet): free,
        ("description", "slot-?"): free,
        ("tag:slot", "*"): free,
        ("tag-key", "slot"): free,
        ("addresses.private-ip-address", "10.20.0.5"): free,
        ("private-ip-address", "10.20.*"): free,
        ("vpc-id", vpc_of(cloud, subnet)): free,
    }
    for (name, value), interface in expected.items():
        found = ec2.describe_network_interfaces(Filters=[{"Name": name, "Values": [value]}])["NetworkInterfaces"]
        assert [one["NetworkInterfaceId"] for one in found] == [interface["NetworkInterfaceId"]], name
    by_group = ec2.describe_network_interfaces(Filters=[{"Name": "group-name", "Values": ["default"]}])
    assert len(by_group["NetworkInterfaces"]) == 2
