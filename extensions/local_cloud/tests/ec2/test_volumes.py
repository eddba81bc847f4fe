# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CreateVolume and DeleteVolume."""

from __future__ import annotations

from typing import Any

import pytest
from groundwork_local_cloud.client import LocalCloud
from launching import ZONE, describe_volume, launch
from refusals import refused

REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("InvalidParameterValue", {"VolumeType": "gp3", "Size": 0}),
    ("InvalidParameterValue", {"VolumeType": "gp3", "Size": 65537}),
    ("InvalidParameterValue", {"VolumeType": "gp2", "Size": 16385}),
    ("InvalidParameterValue", {"VolumeType": "io1", "Size": 3, "Iops": 100}),
    ("InvalidParameterValue", {"VolumeType": "st1", "Size": 124}),
    ("InvalidParameterValue", {"VolumeType": "standard", "Size": 1025}),
    ("InvalidParameterValue", {"VolumeType": "gp3", "Size": 100, "Iops": 2999}),
    ("InvalidParameterValue", {"VolumeType": "gp3", "Size": 1000, "Iops": 80001}),
    ("InvalidParameterValue", {"VolumeType": "gp3", "Size": 10, "Iops": 5001}),
    ("InvalidParameterValue", {"VolumeType": "io1", "Size": 10, "Iops": 501}),
    ("InvalidParameterValue", {"VolumeType": "io2", "Size": 10, "Iops": 10001}),
    ("InvalidParameterValue", {"VolumeType": "gp3", "Size": 100, "Throughput": 124}),
    ("InvalidParameterValue", {"VolumeType": "gp3", "Size": 100, "Throughput": 2001, "Iops": 16000}),
    ("InvalidParameterValue", {"VolumeType": "gp3", "Size": 100, "Throughput": 751}),
    ("InvalidParameterValue", {"VolumeType": "gp9", "Size": 100}),
    ("InvalidParameterCombination", {"VolumeType": "gp2", "Size": 100, "Iops": 3000}),
    ("InvalidParameterCombination", {"VolumeType": "io2", "Size": 100, "Iops": 300, "Throughput": 200}),
    ("InvalidParameterCombination", {"VolumeType": "gp3", "Size": 100, "MultiAttachEnabled": True}),
    ("MissingParameter", {"VolumeType": "io2", "Size": 100}),
    ("MissingParameter", {"VolumeType": "gp3"}),
    ("InvalidSnapshot.NotFound", {"SnapshotId": "snap-0123456789abcdef0"}),
]


@pytest.mark.correction("create-volume")
def test_limits_of_the_types(cloud: LocalCloud) -> None:
    for code, settings in REFUSED:
        with refused(code):
            cloud.client("ec2").create_volume(AvailabilityZone=ZONE, **settings)


PERFORMANCE: list[tuple[dict[str, Any], int | None, int | None]] = [
    ({"VolumeType": "gp3", "Size": 1}, 3000, 125),
    ({"VolumeType": "gp3", "Size": 65536, "Iops": 80000, "Throughput": 2000}, 80000, 2000),
    ({"VolumeType": "gp2", "Size": 100}, 300, None),
    ({"VolumeType": "gp2", "Size": 1}, 100, None),
    ({"VolumeType": "io2", "Size": 4, "Iops": 4000}, 4000, None),
    ({"VolumeType": "st1", "Size": 125}, None, None),
]


def test_performance_of_the_types(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    for settings, iops, throughput in PERFORMANCE:
        volume_id = ec2.create_volume(AvailabilityZone=ZONE, **settings)["VolumeId"]
        volume = describe_volume(cloud, volume_id)
        assert (volume.get("Iops"), volume.get("Throughput")) == (iops, throughput), settings


def test_unknown_zone(cloud: LocalCloud) -> None:
    with refused("InvalidZone.NotFound"):
        cloud.client("ec2").create_volume(AvailabilityZone="us-east-1z", Size=1)


def test_answers_always_have_the_keys_that_aws_sends(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    ec2.create_volume(AvailabilityZone=ZONE, Size=1)
    volume = ec2.describe_volumes()["Volumes"][0]
    assert volume["MultiAttachEnabled"] is False
    assert volume["SnapshotId"] == ""
    assert volume["Encrypted"] is False


def test_creating_takes_its_time(cloud: LocalCloud) -> None:
    cloud.realism(durations={"volume.creating": 2.0})
    ec2 = cloud.client("ec2")
    created = ec2.create_volume(AvailabilityZone=ZONE, Size=1)
    assert created["State"] == "creating"
    assert ec2.describe_volumes()["Volumes"][0]["State"] == "creating"
    with refused("IncorrectState"):
        ec2.delete_volume(VolumeId=created["VolumeId"])
    ec2.get_waiter("volume_available").wait(VolumeIds=[created["VolumeId"]], WaiterConfig={"Delay": 1})
    ec2.delete_volume(VolumeId=created["VolumeId"])
    with refused("InvalidVolume.NotFound"):
        ec2.describe_volumes(VolumeIds=[created["VolumeId"]])


@pytest.mark.correction("delete-volume")
def test_volume_in_use_is_not_deleted(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    instance_id = launch(cloud)
    volume_id = ec2.create_volume(AvailabilityZone=ZONE, Size=1)["VolumeId"]
    ec2.attach_volume(VolumeId=volume_id, InstanceId=instance_id, Device="/dev/sdf")
    with refused("VolumeInUse"):
        ec2.delete_volume(VolumeId=volume_id)


def test_snapshot_gives_the_size_and_bounds_it(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    source = ec2.create_volume(AvailabilityZone=ZONE, Size=8)["VolumeId"]
    snapshot = ec2.create_snapshot(VolumeId=source)["SnapshotId"]
    assert ec2.create_volume(AvailabilityZone=ZONE, SnapshotId=snapshot)["Size"] == 8
    assert ec2.create_volume(AvailabilityZone=ZONE, SnapshotId=snapshot, Size=9)["SnapshotId"] == snapshot
    with refused("InvalidParameterValue"):
        ec2.create_volume(AvailabilityZone=ZONE, SnapshotId=snapshot, Size=7)
