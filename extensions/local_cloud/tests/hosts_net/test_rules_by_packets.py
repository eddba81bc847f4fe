# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any groups and ACLs: what real packets do is what EC2's rules say."""

from __future__ import annotations

import select
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count, product

import pytest
from ec2_rules import Datagram, passes_acls, passes_groups
from groundwork_local_cloud.world import AclEntry, Rule, SecurityGroup, World
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lab import OPERATOR, Lab
from packets import make_socket
from worlds import ALLOW_ALL, Sketch

pytestmark = pytest.mark.hosts

PORTS = (53, 1000, 2000)
HOSTS = {"a": "10.20.1.5", "aa": "10.20.1.6", "b": "10.20.2.5", "c": "10.20.3.5"}
GROUPS = ("sg-x", "sg-y")
SILENCE = 0.1  # seconds without a packet, after which none will come
_source_ports = count(20000)  # a new flow for each example: groups remember old ones

cidrs = st.sampled_from(
    ["0.0.0.0/0", "10.20.0.0/16", "10.20.1.0/24", "10.20.2.5/32", "100.64.0.0/16", "192.168.0.0/16"]
)
protocols = st.sampled_from(["udp", "udp", "17", "-1", "tcp", "icmp", "50"])
bounds = st.sampled_from([0, 53, 54, 999, 1000, 1999, 2000, 20000, 65535])
port_ranges = st.one_of(st.just((None, None)), st.tuples(bounds, bounds).map(lambda pair: (min(pair), max(pair))))


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    protocol = draw(protocols)
    first, last = draw(port_ranges) if protocol not in ("icmp", "-1") else (None, None)
    peers = draw(st.one_of(st.tuples(cidrs), st.tuples(cidrs, cidrs)))
    groups = draw(st.sampled_from([(), (), *((group,) for group in GROUPS), GROUPS]))
    return Rule(protocol, first, last, peers if draw(st.booleans()) or not groups else (), groups)


@st.composite
def acls(draw: st.DrawFn) -> tuple[AclEntry, ...]:
    numbers = draw(st.lists(st.integers(1, 100), unique=True, max_size=4))
    rest = ALLOW_ALL if draw(st.integers(0, 3)) else ()  # entries of number 100
    return (*rest, *(_entry(draw, number) for number in numbers if number != 100))


def _entry(draw: st.DrawFn, number: int) -> AclEntry:
    protocol = draw(st.sampled_from(["17", "17", "-1", "-1", "6", "1"]))
    first, last = draw(port_ranges) if protocol in ("17", "6") else (None, None)
    allow = draw(st.sampled_from([True, True, True, False]))
    return AclEntry(number, draw(st.booleans()), allow, protocol, first, last, draw(cidrs))


def build(lists: list[list[Rule]], acl: list[tuple[AclEntry, ...]]) -> Sketch:
    """Subnet a has two hosts, b one and c one; group x is on the first host of a and on b, y on b and on the rest."""
    sketch = Sketch()
    vpc = sketch.vpc("one", "10.20.0.0/16")
    x, y = (
        SecurityGroup(group_id, vpc.id, tuple(lists[2 * index]), tuple(lists[2 * index + 1]))
        for index, group_id in enumerate(GROUPS)
    )
    sketch.world.groups.update({x.id: x, y.id: y})
    subnets = [
        sketch.subnet(name, vpc, f"10.20.{index}.0/24", acl=acl[index - 1]) for index, name in enumerate("abc", 1)
    ]
    for name, subnet, groups in (("a", 0, (x,)), ("aa", 0, (y,)), ("b", 1, (x, y)), ("c", 2, (y,))):
        sketch.host(name, subnets[subnet], HOSTS[name], groups=groups)
    return sketch


def sent(lab: Lab, source_port: int) -> Iterator[Datagram]:
    """Send everything to everyone. Yields the packets that arrive, and of those that are answered, the answers."""
    places = {OPERATOR: None, **{address: lab.at(name) for name, address in HOSTS.items()}}
    with ExitStack() as stack:
        opened = {
            (address, port): stack.enter_context(make_socket(place, lambda: socket.socket(type=socket.SOCK_DGRAM)))
            for (address, place), port in product(places.items(), (*PORTS, source_port))
        }
        for (address, port), one in opened.items():
            one.bind((address, port))
        for source, destination, port in product(places, HOSTS.values(), PORTS):
            if source != destination:
                opened[source, source_port].sendto(b"request", (destination, port))
        names = {one: name for name, one in opened.items()}
        while ready := select.select(list(names), [], [], SILENCE)[0]:
            for one in ready:
                content, peer = one.recvfrom(64)
                address, port = names[one]
                yield Datagram(peer[0], address, port)
                if content == b"request":
                    one.sendto(b"answer", peer)


def expected(world: World, source_port: int) -> Iterator[Datagram]:
    """The packets that have to arrive, by EC2's rules."""
    for source, destination, port in product([OPERATOR, *HOSTS.values()], HOSTS.values(), PORTS):
        request = Datagram(source, destination, port)
        if source != destination and passes_acls(world, request) and passes_groups(world, request):
            yield request
            answer = Datagram(destination, source, source_port)
            if passes_acls(world, answer):
                yield answer


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lists=st.lists(st.lists(rules(), max_size=4), min_size=4, max_size=4),
    acl=st.lists(acls(), min_size=3, max_size=3),
)
def test_packets_obey_the_rules(lab: Lab, lists: list[list[Rule]], acl: list[tuple[AclEntry, ...]]) -> None:
    lab.show(build(lists, acl))
    source_port = next(_source_ports)
    assert sorted(sent(lab, source_port)) == sorted(expected(lab.world, source_port))
