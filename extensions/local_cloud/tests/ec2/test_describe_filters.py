# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of EC2's Describe operations."""

from __future__ import annotations

from typing import Any

import pytest
from botocore import xform_name
from groundwork_local_cloud.client import LocalCloud
from groundwork_local_cloud.supplement.ec2.describe_filter_table import LISTS
from groundwork_local_cloud.supplement.ec2.describe_filters import filter_paths
from refusals import refused

FILTER_IN_SINGULAR = {"DescribeNatGateways", "DescribeFlowLogs"}


def _call(cloud: LocalCloud, operation: str, filters: dict[str, str]) -> Any:
    parameter = "Filter" if operation in FILTER_IN_SINGULAR else "Filters"
    listed = [{"Name": name, "Values": [value]} for name, value in filters.items()]
    return getattr(cloud.client("ec2"), xform_name(operation))(**{parameter: listed})


@pytest.mark.correction("describe-filters")
def test_unknown_filter_is_refused_whatever_there_is(cloud: LocalCloud) -> None:
    for operation in LISTS:
        with refused("InvalidParameterValue"):
            _call(cloud, operation, {"no-such-filter": "x"})


@pytest.mark.correction("describe-filters")
def test_every_documented_filter_is_accepted(cloud: LocalCloud) -> None:
    for operation, key in LISTS.items():
        names = list(filter_paths(operation))
        assert _call(cloud, operation, dict.fromkeys(names, "matches-nothing"))[key] == [], operation


def test_every_filter_but_a_few_looks_somewhere() -> None:
    blind = {(operation, name) for operation in LISTS for name, path in filter_paths(operation).items() if not path}
    assert blind == set()


def test_wildcards_and_alternatives(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    for name in ("web-1", "web-22", "db-1"):
        ec2.create_volume(
            AvailabilityZone="us-east-1a",
            Size=1,
            TagSpecifications=[{"ResourceType": "volume", "Tags": [{"Key": "Name", "Value": name}]}],
        )

    def found(*values: str) -> set[str]:
        volumes = ec2.describe_volumes(Filters=[{"Name": "tag:Name", "Values": list(values)}])["Volumes"]
        return {volume["Tags"][0]["Value"] for volume in volumes}

    assert found("web-*") == {"web-1", "web-22"}
    assert found("web-?") == {"web-1"}
    assert found("web-1", "db-1") == {"web-1", "db-1"}
    assert found("WEB-1") == set()
    assert found("web-\\*") == set()


def test_tag_key_filter(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    tagged = ec2.create_vpc(
        CidrBlock="10.9.0.0/16", TagSpecifications=[{"ResourceType": "vpc", "Tags": [{"Key": "team", "Value": "a"}]}]
    )["Vpc"]["VpcId"]
    vpcs = ec2.describe_vpcs(Filters=[{"Name": "tag-key", "Values": ["team"]}])["Vpcs"]
    assert [vpc["VpcId"] for vpc in vpcs] == [tagged]


def test_filter_looks_into_lists(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    group = ec2.create_security_group(GroupName="g", Description="d")["GroupId"]
    ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
            {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "10.1.0.0/16"}]},
        ],
    )

    def found(name: str, value: str) -> list[str]:
        groups = ec2.describe_security_groups(Filters=[{"Name": name, "Values": [value]}])["SecurityGroups"]
        return [one["GroupId"] for one in groups]

    assert found("ip-permission.from-port", "80") == [group]
    assert found("ip-permission.cidr", "10.1.0.0/16") == [group]
    assert found("ip-permission.cidr", "10.2.0.0/16") == []


def test_tag_filter_is_refused_where_there_are_no_tags(cloud: LocalCloud) -> None:
    with refused("InvalidParameterValue"):
        _call(cloud, "DescribeInstanceTypes", {"tag:a": "b"})
