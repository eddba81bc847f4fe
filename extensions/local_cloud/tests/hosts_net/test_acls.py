# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Network ACLs: without memory, at the border of the subnet."""

from __future__ import annotations

import pytest
from groundwork_local_cloud.world import AclEntry, SecurityGroup, Subnet, Vpc
from lab import OPERATOR, Lab
from packets import Listener, ping, tcp_source
from worlds import ALLOW_ALL, ANYWHERE, EVERYTHING, Sketch, entry

pytestmark = pytest.mark.hosts
EPHEMERAL = (1024, 65535)
CLIENT, SERVER = "10.20.1.5", "10.20.2.5"


class Pair:
    """A client in subnet a, a server and its neighbour in subnet b; the groups let everything through."""

    def __init__(self) -> None:
        self.sketch = Sketch()
        self.vpc: Vpc = self.sketch.vpc("one", "10.20.0.0/16")
        self.a: Subnet = self.sketch.subnet("a", self.vpc, "10.20.1.0/24")
        self.b: Subnet = self.sketch.subnet("b", self.vpc, "10.20.2.0/24")
        group: SecurityGroup = self.sketch.group("open", self.vpc, EVERYTHING)
        self.sketch.host("client", self.a, CLIENT, groups=(group,))
        self.sketch.host("server", self.b, SERVER, groups=(group,))
        self.sketch.host("neighbour", self.b, "10.20.2.6", groups=(group,))

    def guard(self, subnet: Subnet, *acl: AclEntry) -> None:
        self.sketch.change(subnet, acl=acl)


@pytest.fixture
def pair() -> Pair:
    return Pair()


def test_answers_need_an_entry_of_their_own(lab: Lab, pair: Pair) -> None:
    ask = entry(100, True, "tcp", (80, 80), "10.20.1.0/24")
    answer = entry(100, True, "tcp", EPHEMERAL, "10.20.1.0/24", egress=True)
    pair.guard(pair.b, ask)
    lab.show(pair.sketch)
    with Listener(lab.at("server"), 80), Listener(lab.at("server"), 81):
        assert tcp_source(lab.at("client"), SERVER, 80) is None
        pair.guard(pair.b, ask, answer)
        lab.show(pair.sketch)
        assert tcp_source(lab.at("client"), SERVER, 80) == CLIENT
        assert tcp_source(lab.at("client"), SERVER, 81) is None


def test_the_lowest_number_decides(lab: Lab, pair: Pair) -> None:
    deny = entry(90, False, "6", (80, 80), f"{CLIENT}/32")
    pair.guard(pair.b, *ALLOW_ALL, deny)
    lab.show(pair.sketch)
    with Listener(lab.at("server"), 80), Listener(lab.at("server"), 81):
        assert tcp_source(lab.at("client"), SERVER, 80) is None
        assert tcp_source(lab.at("client"), SERVER, 81) == CLIENT
        pair.guard(pair.b, *ALLOW_ALL, entry(110, False, "6", (80, 80), f"{CLIENT}/32"))
        lab.show(pair.sketch)
        assert tcp_source(lab.at("client"), SERVER, 80) == CLIENT


def test_the_senders_subnet_has_a_say(lab: Lab, pair: Pair) -> None:
    pair.guard(pair.a, ALLOW_ALL[0], entry(100, True, "tcp", (80, 80), "10.20.2.0/24", egress=True))
    lab.show(pair.sketch)
    with Listener(lab.at("server"), 80), Listener(lab.at("server"), 81):
        assert tcp_source(lab.at("client"), SERVER, 80) == CLIENT
        assert tcp_source(lab.at("client"), SERVER, 81) is None


def test_inside_a_subnet_nothing_is_checked(lab: Lab, pair: Pair) -> None:
    pair.guard(pair.b)
    lab.show(pair.sketch)
    with Listener(lab.at("server"), 80):
        assert tcp_source(lab.at("neighbour"), SERVER, 80) == "10.20.2.6"
        assert tcp_source(lab.at("client"), SERVER, 80) is None


def test_the_operator_crosses_the_border(lab: Lab, pair: Pair) -> None:
    pair.guard(pair.b, *ALLOW_ALL, entry(1, False, "tcp", (22, 22), f"{OPERATOR}/32"))
    lab.show(pair.sketch)
    with Listener(lab.at("server"), 22), Listener(lab.at("server"), 80):
        assert tcp_source(None, SERVER, 22) is None
        assert tcp_source(None, SERVER, 80) == OPERATOR


def test_icmp_echo_needs_both_types(lab: Lab, pair: Pair) -> None:
    request, reply = entry(1, True, "1", (8, -1), ANYWHERE), entry(1, True, "1", (0, -1), ANYWHERE, egress=True)
    pair.guard(pair.b, request)
    lab.show(pair.sketch)
    assert not ping(lab.at("client"), SERVER)
    pair.guard(pair.b, request, reply)
    lab.show(pair.sketch)
    assert ping(lab.at("client"), SERVER)
