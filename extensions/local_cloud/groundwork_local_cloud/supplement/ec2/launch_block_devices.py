# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Block device mappings: from those of the image and of the request to the volumes of a launch."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..registry import Call, Forward, corrects
from . import errors
from .encryption import resolve_encryption
from .volumes_limits import performance

_EPHEMERAL = re.compile(r"ephemeral(1?\d|2[0-3])")
_DEFAULT_TYPE = "gp2"
_TYPES_WITH_IOPS = ("gp3", "io1", "io2")


@dataclass(frozen=True)
class PlannedVolume:
    """A volume that a launch makes. ``size`` in GiB, ``throughput`` in MiB/s; ``kms_key_id`` is the key's ARN."""

    device: str
    size: int
    volume_type: str
    iops: int | None
    throughput: int | None
    snapshot_id: str | None
    encrypted: bool
    kms_key_id: str | None
    delete_on_termination: bool


def plan_volumes(backend: Any, image: Any, mappings: Sequence[Mapping[str, Any]]) -> list[PlannedVolume]:
    """The volumes of each instance of a launch, the root volume first.

    A mapping of the request changes the image's mapping of the same device or adds a volume; NoDevice takes the
    image's away; an instance store (``ephemeral0``) makes no volume.

    Raises MissingParameter, InvalidBlockDeviceMapping, InvalidSnapshot.NotFound, InvalidParameterDependency, and what
    ``volumes_limits.performance`` raises.
    """
    devices: dict[str, dict[str, Any]] = {item["DeviceName"]: dict(item["Ebs"]) for item in image.block_device_mappings}
    seen: set[str] = set()
    for mapping in mappings:
        device = mapping.get("DeviceName")
        if not device:
            raise errors.missing_parameter("deviceName")
        if device in seen:
            raise _invalid(f"The device '{device}' is used in more than one block-device mapping")
        seen.add(device)
        _apply(devices, image, device, mapping)
    return [_planned(backend, device, ebs) for device, ebs in devices.items()]


def _apply(devices: dict[str, dict[str, Any]], image: Any, device: str, mapping: Mapping[str, Any]) -> None:
    is_root = device == image.root_device_name
    if mapping.get("NoDevice") is not None:
        if is_root:
            raise _invalid(f"The root device '{device}' cannot be left out of the block-device mapping")
        devices.pop(device, None)
    elif mapping.get("VirtualName"):
        if is_root or not _EPHEMERAL.fullmatch(mapping["VirtualName"]):
            raise _invalid(f"Virtual name '{mapping['VirtualName']}' is not valid for the device '{device}'")
    elif "Ebs" in mapping or device in devices:
        ebs = mapping.get("Ebs") or {}
        if is_root and ebs.get("SnapshotId") not in (None, image.ebs_snapshot.id):
            raise _invalid("snapshotId cannot be modified on root device")
        devices[device] = _overlaid(devices.get(device, {}), ebs)
    else:
        raise errors.missing_parameter("ebs")


def _overlaid(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """The image's settings with the request's over them; the type's own settings do not survive another type."""
    said = {name: value for name, value in above.items() if value is not None}
    merged = {**below, **said}
    if said.get("VolumeType", below.get("VolumeType")) != below.get("VolumeType"):
        for name in ("Iops", "Throughput"):
            if name not in said:
                merged.pop(name, None)
    return merged


def _planned(backend: Any, device: str, ebs: Mapping[str, Any]) -> PlannedVolume:
    snapshot_id = ebs.get("SnapshotId")
    snapshot = backend.get_snapshot(snapshot_id) if snapshot_id else None
    size = ebs.get("VolumeSize") or (snapshot.volume.size if snapshot else None)
    if size is None:
        raise errors.missing_parameter("size or snapshotId")
    if snapshot and int(size) < snapshot.volume.size:
        raise _invalid(
            f"Volume of size {size}GB is smaller than snapshot '{snapshot_id}', expect size >= {snapshot.volume.size}GB"
        )
    volume_type = ebs.get("VolumeType") or _DEFAULT_TYPE
    speed = performance(volume_type, int(size), ebs.get("Iops"), ebs.get("Throughput"))
    encrypted, key = resolve_encryption(backend, ebs.get("Encrypted"), ebs.get("KmsKeyId"), snapshot)
    return PlannedVolume(
        device=device,
        size=int(size),
        volume_type=volume_type,
        iops=speed.iops,
        throughput=speed.throughput,
        snapshot_id=snapshot_id,
        encrypted=encrypted,
        kms_key_id=key,
        delete_on_termination=ebs.get("DeleteOnTermination", True),
    )


def _invalid(message: str) -> errors.EC2ClientError:
    return errors.EC2ClientError("InvalidBlockDeviceMapping", message)


def make_volumes(backend: Any, instance: Any, planned: Sequence[PlannedVolume], tags: dict[str, str]) -> None:
    """Make the planned volumes and attach them to the instance."""
    for one in planned:
        volume = backend.create_volume(
            size=one.size,
            zone_name=instance.placement.zone,
            snapshot_id=one.snapshot_id,
            encrypted=one.encrypted,
            kms_key_id=one.kms_key_id,
            volume_type=one.volume_type,
            iops=one.iops if one.volume_type in _TYPES_WITH_IOPS else None,
        )
        # moto refuses the IOPS that EC2 shows for a gp2 volume.
        volume.iops, volume.throughput = one.iops, one.throughput
        volume.add_tags(tags)
        backend.attach_volume(volume.id, instance.id, one.device, one.delete_on_termination)


@corrects(
    "ec2",
    "RunInstances",
    id="run-instances-block-devices",
    behaviour="The image's root volume is always made, under the image's root device name, from its snapshot and "
    "deleted with the instance unless the request says otherwise; gp3 settings, instance stores and NoDevice are "
    "honoured.",
    errors=("InvalidBlockDeviceMapping", "InvalidSnapshot.NotFound", "MissingParameter", "InvalidParameterDependency"),
)
def check_block_devices(call: Call, forward: Forward) -> Any:
    image = call.backend.amis[call.params["ImageId"]]
    plan_volumes(call.backend, image, call.params.get("BlockDeviceMappings") or [])
    return forward()
