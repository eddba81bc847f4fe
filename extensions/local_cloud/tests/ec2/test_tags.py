# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags of EC2 resources."""

from __future__ import annotations

from typing import Any

import pytest
from groundwork_local_cloud.client import LocalCloud
from launching import ZONE
from refusals import refused

MISSING = {
    "ami-0123456789abcdef0": "InvalidAMIID.NotFound",
    "eipalloc-0123456789abcdef0": "InvalidElasticIpID.NotFound",
    "eni-0123456789abcdef0": "InvalidNetworkInterfaceID.NotFound",
    "i-0123456789abcdef0": "InvalidInstanceID.NotFound",
    "igw-0123456789abcdef0": "InvalidInternetGatewayID.NotFound",
    "nat-0123456789abcdef0": "NatGatewayNotFound",
    "rtb-0123456789abcdef0": "InvalidRouteTableID.NotFound",
    "sg-0123456789abcdef0": "InvalidGroup.NotFound",
    "snap-0123456789abcdef0": "InvalidSnapshot.NotFound",
    "subnet-0123456789abcdef0": "InvalidSubnetID.NotFound",
    "vol-0123456789abcdef0": "InvalidVolume.NotFound",
    "vpc-0123456789abcdef0": "InvalidVpcID.NotFound",
    "vpce-0123456789abcdef0": "InvalidVpcEndpointId.NotFound",
}
BAD_TAGS: list[tuple[str, list[dict[str, str]]]] = [
    ("InvalidParameterValue", [{"Key": "aws:mine", "Value": "x"}]),
    ("InvalidParameterValue", [{"Key": "AWS:mine", "Value": "x"}]),
    ("InvalidParameterValue", [{"Key": "k" * 129, "Value": "x"}]),
    ("InvalidParameterValue", [{"Key": "k", "Value": "x" * 257}]),
    ("InvalidParameterValue", [{"Key": "k", "Value": "1"}, {"Key": "k", "Value": "2"}]),
    ("TagLimitExceeded", [{"Key": f"k{number}", "Value": "x"} for number in range(51)]),
]


def _volume(cloud: LocalCloud, *tags: dict[str, str]) -> str:
    settings: dict[str, Any] = {}
    if tags:
        settings["TagSpecifications"] = [{"ResourceType": "volume", "Tags": list(tags)}]
    volume = cloud.client("ec2").create_volume(AvailabilityZone=ZONE, Size=1, **settings)
    return str(volume["VolumeId"])


def _tags(cloud: LocalCloud, resource_id: str) -> dict[str, str]:
    found = cloud.client("ec2").describe_tags(Filters=[{"Name": "resource-id", "Values": [resource_id]}])["Tags"]
    return {tag["Key"]: tag["Value"] for tag in found}


@pytest.mark.correction("create-tags")
def test_missing_resources(cloud: LocalCloud) -> None:
    for resource_id, code in MISSING.items():
        with refused(code):
            cloud.client("ec2").create_tags(Resources=[resource_id], Tags=[{"Key": "k", "Value": "v"}])


@pytest.mark.correction("create-tags")
def test_nothing_is_tagged_when_one_resource_is_missing(cloud: LocalCloud) -> None:
    volume_id = _volume(cloud)
    with refused("InvalidVolume.NotFound"):
        cloud.client("ec2").create_tags(
            Resources=[volume_id, "vol-0123456789abcdef0"], Tags=[{"Key": "k", "Value": "v"}]
        )
    assert _tags(cloud, volume_id) == {}


@pytest.mark.correction("create-tags")
@pytest.mark.correction("tag-specification-limits")
def test_limits(cloud: LocalCloud) -> None:
    volume_id = _volume(cloud)
    for code, tags in BAD_TAGS:
        with refused(code):
            cloud.client("ec2").create_tags(Resources=[volume_id], Tags=tags)
        with refused(code):
            _volume(cloud, *tags)
    assert [one["VolumeId"] for one in cloud.client("ec2").describe_volumes()["Volumes"]] == [volume_id]


def test_limit_counts_the_tags_that_are_there(cloud: LocalCloud) -> None:
    volume_id = _volume(cloud, *({"Key": f"k{number}", "Value": "x"} for number in range(50)))
    ec2 = cloud.client("ec2")
    ec2.create_tags(Resources=[volume_id], Tags=[{"Key": "k1", "Value": "changed"}])
    with refused("TagLimitExceeded"):
        ec2.create_tags(Resources=[volume_id], Tags=[{"Key": "one-more", "Value": "x"}])


@pytest.mark.correction("delete-tags")
def test_delete(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    volume_id = _volume(cloud, {"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}, {"Key": "c", "Value": "3"})
    with refused("InvalidParameterValue"):
        ec2.delete_tags(Resources=[volume_id], Tags=[{"Key": "aws:cloudformation:stack-name"}])
    ec2.delete_tags(Resources=[volume_id], Tags=[{"Key": "a"}, {"Key": "b", "Value": "other"}])
    assert _tags(cloud, volume_id) == {"b": "2", "c": "3"}
    ec2.delete_tags(Resources=[volume_id])
    assert _tags(cloud, volume_id) == {}


@pytest.mark.correction("tags-of-deleted-resources")
def test_tags_go_with_their_resource(cloud: LocalCloud) -> None:
    volume_id = _volume(cloud, {"Key": "a", "Value": "1"})
    assert _tags(cloud, volume_id) == {"a": "1"}
    cloud.client("ec2").delete_volume(VolumeId=volume_id)
    assert _tags(cloud, volume_id) == {}
