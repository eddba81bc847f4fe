# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may pass: network ACLs at the borders of subnets, security groups at the interfaces. Pure.

Security groups track every flow, so a flow that is under way survives the removal of the rule that let it in. On AWS
that is so for tracked flows; a flow that rules for all addresses allow both ways is not tracked there, and breaks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..world import AclEntry, Interface, Rule, Subnet
from .ruleset_text import Chain, any_of, collection, peers, sentence, service, verdict_map
from .ruleset_ways import SENDER, WAY, way_mark
from .view import VpcView


def acl_chains(view: VpcView) -> Iterator[Chain]:
    """``acl_ingress_<subnet>`` and ``acl_egress_<subnet>``: they return if the packet may pass, else they drop it."""
    for subnet in view.subnets:
        entries = sorted(subnet.acl, key=lambda entry: entry.number)
        for direction, egress in (("ingress", False), ("egress", True)):
            lines = (_acl_entry(entry) for entry in entries if entry.egress is egress)
            yield f"acl_{direction}_{subnet.id}", [*(line for line in lines if line), "drop"]


def _acl_entry(entry: AclEntry) -> str | None:
    what, whom = service(entry), peers("daddr" if entry.egress else "saddr", [entry.cidr])
    if what is None or whom is None:
        return None
    return sentence(whom, what, "return" if entry.allow else "drop")


def border_chains(view: VpcView) -> Iterator[Chain]:
    """``leave`` and ``enter``: the ACLs of a packet's borders. A packet inside one subnet meets none."""
    live = [subnet for subnet in view.subnets if view.live_in(subnet.id)]
    yield (
        "leave",
        verdict_map(SENDER, ((str(view.numbers[one.id]), f"goto leave_{one.subnet_id}") for one in view.live)),
    )
    yield (
        "enter",
        [
            *verdict_map(
                WAY, ((way_mark(view.appliance_ways[one.id]), f"goto enter_{one.subnet_id}") for one in view.appliances)
            ),
            "ip daddr != @alive drop",
            *verdict_map("ip daddr", ((subnet.cidr, f"goto enter_{subnet.id}") for subnet in live)),
            "drop",
        ],
    )
    for subnet in live:
        inhabitants = any_of(view.numbers[one.id] for one in view.live_in(subnet.id))
        yield f"leave_{subnet.id}", [*_staying(view, subnet), f"goto acl_egress_{subnet.id}"]
        yield f"enter_{subnet.id}", [f"{SENDER} {inhabitants} return", f"goto acl_ingress_{subnet.id}"]


def _staying(view: VpcView, subnet: Subnet) -> Iterator[str]:
    yield f"{WAY} 0 ip daddr {subnet.cidr} return"
    appliances = [one for one in view.appliances if one.subnet_id == subnet.id]
    if appliances:
        yield f"{WAY} {any_of(way_mark(view.appliance_ways[one.id]) for one in appliances)} return"


def group_chains(view: VpcView) -> Iterator[Chain]:
    """``sender`` and ``receiver``: the groups of the interface that a packet comes from, and of the one it goes to."""
    combinations = sorted({_groups(one) for one in view.live})
    number = {groups: index for index, groups in enumerate(combinations, start=1)}
    to_appliance = (
        (way_mark(view.appliance_ways[one.id]), f"goto ingress_{number[_groups(one)]}") for one in view.appliances
    )
    addresses = ((address, f"goto ingress_{number[_groups(one)]}") for one in view.live for address in one.private_ips)
    senders = ((str(view.numbers[one.id]), f"goto egress_{number[_groups(one)]}") for one in view.live)
    for groups, index in number.items():
        known = [view.world.groups[group_id] for group_id in groups if group_id in view.world.groups]
        yield f"ingress_{index}", _permissions("saddr", (rule for group in known for rule in group.ingress))
        yield f"egress_{index}", _permissions("daddr", (rule for group in known for rule in group.egress))
    yield "sender", [*verdict_map(SENDER, senders), "drop"]
    yield "receiver", [*verdict_map(WAY, to_appliance), *verdict_map("ip daddr", addresses), "drop"]


def _groups(interface: Interface) -> tuple[str, ...]:
    return tuple(sorted(interface.group_ids))


def _permissions(side: str, rules: Iterable[Rule]) -> list[str]:
    return [*(line for rule in rules for line in _permission(side, rule)), "drop"]


def _permission(side: str, rule: Rule) -> Iterator[str]:
    what = service(rule)
    if what is None:
        return
    whom = peers(side, rule.cidrs)
    if whom is not None:
        yield sentence(whom, what, "return")
    for group_id in rule.group_ids:
        yield sentence(f"ip {side} @members_{group_id}", what, "return")


def group_members(view: VpcView) -> Iterator[str]:
    """The private addresses of the interfaces in each group that a rule may refer to."""
    groups = [view.world.groups[id_] for one in view.live for id_ in one.group_ids if id_ in view.world.groups]
    referred = {id_ for group in groups for rule in (*group.ingress, *group.egress) for id_ in rule.group_ids}
    for group_id in sorted(referred):
        members = (one for one in view.interfaces if group_id in one.group_ids)
        addresses = (address for one in members for address in one.private_ips)
        yield collection("set", f"members_{group_id}", "ipv4_addr", addresses)
