# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""MaxResults and NextToken of EC2's Describe operations."""

from __future__ import annotations

import pytest
from groundwork_local_cloud.client import LocalCloud
from groundwork_local_cloud.supplement.ec2.pagination import paged_operations
from refusals import refused


def _make_volumes(cloud: LocalCloud, count: int) -> set[str]:
    ec2 = cloud.client("ec2")
    return {ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"] for _ in range(count)}


@pytest.mark.correction("describe-pagination")
def test_pages_are_cut_and_continued(cloud: LocalCloud) -> None:
    made = _make_volumes(cloud, 12)
    ec2 = cloud.client("ec2")
    pages = [
        [volume["VolumeId"] for volume in page["Volumes"]]
        for page in ec2.get_paginator("describe_volumes").paginate(PaginationConfig={"PageSize": 5})
    ]
    assert [len(page) for page in pages] == [5, 5, 2]
    assert {volume_id for page in pages for volume_id in page} == made


LISTED = [
    ("describe_subnets", "Subnets"),
    ("describe_images", "Images"),
    ("describe_instance_types", "InstanceTypes"),
    ("describe_security_groups", "SecurityGroups"),
]


def test_pages_follow_each_other_without_gap_or_repetition(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    for number in range(9):
        ec2.create_security_group(GroupName=f"group-{number}", Description="d")
    for operation, key in LISTED:
        call = getattr(ec2, operation)
        everything = call()[key]
        first = call(MaxResults=5)
        second = call(MaxResults=5, NextToken=first["NextToken"])
        assert first[key] + second[key] == everything[: len(first[key]) + len(second[key])], operation
        assert len(first[key]) == 5


def test_last_page_has_no_token(cloud: LocalCloud) -> None:
    _make_volumes(cloud, 5)
    assert "NextToken" not in cloud.client("ec2").describe_volumes(MaxResults=5)


def test_filters_apply_before_pages(cloud: LocalCloud) -> None:
    _make_volumes(cloud, 6)
    ec2 = cloud.client("ec2")
    wanted = ec2.create_volume(AvailabilityZone="us-east-1b", Size=2)["VolumeId"]
    page = ec2.describe_volumes(MaxResults=5, Filters=[{"Name": "size", "Values": ["2"]}])
    assert [volume["VolumeId"] for volume in page["Volumes"]] == [wanted]
    assert "NextToken" not in page


def test_too_small_a_page_is_refused(cloud: LocalCloud) -> None:
    with refused("InvalidParameterValue"):
        cloud.client("ec2").describe_volumes(MaxResults=4)


def test_ids_and_pages_exclude_each_other_where_documented(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    subnet_id = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    interface = ec2.create_network_interface(SubnetId=subnet_id)["NetworkInterface"]["NetworkInterfaceId"]
    with refused("InvalidParameterCombination"):
        ec2.describe_network_interfaces(NetworkInterfaceIds=[interface], MaxResults=5)


def test_token_that_was_not_given_out_is_refused(cloud: LocalCloud) -> None:
    for token in ("nonsense", "bm9uc2Vuc2U=", "eDox"):
        with refused("InvalidNextToken"):
            cloud.client("ec2").describe_volumes(NextToken=token, MaxResults=5)


def test_token_is_bound_to_its_request(cloud: LocalCloud) -> None:
    _make_volumes(cloud, 6)
    ec2 = cloud.client("ec2")
    token = ec2.describe_volumes(MaxResults=5)["NextToken"]
    with refused("InvalidNextToken"):
        ec2.describe_volumes(MaxResults=5, NextToken=token, Filters=[{"Name": "size", "Values": ["1"]}])


def test_every_paged_operation_has_a_list_to_cut() -> None:
    assert {"DescribeVolumes", "DescribeRouteTables", "DescribeTags", "DescribeNatGateways"} <= set(paged_operations())
    assert all(paging.keys for paging in paged_operations().values())
