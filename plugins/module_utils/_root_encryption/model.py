# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""An instance, its volumes and its snapshots as AWS shows them, and what the user wants. No I/O."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core.errors import CoreError
from .._core.kms import Key
from .._core.tags import from_aws
from .journal import COPY, ENCRYPTED, FINAL, PART_TAG, SOURCE_TAG, Journal, read_journal

Thing = t.TypeVar("Thing")


def known(thing: Thing | None, what: str) -> Thing:
    """``thing``, which a step before has seen. Raises CoreError if it has vanished since."""
    if thing is None:
        raise CoreError(f"{what} was there a moment ago and is gone. Look what has removed it, and run this again.")
    return thing


@dataclasses.dataclass(frozen=True)
class Wanted:
    """The options of the module. ``keep_originals_days`` goes into the expiry tag; 0 means not to keep them."""

    state: t.Literal["encrypted", "rolled_back", "cleaned"]
    start_after: bool = True
    copy_snapshot: bool = False
    reencrypt: bool = False
    keep_originals_days: int = 30
    lock_timeout: int = 900  # seconds
    check_permissions: bool = True


@dataclasses.dataclass(frozen=True)
class Volume:
    """An EBS volume. ``device`` and ``attachment`` (its state) are empty when it is not attached."""

    id: str
    state: str
    type: str
    size: int  # GiB
    iops: int | None
    throughput: int | None  # MiB/s
    zone: str
    encrypted: bool
    kms_key_id: str
    snapshot_id: str
    multi_attach: bool
    product_codes: tuple[str, ...]
    tags: dict[str, str]
    instance_id: str = ""
    device: str = ""
    attachment: str = ""


@dataclasses.dataclass(frozen=True)
class Snapshot:
    """An EBS snapshot. ``start_time`` is in seconds since the epoch."""

    id: str
    state: str
    progress: str
    problem: str
    start_time: float
    tags: dict[str, str]

    @property
    def part(self) -> str:
        return self.tags.get(PART_TAG, "")


@dataclasses.dataclass(frozen=True)
class Instance:
    """An EC2 instance. ``launch_time`` (seconds since the epoch) is that of its latest start."""

    id: str
    type: str
    state: str
    launch_time: float
    root_device: str
    root_device_type: str
    root_volume_id: str  # empty while no volume is attached as the root device
    delete_on_termination: bool
    lifecycle: str
    hibernation: bool
    product_codes: tuple[str, ...]
    loses_public_ip: str  # the public address that a stop gives away, if any
    tags: dict[str, str]
    checks: str = ""  # ok, initializing, impaired ...; empty if it does not run or was not asked


