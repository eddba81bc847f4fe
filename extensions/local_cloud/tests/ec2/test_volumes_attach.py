# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AttachVolume and DetachVolume."""

from __future__ import annotations

from typing import Any

import pytest
from groundwork_local_cloud.client import LocalCloud
from launching import ZONE, describe_instance, describe_volume, launch
from refusals import refused


def _volume(cloud: LocalCloud, zone: str = ZONE, **settings: Any) -> str:
    asked = {"AvailabilityZone": zone, "Size": 4} | settings
    return str(cloud.client("ec2").create_volume(**asked)["VolumeId"])


def _root_volume(cloud: LocalCloud, instance_id: str) -> str:
    instance = describe_instance(cloud, instance_id)
    return str(
        next(
            mapping["Ebs"]["VolumeId"]
            for mapping in instance["BlockDeviceMappings"]
            if mapping["DeviceName"] == instance["RootDeviceName"]
        )
    )


@pytest.mark.correction("attach-volume")
def test_attach_shows_on_both_sides(cloud: LocalCloud) -> None:
    cloud.realism(durations={"volume.attaching": 2.0})
    ec2 = cloud.client("ec2")
    instance_id, volume_id = launch(cloud), _volume(cloud)
    answer = ec2.attach_volume(VolumeId=volume_id, InstanceId=instance_id, Device="/dev/sdf")
    assert (answer["State"], answer["DeleteOnTermination"]) == ("attaching", False)
    assert describe_volume(cloud, volume_id)["Attachments"][0]["State"] == "attaching"
    ec2.get_waiter("volume_in_use").wait(VolumeIds=[volume_id])
    cloud.realism(durations={})
    for _ in range(50):
        attachment = describe_volume(cloud, volume_id)["Attachments"][0]
        if attachment["State"] == "attached":
            break
    mappings = {one["DeviceName"]: one["Ebs"] for one in describe_instance(cloud, instance_id)["BlockDeviceMappings"]}
    assert mappings["/dev/sdf"]["VolumeId"] == volume_id
    assert attachment["Device"] == "/dev/sdf"


