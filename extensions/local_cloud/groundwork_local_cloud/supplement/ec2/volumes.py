# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Making and deleting EBS volumes: what CreateVolume accepts, and the states a volume goes through."""

from __future__ import annotations

from typing import Any

from ...cloud import cloud
from ..registry import Call, Forward, corrects
from . import errors
from .encryption import key_problem, key_without_encryption, resolve_encryption
from .volumes_limits import DEFAULT_TYPE, MULTI_ATTACH_TYPES, performance
from .volumes_model import CloudVolume


@corrects(
    "ec2",
    "CreateVolume",
    id="create-volume",
    behaviour="Size, IOPS and throughput are held to the limits of the volume type; encryption by default and the "
    "snapshot's encryption are applied, a key becomes its ARN; the volume is creating, then available, and disappears "
    "when its key cannot be used.",
    errors=(
        "IncorrectState",
        "InvalidParameterCombination",
        "InvalidParameterDependency",
        "InvalidParameterValue",
        "InvalidSnapshot.NotFound",
        "InvalidZone.NotFound",
        "MissingParameter",
    ),
)
def create_volume(call: Call, forward: Forward) -> Any:
    params, backend = call.params, call.backend
    params["AvailabilityZone"] = _zone(backend, params)
    snapshot = _source(backend, params.get("SnapshotId"))
    size = _size(params, snapshot)
    volume_type = params.get("VolumeType") or DEFAULT_TYPE
    performance(volume_type, size, params.get("Iops"), params.get("Throughput"))
    if params.get("MultiAttachEnabled") and volume_type not in MULTI_ATTACH_TYPES:
        raise errors.invalid_combination(
            f"The parameter multiAttachEnabled is not supported for {volume_type} volumes."
        )
    if params.get("KmsKeyId") and params.get("Encrypted") is False:
        raise key_without_encryption()
    encrypted, key = resolve_encryption(backend, params.get("Encrypted"), params.get("KmsKeyId"), snapshot)
    params.update(Size=size, VolumeType=volume_type, Encrypted=encrypted)
    params.pop("KmsKeyId", None)
    if key:
        params["KmsKeyId"] = key
    result = forward()
    begin_creating(result.result, snapshot)
    return result


def begin_creating(volume: CloudVolume, snapshot: Any = None) -> None:
    """A new volume is ``creating``; then available, or gone when it or its source needs a key that cannot be used."""
    volume.lifecycle = "creating"
    backend = volume.ec2_backend

    def finish() -> None:
        keys = (volume.kms_key_id, snapshot.kms_key_id if snapshot is not None else None)
        volume.lifecycle = None
        if any(key_problem(backend, key) for key in keys):
            backend.volumes.pop(volume.id, None)
            backend.tags.pop(volume.id, None)

    cloud.transitions.begin("volume.creating", volume.id, finish)


def _zone(backend: Any, params: dict[str, Any]) -> str:
    zones = backend.describe_availability_zones()
    wanted = params.get("AvailabilityZone") or params.pop("AvailabilityZoneId", None)
    if not wanted:
        raise errors.missing_parameter("AvailabilityZone")
    found = next((zone.name for zone in zones if wanted in (zone.name, zone.zone_id)), None)
    if found is None:
        raise errors.EC2ClientError("InvalidZone.NotFound", f"The zone '{wanted}' does not exist.")
    return str(found)


def _source(backend: Any, snapshot_id: str | None) -> Any:
    if not snapshot_id:
        return None
    if snapshot_id not in backend.snapshots:
        raise errors.not_found("InvalidSnapshot.NotFound", "snapshot", [snapshot_id])
    snapshot = backend.snapshots[snapshot_id]
    if snapshot.status != "completed":
        raise errors.incorrect_state(f"Snapshot '{snapshot_id}' is in invalid state - {snapshot.status}")
    return snapshot


def _size(params: dict[str, Any], snapshot: Any) -> int:
    size = params.get("Size")
    if size is None and snapshot is None:
        raise errors.missing_parameter("size/snapshot")
    if snapshot is None:
        return int(size or 0)
    if size is None:
        return int(snapshot.volume_size)
    if size < snapshot.volume_size:
        raise errors.invalid_value(
            f"Volume of {size}GiB is smaller than snapshot '{snapshot.id}', expect size >= {snapshot.volume_size}GiB"
        )
    return int(size)


@corrects(
    "ec2",
    "DeleteVolume",
    id="delete-volume",
    behaviour="Only an available volume can be deleted.",
    errors=("IncorrectState", "VolumeInUse", "InvalidVolume.NotFound"),
)
def delete_volume(call: Call, forward: Forward) -> Any:
    volume: CloudVolume = call.backend.get_volume(call.params["VolumeId"])
    if volume.lifecycle:
        raise errors.incorrect_state(f"The volume '{volume.id}' is '{volume.lifecycle}'")
    return forward()
