# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""Where the slots of a fleet are: row by row, one in each zone, each with its address and its number. No I/O."""

from __future__ import annotations

import dataclasses
import ipaddress
import typing as t

from . import marks
from .actual import State, Subnet
from .wanted import Wanted


@dataclasses.dataclass(frozen=True)
class Place:
    """A slot as it is to be. Numbers go through the rows, so that a further row leaves them as they are."""

    node_id: int
    row: int
    zone: str
    subnet_id: str
    address: str

    @property
    def slot(self) -> str:
        return f"{self.row}-{self.zone}"


def places_of(wanted: Wanted, state: State) -> tuple[Place, ...]:
    """The slots that are wanted, in the order of their numbers; none if a subnet is not there."""
    subnets = [state.facts.subnets[one] for one in wanted.subnet_ids if one in state.facts.subnets]
    if len(subnets) != len(wanted.subnet_ids):
        return ()
    return tuple(
        Place((row - 1) * len(subnets) + number, row, subnet.zone, subnet.id, _address(wanted, subnet, row))
        for row in range(1, wanted.rows + 1)
        for number, subnet in enumerate(subnets, 1)
    )


def _address(wanted: Wanted, subnet: Subnet, row: int) -> str:
    if wanted.first_host is None:
        return wanted.addresses[subnet.id][row - 1]
    return str(subnet.network.network_address + wanted.first_host + row - 1)


def row_of(slot: str) -> int:
    """The row in the name of a slot; 0 where somebody has changed the tag."""
    number = slot.partition("-")[0]
    return int(number) if number.isdecimal() else 0


def problems_of_subnets(wanted: Wanted, state: State) -> list[str]:
    """Subnets that are not there, in one zone, or in several VPCs."""
    found = [f"subnet_ids: there is no {one}" for one in wanted.subnet_ids if one not in state.facts.subnets]
    subnets = [state.facts.subnets[one] for one in wanted.subnet_ids if one in state.facts.subnets]
    if len({subnet.zone for subnet in subnets}) != len(subnets):
        found.append(f"subnet_ids: each has to be in another zone, not {', '.join(one.zone for one in subnets)}")
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        found.append("subnet_ids: all have to be in one VPC")
    return found


def problems_of_addresses(places: t.Sequence[Place], state: State) -> list[str]:
    """Addresses that lie outside of their subnet, that AWS reserves in it, or that others have."""
    existing, taken = {interface.slot for interface in state.interfaces}, state.facts.taken or {}
    found = []
    for place in places:
        if place.slot in existing:
            continue
        network, address = state.facts.subnets[place.subnet_id].network, ipaddress.IPv4Address(place.address)
        if address not in network:
            found.append(f"slot {place.slot}: {address} is not in {place.subnet_id} ({network})")
        elif int(address) - int(network.network_address) < 4 or address == network.broadcast_address:
            found.append(f"slot {place.slot}: AWS reserves {address}, as the first four and the last of {network}")
        elif place.address in taken:
            found.append(f"slot {place.slot}: {address} is taken by {taken[place.address]}")
    return found


def problems_of_identity(places: t.Sequence[Place], wanted: Wanted, state: State) -> list[str]:
    """Existing slots that would become others: of another subnet, address or number."""
    by_slot = {place.slot: place for place in places}
    zones = {place.zone for place in places}
    found = []
    for interface in sorted(state.interfaces, key=lambda one: one.slot):
        place = by_slot.get(interface.slot)
        if place is None:
            if interface.zone not in zones:
                found.append(f"subnet_ids: the fleet has the slot {interface.slot}, a zone cannot be taken away")
        elif interface.subnet_id != place.subnet_id:
            found.append(f"subnet_ids: the slot {interface.slot} is in {interface.subnet_id} and cannot move")
        elif interface.address != place.address:
            found.append(f"slot {interface.slot}: its address is {interface.address} and cannot become {place.address}")
        elif interface.tags.get(marks.NODE_ID) != str(place.node_id):
            found.append(
                f"subnet_ids: the slot {interface.slot} has the number {interface.tags.get(marks.NODE_ID)} and would "
                f"get {place.node_id}: give the subnets of the fleet in the order in which it was made"
            )
    return found
