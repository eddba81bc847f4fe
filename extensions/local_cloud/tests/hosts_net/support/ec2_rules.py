# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""EC2's rules as AWS describes them, evaluated one by one: what real packets are compared with."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from groundwork_local_cloud.world import AclEntry, Interface, Rule, Subnet, World

_NUMBERS = {"6": "tcp", "17": "udp", "1": "icmp"}


@dataclass(frozen=True, order=True)
class Datagram:
    """A UDP packet. An end without an interface is outside of the VPC."""

    source: str
    destination: str
    port: int


def interface_at(world: World, address: str) -> Interface | None:
    return next((one for one in world.interfaces.values() if address in one.private_ips), None)


def passes_acls(world: World, packet: Datagram) -> bool:
    """Whether the ACLs of the subnets that it leaves and enters allow it. Inside one subnet none is asked."""
    subnets = [
        world.subnets[one.subnet_id] if one else None
        for one in (interface_at(world, packet.source), interface_at(world, packet.destination))
    ]
    left, entered = subnets
    if left == entered:
        return True
    return (left is None or _acl_allows(left, True, packet.destination, packet.port)) and (
        entered is None or _acl_allows(entered, False, packet.source, packet.port)
    )


def _acl_allows(subnet: Subnet, egress: bool, peer: str, port: int) -> bool:
    for entry in sorted(subnet.acl, key=lambda entry: entry.number):
        if entry.egress == egress and _matches(entry, port) and IPv4Address(peer) in IPv4Network(entry.cidr):
            return entry.allow
    return False


def passes_groups(world: World, packet: Datagram) -> bool:
    """Whether a new flow may begin with it: out of the sender's groups and into the receiver's."""
    sender, receiver = interface_at(world, packet.source), interface_at(world, packet.destination)
    return (sender is None or _groups_allow(world, sender, True, packet.destination, packet.port)) and (
        receiver is None or _groups_allow(world, receiver, False, packet.source, packet.port)
    )


def _groups_allow(world: World, interface: Interface, egress: bool, peer: str, port: int) -> bool:
    groups = [world.groups[group_id] for group_id in interface.group_ids]
    rules = [rule for group in groups for rule in (group.egress if egress else group.ingress)]
    return any(_matches(rule, port) and _names(world, rule, peer) for rule in rules)


def _names(world: World, rule: Rule, peer: str) -> bool:
    other = interface_at(world, peer)
    memberships = set(other.group_ids) if other else set()
    return bool(memberships & set(rule.group_ids)) or any(IPv4Address(peer) in IPv4Network(cidr) for cidr in rule.cidrs)


def _matches(permission: Rule | AclEntry, port: int) -> bool:
    protocol = _NUMBERS.get(permission.protocol, permission.protocol)
    if protocol == "-1":
        return True
    first, last = permission.from_port, permission.to_port
    return protocol == "udp" and (first is None or last is None or first <= port <= last)
