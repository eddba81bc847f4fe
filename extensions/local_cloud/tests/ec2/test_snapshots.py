# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snapshots: states, copies, rate limit, deletion."""

from __future__ import annotations

from typing import Any

import pytest
from groundwork_local_cloud.client import LocalCloud
from launching import ZONE, describe_instance, describe_volume, launch
from refusals import refused


def _volume(cloud: LocalCloud, **settings: Any) -> str:
    return str(cloud.client("ec2").create_volume(**{"AvailabilityZone": ZONE, "Size": 4} | settings)["VolumeId"])


def _snapshot(cloud: LocalCloud, snapshot_id: str, region: str = "us-east-1") -> dict[str, Any]:
    snapshots = cloud.client("ec2", region=region).describe_snapshots(SnapshotIds=[snapshot_id])["Snapshots"]
    found: dict[str, Any] = snapshots[0]
    return found


@pytest.mark.correction("create-snapshot")
def test_pending_then_completed(cloud: LocalCloud) -> None:
    cloud.realism(durations={"snapshot.pending": 2.0})
    ec2 = cloud.client("ec2")
    volume_id = _volume(cloud)
    made = ec2.create_snapshot(VolumeId=volume_id, Description="before")
    assert (made["State"], made["VolumeId"], made["VolumeSize"]) == ("pending", volume_id, 4)
    assert _snapshot(cloud, made["SnapshotId"])["Progress"] == "0%"
    with refused("SnapshotCreationPerVolumeRateExceeded"):
        ec2.create_snapshot(VolumeId=volume_id)
    with refused("IncorrectState"):
        ec2.create_volume(AvailabilityZone=ZONE, SnapshotId=made["SnapshotId"])
    with refused("IncorrectState"):
        ec2.copy_snapshot(SourceRegion="us-east-1", SourceSnapshotId=made["SnapshotId"])
    ec2.get_waiter("snapshot_completed").wait(SnapshotIds=[made["SnapshotId"]], WaiterConfig={"Delay": 1})
    assert _snapshot(cloud, made["SnapshotId"])["Progress"] == "100%"
    ec2.create_snapshot(VolumeId=volume_id)


