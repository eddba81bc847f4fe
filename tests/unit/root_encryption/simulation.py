# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What EC2 does on the steps of a plan, as far as the plan can see it, without a network and without time.

It stands in for EC2 so that thousands of ways can be tried; what EC2 itself makes of the calls is seen in the
integration tests and the crash sweep on the local cloud. Every volume knows which writes are on it.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.groundwork.aws.plugins.module_utils._core.kms import Key
from ansible_collections.groundwork.aws.plugins.module_utils._core.plan import Step
from ansible_collections.groundwork.aws.plugins.module_utils._core.tags import from_aws
from ansible_collections.groundwork.aws.plugins.module_utils._root_encryption.model import (
    Instance,
    Snapshot,
    State,
    Volume,
)

KEY = Key("alias/web", "arn:aws:kms:us-east-1:123456789012:key/k", "Enabled", "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT")
ROOT = Volume(
    id="vol-0",
    state="in-use",
    type="gp3",
    size=8,
    iops=3000,
    throughput=125,
    zone="us-east-1a",
    encrypted=False,
    kms_key_id="",
    snapshot_id="",
    multi_attach=False,
    product_codes=(),
    tags={"Name": "web"},
    instance_id="i-1",
    device="/dev/xvda",
    attachment="attached",
)
INSTANCE = Instance(
    id="i-1",
    type="t3.micro",
    state="running",
    launch_time=1,
    root_device="/dev/xvda",
    root_device_type="ebs",
    root_volume_id="vol-0",
    delete_on_termination=True,
    lifecycle="",
    hibernation=False,
    product_codes=(),
    loses_public_ip="",
    tags={"Name": "web"},
    checks="ok",
)


