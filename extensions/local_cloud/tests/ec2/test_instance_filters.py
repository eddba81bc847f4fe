# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters of DescribeInstances."""

from __future__ import annotations

import pytest
from groundwork_local_cloud.client import LocalCloud
from groundwork_local_cloud.supplement.ec2.instance_filters import FILTERS
from launching import default_subnet, describe_instance, launch
from refusals import refused


def found(cloud: LocalCloud, name: str, *values: str) -> set[str]:
    answer = cloud.client("ec2").describe_instances(Filters=[{"Name": name, "Values": list(values)}])
    return {instance["InstanceId"] for one in answer["Reservations"] for instance in one["Instances"]}


@pytest.mark.correction("describe-instances-filters")
def test_unknown_filters_are_refused_on_an_empty_account(cloud: LocalCloud) -> None:
    for name in ("colour", "network-interface.colour", "tags:Name"):
        with refused("InvalidParameterValue"):
            found(cloud, name, "red")
    for name in FILTERS:
        assert found(cloud, name, "anything") == set(), name


def test_what_the_filters_find(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    tags = [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "web-1"}]}]
    wanted = launch(
        cloud,
        InstanceType="m7i.large",
        ClientToken="token-1",
        Monitoring={"Enabled": True},
        MetadataOptions={"HttpTokens": "required", "HttpPutResponseHopLimit": 2},
        Placement={"Tenancy": "dedicated"},
        TagSpecifications=tags,
    )
    other = launch(cloud, "us-east-1b")
    launch_index = found(cloud, "launch-index", "0")
    assert launch_index == {wanted, other}
    instance = describe_instance(cloud, wanted)
    interface = instance["NetworkInterfaces"][0]
    reservation = next(
        one["ReservationId"]
        for one in ec2.describe_instances()["Reservations"]
        if one["Instances"][0]["InstanceId"] == wanted
    )
    expected = {
        "client-token": "token-1",
        "monitoring-state": "enabled",
        "metadata-options.http-tokens": "required",
        "metadata-options.http-put-response-hop-limit": "2",
        "tenancy": "dedicated",
        "reservation-id": reservation,
        "block-device-mapping.volume-id": instance["BlockDeviceMappings"][0]["Ebs"]["VolumeId"],
        "network-interface.network-interface-id": interface["NetworkInterfaceId"],
        "network-interface.subnet-id": default_subnet(cloud),
        "network-interface.attachment.attachment-id": interface["Attachment"]["AttachmentId"],
        "network-interface.addresses.private-ip-address": interface["PrivateIpAddress"],
        "network-interface.association.public-ip": instance["PublicIpAddress"],
        "network-interface.mac-address": interface["MacAddress"],
        "availability-zone": "us-east-1a",
        "ip-address": instance["PublicIpAddress"],
        "instance-type": "m7*",
        "tag:Name": "web-?",
        "tag-key": "Na*",
    }
    for name, value in expected.items():
        assert found(cloud, name, value) == {wanted}, name
        assert found(cloud, name, "no-such-value", value) == {wanted}, name
    same_for_both = {
        "hypervisor": "xen",
        "root-device-name": "/dev/xvda",
        "root-device-type": "ebs",
        "block-device-mapping.device-name": "/dev/xvda",
        "block-device-mapping.delete-on-termination": "true",
        "network-interface.attachment.delete-on-termination": "true",
        "network-interface.group-name": "default",
        "instance.group-name": "def*",
        "instance-state-code": "16",
        "launch-time": instance["LaunchTime"].strftime("%Y-%m-%dT*"),
    }
    for name, value in same_for_both.items():
        assert found(cloud, name, value) == {wanted, other}, name


def test_wildcards_can_be_escaped(cloud: LocalCloud) -> None:
    for name in ("a*b", "acb"):
        launch(cloud, TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": name}]}])
    assert len(found(cloud, "tag:Name", "a*b")) == 2
    assert len(found(cloud, "tag:Name", "a\\*b")) == 1


def test_a_reservation_shows_only_what_was_found(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    first = launch(cloud, MinCount=2, MaxCount=2)
    answer = ec2.describe_instances(InstanceIds=[first])
    assert [one["InstanceId"] for one in answer["Reservations"][0]["Instances"]] == [first]
    assert len(ec2.describe_instances()["Reservations"][0]["Instances"]) == 2
