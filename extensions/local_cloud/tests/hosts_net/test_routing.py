# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Route tables, gateways and address translation. An address of this machine stands for the internet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from groundwork_local_cloud.hosts.shell import run
from groundwork_local_cloud.world import Route
from lab import OPERATOR, Lab
from packets import Listener, tcp_source
from worlds import ALLOW_ALL, ANYWHERE, EVERYTHING, Sketch, entry, tcp

pytestmark = pytest.mark.hosts
INTERNET = "198.19.250.1"
WEB, NAT, OTHER = "198.51.100.200", "198.51.100.201", "198.51.100.202"


@pytest.fixture
def internet(lab: Lab) -> Iterator[str]:
    """An address outside of every VPC, on which the machine itself answers at port 80."""
    run("ip", "address", "add", f"{INTERNET}/32", "dev", "lo")
    with Listener(None, 80):
        yield INTERNET
    run("ip", "address", "delete", f"{INTERNET}/32", "dev", "lo")


@pytest.fixture
def city() -> Sketch:
    """A VPC with a web server (public address) and an application in a private subnet; the groups are open."""
    sketch = Sketch()
    vpc = sketch.vpc("one", "10.20.0.0/16", internet=True)
    group = sketch.group("open", vpc, EVERYTHING)
    public = sketch.public_subnet("public", vpc, "10.20.0.0/24")
    private = sketch.subnet("private", vpc, "10.20.1.0/24")
    sketch.host("web", public, "10.20.0.5", groups=(group,), public=WEB)
    sketch.host("bare", public, "10.20.0.6", groups=(group,))
    sketch.host("app", private, "10.20.1.5", groups=(group,))
    return sketch


def with_nat(city: Sketch, subnet_id: str = "subnet-public") -> None:
    nat = city.nat("one", city.world.subnets[subnet_id], "10.20.0.9", NAT)
    private = city.world.subnets["subnet-private"]
    city.change(private, routes=(*private.routes, Route(ANYWHERE, nat.id)))


def test_a_public_address_is_translated_both_ways(lab: Lab, city: Sketch, internet: str) -> None:
    lab.show(city)
    with Listener(lab.at("web"), 80):
        assert tcp_source(lab.at("web"), internet, 80) == WEB
        assert tcp_source(None, WEB, 80) == OPERATOR


def test_without_a_public_address_the_internet_gateway_is_no_use(lab: Lab, city: Sketch, internet: str) -> None:
    lab.show(city)
    assert tcp_source(lab.at("bare"), internet, 80) is None


def test_without_a_route_there_is_no_way_out_and_none_in(lab: Lab, city: Sketch, internet: str) -> None:
    subnet = city.world.subnets["subnet-public"]
    city.change(subnet, routes=(Route("10.20.0.0/16", "local"),))
    lab.show(city)
    with Listener(lab.at("web"), 80):
        assert tcp_source(lab.at("web"), internet, 80) is None
        assert tcp_source(None, WEB, 80) is None
        assert tcp_source(None, "10.20.0.5", 80) == OPERATOR  # through the VPN


def test_a_detached_internet_gateway_is_a_black_hole(lab: Lab, city: Sketch, internet: str) -> None:
    city.change(city.world.vpcs["vpc-one"], internet_gateway_id=None)
    lab.show(city)
    assert tcp_source(lab.at("web"), internet, 80) is None


def test_the_longest_prefix_wins(lab: Lab, city: Sketch, internet: str) -> None:
    subnet = city.world.subnets["subnet-public"]
    city.change(subnet, routes=(*subnet.routes, Route("198.19.250.0/24", "vgw-nowhere")))
    lab.show(city)
    assert tcp_source(lab.at("web"), internet, 80) is None
    city.change(subnet, routes=(*subnet.routes, Route("198.19.251.0/24", "vgw-nowhere")))
    lab.show(city)
    assert tcp_source(lab.at("web"), internet, 80) == WEB


def test_a_nat_gateway_lets_out_and_not_in(lab: Lab, city: Sketch, internet: str) -> None:
    with_nat(city)
    lab.show(city)
    with Listener(lab.at("app"), 80):
        assert tcp_source(lab.at("app"), internet, 80) == NAT
        assert tcp_source(None, NAT, 80) is None
        assert tcp_source(None, "10.20.1.5", 80) == OPERATOR


def test_a_nat_gateway_in_a_private_subnet_leads_nowhere(lab: Lab, city: Sketch, internet: str) -> None:
    with_nat(city, "subnet-private")
    lab.show(city)
    assert tcp_source(lab.at("app"), internet, 80) is None