@dataclasses.dataclass
class Simulation:
    """One instance, its volumes and snapshots. Each call and each write takes a second of ``now``."""

    instance: Instance = INSTANCE
    volumes: dict[str, Volume] = dataclasses.field(default_factory=lambda: {"vol-0": ROOT})
    snapshots: dict[str, Snapshot] = dataclasses.field(default_factory=dict)
    writes: dict[str, int] = dataclasses.field(default_factory=lambda: {"vol-0": 0})
    tokens: dict[str, str] = dataclasses.field(default_factory=dict)
    now: int = 1000
    made: int = 0

    def state(self, run_id: str, *, unchanged_for: int = 0) -> State:
        """What a run reads, if it has seen the same for so many seconds."""
        volumes, snapshots = tuple(self.volumes.values()), tuple(self.snapshots.values())
        seen = self.now - unchanged_for
        return State("i-1", self.instance, volumes, snapshots, KEY, run_id, True, 9.0, seen, self.now)

    def write(self) -> None:
        """The instance, if it runs, writes to its root."""
        self.now += 1
        if self.instance.state == "running":
            self.writes[self.instance.root_volume_id] += 1

    def restart(self) -> None:
        """Somebody starts the instance, works on it, and stops it again."""
        if self.instance.state == "stopped" and self.instance.root_volume_id:
            self.start_instance()
            self.write()
            self.stop_instance()

    def vanish(self) -> None:
        """Somebody deletes the encrypted volume before it is attached."""
        for id_ in [id_ for id_, one in self.volumes.items() if one.encrypted and not one.attachment]:
            del self.volumes[id_]

    def apply(self, step: Step) -> None:
        """The effect of a step."""
        self.now += 1
        getattr(self, step.call.__name__)(**step.arguments)

    def _new_id(self, kind: str) -> str:
        self.made += 1
        return f"{kind}-{self.made}"

    def _change(self, volume_id: str, **changes: t.Any) -> None:
        self.volumes[volume_id] = dataclasses.replace(self.volumes[volume_id], **changes)

    def _retag(self, id_: str, tags: dict[str, str]) -> None:
        if id_ == self.instance.id:
            self.instance = dataclasses.replace(self.instance, tags=tags)
        elif id_ in self.volumes:
            self._change(id_, tags=tags)
        else:
            self.snapshots[id_] = dataclasses.replace(self.snapshots[id_], tags=tags)

    def _tags(self, id_: str) -> dict[str, str]:
        return {**self.volumes, **self.snapshots, self.instance.id: self.instance}[id_].tags  # type: ignore[dict-item,no-any-return]  # all three have tags

    def create_tags(self, Resources: list[str], Tags: list[dict[str, str]]) -> None:
        for id_ in Resources:
            self._retag(id_, {**self._tags(id_), **from_aws(Tags)})

    def delete_tags(self, Resources: list[str], Tags: list[dict[str, str]]) -> None:
        gone = {tag["Key"] for tag in Tags}
        for id_ in Resources:
            self._retag(id_, {key: value for key, value in self._tags(id_).items() if key not in gone})

    def create_snapshot(self, VolumeId: str, Description: str, TagSpecifications: list[dict[str, t.Any]]) -> None:
        self._snapshot(self.writes[VolumeId], TagSpecifications)

    def copy_snapshot(self, SourceSnapshotId: str, TagSpecifications: list[dict[str, t.Any]], **_rest: t.Any) -> None:
        self._snapshot(self.writes[SourceSnapshotId], TagSpecifications)

    def _snapshot(self, written: int, specifications: list[dict[str, t.Any]]) -> None:
        id_ = self._new_id("snap")
        tags = from_aws(specifications[0]["Tags"])
        self.snapshots[id_] = Snapshot(id_, "completed", "100%", "", self.now, tags)
        self.writes[id_] = written

    def delete_snapshot(self, SnapshotId: str) -> None:
        del self.snapshots[SnapshotId]

    def create_volume(self, SnapshotId: str, ClientToken: str, KmsKeyId: str, **asked: t.Any) -> None:
        if ClientToken in self.tokens:
            return
        id_ = self.tokens[ClientToken] = self._new_id("vol")
        changes = {"encrypted": True, "kms_key_id": KmsKeyId, "snapshot_id": SnapshotId, "size": asked["Size"]}
        free = {"state": "available", "instance_id": "", "device": "", "attachment": ""}
        tags = from_aws(asked["TagSpecifications"][0]["Tags"])
        self.volumes[id_] = dataclasses.replace(ROOT, id=id_, tags=tags, **changes, **free)
        self.writes[id_] = self.writes[SnapshotId]

    def delete_volume(self, VolumeId: str) -> None:
        assert not self.volumes[VolumeId].attachment
        del self.volumes[VolumeId]

    def attach_volume(self, VolumeId: str, InstanceId: str, Device: str) -> None:
        assert not self.instance.root_volume_id, "two roots"
        self._change(VolumeId, state="in-use", instance_id=InstanceId, device=Device, attachment="attached")
        self.instance = dataclasses.replace(self.instance, root_volume_id=VolumeId, delete_on_termination=False)

    def detach_volume(self, VolumeId: str, InstanceId: str) -> None:
        assert (self.instance.state, self.instance.id) == ("stopped", InstanceId)
        self._change(VolumeId, state="available", instance_id="", device="", attachment="")
        self.instance = dataclasses.replace(self.instance, root_volume_id="")

    def set_delete_on_termination(self, InstanceId: str, device: str, delete: bool) -> None:
        assert (InstanceId, device) == (self.instance.id, "/dev/xvda")
        self.instance = dataclasses.replace(self.instance, delete_on_termination=delete)

    def stop_instance(self, InstanceId: str = "i-1") -> None:
        assert InstanceId == self.instance.id
        self.instance = dataclasses.replace(self.instance, state="stopped", checks="")

    def start_instance(self, InstanceId: str = "i-1") -> None:
        assert InstanceId == self.instance.id
        assert self.instance.root_volume_id, "an instance without a root cannot start"
        self.now += 1
        self.instance = dataclasses.replace(self.instance, state="running", checks="ok", launch_time=self.now)
