# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses and names, and the networks that a world asks for."""

from __future__ import annotations

from itertools import combinations

import pytest
from groundwork_local_cloud.hosts.addressing import (
    MAX_LINKS,
    Addressing,
    internal_domain,
    port_name,
    private_name,
    public_name,
    router_mac,
)
from groundwork_local_cloud.hosts.plan import plan
from groundwork_local_cloud.hosts.ruleset import ruleset
from groundwork_local_cloud.hosts.ruleset_text import peers, service
from groundwork_local_cloud.world import Rule
from worlds import Sketch

SLOTS = [Addressing(slot) for slot in range(4)]


@pytest.fixture
def sketch() -> Sketch:
    sketch = Sketch()
    vpc = sketch.vpc("one", "10.20.0.0/16", internet=True)
    subnet = sketch.public_subnet("a", vpc, "10.20.1.0/24")
    sketch.host("one", subnet, "10.20.1.5", public="198.51.100.200")
    return sketch


def test_slots_share_nothing() -> None:
    for one, other in combinations(SLOTS, 2):
        assert not one.public_network.overlaps(other.public_network)
        assert not one.link_network.overlaps(other.link_network)
        assert one.operator != other.operator
        assert not one.namespace("i-1").startswith(other.prefix)


def test_link_names_fit_into_15_characters() -> None:
    assert len(SLOTS[3].link_name(MAX_LINKS)) <= 15
    assert len(port_name("eni-0123456789abcdef0")) == 15


def test_names_follow_the_region() -> None:
    assert private_name("10.0.1.5", "us-east-1") == "ip-10-0-1-5.ec2.internal"
    assert private_name("10.0.1.5", "eu-west-1") == "ip-10-0-1-5.eu-west-1.compute.internal"
    assert public_name("198.51.100.5", "us-east-1") == "ec2-198-51-100-5.compute-1.amazonaws.com"
    assert public_name("198.51.100.5", "eu-west-1") == "ec2-198-51-100-5.eu-west-1.compute.amazonaws.com"
    assert internal_domain("eu-west-1") == "eu-west-1.compute.internal"


def test_the_routers_hardware_address_is_its_own_and_local() -> None:
    assert router_mac("vpc-1") == router_mac("vpc-1") != router_mac("vpc-2")
    assert int(router_mac("vpc-1")[:2], 16) & 0b11 == 0b10  # unicast, locally administered


@pytest.mark.parametrize("state", ["pending", "running", "stopping", "shutting-down"])
def test_a_live_instance_has_a_namespace_and_its_vpc_a_router(sketch: Sketch, state: str) -> None:
    sketch.change(sketch.world.instances["i-one"], state=state)
    asked = plan(sketch.world, SLOTS[3])
    assert asked.namespaces == {"i-one": "gw3-i-one"}
    (vpc,) = asked.vpcs.values()
    (port,) = vpc.ports
    assert (port.namespace, port.device, port.addresses, port.gateway) == (
        "gw3-i-one",
        "eth0",
        ("10.20.1.5/24",),
        "10.20.1.1",
    )
    assert vpc.dns_server == "10.20.0.2"
    assert vpc.public_addresses == ("198.51.100.200",)


@pytest.mark.parametrize(("state", "namespaces"), [("stopped", {"i-one": "gw3-i-one"}), ("terminated", {})])
def test_without_a_live_instance_a_vpc_needs_no_router(sketch: Sketch, state: str, namespaces: dict[str, str]) -> None:
    sketch.change(sketch.world.instances["i-one"], state=state)
    asked = plan(sketch.world, SLOTS[3])
    assert (asked.namespaces, asked.vpcs) == (namespaces, {})


def test_the_machine_routes_no_public_address_of_somebody_else(sketch: Sketch) -> None:
    assert plan(sketch.world, SLOTS[0]).vpcs["vpc-one"].public_addresses == ()


def test_the_same_world_gives_the_same_plan(sketch: Sketch) -> None:
    backwards = sketch.picture()
    sketch.host("two", sketch.world.subnets["subnet-a"], "10.20.1.6")
    turned = sketch.picture()
    turned.instances.update({id_: turned.instances.pop(id_) for id_ in sorted(turned.instances)})
    turned.interfaces.update({id_: turned.interfaces.pop(id_) for id_ in sorted(turned.interfaces)})
    assert plan(sketch.world, SLOTS[3]) == plan(turned, SLOTS[3])
    assert plan(backwards, SLOTS[3]) != plan(turned, SLOTS[3])


@pytest.mark.parametrize(
    ("rule", "match"),
    [
        (Rule("-1", None, None), ""),
        (Rule("tcp", 22, 22), "tcp dport 22"),
        (Rule("6", 1024, 65535), "tcp dport 1024-65535"),
        (Rule("tcp", 0, 1023), "tcp dport 0-1023"),
        (Rule("udp", 0, 65535), "meta l4proto udp"),
        (Rule("17", None, None), "meta l4proto udp"),
        (Rule("icmp", -1, -1), "ip protocol icmp"),
        (Rule("1", 8, -1), "icmp type 8"),
        (Rule("icmp", 3, 4), "icmp type 3 icmp code 4"),
        (Rule("50", None, None), "meta l4proto 50"),
        (Rule("icmpv6", -1, -1), None),
        (Rule("58", -1, -1), None),
    ],
)
def test_protocols_and_ports(rule: Rule, match: str | None) -> None:
    assert service(rule) == match


@pytest.mark.parametrize(
    ("cidrs", "match"),
    [
        (("0.0.0.0/0", "10.0.0.0/8"), ""),
        (("10.0.0.5/16",), "ip saddr { 10.0.0.0/16 }"),
        (("10.0.0.0/25", "10.0.0.128/25", "10.0.0.7/32"), "ip saddr { 10.0.0.0/24 }"),
        (("::/0",), None),
        ((), None),
    ],
)
def test_peers(cidrs: tuple[str, ...], match: str | None) -> None:
    assert peers("saddr", cidrs) == match


def test_a_rule_for_ipv6_alone_opens_nothing(sketch: Sketch) -> None:
    group = sketch.group("six", sketch.world.vpcs["vpc-one"], Rule("tcp", 22, 22, cidrs=("::/0",)), egress=())
    one = next(iter(sketch.world.interfaces.values()))
    sketch.change(one, group_ids=(group.id,))
    text = ruleset(sketch.world, "vpc-one", SLOTS[3])
    ingress = text.split("chain ingress_1 {")[1].split("}")[0]
    assert ingress.split() == ["drop"]
