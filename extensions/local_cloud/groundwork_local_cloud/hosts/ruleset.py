# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a VPC lets through, as an nftables ruleset for the network namespace that is its router. Pure.

A packet from a host passes, in this order, as in a VPC:

1. the anti-spoofing check of its port: hardware address, and source address unless source/destination check is off;
2. the route table of its subnet (``ruleset_ways``);
3. the network ACLs of every subnet border that it crosses, packet by packet, without memory (``ruleset_filters``);
4. connection tracking: what belongs to an accepted flow passes;
5. the security groups of the sending interface (egress) and of the receiving one (ingress).
"""

from __future__ import annotations

from collections.abc import Iterator

from ..world import World
from .addressing import BRIDGE, METADATA_ADDRESS, RESOLVER_ADDRESS, UPLINK, Addressing, dns_server, port_name
from .ruleset_filters import acl_chains, border_chains, group_chains, group_members
from .ruleset_text import Chain, block, collection, verdict_map
from .ruleset_ways import SENDER, translation_chains, way_chains
from .view import VpcView


def ruleset(world: World, vpc_id: str, addressing: Addressing) -> str:
    """The whole ruleset of a VPC's router: it replaces the one before in one transaction (``nft -f``)."""
    view = VpcView(world, world.vpcs[vpc_id], addressing)
    return _table("bridge", _ports(view)) + _table("inet", _router(view))


def _table(family: str, blocks: Iterator[str]) -> str:
    # Declared before it is deleted, as there may be none yet.
    return "\n".join([f"table {family} vpc", f"delete table {family} vpc", f"table {family} vpc {{", *blocks, "}", ""])


def _ports(view: VpcView) -> Iterator[str]:
    """Who may send what from which bridge port. Marks each packet with the number of its interface."""
    ports = {one.id: f'"{port_name(one.id)}"' for one in view.live}
    addresses = (f"{ports[one.id]} . {address}" for one in view.live for address in one.private_ips)
    yield collection("set", "hardware", "ifname . ether_addr", (f"{ports[one.id]} . {one.mac}" for one in view.live))
    yield collection("set", "addresses", "ifname . ipv4_addr", addresses)
    yield collection("set", "unchecked", "ifname", (ports[one.id] for one in view.live if not one.source_dest_check))
    yield collection("map", "numbers", "ifname : mark", (f"{ports[id_]} : {n}" for id_, n in view.numbers.items()))
    yield block(
        "chain",
        "from_port",
        [
            "type filter hook prerouting priority -300; policy drop;",
            "iifname . ether saddr != @hardware drop",
            # Who says what in ARP does not matter: the router answers by its own knowledge, and ports are isolated.
            "ether type arp accept",
            "ether type != ip drop",
            # An appliance may forward for others. It still cannot ask for their metadata: the answers go to them.
            "iifname != @unchecked iifname . ip saddr != @addresses drop",
            "meta mark set iifname map @numbers accept",
        ],
    )


def _router(view: VpcView) -> Iterator[str]:
    addresses = (address for one in view.live for address in one.private_ips)
    pairs = view.public.items()
    yield collection("set", "alive", "ipv4_addr", addresses)
    yield collection("set", "translated", "ipv4_addr", view.public)
    yield collection("map", "outward", "ipv4_addr : ipv4_addr", (f"{private} : {public}" for private, public in pairs))
    yield collection("map", "inward", "ipv4_addr : ipv4_addr", (f"{public} : {private}" for private, public in pairs))
    yield from group_members(view)
    for chains in (acl_chains, way_chains, border_chains, group_chains, translation_chains, _hooks):
        for name, lines in chains(view):
            yield block("chain", name, lines)


def _hooks(view: VpcView) -> Iterator[Chain]:
    routes = ((str(view.numbers[one.id]), f"goto route_{one.subnet_id}") for one in view.live)
    yield (
        "routing",
        [
            "type filter hook prerouting priority mangle; policy accept;",
            f'iifname != "{BRIDGE}" accept',
            "fib daddr type local accept",
            *verdict_map(SENDER, routes),
            "drop",
        ],
    )
    yield (
        "services",
        [
            "type filter hook input priority filter; policy drop;",
            "ct state established,related accept",
            'iifname "lo" accept',
            # Instance metadata and DNS are exempt from network ACLs and security groups, as on AWS.
            f'iifname "{BRIDGE}" ip daddr {METADATA_ADDRESS} tcp dport 80 accept',
            f'iifname "{BRIDGE}" ip daddr {{ {dns_server(view.vpc)}, {RESOLVER_ADDRESS} }} meta l4proto {{ tcp, udp }} '
            "th dport 53 accept",
        ],
    )
    yield (
        "forward",
        [
            "type filter hook forward priority filter; policy drop;",
            f'iifname "{UPLINK}" oifname "{UPLINK}" drop',
            f'iifname "{UPLINK}" jump from_outside',
            f'oifname "{UPLINK}" jump to_outside',
            f'iifname "{BRIDGE}" jump leave',
            f'oifname "{BRIDGE}" jump enter',
            f'oifname "{UPLINK}" tcp flags syn tcp option maxseg size set rt mtu',
            "ct state established,related accept",
            f'iifname "{BRIDGE}" jump sender',
            f'oifname "{BRIDGE}" jump receiver',
            "accept",
        ],
    )
