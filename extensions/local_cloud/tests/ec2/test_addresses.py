# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Elastic IPs and auto-assigned public addresses."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from groundwork_local_cloud.client import LocalCloud
from groundwork_local_cloud.cloud import cloud as state
from launching import default_subnet, describe_instance, launch
from refusals import refused


def allocate(cloud: LocalCloud) -> dict[str, Any]:
    address: dict[str, Any] = cloud.client("ec2").allocate_address(Domain="vpc")
    return address


def describe(cloud: LocalCloud, allocation: str) -> dict[str, Any]:
    found: dict[str, Any] = cloud.client("ec2").describe_addresses(AllocationIds=[allocation])["Addresses"][0]
    return found


@pytest.mark.correction("allocate-address")
def test_addresses_come_from_the_pool_and_are_limited(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    addresses = [allocate(cloud) for _ in range(5)]
    assert len({one["PublicIp"] for one in addresses}) == 5
    assert all(ipaddress.ip_address(one["PublicIp"]) in state.public_pool for one in addresses)
    with refused("AddressLimitExceeded"):
        allocate(cloud)
    ec2.release_address(AllocationId=addresses[0]["AllocationId"])
    with refused("InvalidAddress.NotFound"):
        ec2.allocate_address(Domain="vpc", Address="192.0.2.1")
    with refused("InvalidAddress.NotFound"):
        ec2.allocate_address(Domain="vpc", Address=addresses[1]["PublicIp"])
    recovered = ec2.allocate_address(Domain="vpc", Address=addresses[0]["PublicIp"])
    assert recovered["PublicIp"] == addresses[0]["PublicIp"]


def test_a_pool_that_is_used_up(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "public_pool", ipaddress.ip_network("198.51.100.64/30"))
    assert {allocate(cloud)["PublicIp"] for _ in range(2)} == {"198.51.100.65", "198.51.100.66"}
    with refused("InsufficientAddressCapacity"):
        allocate(cloud)


@pytest.mark.correction("associate-address")
@pytest.mark.correction("disassociate-address")
@pytest.mark.correction("release-address")
@pytest.mark.correction("describe-addresses")
def test_associate_and_let_go(cloud: LocalCloud) -> None:
    ec2, instance_id, address = cloud.client("ec2"), launch(cloud), allocate(cloud)
    allocation, before = address["AllocationId"], describe_instance(cloud, instance_id)["PublicIpAddress"]
    association = ec2.associate_address(AllocationId=allocation, InstanceId=instance_id)["AssociationId"]
    instance = describe_instance(cloud, instance_id)
    interface = instance["NetworkInterfaces"][0]
    assert instance["PublicIpAddress"] == interface["Association"]["PublicIp"] == address["PublicIp"] != before
    shown = describe(cloud, allocation)
    assert (shown["InstanceId"], shown["NetworkInterfaceId"]) == (instance_id, interface["NetworkInterfaceId"])
    assert (shown["PrivateIpAddress"], shown["AssociationId"]) == (instance["PrivateIpAddress"], association)
    again = ec2.associate_address(AllocationId=allocation, InstanceId=instance_id)["AssociationId"]
    assert again == association
    with refused("InvalidIPAddress.InUse"):
        ec2.release_address(AllocationId=allocation)

    ec2.disassociate_address(AssociationId=association)
    assert "AssociationId" not in describe(cloud, allocation)
    after = describe_instance(cloud, instance_id)["PublicIpAddress"]  # an instance launched with one gets another
    assert after != address["PublicIp"]
    with refused("InvalidAssociationID.NotFound"):
        ec2.disassociate_address(AssociationId=association)
    ec2.release_address(AllocationId=allocation)
    for operation in (ec2.release_address, ec2.associate_address):
        settings = {"InstanceId": instance_id} if operation == ec2.associate_address else {}
        with refused("InvalidAllocationID.NotFound"):
            operation(AllocationId=allocation, **settings)


def test_reassociation_has_to_be_allowed(cloud: LocalCloud) -> None:
    ec2, first, second = cloud.client("ec2"), launch(cloud), launch(cloud)
    one, two = allocate(cloud)["AllocationId"], allocate(cloud)["AllocationId"]
    ec2.associate_address(AllocationId=one, InstanceId=first)
    ec2.associate_address(AllocationId=two, InstanceId=second)
    with refused("Resource.AlreadyAssociated"):
        ec2.associate_address(AllocationId=one, InstanceId=second)
    ec2.associate_address(AllocationId=one, InstanceId=second, AllowReassociation=True)
    assert describe(cloud, one)["InstanceId"] == second
    assert "AssociationId" not in describe(cloud, two)


def test_the_vpc_needs_an_internet_gateway(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.20.0.0/24")["Subnet"]["SubnetId"]
    interface = ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
    allocation = allocate(cloud)["AllocationId"]
    with refused("Gateway.NotAttached"):
        ec2.associate_address(AllocationId=allocation, NetworkInterfaceId=interface)
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    ec2.associate_address(AllocationId=allocation, NetworkInterfaceId=interface)
    assert describe(cloud, allocation)["NetworkInterfaceId"] == interface


def test_secondary_addresses_have_their_own(cloud: LocalCloud) -> None:
    ec2, address = cloud.client("ec2"), allocate(cloud)
    interface = ec2.create_network_interface(SubnetId=default_subnet(cloud), SecondaryPrivateIpAddressCount=1)[
        "NetworkInterface"
    ]
    secondary = interface["PrivateIpAddresses"][1]["PrivateIpAddress"]
    given = {"AllocationId": address["AllocationId"], "NetworkInterfaceId": interface["NetworkInterfaceId"]}
    with refused("InvalidParameterValue"):
        ec2.associate_address(**given, PrivateIpAddress="172.31.255.9")
    ec2.associate_address(**given, PrivateIpAddress=secondary)
    shown = ec2.describe_network_interfaces()["NetworkInterfaces"][0]
    publics = [one.get("Association", {}).get("PublicIp") for one in shown["PrivateIpAddresses"]]
    assert publics == [None, address["PublicIp"]]
    assert "Association" not in shown
    ec2.unassign_private_ip_addresses(
        NetworkInterfaceId=interface["NetworkInterfaceId"], PrivateIpAddresses=[secondary]
    )
    assert "AssociationId" not in describe(cloud, address["AllocationId"])


def test_an_instance_with_several_interfaces_is_ambiguous(cloud: LocalCloud) -> None:
    ec2, subnet = cloud.client("ec2"), default_subnet(cloud)
    interfaces = [{"DeviceIndex": index, "SubnetId": subnet} for index in range(2)]
    instance_id = launch(cloud, NetworkInterfaces=interfaces)
    with refused("InvalidInstanceID"):
        ec2.associate_address(AllocationId=allocate(cloud)["AllocationId"], InstanceId=instance_id)


def test_stop_gives_the_auto_assigned_address_back(cloud: LocalCloud) -> None:
    ec2, instance_id, kept = cloud.client("ec2"), launch(cloud), launch(cloud)
    allocation = allocate(cloud)
    ec2.associate_address(AllocationId=allocation["AllocationId"], InstanceId=kept)
    before = describe_instance(cloud, instance_id)["PublicIpAddress"]
    ec2.stop_instances(InstanceIds=[instance_id, kept])
    ec2.get_waiter("instance_stopped").wait(InstanceIds=[instance_id, kept], WaiterConfig={"Delay": 1})
    assert "PublicIpAddress" not in describe_instance(cloud, instance_id)
    assert describe_instance(cloud, kept)["PublicIpAddress"] == allocation["PublicIp"]
    ec2.start_instances(InstanceIds=[instance_id])
    assert describe_instance(cloud, instance_id)["PublicIpAddress"] != before


def test_termination_disassociates(cloud: LocalCloud) -> None:
    ec2, instance_id, address = cloud.client("ec2"), launch(cloud), allocate(cloud)
    ec2.associate_address(AllocationId=address["AllocationId"], InstanceId=instance_id)
    ec2.terminate_instances(InstanceIds=[instance_id])
    ec2.get_waiter("instance_terminated").wait(InstanceIds=[instance_id], WaiterConfig={"Delay": 1})
    assert "AssociationId" not in describe(cloud, address["AllocationId"])


def test_filters(cloud: LocalCloud) -> None:
    ec2, instance_id = cloud.client("ec2"), launch(cloud)
    used, free = allocate(cloud), allocate(cloud)
    ec2.associate_address(AllocationId=used["AllocationId"], InstanceId=instance_id)
    ec2.create_tags(Resources=[free["AllocationId"]], Tags=[{"Key": "use", "Value": "nat"}])
    expected = {
        ("instance-id", instance_id): used,
        ("association-id", "*"): used,
        ("public-ip", free["PublicIp"]): free,
        ("tag:use", "nat"): free,
    }
    for (name, value), address in expected.items():
        found = ec2.describe_addresses(Filters=[{"Name": name, "Values": [value]}])["Addresses"]
        assert [one["AllocationId"] for one in found] == [address["AllocationId"]], name
    with refused("InvalidParameterValue"):
        ec2.describe_addresses(Filters=[{"Name": "colour", "Values": ["red"]}])
