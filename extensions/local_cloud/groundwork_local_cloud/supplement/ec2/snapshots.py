# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""EBS snapshots: states, encryption of copies, the rate limit, and what may not be deleted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ec2.models import ec2_backends

from ...cloud import cloud
from ..registry import Call, Forward, corrects
from . import errors
from .common import refuse_dry_run, requested_tags, tags_of
from .encryption import default_key_arn, key_arn, key_problem, key_without_encryption
from .result_lists import content
from .snapshots_model import ARBITRARY_VOLUME, CloudSnapshot

CONCURRENT_WINDOW = timedelta(seconds=15)


@corrects(
    "ec2",
    "CreateSnapshot",
    id="create-snapshot",
    behaviour="A snapshot is pending, then completed; an encrypted volume's has the volume's key; while one is "
    "pending, a second of the same volume must wait 15 seconds.",
    errors=("IncorrectState", "InvalidVolume.NotFound", "SnapshotCreationPerVolumeRateExceeded"),
)
def create_snapshot(call: Call, forward: Forward) -> Any:
    volume = call.backend.get_volume(call.params["VolumeId"])
    _refuse_snapshot_of(call.backend, volume)
    result = forward()
    begin_pending(result.result)
    return result


def _refuse_snapshot_of(backend: Any, volume: Any) -> None:
    if volume.status not in ("available", "in-use"):
        raise errors.incorrect_state(f"Volume '{volume.id}' is in the '{volume.status}' state.")
    since = utcnow() - CONCURRENT_WINDOW
    for snapshot in backend.snapshots.values():
        if snapshot.volume_id == volume.id and snapshot.status == "pending" and snapshot.start_time > since:
            raise errors.EC2ClientError(
                "SnapshotCreationPerVolumeRateExceeded",
                "The maximum per volume CreateSnapshot request rate has been exceeded. Use an increasing or variable "
                "sleep interval between requests.",
            )


def begin_pending(snapshot: CloudSnapshot) -> None:
    """A new snapshot is ``pending``; then completed, or in error when its key cannot be used."""
    snapshot.status = "pending"

    def finish() -> None:
        problem = key_problem(snapshot.ec2_backend, snapshot.kms_key_id)
        snapshot.status = "error" if problem else "completed"
        snapshot.state_message = problem

    cloud.transitions.begin("snapshot.pending", snapshot.id, finish)


@corrects(
    "ec2",
    "CreateSnapshots",
    id="create-snapshots",
    behaviour="Snapshots of all volumes of an instance, without the root volume or chosen data volumes if asked; "
    "CopyTagsFromSource gives each the tags of its volume.",
    errors=("InvalidInstanceID.NotFound", "InvalidParameterValue", "SnapshotCreationPerVolumeRateExceeded"),
)
def create_snapshots(call: Call, forward: Forward) -> Any:
    params, backend = call.params, call.backend
    specification = params.get("InstanceSpecification") or {}
    if not specification.get("InstanceId"):
        raise errors.missing_parameter("InstanceSpecification.InstanceId")
    volumes = _volumes_of(backend, specification)
    for volume in volumes:
        _refuse_snapshot_of(backend, volume)
    refuse_dry_run(params)
    made = []
    for volume in volumes:
        snapshot = backend.create_snapshot(volume.id, params.get("Description") or "")
        tags = tags_of(volume) if params.get("CopyTagsFromSource") == "volume" else {}
        copied = {key: value for key, value in tags.items() if not key.startswith("aws:")}
        snapshot.add_tags(copied | requested_tags(params, "snapshot"))
        begin_pending(snapshot)
        made.append(snapshot)
    return ActionResult({"Snapshots": made})


