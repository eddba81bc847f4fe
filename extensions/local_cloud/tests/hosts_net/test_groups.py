# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Security groups, as real packets meet them."""

from __future__ import annotations

import pytest
from groundwork_local_cloud.world import Rule
from lab import OPERATOR, Lab
from packets import Listener, connect, ping, tcp_source, udp_source
from worlds import ANYWHERE, EVERYTHING, Sketch, tcp

pytestmark = pytest.mark.hosts


@pytest.fixture
def sketch() -> Sketch:
    sketch = Sketch()
    vpc = sketch.vpc("one", "10.20.0.0/16")
    sketch.subnet("a", vpc, "10.20.1.0/24")
    sketch.subnet("b", vpc, "10.20.2.0/24")
    return sketch


def test_a_group_reference_lets_the_members_in_and_nobody_else(lab: Lab, sketch: Sketch) -> None:
    vpc, subnet = sketch.world.vpcs["vpc-one"], sketch.world.subnets["subnet-a"]
    client, other = sketch.group("client", vpc), sketch.group("other", vpc)
    server = sketch.group("server", vpc, tcp(9042, groups=(client.id,)))
    sketch.host("member", subnet, "10.20.1.5", groups=(client,))
    sketch.host("outsider", subnet, "10.20.1.6", groups=(other,))
    sketch.host("server", subnet, "10.20.1.7", groups=(server,))
    lab.show(sketch)
    with Listener(lab.at("server"), 9042), Listener(lab.at("server"), 9043):
        assert tcp_source(lab.at("member"), "10.20.1.7", 9042) == "10.20.1.5"
        assert tcp_source(lab.at("member"), "10.20.1.7", 9043) is None
        assert udp_source(lab.at("member"), "10.20.1.7", 9042) is None
        assert tcp_source(lab.at("outsider"), "10.20.1.7", 9042) is None
        assert tcp_source(None, "10.20.1.7", 9042) is None


def test_a_group_that_refers_to_itself_joins_its_members_across_subnets(lab: Lab, sketch: Sketch) -> None:
    vpc = sketch.world.vpcs["vpc-one"]
    group = sketch.group("default", vpc, Rule("-1", None, None, (), ("sg-default",)))
    sketch.host("a", sketch.world.subnets["subnet-a"], "10.20.1.5", groups=(group,))
    sketch.host("b", sketch.world.subnets["subnet-b"], "10.20.2.5", groups=(group,))
    lab.show(sketch)
    with Listener(lab.at("b"), 80):
        assert tcp_source(lab.at("a"), "10.20.2.5", 80) == "10.20.1.5"
        assert udp_source(lab.at("a"), "10.20.2.5", 80) == "10.20.1.5"
        assert ping(lab.at("a"), "10.20.2.5")
        assert not ping(None, "10.20.2.5")


def test_egress_rules_hold_for_what_an_instance_begins_and_not_for_its_answers(lab: Lab, sketch: Sketch) -> None:
    vpc, subnet = sketch.world.vpcs["vpc-one"], sketch.world.subnets["subnet-a"]
    mute = sketch.group("mute", vpc, EVERYTHING, egress=())
    free = sketch.group("free", vpc, EVERYTHING)
    sketch.host("mute", subnet, "10.20.1.5", groups=(mute,))
    sketch.host("free", subnet, "10.20.1.6", groups=(free,))
    lab.show(sketch)
    with Listener(lab.at("mute"), 80), Listener(lab.at("free"), 80):
        assert tcp_source(lab.at("free"), "10.20.1.5", 80) == "10.20.1.6"
        assert tcp_source(lab.at("mute"), "10.20.1.6", 80) is None


def test_the_operator_is_subject_to_groups(lab: Lab, sketch: Sketch) -> None:
    vpc, subnet = sketch.world.vpcs["vpc-one"], sketch.world.subnets["subnet-a"]
    group = sketch.group("ssh", vpc, tcp(22, cidrs=(f"{OPERATOR}/32",)))
    sketch.host("a", subnet, "10.20.1.5", groups=(group,))
    lab.show(sketch)
    with Listener(lab.at("a"), 22), Listener(lab.at("a"), 80):
        assert tcp_source(None, "10.20.1.5", 22) == OPERATOR
        assert tcp_source(None, "10.20.1.5", 80) is None


@pytest.mark.parametrize(
    ("rule", "answers"),
    [
        (Rule("icmp", -1, -1, (ANYWHERE,)), True),
        (Rule("icmp", 8, -1, (ANYWHERE,)), True),
        (Rule("icmp", 8, 0, (ANYWHERE,)), True),
        (Rule("icmp", 3, -1, (ANYWHERE,)), False),
        (Rule("1", None, None, (ANYWHERE,)), True),
        (Rule("tcp", 0, 65535, (ANYWHERE,)), False),
    ],
)
def test_icmp_rules_name_type_and_code(lab: Lab, sketch: Sketch, rule: Rule, answers: bool) -> None:
    group = sketch.group("icmp", sketch.world.vpcs["vpc-one"], rule)
    sketch.host("a", sketch.world.subnets["subnet-a"], "10.20.1.5", groups=(group,))
    lab.show(sketch)
    assert ping(None, "10.20.1.5") is answers


def test_a_removed_rule_stops_new_connections_and_leaves_tracked_ones(lab: Lab, sketch: Sketch) -> None:
    vpc = sketch.world.vpcs["vpc-one"]
    group = sketch.group("ssh", vpc, tcp(22, cidrs=(ANYWHERE,)))
    sketch.host("a", sketch.world.subnets["subnet-a"], "10.20.1.5", groups=(group,))
    lab.show(sketch)
    with Listener(lab.at("a"), 22), connect(None, "10.20.1.5", 22) as connection:
        lines = connection.makefile()
        assert lines.readline() == f"{OPERATOR}\n"
        sketch.change(group, ingress=())
        lab.show(sketch)
        assert tcp_source(None, "10.20.1.5", 22) is None
        connection.sendall(b"still here\n")
        assert lines.readline() == "still here\n"
