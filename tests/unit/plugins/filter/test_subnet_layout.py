# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The layout of a VPC: stable blocks, and every problem of the input in one answer."""

from __future__ import annotations

from ipaddress import IPv4Network

import pytest
from ansible_collections.groundwork.aws.plugins.filter.subnet_layout import subnet_layout
from hypothesis import given
from hypothesis import strategies as st

ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"]
vpcs = st.builds(
    lambda address, prefix: str(IPv4Network((address, prefix), strict=False)),
    st.integers(min_value=0, max_value=2**32 - 1),
    st.integers(min_value=16, max_value=24),
)


def test_the_default_network_has_six_subnets_of_4096_addresses() -> None:
    layout = subnet_layout("10.0.0.0/16", ZONES)
    assert layout["problems"] == []
    assert [(s["tier"], s["zone"], s["cidr"]) for s in layout["subnets"]] == [
        ("public", "us-east-1a", "10.0.0.0/20"),
        ("public", "us-east-1b", "10.0.16.0/20"),
        ("public", "us-east-1c", "10.0.32.0/20"),
        ("private", "us-east-1a", "10.0.128.0/20"),
        ("private", "us-east-1b", "10.0.144.0/20"),
        ("private", "us-east-1c", "10.0.160.0/20"),
    ]


@given(vpc=vpcs, count=st.integers(min_value=1, max_value=7))
def test_adding_a_zone_moves_no_subnet(vpc: str, count: int) -> None:
    zones = [f"zone-{index}" for index in range(count + 1)]
    before = subnet_layout(vpc, zones[:-1])["subnets"]
    after = subnet_layout(vpc, zones)["subnets"]
    assert len(before) == 2 * count
    assert [subnet for subnet in after if subnet["zone"] != zones[-1]] == before


@given(vpc=vpcs, count=st.integers(min_value=1, max_value=8))
def test_computed_subnets_are_disjoint_and_inside_the_vpc(vpc: str, count: int) -> None:
    layout = subnet_layout(vpc, [f"zone-{index}" for index in range(count)])
    networks = [IPv4Network(subnet["cidr"]) for subnet in layout["subnets"]]
    assert layout["problems"] == []
    assert len(networks) == 2 * count
    assert all(network.subnet_of(IPv4Network(vpc)) for network in networks)
    assert not any(a.overlaps(b) for i, a in enumerate(networks) for b in networks[:i])


def test_the_source_architecture_can_be_given() -> None:
    layout = subnet_layout("10.0.0.0/16", ["us-east-1a"], public=["10.0.1.0/24"], private=["10.0.2.0/24"])
    assert layout == {
        "problems": [],
        "subnets": [
            {"tier": "public", "zone": "us-east-1a", "cidr": "10.0.1.0/24"},
            {"tier": "private", "zone": "us-east-1a", "cidr": "10.0.2.0/24"},
        ],
    }


def test_an_empty_list_makes_no_such_tier() -> None:
    layout = subnet_layout("10.0.0.0/16", ZONES, public=[])
    assert layout["problems"] == []
    assert {subnet["tier"] for subnet in layout["subnets"]} == {"private"}


@pytest.mark.parametrize(
    ("vpc", "zones", "public", "problem"),
    [
        ("10.0.0.0/15", ZONES, None, "VPC: 10.0.0.0/15 must be between /16 and /28"),
        ("10.0.0.1/16", ZONES, None, "VPC: '10.0.0.1/16' is not an IPv4 CIDR block"),
        ("10.0.0.0/25", ZONES, None, "public subnets: 10.0.0.0/25 is too small to compute them"),
        ("10.0.0.0/16", [], None, "there must be at least one availability zone"),
        ("10.0.0.0/16", ["a", "a"], None, "an availability zone is named twice: a, a"),
        ("10.0.0.0/16", [str(n) for n in range(9)], None, "public subnets: at most 8 zones can be computed"),
        ("10.0.0.0/16", ZONES, ["10.0.0.0/24"], "public subnets: 1 CIDR blocks for 3 zones"),
        ("10.0.0.0/16", ["a"], ["10.1.0.0/24"], "public subnets: 10.1.0.0/24 is not inside the VPC's 10.0.0.0/16"),
        ("10.0.0.0/16", ["a"], ["10.0.0.0/29"], "public subnets: 10.0.0.0/29 must be between /16 and /28"),
        ("10.0.0.0/16", ["a"], ["10.0.128.0/24"], "subnets 10.0.128.0/24 and 10.0.128.0/20 overlap"),
    ],
)
def test_a_problem_is_told(vpc: str, zones: list[str], public: list[str] | None, problem: str) -> None:
    problems = subnet_layout(vpc, zones, public=public)["problems"]
    assert any(told.startswith(problem) for told in problems), problems


def test_all_problems_are_told_at_once() -> None:
    problems = subnet_layout("10.0.0.0/16", ["a", "b"], public=["10.1.0.0/24"], private=["x", "10.0.0.0/20"])[
        "problems"
    ]
    assert len(problems) == 3, problems
