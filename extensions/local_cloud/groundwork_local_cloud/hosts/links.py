# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The links of a VPC: its router with the bridge, the uplink to the machine, and a port for each interface."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator

from .addressing import BRIDGE, UPLINK, Addressing, router_mac
from .namespaces import add, bridge_batch, ip_batch, ip_remove, links, set_kernel
from .plan import Port, VpcPlan
from .ruleset_ways import way_mark
from .shell import CommandFailed

logger = logging.getLogger(__name__)

_ROUTER_SETTINGS = {
    "ipv4/ip_forward": "1",
    "ipv4/conf/all/send_redirects": "0",
    "ipv4/conf/all/rp_filter": "0",  # the ruleset checks sources, and appliances forward for others
    "ipv6/conf/all/disable_ipv6": "1",
    "bridge/bridge-nf-call-iptables": "0",
    "bridge/bridge-nf-call-arptables": "0",
}
_BRIDGE_SETTINGS = {
    f"ipv4/conf/{BRIDGE}/send_redirects": "0",
    f"ipv4/conf/{BRIDGE}/rp_filter": "0",
    # Ports are isolated: the router answers for the neighbours in the subnet, at once, so that packets pass its rules.
    f"ipv4/conf/{BRIDGE}/proxy_arp_pvlan": "1",
    f"ipv4/neigh/{BRIDGE}/proxy_delay": "0",
}
_WAYS = 1000  # the routing table and the rule's priority of way 0
_PORT = "type bridge_slave isolated on learning off flood off mcast_flood off bcast_flood off"


def add_router(vpc: VpcPlan, addressing: Addressing, link: int, mtu: int) -> None:
    """Make the namespace of a VPC with its bridge, and join it to the machine by link number ``link``.

    Raises CommandFailed; what was made by then is removed with the namespace.
    """
    add([vpc.namespace])
    set_kernel(vpc.namespace, _ROUTER_SETTINGS)
    ip_batch(
        vpc.namespace,
        [
            f"link add {BRIDGE} address {router_mac(vpc.id)} type bridge stp_state 0 mcast_snooping 0 forward_delay 0",
            f"link set {BRIDGE} up",
        ],
    )
    set_kernel(vpc.namespace, _BRIDGE_SETTINGS)
    add_uplink(vpc.namespace, addressing, link, mtu)


def add_uplink(namespace: str, addressing: Addressing, link: int, mtu: int) -> None:
    """Join a namespace to the machine by link number ``link``, with its default route over it. Raises CommandFailed."""
    name, address = addressing.link_name(link), addressing.link_address(link)
    ip_batch(
        None,
        [
            f"link add {name} mtu {mtu} type veth peer name {UPLINK} mtu {mtu} netns {namespace}",
            f"address add {addressing.operator}/32 dev {name}",
            f"link set {name} up",
            f"route add {address}/32 dev {name} src {addressing.operator}",
        ],
    )
    ip_batch(
        namespace,
        [
            f"address add {address}/32 dev {UPLINK}",
            f"link set {UPLINK} up",
            f"route add {addressing.operator}/32 dev {UPLINK} src {address}",
            f"route add default via {addressing.operator} dev {UPLINK} src {address}",
        ],
    )


class Router:
    """What stands in a VPC's namespace. It is changed by difference; after an error the next call finishes the rest."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace
        self.ports: dict[str, Port] = {}
        self._addresses: set[str] = set()
        self._cidrs: set[str] = set()
        self._neighbours: set[tuple[str, str]] = set()
        self._ways: set[tuple[int, str]] = set()

    def drop_ports(self, wanted: Iterable[Port]) -> None:
        """Remove every port that is not wanted as it is, also one that the guest has half destroyed."""
        keep = {port.name: port for port in wanted}
        present = {link for link in links(self.namespace) if link != UPLINK}
        self.ports = {name: port for name, port in self.ports.items() if name in present and keep.get(name) == port}
        ip_batch(self.namespace, (f"link delete {name}" for name in sorted(present - self.ports.keys())))

    def add_ports(self, wanted: Iterable[Port]) -> None:
        """Make the ports that are missing, each with its far end in the namespace of the instance.

        One that fails (the guest may have made a device of that name) is logged and does not keep the others back.
        """
        missing = [port for port in wanted if port.name not in self.ports]
        for port in missing:
            try:
                ip_batch(self.namespace, _port_commands(port))
                ip_batch(port.namespace, _guest_commands(port))
                self.ports[port.name] = port
            except CommandFailed as error:
                logger.warning("%s is not attached to %s yet: %s", port.interface_id, port.instance_id, error)
        made = (port for port in missing if port.name in self.ports)
        bridge_batch(self.namespace, (f"fdb replace {port.mac} dev {port.name} master static" for port in made))

    def update(self, vpc: VpcPlan) -> None:
        """Bring addresses, routes and neighbours into line."""
        addresses, cidrs = set(vpc.own_addresses), set(vpc.cidrs)
        neighbours, ways = set(vpc.neighbours), set(vpc.ways)
        ip_remove(
            self.namespace,
            [
                *(f"address delete {one} dev {BRIDGE}" for one in self._addresses - addresses),
                *(f"route delete blackhole {cidr}" for cidr in self._cidrs - cidrs),
                *(f"neighbour delete {address} dev {BRIDGE}" for address, _ in self._neighbours - neighbours),
                *(f"rule delete priority {_WAYS + way}" for way, _ in self._ways - ways),
            ],
        )
        ip_batch(
            self.namespace,
            [
                *(f"address replace {one} dev {BRIDGE}" for one in addresses - self._addresses),
                # An address of the VPC that no subnet has must not leave by the default route.
                *(f"route replace blackhole {cidr} metric 1000" for cidr in cidrs - self._cidrs),
                # The router knows who has which address, as a VPC does; it never asks.
                *(
                    f"neighbour replace {one} lladdr {mac} dev {BRIDGE} nud permanent"
                    for one, mac in neighbours - self._neighbours
                ),
                *(line for way, address in ways - self._ways for line in _way_commands(way, address)),
            ],
        )
        self._addresses, self._cidrs, self._neighbours, self._ways = addresses, cidrs, neighbours, ways


def _port_commands(port: Port) -> Iterator[str]:
    yield f"link add {port.name} type veth peer name {port.device} address {port.mac} netns {port.namespace}"
    yield f"link set {port.name} master {BRIDGE}"
    yield f"link set {port.name} {_PORT}"
    yield f"link set {port.name} up"


def _guest_commands(port: Port) -> Iterator[str]:
    if port.gateway is None:
        return
    for address in port.addresses:
        yield f"address add {address} dev {port.device}"
    yield f"link set {port.device} up"
    yield f"route add default via {port.gateway} dev {port.device}"


def _way_commands(way: int, address: str) -> Iterator[str]:
    table = _WAYS + way
    yield f"route replace default via {address} dev {BRIDGE} onlink table {table}"
    yield f"rule add priority {table} fwmark {way_mark(way)}/0xffff0000 lookup {table}"
