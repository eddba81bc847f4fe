# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Encryption of volumes: keys, encryption by default, keys that cannot be used."""

from __future__ import annotations

from typing import Any

import pytest
from groundwork_local_cloud.client import LocalCloud
from launching import ZONE, describe_volume
from refusals import refused


def _encrypted(cloud: LocalCloud, **settings: Any) -> dict[str, Any]:
    asked = {"AvailabilityZone": ZONE, "Size": 1} | settings
    return describe_volume(cloud, cloud.client("ec2").create_volume(**asked)["VolumeId"])


def _key(cloud: LocalCloud, alias: str | None = None) -> dict[str, Any]:
    kms = cloud.client("kms")
    key: dict[str, Any] = kms.create_key()["KeyMetadata"]
    if alias:
        kms.create_alias(AliasName=alias, TargetKeyId=key["KeyId"])
    return key


@pytest.mark.correction("create-volume")
def test_every_way_of_naming_a_key_gives_its_arn(cloud: LocalCloud) -> None:
    key = _key(cloud, "alias/data")
    names = (key["KeyId"], key["Arn"], "alias/data", "arn:aws:kms:us-east-1:123456789012:alias/data")
    for name in names:
        assert _encrypted(cloud, Encrypted=True, KmsKeyId=name)["KmsKeyId"] == key["Arn"]


def test_without_a_key_the_aws_managed_key_is_used(cloud: LocalCloud) -> None:
    arn = _encrypted(cloud, Encrypted=True)["KmsKeyId"]
    managed = cloud.client("kms").describe_key(KeyId="alias/aws/ebs")["KeyMetadata"]
    assert (arn, managed["KeyManager"]) == (managed["Arn"], "AWS")


def test_key_without_encryption_is_refused(cloud: LocalCloud) -> None:
    arn = _key(cloud)["Arn"]
    for settings in ({}, {"Encrypted": False}):
        with refused("InvalidParameterDependency"):
            _encrypted(cloud, KmsKeyId=arn, **settings)


@pytest.mark.correction("modify-ebs-default-kms-key")
@pytest.mark.correction("get-ebs-default-kms-key")
@pytest.mark.correction("reset-ebs-default-kms-key")
def test_encryption_by_default(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    key = _key(cloud, "alias/data")
    assert _encrypted(cloud)["Encrypted"] is False
    ec2.enable_ebs_encryption_by_default()
    assert ec2.get_ebs_default_kms_key_id()["KmsKeyId"] == "alias/aws/ebs"
    managed = cloud.client("kms").describe_key(KeyId="alias/aws/ebs")["KeyMetadata"]["Arn"]
    assert _encrypted(cloud)["KmsKeyId"] == managed
    assert ec2.modify_ebs_default_kms_key_id(KmsKeyId="alias/data")["KmsKeyId"] == key["Arn"]
    assert ec2.get_ebs_default_kms_key_id()["KmsKeyId"] == key["Arn"]
    assert _encrypted(cloud)["KmsKeyId"] == key["Arn"]
    assert ec2.reset_ebs_default_kms_key_id()["KmsKeyId"] == "alias/aws/ebs"
    assert _encrypted(cloud)["KmsKeyId"] == managed
    other_region = cloud.client("ec2", region="eu-west-1")
    assert other_region.get_ebs_encryption_by_default()["EbsEncryptionByDefault"] is False
    ec2.disable_ebs_encryption_by_default()
    assert _encrypted(cloud)["Encrypted"] is False


def test_encryption_by_default_reaches_volumes_of_plain_snapshots_and_copies(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    plain = ec2.create_snapshot(VolumeId=_encrypted(cloud)["VolumeId"])["SnapshotId"]
    ec2.enable_ebs_encryption_by_default()
    assert _encrypted(cloud, SnapshotId=plain)["Encrypted"] is True
    copied = ec2.copy_snapshot(SourceRegion="us-east-1", SourceSnapshotId=plain)["SnapshotId"]
    assert ec2.describe_snapshots(SnapshotIds=[copied])["Snapshots"][0]["Encrypted"] is True


def _disabled(cloud: LocalCloud) -> str:
    arn = str(_key(cloud)["Arn"])
    cloud.client("kms").disable_key(KeyId=arn)
    return arn


def _pending_deletion(cloud: LocalCloud) -> str:
    arn = str(_key(cloud)["Arn"])
    cloud.client("kms").schedule_key_deletion(KeyId=arn, PendingWindowInDays=7)
    return arn


def _unknown(_: LocalCloud) -> str:
    return "12345678-1234-1234-1234-123456789012"


def _unknown_alias(_: LocalCloud) -> str:
    return "alias/nothing"


def _asymmetric(cloud: LocalCloud) -> str:
    key = cloud.client("kms").create_key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")
    return str(key["KeyMetadata"]["Arn"])


@pytest.mark.correction("create-volume")
def test_volume_under_an_unusable_key_disappears(cloud: LocalCloud) -> None:
    cloud.realism(durations={"volume.creating": 1.0})
    ec2 = cloud.client("ec2")
    for unusable in (_disabled, _pending_deletion, _unknown, _unknown_alias, _asymmetric):
        made = ec2.create_volume(AvailabilityZone=ZONE, Size=1, Encrypted=True, KmsKeyId=unusable(cloud))
        assert made["State"] == "creating"
    for _ in range(500):
        if not ec2.describe_volumes()["Volumes"]:
            break
    with refused("InvalidVolume.NotFound"):
        ec2.describe_volumes(VolumeIds=[made["VolumeId"]])
    assert ec2.describe_volumes()["Volumes"] == []
