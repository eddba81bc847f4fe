# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""moto's volume, made to have states that take time and, with Multi-Attach, several attachments."""

from __future__ import annotations

from typing import Any

from moto.core.utils import utcnow
from moto.ec2.models import elastic_block_store
from moto.ec2.models.block_device import BlockDeviceType
from moto.ec2.models.elastic_block_store import EBSBackend, Volume, VolumeAttachment

from . import errors
from .volumes_limits import LIMITS, baseline_iops

MOST_ATTACHMENTS = 16  # of a Multi-Attach volume


class CloudAttachment(VolumeAttachment):
    """A volume attachment. DeleteOnTermination is the instance's setting, which ModifyInstanceAttribute changes."""

    @property
    def delete_on_termination(self) -> bool:
        mapping = self.instance.block_device_mapping.get(self.device)
        return bool(mapping and mapping.delete_on_termination)


class CloudVolume(Volume):
    """A volume. ``lifecycle`` is ``creating`` until it is there; then the state follows from the attachments."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.lifecycle: str | None = None
        self.attached: list[VolumeAttachment] = []
        super().__init__(*args, **kwargs)
        self.multi_attach_enabled: bool = bool(self.multi_attach_enabled)
        self.snapshot_id: str = self.snapshot_id or ""
        self.image_id: str | None = None
        self.apply_type(self.volume_type, self.iops, self.throughput)

    @property
    def status(self) -> str:
        return self.lifecycle or ("in-use" if self.attached else "available")

    @property
    def attachments(self) -> list[VolumeAttachment]:
        return list(self.attached)

    @property
    def attachment(self) -> VolumeAttachment | None:  # moto's is a plain attribute
        return self.attached[0] if self.attached else None

    @attachment.setter
    def attachment(self, value: VolumeAttachment | None) -> None:
        self.attached = [value] if value else []

    @property
    def availability_zone_id(self) -> str | None:
        return self.zone.zone_id if self.zone else None

    def apply_type(self, volume_type: str, iops: int | None, throughput: int | None) -> None:
        """Take on a volume type, with what the type gives where IOPS or throughput are left out."""
        limits = LIMITS[volume_type]
        self.volume_type = volume_type
        self.iops = iops or (baseline_iops(self.size) if volume_type == "gp2" else limits.default_iops)
        self.throughput = throughput or (limits.throughput[0] if limits.throughput else None)

    def attachment_to(self, instance_id: str) -> VolumeAttachment | None:
        return next((one for one in self.attached if one.instance.id == instance_id), None)


def _attach_volume(
    backend: Any, volume_id: str, instance_id: str, device_path: str, delete_on_termination: bool = False
) -> VolumeAttachment:
    volume: CloudVolume = backend.get_volume(volume_id)
    instance = backend.get_instance(instance_id)
    attachment = CloudAttachment(volume, instance, device_path, "attached")
    volume.attached.append(attachment)
    instance.block_device_mapping[device_path] = BlockDeviceType(
        volume_id=volume_id,
        status="attached",
        size=volume.size,
        attach_time=utcnow(),
        delete_on_termination=delete_on_termination,
    )
    return attachment


def _detach_volume(
    backend: Any, volume_id: str, instance_id: str | None = None, device_path: str | None = None
) -> VolumeAttachment:
    volume: CloudVolume = backend.get_volume(volume_id)
    attachment = volume.attachment_to(instance_id) if instance_id else volume.attachment
    if attachment is None or device_path not in (None, attachment.device):
        raise errors.EC2ClientError(
            "InvalidAttachment.NotFound", f"Volume '{volume_id}' is not attached to '{instance_id}' as '{device_path}'"
        )
    mapping = attachment.instance.block_device_mapping.get(attachment.device)
    if mapping and mapping.volume_id == volume_id:
        del attachment.instance.block_device_mapping[attachment.device]
    attachment.status = "detached"
    volume.attached.remove(attachment)
    return attachment


elastic_block_store.Volume = CloudVolume  # moto makes every volume from this name
# moto attaches and detaches through these at launch and termination, and knows of one attachment only.
EBSBackend.attach_volume = _attach_volume
EBSBackend.detach_volume = _detach_volume
