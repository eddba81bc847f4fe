# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replacing the root volume of a running instance: CreateReplaceRootVolumeTask and what follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from moto.core.utils import utcnow
from moto.ec2.utils import random_id

from ...cloud import cloud
from ..registry import Call, provides
from . import errors
from .common import refuse_dry_run, requested_tags, store
from .encryption import resolve_encryption
from .volumes_model import CloudVolume

_SOURCES = ("SnapshotId", "ImageId", "VolumeId")


@dataclass
class Task:
    """A root volume replacement: ``pending`` (the new volume is made), ``in-progress`` (swapped), ``succeeded``."""

    id: str
    instance_id: str
    volume_id: str
    replaced_volume_id: str
    image_id: str | None
    snapshot_id: str | None
    delete_replaced: bool
    start_time: str
    state: str = "pending"
    complete_time: str = ""


def _now() -> str:
    return f"{utcnow():%Y-%m-%dT%H:%M:%SZ}"


def _tasks(backend: Any) -> dict[str, Task]:
    return store(backend, "replace_root_volume_tasks", dict)


@provides(
    "ec2",
    "CreateReplaceRootVolumeTask",
    id="create-replace-root-volume-task",
    behaviour="The root volume of a running instance is replaced by one of its launch state, of a snapshot of its "
    "lineage, of an image of the same architecture, or by an available volume; the instance reboots.",
    errors=(
        "IncorrectInstanceState",
        "InvalidAMIID.NotFound",
        "InvalidParameterCombination",
        "InvalidParameterValue",
        "InvalidSnapshot.NotFound",
        "InvalidVolume.NotFound",
    ),
)
def create_task(call: Call) -> dict[str, Any]:
    params, backend = call.params, call.backend
    instance = backend.get_instance(params["InstanceId"])
    root = _root_volume(backend, instance)
    if sum(bool(params.get(source)) for source in _SOURCES) > 1:
        raise errors.invalid_combination("Only one of snapshotId, imageId and volumeId may be specified.")
    snapshot, image = _source(backend, instance, root, params)
    replacement = _given_volume(backend, root, params["VolumeId"]) if params.get("VolumeId") else None
    refuse_dry_run(params)
    if replacement is None:
        replacement = _make_volume(backend, root, snapshot)
    task = Task(
        id=random_id(prefix="replacevol"),
        instance_id=instance.id,
        volume_id=replacement.id,
        replaced_volume_id=root.id,
        image_id=image.id if image else None,
        snapshot_id=snapshot.id if snapshot and not image else None,
        delete_replaced=bool(params.get("DeleteReplacedRootVolume")),
        start_time=_now(),
    )
    _tasks(backend)[task.id] = task
    backend.create_tags([task.id], requested_tags(params, "replace-root-volume-task"))
    cloud.transitions.begin("replace-root-volume.pending", task.id, lambda: _swap(backend, task))
    return {"ReplaceRootVolumeTask": _shown(backend, task)}


def _root_volume(backend: Any, instance: Any) -> CloudVolume:
    if instance.state != "running":
        raise errors.incorrect_instance_state(f"Instance '{instance.id}' is not in the 'running' state.")
    mapping = instance.block_device_mapping.get(instance.root_device_name)
    if mapping is None:
        raise errors.invalid_value(f"Instance '{instance.id}' does not have a root volume.")
    running = [task for task in _tasks(backend).values() if task.state in ("pending", "in-progress")]
    if any(task.instance_id == instance.id for task in running):
        raise errors.incorrect_instance_state(f"The root volume of instance '{instance.id}' is being replaced.")
    volume: CloudVolume = backend.get_volume(mapping.volume_id)
    return volume


def _source(backend: Any, instance: Any, root: CloudVolume, params: dict[str, Any]) -> tuple[Any, Any]:
    """The snapshot to restore from, and the image if one was named; no snapshot means an empty launch state."""
    if params.get("SnapshotId"):
        return _snapshot_of_lineage(backend, instance, root, params["SnapshotId"]), None
    if params.get("ImageId"):
        image = backend.describe_images(ami_ids=[params["ImageId"]])[0]
        if image.architecture != instance.architecture or image.virtualization_type != instance.virtualization_type:
            raise errors.invalid_value(f"The image '{image.id}' is not compatible with the instance '{instance.id}'.")
        return backend.get_snapshot(image.block_device_mappings[0]["Ebs"]["SnapshotId"]), image
    return backend.snapshots.get(root.snapshot_id), None


