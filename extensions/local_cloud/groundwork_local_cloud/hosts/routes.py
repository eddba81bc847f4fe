# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine's side: its routes to the VPCs, its address translation, and what is in the way of a VPC."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from ipaddress import AddressValueError, IPv4Address, IPv4Network
from pathlib import Path
from typing import Any

from .addressing import PUBLIC_RANGE, Addressing
from .namespaces import ip_batch, ip_remove
from .shell import run

_RESOLVER_FILES = (Path("/etc/resolv.conf"), Path("/run/systemd/resolve/resolv.conf"))
_DEFAULT_MTU = 1500


def resolvers() -> list[str]:
    """The IPv4 addresses of the machine's name servers that can be reached from a VPC, so not those on loopback."""
    for path in _RESOLVER_FILES:
        addresses = list(_name_servers(path))
        if addresses:
            return addresses
    return []


def _name_servers(path: Path) -> Iterator[str]:
    lines = path.read_text().splitlines() if path.exists() else []
    for words in (line.split() for line in lines):
        if len(words) > 1 and words[0] == "nameserver":
            try:
                address = IPv4Address(words[1])
            except AddressValueError:
                continue
            if not address.is_loopback:
                yield str(address)


def _routes() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("ip", "-4", "-j", "route", "show") or "[]")
    return found


def in_the_way(cidrs: Iterable[str]) -> str | None:
    """Which route, gateway or name server of this machine keeps a VPC with these CIDR blocks from being reached."""
    networks = [IPv4Network(cidr) for cidr in cidrs]
    if not networks:
        return None
    for what, taken in _taken():
        for network in networks:
            if network.overlaps(taken):
                return f"{what} of this machine is in the way of {network}"
    return None


def _taken() -> Iterator[tuple[str, IPv4Network]]:
    for route in _routes():
        if route["dst"] != "default":
            where = f" dev {route['dev']}" if "dev" in route else ""
            yield f"the route {route['dst']}{where}", IPv4Network(route["dst"])
        if "gateway" in route:
            yield f"the gateway {route['gateway']}", IPv4Network(route["gateway"])
    for address in resolvers():
        yield f"the name server {address}", IPv4Network(address)


def uplink_mtu() -> int:
    """The MTU of the machine's way out, at most Ethernet's."""
    devices = [route["dev"] for route in _routes() if route["dst"] == "default" and "dev" in route]
    mtus = [int(Path(f"/sys/class/net/{device}/mtu").read_text()) for device in devices]
    return min([_DEFAULT_MTU, *mtus])


class MachineRoutes:
    """The routes of the machine that lead into the VPCs of a slot."""

    def __init__(self, addressing: Addressing) -> None:
        self._addressing = addressing
        self._routes: dict[int, set[str]] = {}

    def start(self) -> None:
        """Keep the slot's public addresses on this machine, and translate what leaves it for the real network."""
        ip_batch(None, [f"route replace unreachable {self._addressing.public_network}"])
        run("nft", "-f", "-", stdin=machine_ruleset(self._addressing))

    def update(self, link: int, destinations: Iterable[str]) -> None:
        """Route exactly these CIDR blocks through a link."""
        wanted, present = set(destinations), self._routes.get(link, set())
        name, address = self._addressing.link_name(link), self._addressing.link_address(link)
        ip_remove(None, (f"route delete {one} dev {name}" for one in present - wanted))
        source = self._addressing.operator
        ip_batch(None, (f"route replace {one} via {address} dev {name} src {source}" for one in wanted - present))
        self._routes[link] = wanted

    def forget(self, link: int) -> None:
        """The link is gone, and the kernel has removed its routes."""
        self._routes.pop(link, None)


def machine_ruleset(addressing: Addressing) -> str:
    """The nftables table of a slot in the machine's own namespace. Pure.

    Nothing leaves a VPC but from a public address of the slot, and the questions of its DNS server. Between VPCs only
    public addresses reach each other. From the real network only answers come in.
    """
    table, ours = addressing.prefix, f'"{addressing.prefix}v*"'
    return f"""\
table inet {table}
delete table inet {table}
table inet {table} {{
  chain forward {{
    type filter hook forward priority filter; policy accept;
    iifname {ours} jump from_cloud
    oifname {ours} iifname != "gw*" ct state new drop
  }}
  chain from_cloud {{
    ip saddr {addressing.link_network} oifname != "gw*" meta l4proto {{ tcp, udp }} th dport 53 accept
    ip saddr != {addressing.public_network} drop
    oifname "gw*" ip daddr != {PUBLIC_RANGE} drop
  }}
  chain source_nat {{
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr {{ {addressing.public_network}, {addressing.link_network} }} oifname != {{ "gw*", "lo" }} masquerade
  }}
}}
"""
