# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ModifyVolume: what it refuses, and the modification that follows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow

from ...cloud import cloud
from ..registry import Call, Forward, corrects
from . import errors
from .common import refuse_dry_run
from .volumes_limits import LIMITS, MULTI_ATTACH_TYPES, performance
from .volumes_model import CloudVolume

MOST_IN_A_WINDOW = 4
WINDOW = timedelta(hours=24)
_SETTINGS = ("size", "volume_type", "iops", "throughput", "multi_attach_enabled")


@dataclass
class Modification:
    """One modification of a volume, as DescribeVolumesModifications shows it."""

    volume_id: str
    original: dict[str, Any]
    target: dict[str, Any]
    modification_state: str = "modifying"
    progress: int = 0
    start_time: datetime = field(default_factory=utcnow)
    end_time: datetime | None = None


@corrects(
    "ec2",
    "ModifyVolume",
    id="modify-volume",
    behaviour="A volume never shrinks; the new settings are held to the limits of the type; the modification is "
    "modifying, optimizing, then completed; one at a time, and four in 24 hours.",
    errors=(
        "IncorrectModificationState",
        "IncorrectState",
        "InvalidParameterCombination",
        "InvalidParameterValue",
        "VolumeModificationRateExceeded",
    ),
)
def modify_volume(call: Call, forward: Forward) -> Any:
    volume: CloudVolume = call.backend.get_volume(call.params["VolumeId"])
    if volume.status not in ("available", "in-use"):
        raise errors.incorrect_state(f"Volume '{volume.id}' is in the '{volume.status}' state.")
    _refuse_too_many(volume)
    target = _target(volume, call.params)
    refuse_dry_run(call.params)
    modification = Modification(volume.id, {name: getattr(volume, name) for name in _SETTINGS}, target)
    volume.modifications.append(modification)
    answer = _shown(modification)
    cloud.transitions.begin("volume.modifying", volume.id, lambda: _apply(volume, modification))
    return ActionResult({"VolumeModification": answer})


def _refuse_too_many(volume: CloudVolume) -> None:
    if any(one.modification_state not in ("completed", "failed") for one in volume.modifications):
        raise errors.EC2ClientError(
            "IncorrectModificationState", f"Volume {volume.id} has a modification that is not completed."
        )
    recent = sorted(one.start_time for one in volume.modifications if one.start_time > utcnow() - WINDOW)
    if len(recent) >= MOST_IN_A_WINDOW:
        raise errors.EC2ClientError(
            "VolumeModificationRateExceeded",
            "You've reached the maximum modification rate per volume limit. "
            f"The next modification is possible at {recent[-MOST_IN_A_WINDOW] + WINDOW:%Y-%m-%dT%H:%M:%SZ}.",
        )


def _target(volume: CloudVolume, params: dict[str, Any]) -> dict[str, Any]:
    """The settings asked for, complete. Same type: what is left out stays; another type: its defaults."""
    if not any(
        params.get(name) is not None for name in ("Size", "VolumeType", "Iops", "Throughput", "MultiAttachEnabled")
    ):
        raise errors.invalid_value("Invalid input: Must specify at least one of size, type, iops, throughput")
    size = int(params.get("Size") or volume.size)
    if size < volume.size:
        raise errors.invalid_value("New size cannot be smaller than existing size")
    volume_type = params.get("VolumeType") or volume.volume_type
    keeps_type = volume_type == volume.volume_type
    iops, throughput = params.get("Iops"), params.get("Throughput")
    limits = LIMITS.get(volume_type)
    if limits and limits.iops:
        iops = iops or (volume.iops if keeps_type else 3000)
    if limits and limits.throughput and keeps_type:
        throughput = throughput or volume.throughput
    outcome = performance(volume_type, size, iops, throughput)
    multi_attach = params.get("MultiAttachEnabled")
    if multi_attach and volume_type not in MULTI_ATTACH_TYPES:
        raise errors.invalid_combination(
            f"The parameter multiAttachEnabled is not supported for {volume_type} volumes."
        )
    return {
        "size": size,
        "volume_type": volume_type,
        "iops": outcome.iops,
        "throughput": outcome.throughput,
        "multi_attach_enabled": volume.multi_attach_enabled if multi_attach is None else bool(multi_attach),
    }


def _apply(volume: CloudVolume, modification: Modification) -> None:
    target = modification.target
    volume.size = target["size"]
    volume.apply_type(target["volume_type"], target["iops"], target["throughput"])
    volume.multi_attach_enabled = target["multi_attach_enabled"]
    modification.modification_state, modification.progress = "optimizing", 50
    cloud.transitions.begin("volume.optimizing", volume.id, lambda: _complete(modification))


def _complete(modification: Modification) -> None:
    modification.modification_state, modification.progress = "completed", 100
    modification.end_time = utcnow()


def _shown(modification: Modification) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "VolumeId": modification.volume_id,
        "ModificationState": modification.modification_state,
        "Progress": modification.progress,
        "StartTime": modification.start_time,
        "EndTime": modification.end_time,
    }
    for side in ("Original", "Target"):
        settings = modification.original if side == "Original" else modification.target
        shown |= {f"{side}{_pascal(name)}": value for name, value in settings.items()}
    return shown


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


@corrects(
    "ec2",
    "DescribeVolumesModifications",
    id="describe-volumes-modifications",
    behaviour="Shows the latest modification of each volume with both settings complete; a volume asked for by id "
    "that was never modified is an error.",
    errors=("InvalidVolume.NotFound", "InvalidVolumeModification.NotFound"),
)
def describe_volumes_modifications(call: Call, forward: Forward) -> Any:
    refuse_dry_run(call.params)
    asked = call.params.get("VolumeIds") or []
    volumes: list[CloudVolume] = [call.backend.get_volume(one) for one in asked] or list(call.backend.volumes.values())
    unmodified = [volume.id for volume in volumes if not volume.modifications]
    if asked and unmodified:
        raise errors.EC2ClientError(
            "InvalidVolumeModification.NotFound", f"Modification for volume '{unmodified[0]}' does not exist."
        )
    return ActionResult(
        {
            "VolumesModifications": [_shown(volume.modifications[-1]) for volume in volumes if volume.modifications]
        }  # ours
    )
