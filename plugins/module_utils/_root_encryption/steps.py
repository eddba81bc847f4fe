# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""The single steps that encrypting, rolling back and cleaning are made of. No I/O."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core.ec2_tags import tag
from .._core.plan import Step
from .._core.tags import to_aws
from .._core.tokens import client_token
from . import api
from .journal import (
    COPY,
    ENCRYPTED,
    INSTANCE_TAG,
    JOURNAL_TAG,
    PART_TAG,
    SOURCE_TAG,
    Journal,
    without_ours,
)
from .model import Instance, Snapshot, State, Volume


@dataclasses.dataclass(frozen=True)
class Work:
    """What to do now, and what to wait for. Neither: the goal is reached."""

    steps: tuple[Step, ...] = ()
    waiting_for: tuple[str, ...] = ()

    @property
    def is_done(self) -> bool:
        return not self.steps and not self.waiting_for


def do(*steps: Step) -> Work:
    """Nothing but these steps."""
    return Work(steps=steps)


def wait(for_what: str) -> Work:
    """Nothing but waiting."""
    return Work(waiting_for=(for_what,))


def write_journal(instance_id: str, journal: Journal, summary: str) -> Step:
    """Note on the instance how far it is."""
    return tag([instance_id], {JOURNAL_TAG: journal.to_tag()}, summary)


def _tag_specifications(kind: str, volume: Volume, tags: dict[str, str]) -> list[dict[str, t.Any]]:
    return [{"ResourceType": kind, "Tags": to_aws({**without_ours(volume.tags), **tags})}]


def snapshot(state: State, volume: Volume, part: str, summary: str) -> Step:
    """Take a snapshot of the original volume."""
    tags = {INSTANCE_TAG: state.id, PART_TAG: part}
    arguments = {
        "VolumeId": volume.id,
        "Description": f"Root volume {volume.id} of {state.id} before its encryption",
        "TagSpecifications": _tag_specifications("snapshot", volume, tags),
    }
    return Step(summary, api.create_snapshot, arguments)


def copy(state: State, volume: Volume, source: Snapshot) -> Step:
    """Copy the final snapshot encrypted, as the source architecture does."""
    tags = {INSTANCE_TAG: state.id, PART_TAG: COPY, SOURCE_TAG: source.id}
    arguments = {
        "SourceSnapshotId": source.id,
        "Encrypted": True,
        "KmsKeyId": state.key_arn,
        "Description": f"Root volume {volume.id} of {state.id}, encrypted",
        "TagSpecifications": _tag_specifications("snapshot", volume, tags),
    }
    return Step(f"copy the snapshot {source.id} encrypted", api.copy_snapshot, arguments)


def volume_like(state: State, original: Volume) -> dict[str, t.Any]:
    """What CreateVolume is asked for: everything but the encryption is as it was."""
    arguments: dict[str, t.Any] = {
        "AvailabilityZone": original.zone,
        "Size": original.size,
        "VolumeType": original.type,
        "Encrypted": True,
        "KmsKeyId": state.key_arn,
        "TagSpecifications": _tag_specifications("volume", original, {INSTANCE_TAG: state.id, PART_TAG: ENCRYPTED}),
    }
    if original.iops and original.type in ("gp3", "io1", "io2"):
        arguments["Iops"] = original.iops
    if original.throughput and original.type == "gp3":
        arguments["Throughput"] = original.throughput
    return arguments


def create_volume(state: State, original: Volume, source: Snapshot, generation: int) -> Step:
    """Create the encrypted volume, once in every ``generation``."""
    arguments = {**volume_like(state, original), "SnapshotId": source.id}
    arguments["ClientToken"] = client_token(state.id, original.id, generation, arguments)
    again = ", in the place of one that has vanished" if generation > 1 else ""
    summary = f"create an encrypted {original.type} volume of {original.size} GiB{again}"
    return Step(summary, api.create_volume, arguments)


def delete_snapshot(one: Snapshot) -> Step:
    return Step(f"delete the snapshot {one.id}", api.delete_snapshot, {"SnapshotId": one.id})


def delete_volume(one: Volume) -> Step:
    return Step(f"delete the volume {one.id}", api.delete_volume, {"VolumeId": one.id})


def stop(instance: Instance) -> Step:
    return Step(f"stop {instance.id}", api.stop_instance, {"InstanceId": instance.id})


def start(instance: Instance) -> Step:
    return Step(f"start {instance.id}", api.start_instance, {"InstanceId": instance.id})


def exchange_root(state: State, journal: Journal, new: Volume) -> Work | None:
    """Put ``new`` in the place of whatever is attached as the root of the stopped instance. None: it is there.

    Between the two calls the instance has no root; it is stopped and stays so.
    """
    instance, root = state.here, state.root
    if root is None and not instance.root_volume_id:
        if new.state != "available":
            return wait(f"{new.id} is {new.state}, to be available")
        arguments = {"VolumeId": new.id, "InstanceId": instance.id, "Device": journal.device}
        return do(Step(f"attach {new.id} as {journal.device}", api.attach_volume, arguments))
    if instance.root_volume_id != new.id:
        if root is None or root.attachment != "attached":
            return wait(f"{instance.root_volume_id} to be detached from {instance.id}")
        arguments = {"VolumeId": root.id, "InstanceId": instance.id}
        return do(Step(f"detach {root.id} from {journal.device}", api.detach_volume, arguments))
    if new.attachment != "attached":
        return wait(f"{new.id} is {new.attachment or new.state}, to be attached")
    if instance.delete_on_termination != journal.delete:
        flag = {"InstanceId": instance.id, "device": journal.device, "delete": journal.delete}
        return do(Step(f"restore DeleteOnTermination of {journal.device}", api.set_delete_on_termination, flag))
    return None
