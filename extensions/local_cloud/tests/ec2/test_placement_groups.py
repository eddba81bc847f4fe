# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Placement groups and the placement of instances."""

from __future__ import annotations

from typing import Any

import pytest
from groundwork_local_cloud.client import LocalCloud
from launching import default_subnet, describe_instance, image_id, launch
from refusals import refused


def create(cloud: LocalCloud, name: str, strategy: str, **settings: Any) -> dict[str, Any]:
    answer = cloud.client("ec2").create_placement_group(GroupName=name, Strategy=strategy, **settings)
    group: dict[str, Any] = answer["PlacementGroup"]
    return group


def run(cloud: LocalCloud, placement: dict[str, Any], count: int = 1, **settings: Any) -> list[dict[str, Any]]:
    request = {"ImageId": image_id(cloud), "InstanceType": "t3.micro", "SubnetId": default_subnet(cloud)} | settings
    answer = cloud.client("ec2").run_instances(**request, Placement=placement, MinCount=count, MaxCount=count)
    instances: list[dict[str, Any]] = answer["Instances"]
    return instances


@pytest.mark.correction("create-placement-group")
@pytest.mark.correction("describe-placement-groups")
@pytest.mark.correction("delete-placement-group")
def test_create_describe_delete(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    tags = [{"ResourceType": "placement-group", "Tags": [{"Key": "fleet", "Value": "kafka"}]}]
    made = create(cloud, "brokers", "partition", PartitionCount=3, TagSpecifications=tags)
    create(cloud, "workers", "cluster")
    group = ec2.describe_placement_groups(GroupNames=["brokers"])["PlacementGroups"][0]
    assert group == made
    assert (group["State"], group["Strategy"], group["PartitionCount"]) == ("available", "partition", 3)
    assert group["GroupArn"] == "arn:aws:ec2:us-east-1:123456789012:placement-group/brokers"
    assert group["Tags"] == [{"Key": "fleet", "Value": "kafka"}]
    for name, value in (("strategy", "partition"), ("tag:fleet", "kaf*"), ("group-name", "brok*")):
        found = ec2.describe_placement_groups(Filters=[{"Name": name, "Values": [value]}])["PlacementGroups"]
        assert [one["GroupName"] for one in found] == ["brokers"]
    ec2.delete_placement_group(GroupName="brokers")
    assert [one["GroupName"] for one in ec2.describe_placement_groups()["PlacementGroups"]] == ["workers"]
    with refused("InvalidPlacementGroup.Unknown"):
        ec2.delete_placement_group(GroupName="brokers")
    with refused("InvalidPlacementGroup.Unknown"):
        ec2.describe_placement_groups(GroupNames=["brokers"])


def test_create_refused(cloud: LocalCloud) -> None:
    create(cloud, "workers", "cluster")
    with refused("InvalidPlacementGroup.Duplicate"):
        create(cloud, "workers", "spread")
    with refused("InvalidParameterValue"):
        create(cloud, "others", "scatter")
    with refused("InvalidParameterValue"):
        create(cloud, "others", "partition", PartitionCount=8)
    with refused("InvalidParameterCombination"):
        create(cloud, "others", "spread", PartitionCount=2)


@pytest.mark.correction("run-instances-placement")
def test_launch_into_a_group(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    create(cloud, "brokers", "partition", PartitionCount=3)
    spread = run(cloud, {"GroupName": "brokers"}, count=3)
    assert sorted(one["Placement"]["PartitionNumber"] for one in spread) == [1, 2, 3]
    (chosen,) = run(cloud, {"GroupName": "brokers", "PartitionNumber": 2, "Tenancy": "dedicated"})
    placement = describe_instance(cloud, chosen["InstanceId"])["Placement"]
    assert (placement["GroupName"], placement["PartitionNumber"], placement["Tenancy"]) == ("brokers", 2, "dedicated")
    by_filter = ec2.describe_instances(
        Filters=[
            {"Name": "placement-group-name", "Values": ["brokers"]},
            {"Name": "placement-partition-number", "Values": ["2"]},
        ]
    )["Reservations"]
    assert sum(len(one["Instances"]) for one in by_filter) == 2
    with refused("InvalidPlacementGroup.InUse"):
        ec2.delete_placement_group(GroupName="brokers")


def test_launch_refused(cloud: LocalCloud) -> None:
    create(cloud, "brokers", "partition", PartitionCount=3)
    create(cloud, "tight", "cluster")
    refusals: list[tuple[str, dict[str, Any]]] = [
        ("InvalidPlacementGroup.Unknown", {"GroupName": "absent"}),
        ("InvalidParameterValue", {"GroupName": "brokers", "PartitionNumber": 4}),
        ("InvalidParameterCombination", {"GroupName": "tight", "PartitionNumber": 1}),
        ("InvalidParameterCombination", {"GroupName": "tight"}),  # burstable types do not go into a cluster
        ("InvalidParameterCombination", {"PartitionNumber": 1}),
        ("InvalidParameterValue", {"Tenancy": "mine"}),
    ]
    for code, placement in refusals:
        with refused(code):
            run(cloud, placement)
    assert run(cloud, {"GroupName": "tight"}, InstanceType="m7i.large")


def test_a_spread_group_holds_seven_instances_in_a_zone(cloud: LocalCloud) -> None:
    create(cloud, "apart", "spread")
    with refused("InsufficientInstanceCapacity"):
        run(cloud, {"GroupName": "apart"}, count=8)
    first = run(cloud, {"GroupName": "apart"}, count=7)[0]["InstanceId"]
    with refused("InsufficientInstanceCapacity"):
        run(cloud, {"GroupName": "apart"})
    run(cloud, {"GroupName": "apart"}, SubnetId=default_subnet(cloud, "us-east-1b"))
    ec2 = cloud.client("ec2")
    ec2.terminate_instances(InstanceIds=[first])
    ec2.get_waiter("instance_terminated").wait(InstanceIds=[first], WaiterConfig={"Delay": 1})
    run(cloud, {"GroupName": "apart"})


@pytest.mark.correction("modify-instance-placement")
def test_move_an_instance(cloud: LocalCloud) -> None:
    ec2, instance_id = cloud.client("ec2"), launch(cloud)
    create(cloud, "brokers", "partition", PartitionCount=2)
    with refused("IncorrectInstanceState"):
        ec2.modify_instance_placement(InstanceId=instance_id, GroupName="brokers")
    ec2.stop_instances(InstanceIds=[instance_id])
    ec2.get_waiter("instance_stopped").wait(InstanceIds=[instance_id], WaiterConfig={"Delay": 1})
    with refused("InvalidPlacementGroup.Unknown"):
        ec2.modify_instance_placement(InstanceId=instance_id, GroupName="absent")
    with refused("InvalidParameterValue"):
        ec2.modify_instance_placement(InstanceId=instance_id, GroupName="brokers", PartitionNumber=3)
    assert ec2.modify_instance_placement(InstanceId=instance_id, GroupName="brokers", PartitionNumber=2)["Return"]
    placement = describe_instance(cloud, instance_id)["Placement"]
    assert (placement["GroupName"], placement["PartitionNumber"]) == ("brokers", 2)
    ec2.modify_instance_placement(InstanceId=instance_id, GroupName="")
    placement = describe_instance(cloud, instance_id)["Placement"]
    assert (placement["GroupName"], "PartitionNumber" in placement) == ("", False)
    ec2.delete_placement_group(GroupName="brokers")
