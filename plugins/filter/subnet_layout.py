# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lay public and private subnets out in a VPC, one of each tier per availability zone."""

from __future__ import annotations

DOCUMENTATION = r"""
name: subnet_layout
version_added: 0.1.0
short_description: Subnets of a VPC, one per tier and availability zone
author: groundwork.aws contributors (@groundwork-aws)
description:
  - Gives the subnets of a VPC that has one public and one private subnet in each availability zone.
  - Computed blocks are sixteenths of the VPC. The first eight belong to the public tier and the last eight to the
    private tier, each in the order of O(zones). So a zone that is added at the end moves no existing subnet.
  - Nothing is raised for input that AWS would refuse. All of it is listed in RV(_value.problems), so that a role can
    report everything at once before it changes anything.
positional: _input
options:
  _input:
    description: CIDR block of the VPC.
    type: str
    required: true
  zones:
    description: Names of the availability zones, in a lasting order.
    type: list
    elements: str
    required: true
  public:
    description:
      - CIDR blocks of the public subnets, one per zone.
      - V(null) computes them, an empty list makes no such tier.
    type: list
    elements: str
  private:
    description:
      - CIDR blocks of the private subnets, one per zone.
      - V(null) computes them, an empty list makes no such tier.
    type: list
    elements: str
"""

EXAMPLES = r"""
- name: Six subnets of 4096 addresses each
  ansible.builtin.debug:
    msg: "{{ '10.0.0.0/16' | groundwork.aws.subnet_layout(zones=['us-east-1a', 'us-east-1b', 'us-east-1c']) }}"
"""

RETURN = r"""
_value:
  description: The subnets and what is wrong with the input.
  type: dict
  contains:
    subnets:
      description: One dictionary per subnet with V(tier) (V(public) or V(private)), V(zone) and V(cidr).
      type: list
      elements: dict
    problems:
      description: Sentences, empty if AWS would accept the layout.
      type: list
      elements: str
"""

from collections.abc import Callable, Sequence
from ipaddress import IPv4Network, collapse_addresses
from itertools import combinations
from typing import Any

TIERS = ("public", "private")
BLOCKS_PER_TIER = 8
BLOCK_BITS = 4
LARGEST_PREFIX = 16
SMALLEST_PREFIX = 28


def parse_network(cidr: str, owner: str) -> tuple[IPv4Network | None, list[str]]:
    """The network of an IPv4 CIDR block, or a sentence that says why it cannot be the block of ``owner``."""
    try:
        network = IPv4Network(cidr)
    except ValueError as error:
        return None, [f"{owner}: {cidr!r} is not an IPv4 CIDR block ({error})"]
    if not LARGEST_PREFIX <= network.prefixlen <= SMALLEST_PREFIX:
        return None, [f"{owner}: {cidr} must be between /{LARGEST_PREFIX} and /{SMALLEST_PREFIX}"]
    return network, []


def computed_blocks(vpc: IPv4Network, tier: str, count: int) -> tuple[list[str], list[str]]:
    """The first ``count`` sixteenths of the half of the VPC that belongs to the tier."""
    if vpc.prefixlen + BLOCK_BITS > SMALLEST_PREFIX:
        return [], [f"{tier} subnets: {vpc} is too small to compute them, give their CIDR blocks"]
    if count > BLOCKS_PER_TIER:
        return [], [f"{tier} subnets: at most {BLOCKS_PER_TIER} zones can be computed, give their CIDR blocks"]
    blocks = list(vpc.subnets(prefixlen_diff=BLOCK_BITS))
    first = TIERS.index(tier) * BLOCKS_PER_TIER
    return [str(block) for block in blocks[first : first + count]], []


def given_blocks(
    vpc: IPv4Network, tier: str, given: Sequence[str], zones: Sequence[str]
) -> tuple[list[str], list[str]]:
    """The given blocks in their canonical spelling, and what is wrong with them."""
    problems = []
    if given and len(given) != len(zones):
        problems.append(f"{tier} subnets: {len(given)} CIDR blocks for {len(zones)} zones ({', '.join(zones)})")
    blocks = []
    for cidr in given:
        network, wrong = parse_network(cidr, f"{tier} subnets")
        problems += wrong
        if network is None:
            continue
        if not network.subnet_of(vpc):
            problems.append(f"{tier} subnets: {cidr} is not inside the VPC's {vpc}")
        blocks.append(str(network))
    return blocks, problems


def overlaps(blocks: Sequence[str]) -> list[str]:
    """A sentence for each pair of blocks that share an address."""
    networks = [IPv4Network(block) for block in blocks]
    if sum(n.num_addresses for n in collapse_addresses(networks)) == sum(n.num_addresses for n in networks):
        return []
    return [f"subnets {a} and {b} overlap" for a, b in combinations(networks, 2) if a.overlaps(b)]


def subnet_layout(
    vpc_cidr: str, zones: Sequence[str], public: Sequence[str] | None = None, private: Sequence[str] | None = None
) -> dict[str, list[Any]]:
    """Lay out the subnets; see DOCUMENTATION."""
    vpc, problems = parse_network(vpc_cidr, "VPC")
    if not zones:
        problems.append("there must be at least one availability zone")
    if len(set(zones)) != len(zones):
        problems.append(f"an availability zone is named twice: {', '.join(zones)}")
    if vpc is None:
        return {"subnets": [], "problems": problems}
    subnets = []
    for tier, given in zip(TIERS, (public, private)):
        if given is None:
            blocks, wrong = computed_blocks(vpc, tier, len(zones))
        else:
            blocks, wrong = given_blocks(vpc, tier, given, zones)
        problems += wrong
        subnets += [{"tier": tier, "zone": zone, "cidr": block} for zone, block in zip(zones, blocks)]
    problems += overlaps([subnet["cidr"] for subnet in subnets])
    return {"subnets": subnets, "problems": problems}


class FilterModule:
    """What Ansible looks for in a filter plugin."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters by name."""
        return {"subnet_layout": subnet_layout}
