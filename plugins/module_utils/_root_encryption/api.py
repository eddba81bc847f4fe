# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""The EC2 calls of encrypting a root volume, one per function."""

from __future__ import annotations

import typing as t

from .._core.calls import aws_call

Answers = list[dict[str, t.Any]]


@aws_call("describe the instances {instance_ids}")
def describe_instances(client: t.Any, *, instance_ids: list[str]) -> Answers:
    """EC2 DescribeInstances, all pages. By a filter, so that an id that does not exist is left out, not an error."""
    filters = [{"Name": "instance-id", "Values": instance_ids}]
    pages = client.get_paginator("describe_instances").paginate(Filters=filters)
    return [one for page in pages for reservation in page["Reservations"] for one in reservation["Instances"]]


@aws_call("describe volumes")
def describe_volumes(client: t.Any, *, name: str, values: list[str]) -> Answers:
    """EC2 DescribeVolumes, all pages: the volumes for which the filter ``name`` has one of ``values``."""
    pages = client.get_paginator("describe_volumes").paginate(Filters=[{"Name": name, "Values": values}])
    return [volume for page in pages for volume in page["Volumes"]]


@aws_call("describe snapshots")
def describe_snapshots(client: t.Any, *, name: str, values: list[str]) -> Answers:
    """EC2 DescribeSnapshots, all pages: the account's snapshots for which the filter ``name`` has one of ``values``."""
    filters = [{"Name": name, "Values": values}]
    pages = client.get_paginator("describe_snapshots").paginate(OwnerIds=["self"], Filters=filters)
    return [snapshot for page in pages for snapshot in page["Snapshots"]]


@aws_call("read the status checks of {InstanceIds}", absent=("InvalidInstanceID.NotFound",), absent_answer=[])
def describe_status(client: t.Any, *, InstanceIds: list[str]) -> Answers:
    """EC2 DescribeInstanceStatus: the checks of those that run."""
    return t.cast(Answers, client.describe_instance_status(InstanceIds=InstanceIds)["InstanceStatuses"])


@aws_call("read the stop protection of {InstanceId}", absent=("InvalidInstanceID.NotFound",), absent_answer=False)
def get_stop_protection(client: t.Any, *, InstanceId: str) -> bool:
    """EC2 DescribeInstanceAttribute, disableApiStop."""
    answer = client.describe_instance_attribute(InstanceId=InstanceId, Attribute="disableApiStop")
    return bool(answer["DisableApiStop"]["Value"])


@aws_call("describe the instance types {InstanceTypes}")
def describe_instance_types(client: t.Any, *, InstanceTypes: list[str]) -> Answers:
    """EC2 DescribeInstanceTypes, all pages."""
    pages = client.get_paginator("describe_instance_types").paginate(InstanceTypes=InstanceTypes)
    return [one for page in pages for one in page["InstanceTypes"]]


@aws_call("create a snapshot of {VolumeId}")
def create_snapshot(client: t.Any, **arguments: t.Any) -> None:
    """EC2 CreateSnapshot. It takes no client token: what may exist twice is found by its tags and tidied up."""
    client.create_snapshot(**arguments)


@aws_call("copy the snapshot {SourceSnapshotId} encrypted")
def copy_snapshot(client: t.Any, **arguments: t.Any) -> None:
    """EC2 CopySnapshot within the client's region. Like CreateSnapshot without a client token."""
    client.copy_snapshot(SourceRegion=client.meta.region_name, **arguments)


@aws_call("delete the snapshot {SnapshotId}", absent=("InvalidSnapshot.NotFound",))
def delete_snapshot(client: t.Any, *, SnapshotId: str) -> None:
    """EC2 DeleteSnapshot. One that is gone already is a success."""
    client.delete_snapshot(SnapshotId=SnapshotId)


@aws_call("create an encrypted volume from {SnapshotId}")
def create_volume(client: t.Any, **arguments: t.Any) -> None:
    """EC2 CreateVolume, with tags and a deterministic ClientToken."""
    client.create_volume(**arguments)


@aws_call("delete the volume {VolumeId}", absent=("InvalidVolume.NotFound",))
def delete_volume(client: t.Any, *, VolumeId: str) -> None:
    """EC2 DeleteVolume. One that is gone already is a success."""
    client.delete_volume(VolumeId=VolumeId)


@aws_call("attach {VolumeId} to {InstanceId} as {Device}")
def attach_volume(client: t.Any, *, VolumeId: str, InstanceId: str, Device: str) -> None:
    """EC2 AttachVolume. AWS refuses a second volume under the same device name."""
    client.attach_volume(VolumeId=VolumeId, InstanceId=InstanceId, Device=Device)


@aws_call("detach {VolumeId} from {InstanceId}")
def detach_volume(client: t.Any, *, VolumeId: str, InstanceId: str) -> None:
    """EC2 DetachVolume."""
    client.detach_volume(VolumeId=VolumeId, InstanceId=InstanceId)


@aws_call("set DeleteOnTermination of {device} of {InstanceId}")
def set_delete_on_termination(client: t.Any, *, InstanceId: str, device: str, delete: bool) -> None:
    """EC2 ModifyInstanceAttribute, blockDeviceMapping. AttachVolume leaves the flag off."""
    mapping = {"DeviceName": device, "Ebs": {"DeleteOnTermination": delete}}
    client.modify_instance_attribute(InstanceId=InstanceId, BlockDeviceMappings=[mapping])


@aws_call("stop {InstanceId}")
def stop_instance(client: t.Any, *, InstanceId: str) -> None:
    """EC2 StopInstances."""
    client.stop_instances(InstanceIds=[InstanceId])


@aws_call("start {InstanceId}")
def start_instance(client: t.Any, *, InstanceId: str) -> None:
    """EC2 StartInstances."""
    client.start_instances(InstanceIds=[InstanceId])
