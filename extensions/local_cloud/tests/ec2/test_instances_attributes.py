# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes of an instance: which can change when, and to what."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from groundwork_local_cloud.client import LocalCloud
from launching import describe_instance, launch
from refusals import refused


def stop(cloud: LocalCloud, instance_id: str) -> None:
    cloud.client("ec2").stop_instances(InstanceIds=[instance_id])
    cloud.client("ec2").get_waiter("instance_stopped").wait(InstanceIds=[instance_id], WaiterConfig={"Delay": 1})


@pytest.mark.correction("modify-instance-attribute")
def test_what_changes_only_when_stopped(cloud: LocalCloud) -> None:
    ec2, instance_id = cloud.client("ec2"), launch(cloud)
    changes: list[dict[str, Any]] = [
        {"InstanceType": {"Value": "m7i.large"}},
        {"UserData": {"Value": b"#!/bin/sh\n"}},
        {"EbsOptimized": {"Value": True}},
    ]
    for change in changes:
        with refused("IncorrectInstanceState"):
            ec2.modify_instance_attribute(InstanceId=instance_id, **change)
    stop(cloud, instance_id)
    for change in changes:
        ec2.modify_instance_attribute(InstanceId=instance_id, **change)
    changed = describe_instance(cloud, instance_id)
    assert (changed["InstanceType"], changed["EbsOptimized"]) == ("m7i.large", True)
    attribute = ec2.describe_instance_attribute(InstanceId=instance_id, Attribute="userData")
    assert base64.b64decode(attribute["UserData"]["Value"]) == b"#!/bin/sh\n"


def test_values_are_checked(cloud: LocalCloud) -> None:
    ec2, instance_id = cloud.client("ec2"), launch(cloud)
    stop(cloud, instance_id)
    refusals: list[tuple[str, dict[str, Any]]] = [
        ("InvalidParameterValue", {"InstanceType": {"Value": "zz.large"}}),
        ("InvalidParameterValue", {"InstanceType": {"Value": "m7g.large"}}),
        ("InvalidInstanceAttributeValue", {"InstanceInitiatedShutdownBehavior": {"Value": "hibernate"}}),
        ("InvalidInstanceAttributeValue", {"BlockDeviceMappings": [{"DeviceName": "/dev/sdz"}]}),
        ("InvalidGroup.NotFound", {"Groups": ["sg-0123456789abcdef0"]}),
        ("InvalidParameterValue", {"Attribute": "rootDeviceName", "Value": "/dev/sda1"}),
        (
            "InvalidParameterCombination",
            {"DisableApiStop": {"Value": True}, "DisableApiTermination": {"Value": True}},
        ),
    ]
    for code, change in refusals:
        with refused(code):
            ec2.modify_instance_attribute(InstanceId=instance_id, **change)


def test_groups_are_those_of_the_primary_interface(cloud: LocalCloud) -> None:
    ec2, instance_id = cloud.client("ec2"), launch(cloud)
    instance = describe_instance(cloud, instance_id)
    group = ec2.create_security_group(GroupName="web", Description="web", VpcId=instance["VpcId"])["GroupId"]
    ec2.modify_instance_attribute(InstanceId=instance_id, Groups=[group])
    changed = describe_instance(cloud, instance_id)
    assert [one["GroupId"] for one in changed["SecurityGroups"]] == [group]
    assert [one["GroupId"] for one in changed["NetworkInterfaces"][0]["Groups"]] == [group]

    second = ec2.create_network_interface(SubnetId=instance["SubnetId"])["NetworkInterface"]
    ec2.attach_network_interface(NetworkInterfaceId=second["NetworkInterfaceId"], InstanceId=instance_id, DeviceIndex=1)
    for change in ({"Groups": [group]}, {"SourceDestCheck": {"Value": False}}):
        with refused("InvalidInstanceID"):
            ec2.modify_instance_attribute(InstanceId=instance_id, **change)
    assert [
        one["GroupName"]
        for one in ec2.describe_network_interfaces(NetworkInterfaceIds=[second["NetworkInterfaceId"]])[
            "NetworkInterfaces"
        ][0]["Groups"]
    ] == ["default"]


