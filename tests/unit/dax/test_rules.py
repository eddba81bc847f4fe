# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The limits of DAX, at their edges."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils._dax import rules
from ansible_collections.groundwork.aws.plugins.module_utils._dax.parameter_group import Wanted as WantedParameters
from ansible_collections.groundwork.aws.plugins.module_utils._dax.subnet_group import Wanted as WantedSubnets
from ansible_collections.groundwork.aws.plugins.module_utils._dax.wanted_cluster import Wanted


@pytest.mark.parametrize("name", ["a", "web", "web-1", "a-b-c", "w" * 20])
def test_cluster_names_that_aws_takes(name: str) -> None:
    assert rules.cluster_name_problems(name) == []


@pytest.mark.parametrize("name", ["", "1web", "-web", "web-", "we--b", "Web", "we_b", "w" * 21])
def test_cluster_names_that_aws_does_not_take(name: str) -> None:
    assert len(rules.cluster_name_problems(name)) == 1


@pytest.mark.parametrize(("name", "right"), [("web", True), ("web_1", True), ("", False), ("Web", False)])
def test_names_of_subnet_groups(name: str, right: bool) -> None:
    assert (rules.subnet_group_name_problems(name) == []) is right


@pytest.mark.parametrize(("name", "right"), [("Web-1", True), ("default.dax1.0", False), ("web_1", False), ("", False)])
def test_names_of_parameter_groups(name: str, right: bool) -> None:
    assert (rules.parameter_group_name_problems(name) == []) is right


@pytest.mark.parametrize(("count", "right"), [(0, False), (1, True), (2, True), (11, True), (12, False), (-1, False)])
def test_counts_of_nodes(count: int, right: bool) -> None:
    assert (rules.node_count_problems(count) == []) is right


@pytest.mark.parametrize(
    ("node_type", "right"), [("dax.r5.24xlarge", True), ("dax.t3.small", True), ("cache.t3.small", False), ("", False)]
)
def test_node_types(node_type: str, right: bool) -> None:
    assert (rules.node_type_problems(node_type, encryption_at_rest=True) == []) is right


def test_the_oldest_node_types_have_no_encryption_at_rest() -> None:
    assert "no encryption at rest" in rules.node_type_problems("dax.r3.large", encryption_at_rest=True)[0]
    assert rules.node_type_problems("dax.r3.large", encryption_at_rest=False) == []


@pytest.mark.parametrize(
    "window",
    ["sun:05:00-sun:06:00", "SUN:05:00-SUN:06:00", "sun:05:00-mon:05:00", "sat:23:30-sun:00:30", "mon:00:00-mon:23:59"],
)
def test_windows_that_aws_takes(window: str) -> None:
    assert rules.window_problems(window) == []


@pytest.mark.parametrize(
    "window",
    [
        "sun:05:00-sun:05:59",
        "sun:05:00-mon:05:01",
        "sun:05:00-sun:05:00",
        "sun:06:00-sun:05:00",
        "sun:24:00-mon:01:00",
        "sun:05:60-sun:07:00",
        "day:05:00-day:06:00",
        "05:00-06:00",
        "sun:5:00-sun:6:00",
    ],
)
def test_windows_that_aws_does_not_take(window: str) -> None:
    assert len(rules.window_problems(window)) == 1


@pytest.mark.parametrize(
    ("option", "arn", "service", "resource", "right"),
    [
        ("iam_role_arn", "arn:aws:iam::123456789012:role/dax", "iam", "role/", True),
        ("iam_role_arn", "arn:aws-cn:iam::123456789012:role/a/dax", "iam", "role/", True),
        ("iam_role_arn", "arn:aws:iam::123456789012:user/dax", "iam", "role/", False),
        ("iam_role_arn", "dax", "iam", "role/", False),
        ("notification_topic_arn", "arn:aws:sns:us-east-1:123456789012:dax", "sns", "", True),
        ("notification_topic_arn", "arn:aws:sqs:us-east-1:123456789012:dax", "sns", "", False),
    ],
)
def test_arns(option: str, arn: str, service: str, resource: str, right: bool) -> None:
    assert (rules.arn_problems(option, arn, service, resource) == []) is right


def test_every_problem_of_a_cluster_is_in_one_list() -> None:
    request = Wanted(
        name="Web-",
        present=True,
        node_type="r5.large",
        node_count=12,
        iam_role_arn="dax",
        security_group_ids=(),
        availability_zones=("us-east-1a", "us-east-1a"),
        preferred_maintenance_window="sunday",
        notification_topic_arn="topic",
        tags={"aws:x": "1"},
    )
    found = request.problems()
    assert [problem.split(":")[0] for problem in found] == [
        "name",
        "node_type",
        "node_count",
        "availability_zones",
        "iam_role_arn",
        "security_group_ids",
        "preferred_maintenance_window",
        "notification_topic_arn",
        "tags",
    ]


def test_there_are_no_more_zones_than_nodes() -> None:
    zones = ("us-east-1a", "us-east-1b")
    assert Wanted("web", present=True, node_count=2, availability_zones=zones).problems() == []
    assert "2 zones" in Wanted("web", present=True, node_count=1, availability_zones=zones).problems()[0]
    assert Wanted("web", present=True, availability_zones=zones).problems() == []


def test_what_is_deleted_is_known_by_its_name_alone() -> None:
    assert Wanted("web", present=False, node_count=99).problems() == []
    assert WantedSubnets("web", False, None, ()).problems() == []


def test_every_problem_of_the_groups_is_in_one_list() -> None:
    assert len(WantedSubnets("Web", True, None, ("vpc-1", "vpc-1")).problems()) == 4
    assert len(WantedSubnets("Web", True, None, ()).problems()) == 2
    assert len(WantedParameters("default.x", True, None, -1, -2).problems()) == 3
    assert WantedParameters("web", True, None, 0, 0).problems() == []
