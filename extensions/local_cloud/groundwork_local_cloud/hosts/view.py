# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One VPC of the world, as its router needs it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Network

from ..world import Interface, Route, Subnet, Vpc, World
from .addressing import Addressing

# The ways that a packet can take. 0 is inside the VPC; NAT gateways and appliances have the numbers that follow.
VPN, INTERNET, _FIRST_TARGET = 1, 2, 3

# A host may exist in these states; in the others its addresses are silent.
LIVE_STATES = frozenset({"pending", "running", "stopping", "shutting-down"})


def is_live(world: World, interface: Interface) -> bool:
    """Whether packets can reach the interface: it is attached to an instance that is not stopped or terminated."""
    instance = world.instances.get(interface.instance_id or "")
    return instance is not None and instance.state in LIVE_STATES


def longest_prefix_first(routes: tuple[Route, ...]) -> list[Route]:
    """The IPv4 routes of a table, in the order of their precedence."""
    ipv4 = [route for route in routes if ":" not in route.cidr]
    return sorted(ipv4, key=lambda route: (-IPv4Network(route.cidr, strict=False).prefixlen, route.cidr))


@dataclass(frozen=True)
class VpcView:
    """The live interfaces of a VPC, numbered, and where its routes lead."""

    world: World
    vpc: Vpc
    addressing: Addressing

    @cached_property
    def subnets(self) -> list[Subnet]:
        found = (subnet for subnet in self.world.subnets.values() if subnet.vpc_id == self.vpc.id)
        return sorted(found, key=lambda subnet: subnet.id)

    @cached_property
    def interfaces(self) -> list[Interface]:
        """All of the VPC's interfaces, attached or not."""
        found = (interface for interface in self.world.interfaces.values() if interface.vpc_id == self.vpc.id)
        return sorted(found, key=lambda interface: interface.id)

    @cached_property
    def live(self) -> list[Interface]:
        return [interface for interface in self.interfaces if is_live(self.world, interface)]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each live interface: packets that come out of it are marked with it."""
        return {interface.id: number for number, interface in enumerate(self.live, start=1)}

    def live_in(self, subnet_id: str) -> list[Interface]:
        return [interface for interface in self.live if interface.subnet_id == subnet_id]

    def is_internet(self, route: Route) -> bool:
        """Whether a route leads to the internet gateway that is attached to this VPC."""
        return self.vpc.internet_gateway_id is not None and route.target == self.vpc.internet_gateway_id

    def has_subnet(self, subnet_id: str) -> bool:
        return any(subnet.id == subnet_id for subnet in self.subnets)

    def reaches_internet(self, subnet_id: str) -> bool:
        subnet = self.world.subnets.get(subnet_id)
        return subnet is not None and any(self.is_internet(route) for route in subnet.routes)

    @cached_property
    def nat_gateways(self) -> list[str]:
        """The NAT gateways that can work: with a public address, in a subnet that leads to the internet."""
        return sorted(
            gateway.id
            for gateway in self.world.nat_gateways.values()
            if gateway.public_ip and self.has_subnet(gateway.subnet_id) and self.reaches_internet(gateway.subnet_id)
        )

    @cached_property
    def nat_ways(self) -> dict[str, int]:
        return {nat: way for way, nat in enumerate(self.nat_gateways, start=_FIRST_TARGET)}

    @cached_property
    def appliance_ways(self) -> dict[str, int]:
        """The way to each interface that forwards and that a route names as its target."""
        first = _FIRST_TARGET + len(self.nat_gateways)
        return {interface.id: way for way, interface in enumerate(self.appliances, start=first)}

    @cached_property
    def ways(self) -> dict[str, int]:
        """The way that a route's target stands for; a target that is not here is a black hole."""
        internet = {self.vpc.internet_gateway_id: INTERNET} if self.vpc.internet_gateway_id else {}
        return {**internet, **self.nat_ways, **self.appliance_ways}

    @cached_property
    def appliances(self) -> list[Interface]:
        """The live interfaces that a route names as its target and that forward: source/destination check is off."""
        targets = {route.target for subnet in self.subnets for route in subnet.routes}
        return [one for one in self.live if one.id in targets and not one.source_dest_check]

    @cached_property
    def public(self) -> dict[str, str]:
        """Private to public, of each address that the internet gateway translates."""
        reachable = (interface for interface in self.live if self.reaches_internet(interface.subnet_id))
        return dict(sorted(pair for interface in reachable for pair in interface.public_ips))

    def nat_public(self, nat_gateway_id: str) -> str:
        """The public address of one of ``nat_gateways``."""
        address = self.world.nat_gateways[nat_gateway_id].public_ip
        assert address is not None  # noqa: S101 - nat_gateways has only those with one
        return address
