# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Eventual consistency: a new EC2 resource is unknown for a while, in lists and to calls that name it."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError
from groundwork_local_cloud.client import LocalCloud
from groundwork_local_cloud.errors import ApiError
from groundwork_local_cloud.identify import ApiRequest
from groundwork_local_cloud.realism.visibility import KINDS, Visibility
from werkzeug.wrappers import Response


def test_a_new_volume_is_not_found_by_id(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    cloud.realism(eventual_consistency=60)
    volume_id = ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"]
    for call in (
        lambda: ec2.describe_volumes(VolumeIds=[volume_id]),
        lambda: ec2.create_tags(Resources=[volume_id], Tags=[{"Key": "Name", "Value": "data"}]),
        lambda: ec2.delete_volume(VolumeId=volume_id),
    ):
        with pytest.raises(ClientError, match=f"The volume '{volume_id}' does not exist") as caught:
            call()
        assert caught.value.response["Error"]["Code"] == "InvalidVolume.NotFound"
    cloud.realism(eventual_consistency=0)
    assert ec2.describe_volumes()["Volumes"] == []


def test_a_new_network_is_left_out_of_lists_and_seen_later(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    known = {vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"]}
    assert known
    cloud.realism(eventual_consistency=60)
    vpc_id = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    assert {vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"]} == known
    assert ec2.describe_vpcs(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])["Vpcs"] == []
    with pytest.raises(ClientError, match=r"InvalidVpcID\.NotFound"):
        ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.1.0.0/24")
    cloud.control("DELETE", "/realism")
    assert {vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"]} == {*known, vpc_id}


def test_a_new_instance_is_left_out_with_its_reservation(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    image_id = ec2.describe_images(Owners=["amazon"], MaxResults=5)["Images"][0]["ImageId"]
    old = ec2.run_instances(ImageId=image_id, InstanceType="t3.micro", MinCount=1, MaxCount=1)["Instances"][0]
    cloud.realism(eventual_consistency=60)
    ec2.run_instances(ImageId=image_id, InstanceType="t3.micro", MinCount=2, MaxCount=2)
    reservations = ec2.describe_instances()["Reservations"]
    shown = [instance["InstanceId"] for reservation in reservations for instance in reservation["Instances"]]
    assert shown == [old["InstanceId"]]
    assert len(reservations) == 1


def test_a_late_creation_is_not_found_for_three_looks(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    cloud.faults({"kind": "late", "match": {"operation": "CreateVolume"}})
    volume_id = ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"]
    assert ec2.describe_volumes()["Volumes"] == []
    for call in (ec2.describe_volumes, ec2.modify_volume):
        with pytest.raises(ClientError, match=r"InvalidVolume\.NotFound"):
            call(**({"VolumeIds": [volume_id]} if call == ec2.describe_volumes else {"VolumeId": volume_id, "Size": 2}))
    assert [one["VolumeId"] for one in ec2.describe_volumes()["Volumes"]] == [volume_id]


def test_a_late_change_shows_what_was_there_before_to_those_who_had_looked(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    volume_id = ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"]
    cloud.faults({"kind": "late", "match": {"operation": "DeleteVolume"}})
    in_zone = [{"Name": "availability-zone", "Values": ["us-east-1a"]}]
    assert len(ec2.describe_volumes(Filters=in_zone)["Volumes"]) == 1
    ec2.delete_volume(VolumeId=volume_id)
    assert ec2.describe_volumes()["Volumes"] == []
    assert [len(ec2.describe_volumes(Filters=in_zone)["Volumes"]) for _ in range(4)] == [1, 1, 1, 0]


def test_the_end_of_the_faults_is_the_end_of_all_delays(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    cloud.faults({"kind": "late", "match": {"operation": "CreateVolume"}})
    assert ec2.describe_volumes()["Volumes"] == []
    ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)
    assert ec2.describe_volumes()["Volumes"] == []
    cloud.faults()
    assert len(ec2.describe_volumes()["Volumes"]) == 1


def test_it_lasts_as_long_as_it_is_set_to() -> None:
    now = 50.0
    visibility = Visibility(lambda: now)
    visibility.seconds = 3
    created = ApiRequest("ec2", "CreateVolume", "us-east-1", "key")
    visibility.answer(created, Response("<CreateVolumeResponse><volumeId>vol-1</volumeId></CreateVolumeResponse>"))
    named = ApiRequest("ec2", "DescribeVolumes", "us-east-1", "key", {"VolumeIds": ["vol-1"]})
    now = 52.9
    with pytest.raises(ApiError, match=r"InvalidVolume\.NotFound"):
        visibility.check(named)
    now = 53.1
    visibility.check(named)


def test_the_repetition_of_the_creating_call_does_not_hide_it_longer() -> None:
    now = 50.0
    visibility = Visibility(lambda: now)
    visibility.seconds = 3
    created = ApiRequest("ec2", "RunInstances", "us-east-1", "key", {"ClientToken": "t"})
    answer = Response("<RunInstancesResponse><item><instanceId>i-1</instanceId></item></RunInstancesResponse>")
    visibility.answer(created, answer)
    now = 52.0
    visibility.check(created)
    visibility.answer(created, answer)
    now = 53.1
    visibility.check(ApiRequest("ec2", "DescribeInstances", "us-east-1", "key", {"InstanceIds": ["i-1"]}))


def test_without_the_setting_everything_is_visible_at_once(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    volume_id = ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"]
    assert ec2.describe_volumes(VolumeIds=[volume_id])["Volumes"][0]["VolumeId"] == volume_id


def test_every_kind_has_creators_and_a_lister_that_ec2_has(cloud: LocalCloud) -> None:
    known = cloud.client("ec2").meta.service_model.operation_names
    for kind in KINDS:
        assert {*kind.creators, kind.lister} <= set(known), kind.element
