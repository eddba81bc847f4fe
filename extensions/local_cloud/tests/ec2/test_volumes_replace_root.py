# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replacing the root volume of a running instance."""

from __future__ import annotations

from typing import Any

import pytest
from groundwork_local_cloud.client import LocalCloud
from launching import ZONE, describe_instance, describe_volume, launch
from refusals import refused

CREATE, DESCRIBE = "create-replace-root-volume-task", "describe-replace-root-volume-tasks"


def _root(cloud: LocalCloud, instance_id: str) -> dict[str, Any]:
    instance = describe_instance(cloud, instance_id)
    mappings = {one["DeviceName"]: one["Ebs"] for one in instance["BlockDeviceMappings"]}
    return describe_volume(cloud, mappings[instance["RootDeviceName"]]["VolumeId"])


def _replace(cloud: LocalCloud, instance_id: str, **settings: Any) -> dict[str, Any]:
    task = cloud.client("ec2").create_replace_root_volume_task(InstanceId=instance_id, **settings)
    made: dict[str, Any] = task["ReplaceRootVolumeTask"]
    return made


def _task(cloud: LocalCloud, task_id: str) -> dict[str, Any]:
    tasks = cloud.client("ec2").describe_replace_root_volume_tasks(ReplaceRootVolumeTaskIds=[task_id])
    found: dict[str, Any] = tasks["ReplaceRootVolumeTasks"][0]
    return found


def _settle(cloud: LocalCloud, task_id: str) -> dict[str, Any]:
    for _ in range(500):
        task = _task(cloud, task_id)
        if task["TaskState"] == "succeeded":
            return task
    raise AssertionError(f"the task stays {task['TaskState']}")


@pytest.mark.correction(CREATE)
@pytest.mark.correction(DESCRIBE)
def test_launch_state(cloud: LocalCloud) -> None:
    cloud.realism(durations={"replace-root-volume.pending": 2.0})
    instance_id = launch(cloud)
    before = _root(cloud, instance_id)
    task = _replace(cloud, instance_id)
    assert task["TaskState"] == "pending"
    assert _root(cloud, instance_id)["VolumeId"] == before["VolumeId"]
    with refused("IncorrectInstanceState"):
        _replace(cloud, instance_id)
    done = _settle(cloud, task["ReplaceRootVolumeTaskId"])
    after = _root(cloud, instance_id)
    assert after["VolumeId"] != before["VolumeId"]
    assert (after["Size"], after["SnapshotId"]) == (before["Size"], before["SnapshotId"])
    assert after["Attachments"][0]["DeleteOnTermination"] is True
    assert done["CompleteTime"] >= done["StartTime"]
    assert describe_volume(cloud, before["VolumeId"])["State"] == "available"
    assert describe_instance(cloud, instance_id)["State"]["Name"] == "running"


@pytest.mark.correction(CREATE)
def test_snapshot_and_removal_of_the_replaced_volume(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    key = cloud.client("kms").create_key()["KeyMetadata"]["Arn"]
    device = {"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": True, "KmsKeyId": key}}
    instance_id = launch(cloud, BlockDeviceMappings=[device])
    before = _root(cloud, instance_id)
    snapshot_id = ec2.create_snapshot(VolumeId=before["VolumeId"])["SnapshotId"]
    task = _replace(cloud, instance_id, SnapshotId=snapshot_id, DeleteReplacedRootVolume=True)
    assert _settle(cloud, task["ReplaceRootVolumeTaskId"])["SnapshotId"] == snapshot_id
    after = _root(cloud, instance_id)
    assert (after["SnapshotId"], after["Encrypted"], after["KmsKeyId"]) == (snapshot_id, True, key)
    with refused("InvalidVolume.NotFound"):
        describe_volume(cloud, before["VolumeId"])


@pytest.mark.correction(CREATE)
def test_given_volume(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    instance_id = launch(cloud)
    snapshot_id = ec2.create_snapshot(VolumeId=_root(cloud, instance_id)["VolumeId"])["SnapshotId"]
    volume_id = ec2.create_volume(AvailabilityZone=ZONE, SnapshotId=snapshot_id)["VolumeId"]
    _settle(cloud, _replace(cloud, instance_id, VolumeId=volume_id)["ReplaceRootVolumeTaskId"])
    assert _root(cloud, instance_id)["VolumeId"] == volume_id


@pytest.mark.correction(CREATE)
def test_what_is_refused(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    instance_id = launch(cloud)
    foreign = ec2.create_volume(AvailabilityZone=ZONE, Size=8)["VolumeId"]
    snapshot_id = ec2.create_snapshot(VolumeId=foreign)["SnapshotId"]
    with refused("InvalidParameterValue"):
        _replace(cloud, instance_id, SnapshotId=snapshot_id)
    with refused("InvalidSnapshot.NotFound"):
        _replace(cloud, instance_id, SnapshotId="snap-0123456789abcdef0")
    with refused("InvalidParameterCombination"):
        _replace(cloud, instance_id, SnapshotId=snapshot_id, VolumeId=foreign)
    arm = cloud.client("ssm").get_parameter(Name="/aws/service/debian/release/12/latest/arm64")["Parameter"]["Value"]
    with refused("InvalidParameterValue"):
        _replace(cloud, instance_id, ImageId=arm)
    elsewhere = ec2.create_volume(AvailabilityZone="us-east-1b", Size=8)["VolumeId"]
    with refused("InvalidVolume.ZoneMismatch"):
        _replace(cloud, instance_id, VolumeId=elsewhere)
    ec2.stop_instances(InstanceIds=[instance_id])
    ec2.get_waiter("instance_stopped").wait(InstanceIds=[instance_id], WaiterConfig={"Delay": 1})
    with refused("IncorrectInstanceState"):
        _replace(cloud, instance_id)
    with refused("InvalidReplaceRootVolumeTaskID.NotFound"):
        _task(cloud, "replacevol-0123456789abcdef0")


def test_filter_and_tags(cloud: LocalCloud) -> None:
    instance_id = launch(cloud)
    tags = [{"ResourceType": "replace-root-volume-task", "Tags": [{"Key": "why", "Value": "test"}]}]
    task_id = _replace(cloud, instance_id, TagSpecifications=tags)["ReplaceRootVolumeTaskId"]
    ec2 = cloud.client("ec2")
    for filters in ([{"Name": "instance-id", "Values": [instance_id]}], [{"Name": "tag:why", "Values": ["test"]}]):
        found = ec2.describe_replace_root_volume_tasks(Filters=filters)["ReplaceRootVolumeTasks"]
        assert [one["ReplaceRootVolumeTaskId"] for one in found] == [task_id]
    nothing = [{"Name": "instance-id", "Values": ["i-0123456789abcdef0"]}]
    assert ec2.describe_replace_root_volume_tasks(Filters=nothing)["ReplaceRootVolumeTasks"] == []
