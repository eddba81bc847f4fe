# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances that other services launch are like those of RunInstances."""

from __future__ import annotations

from typing import Any

from groundwork_local_cloud.client import LocalCloud
from launching import image_id


def instances(cloud: LocalCloud) -> list[dict[str, Any]]:
    reservations = cloud.client("ec2").describe_instances()["Reservations"]
    return [instance for one in reservations for instance in one["Instances"]]


def template(cloud: LocalCloud) -> str:
    data = {"ImageId": image_id(cloud), "InstanceType": "t3.micro"}
    answer = cloud.client("ec2").create_launch_template(LaunchTemplateName="web", LaunchTemplateData=data)
    return str(answer["LaunchTemplate"]["LaunchTemplateId"])


def test_auto_scaling(cloud: LocalCloud) -> None:
    ec2, scaling, of_template = cloud.client("ec2"), cloud.client("autoscaling"), template(cloud)
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="web",
        MinSize=2,
        MaxSize=2,
        AvailabilityZones=["us-east-1b"],
        LaunchTemplate={"LaunchTemplateId": of_template},
    )
    made = instances(cloud)
    assert [(one["Placement"]["AvailabilityZone"], one["RootDeviceName"]) for one in made] == [
        ("us-east-1b", "/dev/xvda")
    ] * 2
    for one in made:
        assert [device["DeviceName"] for device in one["BlockDeviceMappings"]] == ["/dev/xvda"]
        tags = {tag["Key"]: tag["Value"] for tag in one["Tags"]}
        assert (tags["aws:autoscaling:groupName"], tags["aws:ec2launchtemplate:id"]) == ("web", of_template)
    scaling.delete_auto_scaling_group(AutoScalingGroupName="web", ForceDelete=True)
    ec2.get_waiter("instance_terminated").wait(
        InstanceIds=[one["InstanceId"] for one in made], WaiterConfig={"Delay": 1}
    )
    assert ec2.describe_network_interfaces()["NetworkInterfaces"] == ec2.describe_volumes()["Volumes"] == []


def test_fleet(cloud: LocalCloud) -> None:
    specification = {"LaunchTemplateId": template(cloud), "Version": "1"}
    answer = cloud.client("ec2").create_fleet(
        Type="instant",
        LaunchTemplateConfigs=[{"LaunchTemplateSpecification": specification}],
        TargetCapacitySpecification={
            "TotalTargetCapacity": 2,
            "OnDemandTargetCapacity": 2,
            "DefaultTargetCapacityType": "on-demand",
        },
    )
    launched = {one for item in answer["Instances"] for one in item["InstanceIds"]}
    made = instances(cloud)
    assert {one["InstanceId"] for one in made} == launched
    assert {one["InstanceType"] for one in made} == {"t3.micro"}
    assert all(one["NetworkInterfaces"][0]["Attachment"]["DeleteOnTermination"] for one in made)
