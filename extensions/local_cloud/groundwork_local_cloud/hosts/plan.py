# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The networks that a world asks for on this machine. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network

from ..world import Interface, Subnet, World
from .addressing import (
    METADATA_ADDRESS,
    RESOLVER_ADDRESS,
    Addressing,
    dns_server,
    gateway,
    internal_domain,
    port_name,
    private_name,
    public_domain,
    public_name,
)
from .ruleset import ruleset
from .view import LIVE_STATES, VpcView, is_live

_NAMESPACE_STATES = LIVE_STATES | {"stopped"}


@dataclass(frozen=True)
class Port:
    """An interface in the namespace of its instance. No ``addresses`` (with prefix length): the guest sets them."""

    interface_id: str
    name: str
    instance_id: str
    namespace: str
    device: str
    mac: str
    addresses: tuple[str, ...]
    gateway: str | None


@dataclass(frozen=True)
class VpcPlan:
    """The router of a VPC and what hangs on it. ``ways`` are (way, address of the appliance that it leads to)."""

    id: str
    namespace: str
    cidrs: tuple[str, ...]
    own_addresses: tuple[str, ...]
    ports: tuple[Port, ...]
    neighbours: tuple[tuple[str, str], ...]
    ways: tuple[tuple[int, str], ...]
    public_addresses: tuple[str, ...]
    ruleset: str
    dns_server: str
    domain: str
    public_domain: str
    names: str


@dataclass(frozen=True)
class NetworkPlan:
    """``namespaces`` maps instances to the names of their namespaces; ``stopped`` are those without a host now."""

    namespaces: dict[str, str]
    stopped: frozenset[str]
    vpcs: dict[str, VpcPlan]


def plan(world: World, addressing: Addressing) -> NetworkPlan:
    """What has to exist: a router for each VPC with a live interface, a namespace for each instance."""
    present = [one for one in world.instances.values() if one.state in _NAMESPACE_STATES]
    inhabited = {one.vpc_id for one in world.interfaces.values() if is_live(world, one) and one.vpc_id in world.vpcs}
    return NetworkPlan(
        namespaces={one.id: addressing.namespace(one.id) for one in present},
        stopped=frozenset(one.id for one in present if one.state == "stopped"),
        vpcs={vpc_id: _vpc(world, vpc_id, addressing) for vpc_id in sorted(inhabited)},
    )


def _vpc(world: World, vpc_id: str, addressing: Addressing) -> VpcPlan:
    vpc = world.vpcs[vpc_id]
    view = VpcView(world, vpc, addressing)
    gateways = (f"{gateway(subnet)}/{_prefix_length(subnet)}" for subnet in view.subnets)
    services = (METADATA_ADDRESS, RESOLVER_ADDRESS, dns_server(vpc))
    return VpcPlan(
        id=vpc_id,
        namespace=addressing.namespace(vpc_id),
        cidrs=vpc.cidrs,
        own_addresses=(*gateways, *(f"{address}/32" for address in services)),
        ports=tuple(_port(world, one, addressing) for one in view.live),
        neighbours=tuple((address, one.mac) for one in view.live for address in one.private_ips),
        ways=tuple((view.appliance_ways[one.id], one.private_ips[0]) for one in view.appliances),
        public_addresses=tuple(_public_addresses(view)),
        ruleset=ruleset(world, vpc_id, addressing),
        dns_server=dns_server(vpc),
        domain=internal_domain(vpc.region),
        public_domain=public_domain(vpc.region),
        names="".join(f"{line}\n" for line in _names(view)),
    )


def _port(world: World, interface: Interface, addressing: Addressing) -> Port:
    instance_id, index = interface.instance_id, interface.device_index or 0
    if instance_id is None:
        raise ValueError(f"{interface.id} is not attached")
    subnet = world.subnets[interface.subnet_id]
    addresses = tuple(f"{address}/{_prefix_length(subnet)}" for address in interface.private_ips)
    return Port(
        interface_id=interface.id,
        name=port_name(interface.id),
        instance_id=instance_id,
        namespace=addressing.namespace(instance_id),
        device=f"eth{index}",
        mac=interface.mac,
        addresses=() if index else addresses,
        gateway=None if index else gateway(subnet),
    )


def _prefix_length(subnet: Subnet) -> int:
    return IPv4Network(subnet.cidr).prefixlen


def _public_addresses(view: VpcView) -> Iterator[str]:
    """What the machine routes to this VPC, where it may well be dropped: AWS is silent, not unreachable.

    Only the slot's own range: other addresses are somebody's.
    """
    gateways = (nat.public_ip for nat in view.world.nat_gateways.values() if view.has_subnet(nat.subnet_id))
    addresses = {*gateways, *(public for one in view.live for _, public in one.public_ips)}
    return (address for address in sorted(filter(None, addresses)) if view.addressing.is_public(address))


def _names(view: VpcView) -> Iterator[str]:
    """Lines of a hosts file. The first name of an address is the one that the reverse look-up answers."""
    for interface in view.live:
        instance = view.world.instances[interface.instance_id or ""]
        for address in interface.private_ips:
            names = [private_name(address, view.vpc.region)]
            if address == interface.private_ips[0] and interface.device_index == 0:
                names = list(dict.fromkeys([instance.private_dns_name, *names]))
            yield f"{address} {' '.join(names)}"
        for private, public in interface.public_ips:
            yield f"{private} {public_name(public, view.vpc.region)}"
