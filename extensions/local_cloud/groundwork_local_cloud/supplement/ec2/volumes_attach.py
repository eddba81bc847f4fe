# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attaching and detaching EBS volumes: what is refused, and the states in between."""

from __future__ import annotations

import re
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.elastic_block_store import VolumeAttachment

from ...cloud import cloud
from ..registry import Call, Forward, corrects
from . import errors
from .common import refuse_dry_run
from .volumes_model import MOST_ATTACHMENTS, CloudVolume

_DEVICE_NAME = re.compile(r"(/dev/)?(sd[a-z][a-z]?\d{0,2}|xvd[a-e]?[a-z]\d{0,2}|hd[a-p]\d{0,2})")


@corrects(
    "ec2",
    "AttachVolume",
    id="attach-volume",
    behaviour="A volume is attached in its own zone only, to a running or stopped instance, under a free device name, "
    "and to one instance only unless it has Multi-Attach; the attachment is attaching, then attached.",
    errors=(
        "AttachmentLimitExceeded",
        "IncorrectState",
        "InvalidParameterValue",
        "InvalidVolume.NotFound",
        "InvalidVolume.ZoneMismatch",
        "VolumeInUse",
    ),
)
def attach_volume(call: Call, forward: Forward) -> Any:
    volume: CloudVolume = call.backend.get_volume(call.params["VolumeId"])
    instance = call.backend.get_instance(call.params["InstanceId"])
    device = call.params["Device"]
    _refuse_volume(volume, instance)
    if instance.state not in ("running", "stopped"):
        raise errors.incorrect_state(f"Instance '{instance.id}' is not 'running'.")
    if volume.availability_zone != instance.placement.zone:
        raise errors.EC2ClientError(
            "InvalidVolume.ZoneMismatch",
            f"The volume '{volume.id}' is not in the same availability zone as instance '{instance.id}'",
        )
    _refuse_device(instance, device)
    forward()
    attachment = volume.attached[-1]
    begin_attaching(volume, attachment)
    return ActionResult(_answer(attachment))


def _refuse_volume(volume: CloudVolume, instance: Any) -> None:
    if volume.lifecycle:
        raise errors.incorrect_state(f"{volume.id} is not 'available'.")
    if volume.attached and (not volume.multi_attach_enabled or volume.attachment_to(instance.id)):
        raise errors.EC2ClientError("VolumeInUse", f"{volume.id} is already attached to an instance")
    if len(volume.attached) >= MOST_ATTACHMENTS:
        raise errors.EC2ClientError(
            "AttachmentLimitExceeded", f"{volume.id} is attached to {MOST_ATTACHMENTS} instances already"
        )


def _refuse_device(instance: Any, device: str) -> None:
    if not _DEVICE_NAME.fullmatch(device):
        raise errors.invalid_value(
            f"Value ({device}) for parameter device is invalid. {device} is not a valid EBS device name."
        )
    if device in instance.block_device_mapping:
        raise errors.invalid_value(
            f"Invalid value '{device}' for unixDevice. Attachment point {device} is already in use"
        )


def begin_attaching(volume: CloudVolume, attachment: VolumeAttachment) -> None:
    """A new attachment is ``attaching``, then ``attached``."""
    set_attachment_state(attachment, "attaching")

    def finish() -> None:
        if attachment in volume.attached and attachment.status == "attaching":
            set_attachment_state(attachment, "attached")

    cloud.transitions.begin("volume.attaching", volume.id, finish)


def set_attachment_state(attachment: VolumeAttachment, state: str) -> None:
    """Show a state on both sides of an attachment: the volume's and the instance's."""
    attachment.status = state
    mapping = attachment.instance.block_device_mapping.get(attachment.device)
    if mapping and mapping.volume_id == attachment.volume.id:
        mapping.status = state


@corrects(
    "ec2",
    "DetachVolume",
    id="detach-volume",
    behaviour="VolumeId alone is enough, except for a Multi-Attach volume; the root volume is detached only from a "
    "stopped instance; the attachment is detaching until the host has let go, or at once with Force.",
    errors=("IncorrectState", "InvalidAttachment.NotFound", "InvalidVolume.NotFound", "MissingParameter"),
)
def detach_volume(call: Call, forward: Forward) -> Any:
    refuse_dry_run(call.params)
    backend = call.backend
    volume: CloudVolume = backend.get_volume(call.params["VolumeId"])
    attachment = _asked_attachment(volume, call.params)
    instance = attachment.instance
    if attachment.device == instance.root_device_name and instance.state != "stopped":
        raise errors.incorrect_state(f"Unable to detach root volume '{volume.id}' from instance '{instance.id}'")
    under_way = attachment.status == "detaching"
    set_attachment_state(attachment, "detaching")
    answer = _answer(attachment)

    def finish() -> None:
        if attachment in volume.attached:
            backend.detach_volume(volume.id, instance.id)

    if call.params.get("Force"):
        finish()
    elif not under_way:
        cloud.transitions.begin("volume.detaching", volume.id, finish)
    return ActionResult(answer)


def _asked_attachment(volume: CloudVolume, params: dict[str, Any]) -> VolumeAttachment:
    instance_id, device = params.get("InstanceId"), params.get("Device")
    if not volume.attached:
        raise errors.incorrect_state(f"Volume '{volume.id}' is in the '{volume.status}' state.")
    if not instance_id and volume.multi_attach_enabled:
        raise errors.missing_parameter("InstanceId")
    attachment = volume.attachment_to(instance_id) if instance_id else volume.attachment
    if attachment is None or device not in (None, attachment.device):
        where = " ".join(str(part) for part in (instance_id, device) if part)
        raise errors.EC2ClientError(
            "InvalidAttachment.NotFound", f"The volume '{volume.id}' is not attached to '{where}'."
        )
    return attachment


def _answer(attachment: VolumeAttachment) -> dict[str, Any]:
    mapping = attachment.instance.block_device_mapping.get(attachment.device)
    return {
        "VolumeId": attachment.volume.id,
        "InstanceId": attachment.instance.id,
        "Device": attachment.device,
        "State": attachment.status,
        "AttachTime": attachment.attach_time,
        "DeleteOnTermination": bool(mapping and mapping.delete_on_termination),
    }