def test_source_dest_check_and_delete_on_termination(cloud: LocalCloud) -> None:
    ec2, instance_id = cloud.client("ec2"), launch(cloud)
    ec2.modify_instance_attribute(InstanceId=instance_id, SourceDestCheck={"Value": False})
    device = describe_instance(cloud, instance_id)["RootDeviceName"]
    mapping = [{"DeviceName": device, "Ebs": {"DeleteOnTermination": False}}]
    ec2.modify_instance_attribute(InstanceId=instance_id, BlockDeviceMappings=mapping)
    changed = describe_instance(cloud, instance_id)
    assert changed["SourceDestCheck"] is changed["NetworkInterfaces"][0]["SourceDestCheck"] is False
    assert changed["BlockDeviceMappings"][0]["Ebs"]["DeleteOnTermination"] is False


@pytest.mark.correction("describe-instance-attribute")
def test_attributes_that_moto_does_not_describe(cloud: LocalCloud) -> None:
    ec2, instance_id = cloud.client("ec2"), launch(cloud)
    ena = ec2.describe_instance_attribute(InstanceId=instance_id, Attribute="enaSupport")
    assert ena["EnaSupport"] == {"Value": True}
    mappings = ec2.describe_instance_attribute(InstanceId=instance_id, Attribute="blockDeviceMapping")
    assert [one["DeviceName"] for one in mappings["BlockDeviceMappings"]] == ["/dev/xvda"]
    with refused("InvalidInstanceID.NotFound"):
        ec2.describe_instance_attribute(InstanceId="i-0123456789abcdef0", Attribute="enaSupport")


@pytest.mark.correction("describe-credit-specifications")
@pytest.mark.correction("modify-credit-specification")
def test_credit_specifications(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    burstable, other = launch(cloud), launch(cloud, InstanceType="m7i.large")
    chosen = launch(cloud, CreditSpecification={"CpuCredits": "standard"})

    def described() -> dict[str, str]:
        answer = ec2.describe_instance_credit_specifications(InstanceIds=[burstable, other, chosen])
        return {one["InstanceId"]: one["CpuCredits"] for one in answer["InstanceCreditSpecifications"]}

    assert described() == {burstable: "unlimited", chosen: "standard"}
    answer = ec2.modify_instance_credit_specification(
        InstanceCreditSpecifications=[{"InstanceId": one, "CpuCredits": "standard"} for one in (burstable, other)]
    )
    assert [one["InstanceId"] for one in answer["SuccessfulInstanceCreditSpecifications"]] == [burstable]
    failed = answer["UnsuccessfulInstanceCreditSpecifications"]
    assert [(one["InstanceId"], one["Error"]["Code"]) for one in failed] == [
        (other, "InstanceCreditSpecification.NotSupported")
    ]
    assert described() == {burstable: "standard", chosen: "standard"}
    with refused("InvalidParameterValue"):
        ec2.modify_instance_credit_specification(
            InstanceCreditSpecifications=[{"InstanceId": burstable, "CpuCredits": "endless"}]
        )


@pytest.mark.correction("modify-metadata-options")
@pytest.mark.correction("run-instances-metadata-options")
def test_metadata_options(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    instance_id = launch(cloud, MetadataOptions={"HttpTokens": "required", "HttpPutResponseHopLimit": 2})
    ec2.modify_instance_metadata_options(InstanceId=instance_id, InstanceMetadataTags="enabled")
    options = describe_instance(cloud, instance_id)["MetadataOptions"]
    assert (options["HttpTokens"], options["HttpPutResponseHopLimit"]) == ("required", 2)
    assert (options["InstanceMetadataTags"], options["HttpEndpoint"]) == ("enabled", "enabled")
    for wrong in ({"HttpTokens": "maybe"}, {"HttpPutResponseHopLimit": 65}):
        with refused("InvalidParameterValue"):
            ec2.modify_instance_metadata_options(InstanceId=instance_id, **wrong)
        with refused("InvalidParameterValue"):
            launch(cloud, MetadataOptions=wrong)
