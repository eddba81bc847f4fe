# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Public parameters that name images, and the images they name."""

from __future__ import annotations

import pytest
from groundwork_local_cloud.client import LocalCloud

DEBIAN = "/aws/service/debian/release/12/latest"
AMAZON_LINUX = "/aws/service/ami-amazon-linux-latest"


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1"])
def test_debian_images_by_parameter(cloud: LocalCloud, region: str) -> None:
    ssm, ec2 = cloud.client("ssm", region=region), cloud.client("ec2", region=region)
    for architecture, boot_mode in (("amd64", "uefi-preferred"), ("arm64", "uefi")):
        parameter = ssm.get_parameter(Name=f"{DEBIAN}/{architecture}")["Parameter"]
        assert (parameter["Type"], parameter["DataType"]) == ("String", "aws:ec2:image")
        image = ec2.describe_images(ImageIds=[parameter["Value"]])["Images"][0]
        assert image["Name"].startswith(f"debian-12-{architecture}-")
        assert image["Architecture"] == {"amd64": "x86_64", "arm64": "arm64"}[architecture]
        assert image["OwnerId"] == "136693071363"
        assert (image["RootDeviceName"], image["RootDeviceType"]) == ("/dev/xvda", "ebs")
        assert (image["BootMode"], image["EnaSupport"], image["VirtualizationType"]) == (boot_mode, True, "hvm")
        root = image["BlockDeviceMappings"][0]["Ebs"]
        assert (root["VolumeSize"], root["VolumeType"], root["DeleteOnTermination"]) == (8, "gp3", True)
        snapshot = ec2.describe_snapshots(SnapshotIds=[root["SnapshotId"]])["Snapshots"][0]
        assert (snapshot["VolumeSize"], snapshot["OwnerId"]) == (8, "136693071363")


def test_several_at_once_and_by_path(cloud: LocalCloud) -> None:
    ssm = cloud.client("ssm")
    answer = ssm.get_parameters(Names=[f"{DEBIAN}/amd64", f"{DEBIAN}/arm64", f"{DEBIAN}/riscv64"])
    assert {one["Name"] for one in answer["Parameters"]} == {f"{DEBIAN}/amd64", f"{DEBIAN}/arm64"}
    assert answer["InvalidParameters"] == [f"{DEBIAN}/riscv64"]
    found = ssm.get_parameters_by_path(Path=DEBIAN)["Parameters"]
    assert {one["Name"] for one in found} == {f"{DEBIAN}/amd64", f"{DEBIAN}/arm64"}


def test_amazon_linux_is_still_there(cloud: LocalCloud) -> None:
    ssm, ec2 = cloud.client("ssm"), cloud.client("ec2")
    name = f"{AMAZON_LINUX}/al2023-ami-kernel-default-x86_64"
    image_id = ssm.get_parameter(Name=name)["Parameter"]["Value"]
    root = ec2.describe_images(ImageIds=[image_id])["Images"][0]["BlockDeviceMappings"][0]
    assert root["DeviceName"] == "/dev/xvda"
    assert (root["Ebs"]["VolumeSize"], root["Ebs"]["VolumeType"]) == (8, "gp3")
    path = ssm.get_parameters_by_path(Path=AMAZON_LINUX, MaxResults=10)
    assert len(path["Parameters"]) == 10
    assert path["NextToken"]


def test_newest_debian_by_name(cloud: LocalCloud) -> None:
    images = cloud.client("ec2").describe_images(
        Owners=["136693071363"],
        Filters=[{"Name": "name", "Values": ["debian-12-amd64-*"]}, {"Name": "root-device-type", "Values": ["ebs"]}],
    )["Images"]
    assert len(images) == 1
