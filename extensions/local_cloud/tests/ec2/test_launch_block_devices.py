# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Block device mappings of a launch."""

from __future__ import annotations

from typing import Any

import pytest
from groundwork_local_cloud.client import LocalCloud
from launching import describe_instance, image_id, launch
from refusals import refused

ROOT = "/dev/xvda"


def volumes_of(cloud: LocalCloud, mappings: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The volumes of an instance launched with these mappings, by device; with DeleteOnTermination."""
    instance = describe_instance(cloud, launch(cloud, BlockDeviceMappings=mappings))
    assert instance["RootDeviceName"] == ROOT
    devices = {one["DeviceName"]: one["Ebs"] for one in instance["BlockDeviceMappings"]}
    described = cloud.client("ec2").describe_volumes(VolumeIds=[one["VolumeId"] for one in devices.values()])
    volumes = {one["VolumeId"]: one for one in described["Volumes"]}
    return {
        device: {**volumes[ebs["VolumeId"]], "DeleteOnTermination": ebs["DeleteOnTermination"]}
        for device, ebs in devices.items()
    }


@pytest.mark.correction("run-instances-block-devices")
def test_the_root_volume_is_the_image_s(cloud: LocalCloud) -> None:
    image = cloud.client("ec2").describe_images(ImageIds=[image_id(cloud)])["Images"][0]
    ebs = image["BlockDeviceMappings"][0]["Ebs"]
    for mappings in ([], [{"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 1}}]):
        root = volumes_of(cloud, mappings)[ROOT]
        assert (root["Size"], root["SnapshotId"], root["VolumeType"]) == (
            ebs["VolumeSize"],
            ebs["SnapshotId"],
            ebs["VolumeType"],
        )
        assert root["DeleteOnTermination"] is True


def test_a_mapping_of_the_root_changes_it(cloud: LocalCloud) -> None:
    ebs = {"VolumeSize": 30, "Iops": 4000, "Throughput": 250, "Encrypted": True, "DeleteOnTermination": False}
    volumes = volumes_of(cloud, [{"DeviceName": ROOT, "Ebs": ebs}])
    assert list(volumes) == [ROOT]
    root = volumes[ROOT]
    assert (root["Size"], root["Iops"], root["Throughput"], root["VolumeType"]) == (30, 4000, 250, "gp3")
    assert (root["Encrypted"], root["DeleteOnTermination"]) == (True, False)
    assert root["KmsKeyId"].startswith("arn:aws:kms:us-east-1:123456789012:key/")


def test_an_alias_becomes_the_key_s_arn(cloud: LocalCloud) -> None:
    kms = cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/disks", TargetKeyId=key["KeyId"])
    ebs = {"VolumeSize": 1, "Encrypted": True, "KmsKeyId": "alias/disks"}
    assert volumes_of(cloud, [{"DeviceName": "/dev/sdf", "Ebs": ebs}])["/dev/sdf"]["KmsKeyId"] == key["Arn"]


def test_encryption_by_default(cloud: LocalCloud) -> None:
    cloud.client("ec2").enable_ebs_encryption_by_default()
    volumes = volumes_of(cloud, [{"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 1}}])
    assert [volumes[device]["Encrypted"] for device in (ROOT, "/dev/sdf")] == [True, True]


def test_other_types_and_defaults(cloud: LocalCloud) -> None:
    mappings = [
        {"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 100}},
        {"DeviceName": "/dev/sdg", "Ebs": {"VolumeSize": 10, "VolumeType": "io2", "Iops": 500}},
        {"DeviceName": ROOT, "Ebs": {"VolumeType": "gp2"}},
    ]
    volumes = volumes_of(cloud, mappings)
    assert {device: (one["VolumeType"], one.get("Iops")) for device, one in volumes.items()} == {
        "/dev/sdf": ("gp2", 300),
        "/dev/sdg": ("io2", 500),
        ROOT: ("gp2", 100),
    }
    assert all(one["DeleteOnTermination"] for one in volumes.values())


def test_instance_stores_and_left_out_devices_make_no_volume(cloud: LocalCloud) -> None:
    mappings = [
        {"DeviceName": "/dev/sdb", "VirtualName": "ephemeral0"},
        {"DeviceName": "/dev/sdc", "NoDevice": ""},
    ]
    assert list(volumes_of(cloud, mappings)) == [ROOT]


def test_a_volume_from_a_snapshot(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    volume = ec2.create_volume(AvailabilityZone="us-east-1a", Size=5)["VolumeId"]
    ec2.get_waiter("volume_available").wait(VolumeIds=[volume], WaiterConfig={"Delay": 1})
    snapshot = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
    made = volumes_of(cloud, [{"DeviceName": "/dev/sdf", "Ebs": {"SnapshotId": snapshot}}])["/dev/sdf"]
    assert (made["Size"], made["SnapshotId"]) == (5, snapshot)
    with refused("InvalidBlockDeviceMapping"):
        launch(
            cloud, BlockDeviceMappings=[{"DeviceName": "/dev/sdf", "Ebs": {"SnapshotId": snapshot, "VolumeSize": 4}}]
        )


def test_refused(cloud: LocalCloud) -> None:
    unknown = "snap-0123456789abcdef0"
    refusals: list[tuple[str, list[dict[str, Any]]]] = [
        ("MissingParameter", [{"DeviceName": "/dev/sdf"}]),
        ("MissingParameter", [{"DeviceName": "/dev/sdf", "Ebs": {"VolumeType": "gp3"}}]),
        ("MissingParameter", [{"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 10, "VolumeType": "io1"}}]),
        ("InvalidBlockDeviceMapping", [{"DeviceName": ROOT, "Ebs": {"VolumeSize": 1}}]),
        ("InvalidBlockDeviceMapping", [{"DeviceName": ROOT, "Ebs": {"SnapshotId": unknown}}]),
        ("InvalidBlockDeviceMapping", [{"DeviceName": ROOT, "NoDevice": ""}]),
        ("InvalidBlockDeviceMapping", [{"DeviceName": "/dev/sdb", "VirtualName": "ephemeral24"}]),
        ("InvalidBlockDeviceMapping", [{"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 1}}] * 2),
        ("InvalidSnapshot.NotFound", [{"DeviceName": "/dev/sdf", "Ebs": {"SnapshotId": unknown}}]),
        ("InvalidParameterDependency", [{"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 1, "KmsKeyId": "alias/x"}}]),
        ("InvalidParameterCombination", [{"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 1, "Iops": 3000}}]),
        ("InvalidParameterValue", [{"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 1, "VolumeType": "gp9"}}]),
    ]
    for code, mappings in refusals:
        with refused(code):
            launch(cloud, BlockDeviceMappings=mappings)
    assert cloud.client("ec2").describe_volumes()["Volumes"] == []
