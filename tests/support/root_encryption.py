# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances whose roots are encrypted, for the tests and the benchmark of ec2_root_encryption."""

from __future__ import annotations

import dataclasses
import typing as t

from groundwork_local_cloud.client import LocalCloud

from .modules import Result, run_module

AMAZON_LINUX = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
ROOT = {
    "DeviceName": "/dev/xvda",
    "Ebs": {"VolumeType": "gp3", "VolumeSize": 12, "Iops": 3500, "Throughput": 200, "DeleteOnTermination": True},
}
DATA = {"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 4}}


@dataclasses.dataclass
class Setting:
    """An account with a key, and instances in it."""

    cloud: LocalCloud
    key_arn: str

    def launch(self, **options: t.Any) -> str:
        return self.launch_many(1, **options)[0]

    def launch_many(self, count: int, **options: t.Any) -> list[str]:
        ec2 = self.cloud.client("ec2")
        tags = [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": "web"}]} for kind in ("instance", "volume")]
        asked = {
            "ImageId": self.cloud.client("ssm").get_parameter(Name=AMAZON_LINUX)["Parameter"]["Value"],
            "InstanceType": "t3.micro",
            "BlockDeviceMappings": [ROOT, DATA],
            "TagSpecifications": tags,
            **options,
        }
        launched = ec2.run_instances(MinCount=count, MaxCount=count, **asked)["Instances"]
        ids = [str(one["InstanceId"]) for one in launched]
        ec2.get_waiter("instance_running").wait(InstanceIds=ids, WaiterConfig={"Delay": 1})
        return ids

    def run(self, instance_id: str | list[str], **options: t.Any) -> Result:
        given = {"kms_key_id": self.key_arn} if options.get("state", "encrypted") == "encrypted" else {}
        return run_module("ec2_root_encryption", instance_ids=instance_id, **{**given, **options})

    def instance(self, instance_id: str) -> dict[str, t.Any]:
        reservations = self.cloud.client("ec2").describe_instances(InstanceIds=[instance_id])["Reservations"]
        return dict(reservations[0]["Instances"][0])

    def root(self, instance_id: str) -> dict[str, t.Any]:
        """The root volume, with its DeleteOnTermination added."""
        mappings = self.instance(instance_id)["BlockDeviceMappings"]
        (ebs,) = [mapping["Ebs"] for mapping in mappings if mapping["DeviceName"] == "/dev/xvda"]
        (volume,) = self.cloud.client("ec2").describe_volumes(VolumeIds=[ebs["VolumeId"]])["Volumes"]
        return {**volume, "DeleteOnTermination": ebs["DeleteOnTermination"]}

    def snapshots(self) -> list[dict[str, t.Any]]:
        """Those that the module has made; the account has others, behind its images."""
        made = [{"Name": "tag-key", "Values": ["groundwork:root-encryption"]}]
        return list(self.cloud.client("ec2").describe_snapshots(Filters=made)["Snapshots"])

    def tag_instance(self, instance_id: str, **tags: str) -> None:
        self.cloud.client("ec2").create_tags(
            Resources=[instance_id],
            Tags=[{"Key": f"groundwork:root-encryption-{key}", "Value": tags[key]} for key in tags],
        )
