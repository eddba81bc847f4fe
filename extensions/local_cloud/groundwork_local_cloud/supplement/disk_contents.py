# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls whose effect on disks must be there when they return, before the hosts are next brought into line.

They are put around what ``supplement.ec2`` registers for the same calls, and look at what has come of it.
"""

from __future__ import annotations

from typing import Any

from ..cloud import cloud
from ..world_from_moto import CAPTURED_FROM, COPY_OF
from .registry import Call, Forward, corrects


@corrects(
    "ec2",
    "CreateSnapshot",
    "CreateSnapshots",
    "CreateImage",
    id="snapshot-contents",
    behaviour="A snapshot has the contents that its volume had at the moment of the call, whatever is written later.",
)
def capture_snapshots(call: Call, forward: Forward) -> Any:
    known = set(call.backend.snapshots)
    result = forward()
    for snapshot_id in set(call.backend.snapshots) - known:
        snapshot = call.backend.snapshots[snapshot_id]
        setattr(snapshot, CAPTURED_FROM, _source(call, snapshot))
        if cloud.hosts:
            cloud.hosts.capture_snapshot(snapshot_id, getattr(snapshot, CAPTURED_FROM))
    return result


def _source(call: Call, snapshot: Any) -> str:
    """The volume of a snapshot; for the snapshot behind a new image, the root volume of the instance."""
    image = call.backend.amis.get(snapshot.from_ami)
    if image is None:
        return str(snapshot.volume.id)
    instance = call.backend.get_instance(image.instance_id)
    return str(instance.block_device_mapping[instance.root_device_name].volume_id)


@corrects(
    "ec2",
    "CopySnapshot",
    id="copy-snapshot-contents",
    behaviour="The copy of a snapshot has the contents of its source, also when the source is deleted later.",
)
def note_copies(call: Call, forward: Forward) -> Any:
    known = set(call.backend.snapshots)
    result = forward()
    for snapshot_id in set(call.backend.snapshots) - known:
        setattr(call.backend.snapshots[snapshot_id], COPY_OF, call.params["SourceSnapshotId"])
    return result


@corrects(
    "ec2",
    "DeleteSnapshot",
    id="delete-snapshot-contents",
    behaviour="The contents of a deleted snapshot are gone; volumes that were made from it keep theirs.",
)
def delete_contents(call: Call, forward: Forward) -> Any:
    result = forward()
    if cloud.hosts:
        cloud.hosts.delete_snapshot(call.params["SnapshotId"])
    return result