@dataclasses.dataclass(frozen=True)
class Findings:
    """What is asked once, before anything is begun.

    ``instance_storage`` (GB) is what the instance's type has of it, ``denials`` what the caller may not do.
    """

    stop_protection: bool = False
    instance_storage: int = 0
    denials: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class State:
    """Everything about one instance. ``instance`` is None if there is no such instance.

    ``moment`` (seconds since the epoch) is when this run first saw this picture: a step that carries a time is the same
    step for as long as nothing changes. ``now`` is the time of the reading, ``run_id`` this run as it signs the lock,
    ``other_holder_is_dead`` whether the holder of the lock is a process of this machine that has ended, and
    ``lock_age`` for how many seconds this run has seen itself as the holder.
    """

    id: str
    instance: Instance | None
    volumes: tuple[Volume, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    key: Key | None = None
    run_id: str = ""
    other_holder_is_dead: bool = False
    lock_age: float = 0.0
    moment: int = 0
    now: int = 0
    findings: Findings = Findings()

    @property
    def journal(self) -> Journal | None:
        return read_journal(self.instance.tags) if self.instance else None

    def volume(self, volume_id: str) -> Volume | None:
        return next((volume for volume in self.volumes if volume.id == volume_id), None)

    @property
    def here(self) -> Instance:
        """The instance, which has to be there."""
        return known(self.instance, self.id)

    @property
    def key_arn(self) -> str:
        """The ARN of the key to encrypt with."""
        return known(self.key, "The KMS key").arn

    @property
    def has_wanted_root(self) -> bool:
        """Whether the root is encrypted as asked for."""
        root = self.root
        return root is not None and root.encrypted and (self.key is None or root.kms_key_id == self.key.arn)

    @property
    def root(self) -> Volume | None:
        return self.volume(self.instance.root_volume_id) if self.instance else None

    def new_volumes(self) -> list[Volume]:
        """The encrypted volumes that were made for this instance, the attached one first."""
        found = [volume for volume in self.volumes if volume.tags.get(PART_TAG) == ENCRYPTED]
        return sorted(found, key=lambda volume: (not volume.attachment, volume.id))

    def parts(self, part: str) -> list[Snapshot]:
        """The snapshots of one kind, oldest first."""
        found = [snapshot for snapshot in self.snapshots if snapshot.part == part]
        return sorted(found, key=lambda snapshot: (snapshot.start_time, snapshot.id))

    def final_snapshot(self) -> Snapshot | None:
        """The snapshot of the stopped original. One from before the latest start may lack what was written since."""
        if self.instance is None or self.instance.state != "stopped":
            return None
        launch_time = self.instance.launch_time
        return next((one for one in self.parts(FINAL) if one.start_time >= launch_time), None)

    def copy_of(self, snapshot: Snapshot) -> Snapshot | None:
        """The encrypted copy of a snapshot."""
        return next((one for one in self.parts(COPY) if one.tags.get(SOURCE_TAG) == snapshot.id), None)


def volume_of(answer: dict[str, t.Any]) -> Volume:
    """A volume as DescribeVolumes shows it."""
    attachment: dict[str, t.Any] = next(iter(answer.get("Attachments") or []), {})
    return Volume(
        id=answer["VolumeId"],
        state=answer["State"],
        type=answer["VolumeType"],
        size=answer["Size"],
        iops=answer.get("Iops"),
        throughput=answer.get("Throughput"),
        zone=answer["AvailabilityZone"],
        encrypted=answer["Encrypted"],
        kms_key_id=answer.get("KmsKeyId", ""),
        snapshot_id=answer.get("SnapshotId", ""),
        multi_attach=answer.get("MultiAttachEnabled", False),
        product_codes=_product_codes(answer),
        tags=from_aws(answer.get("Tags")),
        instance_id=attachment.get("InstanceId", ""),
        device=attachment.get("Device", ""),
        attachment=attachment.get("State", ""),
    )


def snapshot_of(answer: dict[str, t.Any]) -> Snapshot:
    """A snapshot as DescribeSnapshots shows it."""
    return Snapshot(
        id=answer["SnapshotId"],
        state=answer["State"],
        progress=answer.get("Progress", ""),
        problem=answer.get("StateMessage", ""),
        start_time=answer["StartTime"].timestamp(),
        tags=from_aws(answer.get("Tags")),
    )


def instance_of(answer: dict[str, t.Any]) -> Instance:
    """An instance as DescribeInstances shows it."""
    mappings = {mapping["DeviceName"]: mapping["Ebs"] for mapping in answer.get("BlockDeviceMappings") or []}
    root = mappings.get(answer.get("RootDeviceName", ""), {})
    return Instance(
        id=answer["InstanceId"],
        type=answer["InstanceType"],
        state=answer["State"]["Name"],
        launch_time=answer["LaunchTime"].replace(microsecond=0).timestamp(),
        root_device=answer.get("RootDeviceName", ""),
        root_device_type=answer["RootDeviceType"],
        root_volume_id=root.get("VolumeId", ""),
        delete_on_termination=root.get("DeleteOnTermination", False),
        lifecycle=answer.get("InstanceLifecycle", ""),
        hibernation=(answer.get("HibernationOptions") or {}).get("Configured", False),
        product_codes=_product_codes(answer),
        loses_public_ip=_temporary_address(answer),
        tags=from_aws(answer.get("Tags")),
    )


def _product_codes(answer: dict[str, t.Any]) -> tuple[str, ...]:
    return tuple(code["ProductCodeId"] for code in answer.get("ProductCodes") or [])


def _temporary_address(answer: dict[str, t.Any]) -> str:
    """The public address that is the instance's only while it runs: one that Amazon owns, not an Elastic IP."""
    for interface in answer.get("NetworkInterfaces") or []:
        association = interface.get("Association") or {}
        if association.get("IpOwnerId") == "amazon":
            return str(association["PublicIp"])
    return ""