def test_the_acl_of_the_nat_gateways_subnet_counts(lab: Lab, city: Sketch, internet: str) -> None:
    with_nat(city)
    deny = entry(1, False, "tcp", (80, 80), "10.20.1.0/24")
    city.change(city.world.subnets["subnet-public"], acl=(*ALLOW_ALL, deny))
    lab.show(city)
    assert tcp_source(lab.at("app"), internet, 80) is None
    assert tcp_source(lab.at("web"), internet, 80) == WEB


def test_instances_meet_at_their_public_addresses_also_in_one_vpc(lab: Lab, city: Sketch) -> None:
    bare = next(one for one in city.world.interfaces.values() if one.instance_id == "i-bare")
    city.change(bare, public_ips=(("10.20.0.6", OTHER),))
    lab.show(city)
    with Listener(lab.at("web"), 80):
        assert tcp_source(lab.at("bare"), WEB, 80) == OTHER


def test_vpcs_see_nothing_of_each_other_but_public_addresses(lab: Lab, city: Sketch) -> None:
    vpc = city.vpc("two", "10.21.0.0/16", internet=True)
    subnet = city.public_subnet("two", vpc, "10.21.0.0/24")
    city.host("far", subnet, "10.21.0.5", groups=(city.group("two", vpc, EVERYTHING),), public=OTHER)
    lab.show(city)
    with Listener(lab.at("web"), 80), Listener(lab.at("far"), 80):
        assert tcp_source(lab.at("far"), "10.20.0.5", 80) is None
        assert tcp_source(lab.at("web"), "10.21.0.5", 80) is None
        assert tcp_source(lab.at("far"), WEB, 80) == OTHER


def test_a_group_reference_does_not_match_public_addresses(lab: Lab, city: Sketch) -> None:
    """AWS compares the private addresses of the members, so traffic by way of public addresses does not match."""
    vpc, web = city.world.vpcs["vpc-one"], city.world.interfaces
    members = city.group("members", vpc, tcp(80, groups=("sg-members",)))
    for instance_id, public in (("i-web", WEB), ("i-bare", OTHER)):
        one = next(found for found in web.values() if found.instance_id == instance_id)
        city.change(one, group_ids=(members.id,), public_ips=((one.private_ips[0], public),))
    city.change(members, egress=(EVERYTHING,))
    lab.show(city)
    with Listener(lab.at("web"), 80):
        assert tcp_source(lab.at("bare"), "10.20.0.5", 80) == "10.20.0.6"
        assert tcp_source(lab.at("bare"), WEB, 80) is None


def test_only_the_operator_comes_through_the_vpn(lab: Lab, city: Sketch, internet: str) -> None:
    lab.show(city)
    with Listener(lab.at("web"), 80):
        assert tcp_source(None, "10.20.0.5", 80) == OPERATOR
        assert tcp_source(None, "10.20.0.5", 80, source=internet) is None


def test_answers_do_not_change_the_way(lab: Lab, city: Sketch) -> None:
    """What comes in through the internet gateway cannot go back through a NAT gateway."""
    with_nat(city)
    app = next(one for one in city.world.interfaces.values() if one.instance_id == "i-app")
    private = city.world.subnets["subnet-private"]
    city.change(app, public_ips=(("10.20.1.5", OTHER),))
    lab.show(city)
    with Listener(lab.at("app"), 80):
        assert tcp_source(None, OTHER, 80) is None
        city.change(private, routes=(*private.routes, Route("198.19.250.0/24", "igw-one")))
        lab.show(city)
        assert tcp_source(None, OTHER, 80) is None
        city.change(private, routes=(*private.routes, Route("100.64.0.0/24", "igw-one")))
        lab.show(city)
        assert tcp_source(None, OTHER, 80) == OPERATOR


@pytest.mark.parametrize("check", [True, False])
def test_an_instance_forwards_for_others_only_without_source_destination_check(
    lab: Lab, city: Sketch, internet: str, check: bool
) -> None:
    """A NAT instance: the private subnet's default route leads to its interface."""
    web = next(one for one in city.world.interfaces.values() if one.instance_id == "i-web")
    private = city.world.subnets["subnet-private"]
    city.change(web, source_dest_check=check)
    city.change(private, routes=(*private.routes, Route(ANYWHERE, web.id)))
    lab.show(city)
    rules = "table ip nat { chain post { type nat hook postrouting priority srcnat; masquerade; }; }"
    run("nsenter", f"--net=/run/netns/{lab.at('web')}", "nft", "-f", "-", stdin=rules)
    run("nsenter", f"--net=/run/netns/{lab.at('web')}", "sysctl", "-qw", "net.ipv4.ip_forward=1")
    assert tcp_source(lab.at("app"), internet, 80) == (None if check else WEB)