@pytest.mark.correction("create-snapshot")
def test_snapshot_keeps_size_and_key_of_its_volume(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    key = cloud.client("kms").create_key()["KeyMetadata"]["Arn"]
    volume_id = _volume(cloud, VolumeType="gp3", Encrypted=True, KmsKeyId=key)
    snapshot_id = ec2.create_snapshot(VolumeId=volume_id)["SnapshotId"]
    ec2.modify_volume(VolumeId=volume_id, Size=9)
    shown = _snapshot(cloud, snapshot_id)
    assert (shown["VolumeSize"], shown["Encrypted"], shown["KmsKeyId"]) == (4, True, key)
    restored = ec2.create_volume(AvailabilityZone=ZONE, SnapshotId=snapshot_id)["VolumeId"]
    volume = describe_volume(cloud, restored)
    assert (volume["Size"], volume["Encrypted"], volume["KmsKeyId"]) == (4, True, key)


@pytest.mark.correction("copy-snapshot")
def test_encryption_of_copies(cloud: LocalCloud) -> None:
    ec2, kms = cloud.client("ec2"), cloud.client("kms")
    key, other = (kms.create_key()["KeyMetadata"] for _ in range(2))
    default = "arn:aws:kms:us-east-1:123456789012:key/"
    plain = ec2.create_snapshot(VolumeId=_volume(cloud))["SnapshotId"]
    secret = ec2.create_snapshot(VolumeId=_volume(cloud, Encrypted=True, KmsKeyId=key["Arn"]))["SnapshotId"]

    def copy(source: str, **settings: Any) -> dict[str, Any]:
        copied = ec2.copy_snapshot(SourceRegion="us-east-1", SourceSnapshotId=source, **settings)["SnapshotId"]
        return _snapshot(cloud, copied)

    assert copy(plain)["Encrypted"] is False
    assert copy(plain, Encrypted=True, KmsKeyId=other["KeyId"])["KmsKeyId"] == other["Arn"]
    assert copy(secret, Encrypted=True, KmsKeyId=other["Arn"])["KmsKeyId"] == other["Arn"]
    without = copy(secret)
    assert without["Encrypted"] is True
    assert without["KmsKeyId"].startswith(default)
    assert without["KmsKeyId"] not in (key["Arn"], other["Arn"])
    assert without["VolumeId"] == "vol-ffffffff"
    with refused("InvalidParameterDependency"):
        copy(plain, KmsKeyId=other["Arn"])
    with refused("InvalidParameterValue"):
        copy(secret, Encrypted=False)
    with refused("InvalidSnapshot.NotFound"):
        copy("snap-0123456789abcdef0")


def test_copy_to_another_region_takes_that_regions_key(cloud: LocalCloud) -> None:
    source = cloud.client("ec2").create_snapshot(VolumeId=_volume(cloud, Encrypted=True))["SnapshotId"]
    there = cloud.client("ec2", region="eu-west-1")
    copied = there.copy_snapshot(SourceRegion="us-east-1", SourceSnapshotId=source)["SnapshotId"]
    assert _snapshot(cloud, copied, "eu-west-1")["KmsKeyId"].startswith("arn:aws:kms:eu-west-1:")


def test_copy_under_an_unusable_key_ends_in_error(cloud: LocalCloud) -> None:
    ec2, kms = cloud.client("ec2"), cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    source = ec2.create_snapshot(VolumeId=_volume(cloud))["SnapshotId"]
    kms.disable_key(KeyId=key)
    copied = ec2.copy_snapshot(SourceRegion="us-east-1", SourceSnapshotId=source, Encrypted=True, KmsKeyId=key)
    shown = _snapshot(cloud, copied["SnapshotId"])
    assert shown["State"] == "error"
    assert key in shown["StateMessage"]


@pytest.mark.correction("create-snapshots")
def test_snapshots_of_an_instance(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    instance_id = launch(cloud)
    root = describe_instance(cloud, instance_id)["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]
    tags = [{"ResourceType": "volume", "Tags": [{"Key": "Name", "Value": "data"}, {"Key": "team", "Value": "a"}]}]
    data = [_volume(cloud, TagSpecifications=tags) for _ in range(2)]
    for volume_id, device in zip(data, ("/dev/sdf", "/dev/sdg"), strict=True):
        ec2.attach_volume(VolumeId=volume_id, InstanceId=instance_id, Device=device)

    def taken(copy_tags: bool = False, **specification: Any) -> dict[str, dict[str, str]]:
        settings: dict[str, Any] = {"CopyTagsFromSource": "volume"} if copy_tags else {}
        answer = ec2.create_snapshots(
            InstanceSpecification={"InstanceId": instance_id} | specification,
            TagSpecifications=[{"ResourceType": "snapshot", "Tags": [{"Key": "Name", "Value": "set"}]}],
            **settings,
        )
        assert {one["State"] for one in answer["Snapshots"]} == {"pending"}
        return {one["VolumeId"]: {tag["Key"]: tag["Value"] for tag in one["Tags"]} for one in answer["Snapshots"]}

    assert set(taken()) == {root, *data}
    ec2.describe_snapshots(OwnerIds=["self"])
    assert set(taken(ExcludeBootVolume=True)) == set(data)
    ec2.describe_snapshots(OwnerIds=["self"])
    assert taken(copy_tags=True, ExcludeDataVolumeIds=[data[0]]) == {
        root: {"Name": "set"},
        data[1]: {"Name": "set", "team": "a"},
    }
    with refused("InvalidParameterValue"):
        taken(ExcludeDataVolumeIds=[root])


@pytest.mark.correction("describe-snapshots-owners")
def test_snapshots_of_owners(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    own = ec2.create_snapshot(VolumeId=_volume(cloud))["SnapshotId"]
    everybody = ec2.describe_snapshots()["Snapshots"]
    for owner, account in (("self", {"123456789012"}), ("123456789012", {"123456789012"})):
        found = ec2.describe_snapshots(OwnerIds=[owner])["Snapshots"]
        assert ([one["SnapshotId"] for one in found], {one["OwnerId"] for one in found}) == ([own], account)
    of_amazon = ec2.describe_snapshots(OwnerIds=["amazon"])["Snapshots"]
    assert len(of_amazon) > 1000
    assert own not in [one["SnapshotId"] for one in of_amazon]
    assert len(everybody) == len(ec2.describe_snapshots(OwnerIds=["self", "amazon"])["Snapshots"])
    assert ec2.describe_snapshots(OwnerIds=["self"], Filters=[{"Name": "owner-alias", "Values": ["amazon"]}]) | {
        "ResponseMetadata": {}
    } == {"Snapshots": [], "ResponseMetadata": {}}


@pytest.mark.correction("delete-snapshot")
def test_snapshot_of_an_image_is_not_deleted(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    image_id = ec2.create_image(InstanceId=launch(cloud), Name="golden")["ImageId"]
    image = ec2.describe_images(ImageIds=[image_id])["Images"][0]
    snapshot_id = image["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
    with refused("InvalidSnapshot.InUse"):
        ec2.delete_snapshot(SnapshotId=snapshot_id)
    ec2.deregister_image(ImageId=image_id)
    ec2.delete_snapshot(SnapshotId=snapshot_id)
    with refused("InvalidSnapshot.NotFound"):
        ec2.delete_snapshot(SnapshotId=snapshot_id)
