# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""After a reset nothing is left of what was there, neither of what was made nor of what was changed."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from groundwork_local_cloud.client import LocalCloud


def _image(cloud: LocalCloud, region: str = "us-east-1") -> dict[str, Any]:
    images = cloud.client("ec2", region=region).describe_images(Owners=["amazon"], MaxResults=5)["Images"]
    found: dict[str, Any] = images[0]
    return found


def test_changes_of_public_images_do_not_outlive_a_reset(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    before = _image(cloud)
    image_id, count = before["ImageId"], len(ec2.describe_images()["Images"])
    ec2.create_tags(Resources=[image_id], Tags=[{"Key": "ours", "Value": "1"}])
    ec2.modify_image_attribute(ImageId=image_id, LaunchPermission={"Remove": [{"Group": "all"}]})
    ec2.deregister_image(ImageId=ec2.describe_images(Owners=["amazon"], MaxResults=5)["Images"][1]["ImageId"])
    ec2.delete_snapshot(SnapshotId=_snapshot_of_no_image(ec2))
    changed = ec2.describe_images(ImageIds=[image_id])["Images"][0]
    assert (changed["Public"], changed["Tags"]) == (False, [{"Key": "ours", "Value": "1"}])
    cloud.reset()
    assert _image(cloud) == before
    assert before["Public"]
    assert len(ec2.describe_images()["Images"]) == count
    with pytest.raises(ClientError, match=r"InvalidSnapshot\.InUse"):
        ec2.delete_snapshot(SnapshotId=before["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"])


def _snapshot_of_no_image(ec2: Any) -> str:
    volume_id = ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"]
    return str(ec2.create_snapshot(VolumeId=volume_id)["SnapshotId"])


def test_the_images_of_a_region_are_its_own(cloud: LocalCloud) -> None:
    _image(cloud)
    ours = {image["ImageId"] for image in cloud.client("ec2").describe_images(Owners=["amazon"])["Images"]}
    cloud.reset()
    ireland = cloud.client("ec2", region="eu-west-1")
    x86 = [{"Name": "architecture", "Values": ["x86_64"]}]
    theirs = {image["ImageId"] for image in ireland.describe_images(Owners=["amazon"], Filters=x86)["Images"]}
    image_id = min(theirs - ours)
    made = ireland.run_instances(ImageId=image_id, InstanceType="t3.micro", MinCount=1, MaxCount=1)["Instances"][0]
    assert made["Placement"]["AvailabilityZone"].startswith("eu-west-1")
