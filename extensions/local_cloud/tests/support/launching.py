# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances for the tests of other things."""

from __future__ import annotations

from typing import Any

from groundwork_local_cloud.client import LocalCloud

ZONE = "us-east-1a"
AMAZON_LINUX = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"


def image_id(cloud: LocalCloud) -> str:
    """An image whose root device is /dev/xvda."""
    return str(cloud.client("ssm").get_parameter(Name=AMAZON_LINUX)["Parameter"]["Value"])


def default_subnet(cloud: LocalCloud, zone: str = ZONE) -> str:
    subnets = cloud.client("ec2").describe_subnets(Filters=[{"Name": "availability-zone", "Values": [zone]}])["Subnets"]
    return str(subnets[0]["SubnetId"])


def launch(cloud: LocalCloud, zone: str = ZONE, **settings: Any) -> str:
    """The id of a running instance in a default subnet of the zone."""
    ec2 = cloud.client("ec2")
    asked = {"ImageId": image_id(cloud), "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
    if "NetworkInterfaces" not in settings:
        asked["SubnetId"] = default_subnet(cloud, zone)
    instance_id = str(ec2.run_instances(**asked | settings)["Instances"][0]["InstanceId"])
    ec2.get_waiter("instance_running").wait(InstanceIds=[instance_id], WaiterConfig={"Delay": 1})
    return instance_id


def describe_instance(cloud: LocalCloud, instance_id: str) -> dict[str, Any]:
    reservations = cloud.client("ec2").describe_instances(InstanceIds=[instance_id])["Reservations"]
    found: dict[str, Any] = reservations[0]["Instances"][0]
    return found


def describe_volume(cloud: LocalCloud, volume_id: str) -> dict[str, Any]:
    found: dict[str, Any] = cloud.client("ec2").describe_volumes(VolumeIds=[volume_id])["Volumes"][0]
    return found
