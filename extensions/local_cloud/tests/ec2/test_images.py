# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CreateImage and CopyImage."""

from __future__ import annotations

from typing import Any

import pytest
from groundwork_local_cloud.client import LocalCloud
from launching import ZONE, describe_instance, image_id, launch
from refusals import refused


def _image(cloud: LocalCloud, image: str, region: str = "us-east-1") -> dict[str, Any]:
    found: dict[str, Any] = cloud.client("ec2", region=region).describe_images(ImageIds=[image])["Images"][0]
    return found


def _snapshot(cloud: LocalCloud, image: dict[str, Any], region: str = "us-east-1") -> dict[str, Any]:
    snapshot_id = image["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
    snapshots = cloud.client("ec2", region=region).describe_snapshots(SnapshotIds=[snapshot_id])["Snapshots"]
    found: dict[str, Any] = snapshots[0]
    return found


@pytest.mark.correction("create-image")
def test_image_of_an_instance_has_all_its_volumes(cloud: LocalCloud) -> None:
    cloud.realism(durations={"image.pending": 2.0})
    ec2 = cloud.client("ec2")
    instance_id = launch(cloud)
    volume_id = ec2.create_volume(AvailabilityZone=ZONE, Size=3, Encrypted=True)["VolumeId"]
    ec2.attach_volume(VolumeId=volume_id, InstanceId=instance_id, Device="/dev/sdf")
    made = ec2.create_image(
        InstanceId=instance_id,
        Name="golden",
        TagSpecifications=[
            {"ResourceType": "image", "Tags": [{"Key": "a", "Value": "1"}]},
            {"ResourceType": "snapshot", "Tags": [{"Key": "b", "Value": "2"}]},
        ],
    )["ImageId"]
    assert _image(cloud, made)["State"] == "pending"
    ec2.get_waiter("image_available").wait(ImageIds=[made], WaiterConfig={"Delay": 1})
    image = _image(cloud, made)
    devices = {one["DeviceName"]: one["Ebs"] for one in image["BlockDeviceMappings"]}
    assert set(devices) == {"/dev/xvda", "/dev/sdf"}
    assert (devices["/dev/xvda"]["VolumeSize"], devices["/dev/xvda"]["DeleteOnTermination"]) == (8, True)
    assert (devices["/dev/sdf"]["VolumeSize"], devices["/dev/sdf"]["Encrypted"]) == (3, True)
    assert image["Tags"] == [{"Key": "a", "Value": "1"}]
    assert _snapshot(cloud, image)["Tags"] == [{"Key": "b", "Value": "2"}]
    with refused("InvalidAMIName.Duplicate"):
        ec2.create_image(InstanceId=instance_id, Name="golden")
    copy = describe_instance(cloud, launch(cloud, ImageId=made))
    assert {one["DeviceName"] for one in copy["BlockDeviceMappings"]} == {"/dev/xvda", "/dev/sdf"}


@pytest.mark.correction("copy-image")
def test_copy_encrypts(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    key = cloud.client("kms").create_key()["KeyMetadata"]
    source = {"SourceImageId": image_id(cloud), "SourceRegion": "us-east-1"}
    plain = _image(cloud, ec2.copy_image(**source, Name="plain")["ImageId"])
    assert plain["BlockDeviceMappings"][0]["Ebs"]["Encrypted"] is False
    secret = _image(cloud, ec2.copy_image(**source, Name="secret", Encrypted=True, KmsKeyId=key["KeyId"])["ImageId"])
    assert secret["RootDeviceName"] == "/dev/xvda"
    assert secret["BlockDeviceMappings"][0]["Ebs"]["Encrypted"] is True
    assert _snapshot(cloud, secret)["KmsKeyId"] == key["Arn"]
    with refused("InvalidParameterDependency"):
        ec2.copy_image(**source, Name="wrong", KmsKeyId=key["KeyId"])
    there = cloud.client("ec2", region="eu-west-1")
    copied = there.copy_image(SourceImageId=secret["ImageId"], SourceRegion="us-east-1", Name="there")["ImageId"]
    snapshot = _snapshot(cloud, _image(cloud, copied, "eu-west-1"), "eu-west-1")
    assert snapshot["KmsKeyId"].startswith("arn:aws:kms:eu-west-1:")


def test_copy_under_an_unusable_key_fails(cloud: LocalCloud) -> None:
    ec2, kms = cloud.client("ec2"), cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    kms.disable_key(KeyId=key)
    source = {"SourceImageId": image_id(cloud), "SourceRegion": "us-east-1"}
    copied = ec2.copy_image(**source, Name="secret", Encrypted=True, KmsKeyId=key)["ImageId"]
    assert _image(cloud, copied)["State"] == "failed"