def _volumes_of(backend: Any, specification: dict[str, Any]) -> list[Any]:
    instance = backend.get_instance(specification["InstanceId"])
    devices = instance.block_device_mapping
    root = devices.get(instance.root_device_name)
    excluded = set(specification.get("ExcludeDataVolumeIds") or [])
    if root and root.volume_id in excluded:
        raise errors.invalid_value(f"{root.volume_id} is the root volume; use ExcludeBootVolume to exclude it.")
    if root and specification.get("ExcludeBootVolume"):
        excluded.add(root.volume_id)
    unknown = excluded - {mapping.volume_id for mapping in devices.values()}
    if unknown:
        raise errors.invalid_value(f"{min(unknown)} is not attached to instance '{instance.id}'.")
    return [backend.get_volume(mapping.volume_id) for mapping in devices.values() if mapping.volume_id not in excluded]


@corrects(
    "ec2",
    "CopySnapshot",
    id="copy-snapshot",
    behaviour="A copy of an encrypted snapshot is always encrypted, under the key that is given or the region's "
    "default key for EBS; encryption by default applies; a key that cannot be used ends the copy in error.",
    errors=("IncorrectState", "InvalidParameterDependency", "InvalidParameterValue", "InvalidSnapshot.NotFound"),
)
def copy_snapshot(call: Call, forward: Forward) -> Any:
    params, backend = call.params, call.backend
    source = _copied(call)
    encrypted, key = _copy_encryption(backend, source, params)
    params.pop("KmsKeyId", None)
    result = forward()
    copy: CloudSnapshot = backend.snapshots[result.result["SnapshotId"]]
    copy.encrypted, copy.kms_key_id = encrypted, key
    copy.source_size, copy.source_volume_id = source.volume_size, ARBITRARY_VOLUME
    begin_pending(copy)
    return result


def _copied(call: Call) -> CloudSnapshot:
    snapshot_id, region = call.params["SourceSnapshotId"], call.params.get("SourceRegion") or call.region
    regions = ec2_backends[call.account_id]
    source: CloudSnapshot | None = regions[region].snapshots.get(snapshot_id)
    if source is None:
        raise errors.not_found("InvalidSnapshot.NotFound", "snapshot", [snapshot_id])
    if source.status != "completed":
        raise errors.incorrect_state(f"Snapshot '{snapshot_id}' is in invalid state - {source.status}")
    return source


def _copy_encryption(backend: Any, source: CloudSnapshot, params: dict[str, Any]) -> tuple[bool, str | None]:
    asked, key = params.get("Encrypted"), params.get("KmsKeyId")
    if asked is False and (source.encrypted or backend.ebs_encryption_by_default):
        raise errors.invalid_value("The parameter Encrypted cannot be false for this snapshot.")
    encrypted = bool(asked or source.encrypted or backend.ebs_encryption_by_default)
    if not encrypted:
        if key:
            raise key_without_encryption()
        return False, None
    return True, key_arn(backend, key) if key else default_key_arn(backend)


@corrects(
    "ec2",
    "DescribeSnapshots",
    id="describe-snapshots-owners",
    behaviour="OwnerIds leaves only the snapshots of these accounts; self and amazon are names of accounts.",
)
def of_owners(call: Call, forward: Forward) -> Any:
    owners = {call.account_id if owner == "self" else owner for owner in call.params.pop("OwnerIds", None) or []}
    result = forward()
    if owners:
        answer = content(result)
        answer["Snapshots"] = [
            one for one in answer["Snapshots"] if one.owner_id in owners or one.owner_alias in owners
        ]
    return result


@corrects(
    "ec2",
    "DeleteSnapshot",
    id="delete-snapshot",
    behaviour="A snapshot that an image refers to is not deleted.",
    errors=("InvalidSnapshot.InUse", "InvalidSnapshot.NotFound"),
)
def delete_snapshot(call: Call, forward: Forward) -> Any:
    snapshot_id = call.params["SnapshotId"]
    if snapshot_id not in call.backend.snapshots:
        raise errors.not_found("InvalidSnapshot.NotFound", "snapshot", [snapshot_id])
    for image in call.backend.amis.values():
        if any(one.get("Ebs", {}).get("SnapshotId") == snapshot_id for one in image.block_device_mappings):
            raise errors.EC2ClientError(
                "InvalidSnapshot.InUse", f"The snapshot {snapshot_id} is currently in use by {image.id}"
            )
    result = forward()
    cloud.transitions.cancel(snapshot_id)
    return result
