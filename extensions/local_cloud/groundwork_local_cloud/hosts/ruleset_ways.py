# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where packets go: route tables, the internet gateway, NAT gateways, the operator's VPN. Pure.

The low half of a packet's mark is the number of the interface that it came out of; the high half is its way, which the
route table of that interface's subnet picks. The mark of a connection is the way of its first packet across the VPC's
edge: all others have to take the same one.
"""

from __future__ import annotations

from collections.abc import Iterator
from zlib import crc32

from ..world import Subnet
from .addressing import UPLINK
from .ruleset_text import Chain, any_of, verdict_map
from .view import INTERNET, VPN, VpcView, longest_prefix_first

SENDER = "meta mark and 0xffff"
WAY = "meta mark and 0xffff0000"


def way_mark(way: int) -> str:
    """The mark of a packet that takes ``way``."""
    return f"{way << 16:#x}"


def way_chains(view: VpcView) -> Iterator[Chain]:
    """The chains ``route_<subnet>``, ``to_outside`` and ``from_outside``, and those they use."""
    for subnet in view.subnets:
        if view.live_in(subnet.id):
            yield f"route_{subnet.id}", list(_route_table(view, subnet))
    yield from _edge(view)
    for nat_gateway_id in view.nat_gateways:
        yield from _nat_gateway(view, nat_gateway_id)


def _route_table(view: VpcView, subnet: Subnet) -> Iterator[str]:
    # The operator comes as if through a VPN, to which every route table leads; but what has come through the internet
    # gateway has to go back through it.
    yield f"ip daddr {view.addressing.operator} ct mark != {INTERNET} meta mark set meta mark or {way_mark(VPN)} accept"
    for route in longest_prefix_first(subnet.routes):
        if route.target == "local":
            yield f"ip daddr {route.cidr} accept"
        elif route.target in view.ways:
            yield f"ip daddr {route.cidr} meta mark set meta mark or {way_mark(view.ways[route.target])} accept"
        else:
            yield f"ip daddr {route.cidr} drop"
    yield "drop"


def _edge(view: VpcView) -> Iterator[Chain]:
    nat_ways = [(way_mark(way), f"goto via_{nat}") for nat, way in view.nat_ways.items()]
    yield (
        "to_outside",
        [
            *verdict_map(
                WAY, [(way_mark(VPN), "goto via_vpn"), (way_mark(INTERNET), "goto via_internet_gateway"), *nat_ways]
            ),
            "drop",
        ],
    )
    yield "via_vpn", list(_hold_to(VPN))
    yield "via_internet_gateway", ["ct direction original ip saddr != @translated drop", *_hold_to(INTERNET)]
    yield (
        "from_outside",
        [
            *verdict_map(
                "ct direction reply ct mark", [(_nat_mark(nat), f"goto back_{nat}") for nat in view.nat_gateways]
            ),
            "ct direction reply return",
            f"ct status dnat ct mark 0 ct mark set {INTERNET}",
            f"ip saddr {view.addressing.operator} ct mark 0 ct mark set {VPN}",
            f"ct mark {any_of([VPN, INTERNET])} return",
            "drop",
        ],
    )


def _hold_to(mark: int | str) -> Iterator[str]:
    """A connection stays on the way that it began on."""
    yield f"ct mark 0 ct mark set {mark}"
    yield f"ct mark != {mark} drop"


def _nat_mark(nat_gateway_id: str) -> str:
    """Of the gateway's id alone, so that flows outlive the coming and going of other gateways."""
    return f"{0x80000000 | crc32(nat_gateway_id.encode()):#x}"


def _nat_gateway(view: VpcView, nat_gateway_id: str) -> Iterator[Chain]:
    """Through a NAT gateway, packets also cross the border of its own subnet, in and out, and obey its routes."""
    subnet = view.world.subnets[view.world.nat_gateways[nat_gateway_id].subnet_id]
    neighbours = any_of(view.numbers[one.id] for one in view.live_in(subnet.id))
    from_elsewhere = f"{SENDER} != {neighbours}" if view.live_in(subnet.id) else ""
    to_elsewhere = f"ip daddr != {subnet.cidr}"
    yield (
        f"via_{nat_gateway_id}",
        [
            *_hold_to(_nat_mark(nat_gateway_id)),
            f"{from_elsewhere} jump acl_ingress_{subnet.id}".strip(),
            f"jump acl_egress_{subnet.id}",
            *(
                f"ip daddr {route.cidr} {'return' if view.is_internet(route) else 'drop'}"
                for route in longest_prefix_first(subnet.routes)
            ),
            "drop",
        ],
    )
    yield (
        f"back_{nat_gateway_id}",
        [
            f"jump acl_ingress_{subnet.id}",
            f"{to_elsewhere} jump acl_egress_{subnet.id}",
        ],
    )


def translation_chains(view: VpcView) -> Iterator[Chain]:
    """The network address translation of the internet gateway (one to one) and of the NAT gateways (many to one)."""
    yield (
        "destination_nat",
        [
            "type nat hook prerouting priority dstnat; policy accept;",
            f'iifname "{UPLINK}" dnat ip to ip daddr map @inward',
        ],
    )
    yield (
        "source_nat",
        [
            "type nat hook postrouting priority srcnat; policy accept;",
            f'oifname "{UPLINK}" ct mark {INTERNET} snat ip to ip saddr map @outward',
            *(
                f'oifname "{UPLINK}" ct mark {_nat_mark(nat)} snat ip to {view.nat_public(nat)}'
                for nat in view.nat_gateways
            ),
        ],
    )