@pytest.mark.correction("attach-volume")
def test_what_attach_refuses(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    instance_id, other_id = launch(cloud), launch(cloud)
    volume_id, second = _volume(cloud), _volume(cloud)
    with refused("InvalidVolume.NotFound"):
        ec2.attach_volume(VolumeId="vol-0123456789abcdef0", InstanceId=instance_id, Device="/dev/sdf")
    with refused("InvalidInstanceID.NotFound"):
        ec2.attach_volume(VolumeId=volume_id, InstanceId="i-0123456789abcdef0", Device="/dev/sdf")
    with refused("InvalidVolume.ZoneMismatch"):
        ec2.attach_volume(VolumeId=_volume(cloud, "us-east-1b"), InstanceId=instance_id, Device="/dev/sdf")
    with refused("InvalidParameterValue"):
        ec2.attach_volume(VolumeId=volume_id, InstanceId=instance_id, Device="disk")
    ec2.attach_volume(VolumeId=volume_id, InstanceId=instance_id, Device="/dev/sdf")
    with refused("InvalidParameterValue"):
        ec2.attach_volume(VolumeId=second, InstanceId=instance_id, Device="/dev/sdf")
    for target in (instance_id, other_id):
        with refused("VolumeInUse"):
            ec2.attach_volume(VolumeId=volume_id, InstanceId=target, Device="/dev/sdg")
    ec2.terminate_instances(InstanceIds=[other_id])
    ec2.get_waiter("instance_terminated").wait(InstanceIds=[other_id], WaiterConfig={"Delay": 1})
    with refused("IncorrectState"):
        ec2.attach_volume(VolumeId=second, InstanceId=other_id, Device="/dev/sdg")


def test_volume_that_is_not_there_yet_cannot_be_attached(cloud: LocalCloud) -> None:
    instance_id = launch(cloud)
    cloud.realism(durations={"volume.creating": 60})
    with refused("IncorrectState"):
        cloud.client("ec2").attach_volume(VolumeId=_volume(cloud), InstanceId=instance_id, Device="/dev/sdf")


def test_multi_attach(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    first, second = launch(cloud), launch(cloud)
    shared = _volume(cloud, VolumeType="io2", Iops=100, MultiAttachEnabled=True)
    for instance_id in (first, second):
        ec2.attach_volume(VolumeId=shared, InstanceId=instance_id, Device="/dev/sdf")
    with refused("VolumeInUse"):
        ec2.attach_volume(VolumeId=shared, InstanceId=first, Device="/dev/sdg")
    attached = {one["InstanceId"] for one in describe_volume(cloud, shared)["Attachments"]}
    assert attached == {first, second}
    found = ec2.describe_volumes(Filters=[{"Name": "multi-attach-enabled", "Values": ["true"]}])["Volumes"]
    assert [one["VolumeId"] for one in found] == [shared]
    with refused("MissingParameter"):
        ec2.detach_volume(VolumeId=shared)
    ec2.detach_volume(VolumeId=shared, InstanceId=first)
    assert [one["InstanceId"] for one in describe_volume(cloud, shared)["Attachments"]] == [second]


@pytest.mark.correction("detach-volume")
def test_detach_by_volume_alone(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    instance_id, volume_id = launch(cloud), _volume(cloud)
    ec2.attach_volume(VolumeId=volume_id, InstanceId=instance_id, Device="/dev/sdf")
    answer = ec2.detach_volume(VolumeId=volume_id)
    assert (answer["InstanceId"], answer["Device"], answer["State"]) == (instance_id, "/dev/sdf", "detaching")
    assert describe_volume(cloud, volume_id)["State"] == "available"
    devices = [one["DeviceName"] for one in describe_instance(cloud, instance_id)["BlockDeviceMappings"]]
    assert "/dev/sdf" not in devices


@pytest.mark.correction("detach-volume")
def test_what_detach_refuses(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    instance_id, other_id, volume_id = launch(cloud), launch(cloud), _volume(cloud)
    with refused("IncorrectState"):
        ec2.detach_volume(VolumeId=volume_id)
    ec2.attach_volume(VolumeId=volume_id, InstanceId=instance_id, Device="/dev/sdf")
    with refused("InvalidAttachment.NotFound"):
        ec2.detach_volume(VolumeId=volume_id, InstanceId=other_id)
    with refused("InvalidAttachment.NotFound"):
        ec2.detach_volume(VolumeId=volume_id, InstanceId=instance_id, Device="/dev/sdz")
    assert describe_volume(cloud, volume_id)["State"] == "in-use"


@pytest.mark.correction("detach-volume")
def test_root_volume_leaves_a_stopped_instance_only(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    instance_id = launch(cloud)
    root = _root_volume(cloud, instance_id)
    with refused("IncorrectState"):
        ec2.detach_volume(VolumeId=root)
    ec2.stop_instances(InstanceIds=[instance_id])
    ec2.get_waiter("instance_stopped").wait(InstanceIds=[instance_id], WaiterConfig={"Delay": 1})
    ec2.detach_volume(VolumeId=root)
    assert describe_volume(cloud, root)["State"] == "available"


def test_force_does_not_wait_for_the_host(cloud: LocalCloud) -> None:
    cloud.realism(durations={"volume.detaching": 60})
    ec2 = cloud.client("ec2")
    instance_id, volume_id = launch(cloud), _volume(cloud)
    ec2.attach_volume(VolumeId=volume_id, InstanceId=instance_id, Device="/dev/sdf")
    ec2.detach_volume(VolumeId=volume_id)
    shown = describe_volume(cloud, volume_id)
    assert (shown["State"], shown["Attachments"][0]["State"]) == ("in-use", "detaching")
    ec2.detach_volume(VolumeId=volume_id, Force=True)
    assert describe_volume(cloud, volume_id)["State"] == "available"


def test_delete_on_termination_follows_the_instance(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    instance_id, volume_id = launch(cloud), _volume(cloud)
    ec2.attach_volume(VolumeId=volume_id, InstanceId=instance_id, Device="/dev/sdf")
    mapping = [{"DeviceName": "/dev/sdf", "Ebs": {"DeleteOnTermination": True}}]
    ec2.modify_instance_attribute(InstanceId=instance_id, BlockDeviceMappings=mapping)
    assert describe_volume(cloud, volume_id)["Attachments"][0]["DeleteOnTermination"] is True
    filters = [{"Name": "attachment.delete-on-termination", "Values": ["true"]}]
    assert volume_id in [one["VolumeId"] for one in ec2.describe_volumes(Filters=filters)["Volumes"]]
    ec2.terminate_instances(InstanceIds=[instance_id])
    ec2.get_waiter("instance_terminated").wait(InstanceIds=[instance_id], WaiterConfig={"Delay": 1})
    with refused("InvalidVolume.NotFound"):
        ec2.describe_volumes(VolumeIds=[volume_id])