def _snapshot_of_lineage(backend: Any, instance: Any, root: CloudVolume, snapshot_id: str) -> Any:
    snapshot = backend.snapshots.get(snapshot_id)
    if snapshot is None:
        raise errors.not_found("InvalidSnapshot.NotFound", "snapshot", [snapshot_id])
    replaced = {task.replaced_volume_id for task in _tasks(backend).values() if task.instance_id == instance.id}
    if snapshot.volume_id not in replaced | {root.id}:
        raise errors.invalid_value(f"The snapshot '{snapshot_id}' was not taken of the root volume of '{instance.id}'.")
    if snapshot.status != "completed":
        raise errors.incorrect_state(f"Snapshot '{snapshot_id}' is in invalid state - {snapshot.status}")
    return snapshot


def _given_volume(backend: Any, root: CloudVolume, volume_id: str) -> CloudVolume:
    volume: CloudVolume = backend.get_volume(volume_id)
    if volume.status != "available":
        raise errors.incorrect_state(f"{volume_id} is not 'available'.")
    if volume.availability_zone != root.availability_zone:
        raise errors.EC2ClientError(
            "InvalidVolume.ZoneMismatch", f"The volume '{volume_id}' is not in the zone of the root volume."
        )
    if root.encrypted and not volume.encrypted:
        raise errors.invalid_value(f"The root volume is encrypted, and '{volume_id}' is not.")
    return volume


def _make_volume(backend: Any, root: CloudVolume, snapshot: Any) -> CloudVolume:
    encrypted, key = resolve_encryption(backend, root.encrypted, root.kms_key_id, snapshot)
    volume: CloudVolume = backend.create_volume(
        size=max(root.size, snapshot.volume_size if snapshot else 0),
        zone_name=root.availability_zone,
        snapshot_id=snapshot.id if snapshot else None,
        encrypted=encrypted,
        kms_key_id=key,
        volume_type=root.volume_type,
        iops=None if root.volume_type == "gp2" else root.iops,
        throughput=root.throughput,
    )
    return volume


def _swap(backend: Any, task: Task) -> None:
    instance = backend.get_instance(task.instance_id)
    device = instance.root_device_name
    delete_on_termination = instance.block_device_mapping[device].delete_on_termination
    backend.detach_volume(task.replaced_volume_id, instance.id)
    backend.attach_volume(task.volume_id, instance.id, device, delete_on_termination)
    instance.reboot()
    task.state = "in-progress"
    cloud.transitions.begin("replace-root-volume.in-progress", task.id, lambda: _complete(backend, task))


def _complete(backend: Any, task: Task) -> None:
    task.state, task.complete_time = "succeeded", _now()
    if task.delete_replaced:
        backend.delete_volume(task.replaced_volume_id)
        backend.tags.pop(task.replaced_volume_id, None)


def _shown(backend: Any, task: Task) -> dict[str, Any]:
    return {
        "ReplaceRootVolumeTaskId": task.id,
        "InstanceId": task.instance_id,
        "TaskState": task.state,
        "StartTime": task.start_time,
        "CompleteTime": task.complete_time or None,
        "ImageId": task.image_id,
        "SnapshotId": task.snapshot_id,
        "DeleteReplacedRootVolume": task.delete_replaced,
        "Tags": [{"Key": key, "Value": value} for key, value in backend.tags.get(task.id, {}).items()],
    }


@provides(
    "ec2",
    "DescribeReplaceRootVolumeTasks",
    id="describe-replace-root-volume-tasks",
    behaviour="The root volume replacements of the region.",
    errors=("InvalidReplaceRootVolumeTaskID.NotFound",),
)
def describe_tasks(call: Call) -> dict[str, Any]:
    refuse_dry_run(call.params)
    tasks = _tasks(call.backend)
    asked = call.params.get("ReplaceRootVolumeTaskIds") or []
    unknown = [task_id for task_id in asked if task_id not in tasks]
    if unknown:
        raise errors.not_found("InvalidReplaceRootVolumeTaskID.NotFound", "replaceRootVolumeTask ID", unknown)
    shown = [_shown(call.backend, task) for task in tasks.values() if not asked or task.id in asked]
    return {"ReplaceRootVolumeTasks": shown}
