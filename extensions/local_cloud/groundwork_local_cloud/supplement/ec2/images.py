# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images made by the user: from an instance with all its volumes, and by copying, encrypted if asked."""

from __future__ import annotations

import re
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import ec2_backends

from ...cloud import cloud
from ...world_from_moto import COPY_OF
from ..images import CloudImage, volume_settings
from ..registry import Call, Forward, corrects
from . import errors
from .common import refuse_dry_run, requested_tags
from .encryption import default_key_arn, key_arn, key_without_encryption
from .snapshots import begin_pending
from .snapshots_model import ARBITRARY_VOLUME, CloudSnapshot

_NAME = re.compile(r"[A-Za-z0-9 ()\[\]./'@_-]{3,128}")


def _check_name(backend: Any, name: str) -> None:
    if not _NAME.fullmatch(name):
        raise errors.EC2ClientError(
            "InvalidAMIName.Malformed", f"AMI names must be between 3 and 128 characters: {name}"
        )
    taken = [image.id for image in backend.amis.values() if image.owner_id == backend.account_id and image.name == name]
    if taken:
        raise errors.EC2ClientError("InvalidAMIName.Duplicate", f"AMI name {name} is already in use by AMI {taken[0]}")


@corrects(
    "ec2",
    "CreateImage",
    id="create-image",
    behaviour="An image has a snapshot of every volume of the instance, encrypted as the volume is; it is pending, "
    "then available; its name is unique.",
    errors=("IncorrectState", "InvalidAMIName.Duplicate", "InvalidAMIName.Malformed", "InvalidInstanceID.NotFound"),
)
def create_image(call: Call, forward: Forward) -> Any:
    params, backend = call.params, call.backend
    instance = backend.get_instance(params["InstanceId"])
    if instance.state not in ("running", "stopping", "stopped"):
        raise errors.incorrect_state(f"Instance '{instance.id}' is not 'running' or 'stopped'.")
    _check_name(backend, params["Name"])
    refuse_dry_run(params)
    image = backend.create_image(instance.id, params["Name"], params.get("Description") or "", tag_specifications=[])
    image.add_tags(requested_tags(params, "image"))
    image.root_device_name = instance.root_device_name
    _replace_snapshot(image)
    overrides = {one["DeviceName"]: one for one in params.get("BlockDeviceMappings") or []}
    for device, mapping in instance.block_device_mapping.items():
        override = overrides.get(device, {})
        if override.get("NoDevice") is None:
            _add_device(image, device, mapping, override.get("Ebs") or {}, requested_tags(params, "snapshot"))
    begin_image(image)
    return ActionResult({"ImageId": image.id})


def _replace_snapshot(image: CloudImage) -> None:
    """moto makes a snapshot of an empty volume for every image."""
    image.ec2_backend.snapshots.pop(image.ebs_snapshot.id, None)
    image.devices = {}


def _add_device(
    image: CloudImage, device: str, mapping: Any, override: dict[str, Any], snapshot_tags: dict[str, str]
) -> None:
    backend = image.ec2_backend
    volume = backend.get_volume(mapping.volume_id)
    description = f"Created by CreateImage({image.instance_id}) for {image.id}"
    snapshot = backend.create_snapshot(volume.id, description, from_ami=image.id)
    snapshot.add_tags(snapshot_tags)
    begin_pending(snapshot)
    settings = volume_settings(snapshot, volume.size, volume.volume_type)
    settings["DeleteOnTermination"] = override.get("DeleteOnTermination", mapping.delete_on_termination)
    image.devices[device] = settings
    if device == image.root_device_name:
        image.ebs_snapshot = snapshot


def begin_image(image: CloudImage) -> None:
    """A new image is ``pending``, then available; or failed when one of its snapshots is."""
    image.state = "pending"

    def finish() -> None:
        if image.state == "pending":
            snapshots = [image.ec2_backend.snapshots.get(one["SnapshotId"]) for one in image.devices.values()]
            image.state = "failed" if any(one is None or one.status == "error" for one in snapshots) else "available"

    cloud.transitions.begin("image.pending", image.id, finish)


@corrects(
    "ec2",
    "CopyImage",
    id="copy-image",
    behaviour="A copy has copies of all snapshots, encrypted if asked, if the source's are, or by default; under the "
    "key that is given or the region's default key for EBS.",
    errors=("IncorrectState", "InvalidAMIID.NotFound", "InvalidAMIName.Malformed", "InvalidParameterDependency"),
)
def copy_image(call: Call, forward: Forward) -> Any:
    params, backend = call.params, call.backend
    source_backend = ec2_backends[call.account_id][params["SourceRegion"]]
    source: Any = source_backend.describe_images(ami_ids=[params["SourceImageId"]])[0]
    if source.state != "available":
        raise errors.incorrect_state(f"Image '{source.id}' is not available.")
    if params.get("KmsKeyId") and not (params.get("Encrypted") or backend.ebs_encryption_by_default):
        raise key_without_encryption()
    refuse_dry_run(params)
    image: Any = backend.copy_image(source.id, params["SourceRegion"], params["Name"], params.get("Description"))
    image.add_tags(requested_tags(params, "image"))
    image.root_device_name, image.ena_support, image.boot_mode = source.root_device_name, True, source.boot_mode
    _replace_snapshot(image)
    for device, settings in source.devices.items():
        snapshot = _copy_snapshot(call, image, source_backend.snapshots[settings["SnapshotId"]])
        image.devices[device] = settings | {"SnapshotId": snapshot.id, "Encrypted": snapshot.encrypted}
        if device == image.root_device_name:
            image.ebs_snapshot = snapshot
    begin_image(image)
    return ActionResult({"ImageId": image.id})


def _copy_snapshot(call: Call, image: CloudImage, source: Any) -> CloudSnapshot:
    params, backend = call.params, call.backend
    encrypted = bool(params.get("Encrypted") or source.encrypted or backend.ebs_encryption_by_default)
    description = (
        f"Copied for DestinationAmi {image.id} from SourceAmi {params['SourceImageId']} for SourceSnapshot {source.id}"
    )
    copy: CloudSnapshot = backend.copy_snapshot(source.id, params["SourceRegion"], description, None)
    copy.encrypted, copy.kms_key_id, copy.from_ami = encrypted, None, image.id
    if encrypted:
        key = params.get("KmsKeyId")
        copy.kms_key_id = key_arn(backend, key) if key else default_key_arn(backend)
    copy.source_size, copy.source_volume_id = source.volume_size, ARBITRARY_VOLUME
    setattr(copy, COPY_OF, source.id)
    begin_pending(copy)
    return copy
