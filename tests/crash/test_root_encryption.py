# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ec2_root_encryption survives every fault at every one of its calls, on each of its ways."""

from __future__ import annotations

import functools
import re
import typing as t

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils._root_encryption import locking
from groundwork_local_cloud.client import LocalCloud
from support.modules import Result, run_module

from .disk_contents import Disks
from .sweep import KILLED, ONE_CALL, Flow, Sweep, cases

AMAZON_LINUX = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
READS = ("ec2.describe_instances", "ec2.describe_volumes", "ec2.describe_snapshots")
# Seconds of downtime; how often it was begun anew, and so the moment of the latest start.
VARIES = (re.compile(r"downtime=\d+"),)


class Start(t.NamedTuple):
    """The starting point of a run."""

    instance_id: str
    original_id: str
    key_arn: str


def launch(cloud: LocalCloud) -> Start:
    """An instance whose root is not encrypted, and a key."""
    ec2 = cloud.client("ec2")
    image_id = cloud.client("ssm").get_parameter(Name=AMAZON_LINUX)["Parameter"]["Value"]
    tags = [{"ResourceType": "volume", "Tags": [{"Key": "Name", "Value": "web"}]}]
    asked = {"ImageId": image_id, "InstanceType": "t3.micro", "TagSpecifications": tags}
    instance_id = ec2.run_instances(MinCount=1, MaxCount=1, **asked)["Instances"][0]["InstanceId"]
    ec2.get_waiter("instance_status_ok").wait(InstanceIds=[instance_id], WaiterConfig={"Delay": 0})
    volume_id = ec2.describe_volumes()["Volumes"][0]["VolumeId"]
    return Start(instance_id, volume_id, cloud.client("kms").create_key()["KeyMetadata"]["Arn"])


def encrypt(start: Start, **options: t.Any) -> Result:
    return run_module("ec2_root_encryption", instance_id=start.instance_id, kms_key_id=start.key_arn, **options)


def roll_back(start: Start) -> Result:
    return run_module("ec2_root_encryption", instance_id=start.instance_id, state="rolled_back")


def clean(start: Start) -> Result:
    return run_module("ec2_root_encryption", instance_id=start.instance_id, state="cleaned")


def launch_and_encrypt(cloud: LocalCloud) -> Start:
    start = launch(cloud)
    result = encrypt(start)
    assert not result.get("failed"), result["msg"]
    return start


def launch_and_take_snapshots(cloud: LocalCloud) -> Start:
    """As ``launch``, after a run that was killed before it could copy the final snapshot."""
    start = launch(cloud)
    cloud.faults({"kind": "cut_before", "match": {"operation": "CopySnapshot"}})
    assert encrypt(start, copy_snapshot=True)["failed"]
    cloud.faults()
    return start


def encrypt_by_a_copy(start: Start) -> Result:
    return encrypt(start, copy_snapshot=True)


class Safety:
    """What has to be true after every call, however far a run has come."""

    def __init__(self, start: Start) -> None:
        self._start = start
        self._disks = Disks()
        self._proven = ""  # the encrypted root with which the instance has passed its status checks

    def __call__(self) -> None:
        self._disks.look()
        roots = self._disks.attached_to(self._start.instance_id)
        assert len(roots) <= 1, f"{self._start.instance_id} has {len(roots)} roots"
        encrypted = [one.id for one in self._disks.volumes.values() if one.encrypted]
        assert len(encrypted) <= 1, f"the encrypted volume was created twice: {', '.join(encrypted)}"
        root = roots[0] if roots else None
        self._check_running(root)
        if self._start.original_id not in self._disks.volumes:
            assert root, "the original is gone and there is no root"
            assert root.id == self._proven, f"the original is gone before {root.id} was seen at work"
        if root and root.encrypted:
            lost = self._disks.on(self._start.original_id) - self._disks.on(root.id)
            assert not lost, f"{len(lost)} writes to the original are not on {root.id}"

    def _check_running(self, root: t.Any) -> None:
        instance = self._disks.instance(self._start.instance_id)
        if instance.state != "running":
            return
        assert root, f"{instance.id} runs without a root"
        if root.encrypted and not instance.initializing:
            self._proven = root.id


class SafetyOfOriginal(Safety):
    """Before ``cleaned``, the original is never gone."""

    def __call__(self) -> None:
        super().__call__()
        assert self._start.original_id in self._disks.volumes, "the original is gone"


flow = functools.partial(Flow, reads=READS, varies=VARIES, watch=SafetyOfOriginal)
FLOWS = [
    flow("ec2_root_encryption encrypted", launch, encrypt),
    flow("ec2_root_encryption encrypted by a copy", launch, encrypt_by_a_copy, kinds=(*KILLED, "late")),
    # What comes before the copy is what comes before it without a copy.
    flow("ec2_root_encryption copied and on", launch_and_take_snapshots, encrypt_by_a_copy, kinds=ONE_CALL),
    flow("ec2_root_encryption rolled back", launch_and_encrypt, roll_back),
    flow("ec2_root_encryption rolled back half-way", launch, encrypt, finish=roll_back, kinds=KILLED),
    flow("ec2_root_encryption cleaned", launch_and_encrypt, clean, watch=Safety),
]


@pytest.mark.parametrize(("flow", "kind"), cases(FLOWS))
def test_survives(
    swept: LocalCloud, monkeypatch: pytest.MonkeyPatch, record_property: t.Any, flow: Flow, kind: str
) -> None:
    monkeypatch.setattr(locking, "SETTLE", 0.0)  # no second run is there to give way to
    tally = Sweep(swept, flow, kind).run()
    record_property("crash_sweep", tally.as_row())
    assert not tally.problems, tally.report()
