# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""EC2's terms in the language of nftables. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, collapse_addresses

from ..world import AclEntry, Rule

Chain = tuple[str, list[str]]  # its name and its rules

_NAMES = {"6": "tcp", "17": "udp", "1": "icmp"}
_IPV6_ONLY = {"58", "icmpv6"}
_ALL = (None, -1)
_LAST_PORT = 65535


def service(permission: Rule | AclEntry) -> str | None:
    """Match the protocol and ports (or ICMP type and code) of a rule. None: it can match no IPv4 packet."""
    protocol = _NAMES.get(permission.protocol, permission.protocol)
    if protocol in _IPV6_ONLY:
        return None
    if protocol == "-1":
        return ""
    if protocol == "icmp":
        return _icmp(permission.from_port, permission.to_port)
    if protocol in ("tcp", "udp"):
        return _ports(protocol, permission.from_port, permission.to_port)
    return f"meta l4proto {protocol}"


def _icmp(kind: int | None, code: int | None) -> str:
    if kind in _ALL:
        return "ip protocol icmp"
    return f"icmp type {kind}" if code in _ALL else f"icmp type {kind} icmp code {code}"


def _ports(protocol: str, first: int | None, last: int | None) -> str:
    low = 0 if first in _ALL else first
    high = _LAST_PORT if last in _ALL else last
    if (low, high) == (0, _LAST_PORT):
        return f"meta l4proto {protocol}"
    return f"{protocol} dport {low}" if low == high else f"{protocol} dport {low}-{high}"


def peers(side: str, cidrs: Iterable[str]) -> str | None:
    """Match the address on ``side`` (``saddr`` or ``daddr``) against IPv4 CIDR blocks. None: there are none."""
    networks = [IPv4Network(cidr, strict=False) for cidr in cidrs if ":" not in cidr]
    if not networks:
        return None
    merged = list(collapse_addresses(networks))
    if merged[0].prefixlen == 0:
        return ""
    return f"ip {side} {{ {', '.join(str(network) for network in merged)} }}"


def sentence(*parts: str) -> str:
    """One rule: the parts that are not empty."""
    return " ".join(part for part in parts if part)


def verdict_map(key: str, pairs: Iterable[tuple[str, str]]) -> list[str]:
    """The rule that looks ``key`` up among (value, verdict) pairs; no rule if there are none."""
    content = ", ".join(f"{value} : {verdict}" for value, verdict in pairs)
    return [f"{key} vmap {{ {content} }}"] if content else []


def any_of(values: Iterable[object]) -> str:
    """An anonymous set."""
    return "{ " + ", ".join(str(value) for value in values) + " }"


def block(kind: str, name: str, lines: Iterable[str]) -> str:
    """A chain, set or map with its content."""
    return "\n".join([f"  {kind} {name} {{", *(f"    {line}" for line in lines), "  }"])


def collection(kind: str, name: str, type_: str, elements: Iterable[str]) -> str:
    """A named set or map."""
    content = ", ".join(elements)
    return block(kind, name, [f"type {type_}", *([f"elements = {{ {content} }}"] if content else [])])
