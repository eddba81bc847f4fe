# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""The fleet as the core sees it: how it is read and planned."""

from __future__ import annotations

import dataclasses
import time
import typing as t

from .._core.errors import Refusal
from .._core.kms import read_key
from .._core.pace import Pace
from .._core.plan import Plan
from . import api, marks
from .actual import (
    Facts,
    State,
    group_of,
    image_of,
    instance_of,
    interface_of,
    subnet_of,
    type_of,
    volume_of,
)
from .condition import volume_changes
from .plan import plan
from .situation import Situation, situation_of
from .view import view
from .wanted import Wanted

MOST_VALUES = 200  # of one filter
# Seconds after which what was asked for shows, if it ever will: the request limits let 900 slots be made in 160.
LONGEST_WAY = 300.0
CHECKS = ("instance-status.status", "system-status.status")


def by_tag(key: str, value: str) -> api.Filters:
    """The filter for one value of a tag."""
    return [{"Name": f"tag:{key}", "Values": [value]}]


def read_parts(client: t.Any, filters: api.Filters) -> State:
    """Everything that carries a tag of fleets but root volumes: three calls for each thousand of things."""
    of_data = [*filters, {"Name": "tag-key", "Values": [marks.VOLUME]}]
    return State(
        interfaces=tuple(map(interface_of, api.describe_interfaces(client, filters=filters))),
        volumes=tuple(map(volume_of, api.describe_volumes(client, filters=of_data))),
        instances=tuple(map(instance_of, api.describe_instances(client, filters=filters))),
    )


def read_impaired(client: t.Any) -> frozenset[str]:
    """The instances of the account that fail a status check. These can be asked for by no tag; there are few."""
    answers = [
        one
        for check in CHECKS
        for one in api.describe_status(client, filters=[{"Name": check, "Values": ["impaired"]}])
    ]
    return frozenset(one["InstanceId"] for one in answers)


class StatefulFleet:
    """One fleet on the way to what ``wanted`` says. ``kms`` makes the client of KMS, where one is needed.

    Raises Refusal when the request itself is wrong.
    """

    # A look costs three reads, of which EC2 takes twenty in a second. It comes late by a twentieth of the wait.
    pace = Pace(first_delay=0.5, growth=1.05, longest=5.0)

    def __init__(
        self,
        client: t.Any,
        kms: t.Callable[[], t.Any],
        wanted: Wanted,
        *,
        clock: t.Callable[[], float] = time.monotonic,
    ) -> None:
        if problems := wanted.problems():
            raise Refusal(problems)
        self.client = client
        self._kms = kms
        self._wanted = wanted
        self._clock = clock
        self._facts: Facts | None = None
        self._lacking: dict[tuple[str, int], float] = {}

    def read(self) -> State:
        """The parts of the fleet; with the first reading the facts around it, and more of them when they are needed."""
        state = read_parts(self.client, by_tag(marks.FLEET, self._wanted.name))
        state = dataclasses.replace(state, groups=self._groups())
        if not self._wanted.present:
            return state
        state = dataclasses.replace(state, facts=self._facts or self._first_facts())
        self._facts = self._further_facts(situation_of(state, self._wanted))
        return dataclasses.replace(state, facts=self._facts)

    def plan(self, state: State) -> Plan[State]:
        return plan(state, self._wanted)

    def view(self, state: State) -> dict[str, t.Any]:
        return view(state, self._wanted)

    def _groups(self) -> tuple[t.Any, ...]:
        if not self._wanted.present:
            filters = by_tag(marks.FLEET, self._wanted.name)
        elif self._wanted.placement_group:
            filters = [{"Name": "group-name", "Values": [self._wanted.placement_group]}]
        else:
            return ()
        return tuple(map(group_of, api.describe_groups(self.client, filters=filters)))

    def _first_facts(self) -> Facts:
        wanted = self._wanted
        answers = api.describe_subnets(self.client, subnet_ids=list(wanted.subnet_ids))
        subnets = {subnet.id: subnet for subnet in map(subnet_of, answers)}
        volumes = [*wanted.data_volumes, *([wanted.root_volume] if wanted.root_volume else [])]
        asked = sorted({volume.kms_key_id for volume in volumes if volume.kms_key_id})
        kms = self._kms() if asked else None
        keys = {one: read_key(kms, one) for one in asked}
        return Facts(subnets, impaired=read_impaired(self.client), keys=keys)

    def _further_facts(self, situation: Situation) -> Facts:
        """What only a launch, a new slot or a modification asks for."""
        facts, wanted = situation.state.facts, self._wanted
        if situation.has_to_launch and facts.image is None:
            image = api.describe_image(self.client, image_id=wanted.image_id)
            type_ = api.describe_type(self.client, instance_type=wanted.instance_type)
            facts = dataclasses.replace(
                facts, image=image_of(image) if image else None, type=type_of(type_) if type_ else None
            )
        new = [place for place in situation.places if place.slot not in situation.fleet.slots]
        if new and facts.taken is None:
            facts = dataclasses.replace(facts, taken=self._taken([place.address for place in new]))
        changing = [
            slot.volumes[wish.name].id
            for slot in situation.kept_slots
            for wish in wanted.data_volumes
            if volume_changes(slot, wish)
        ]
        return dataclasses.replace(facts, modifying=self._modifying(changing), overdue=self._overdue(situation))

    def _overdue(self, situation: Situation) -> frozenset[str]:
        """The slots of which something has been lacking for so long in this run that it will not come any more."""
        now = self._clock()
        lacking = {(slot.name, slot.generation) for slot in situation.kept_slots if situation.lacks_parts(slot)}
        self._lacking = {one: self._lacking.get(one, now) for one in lacking}
        return frozenset(name for (name, _generation), since in self._lacking.items() if now - since > LONGEST_WAY)

    def _taken(self, addresses: list[str]) -> dict[str, str]:
        """Which of the addresses others have, by address."""
        subnets = {"Name": "subnet-id", "Values": list(self._wanted.subnet_ids)}
        taken = {}
        for values in _chunks(addresses):
            filters = [subnets, {"Name": "addresses.private-ip-address", "Values": values}]
            for interface in api.describe_interfaces(self.client, filters=filters):
                if marks.FLEET in (tags := interface_of(interface).tags) and tags[marks.FLEET] == self._wanted.name:
                    continue
                for address in interface["PrivateIpAddresses"]:
                    taken[address["PrivateIpAddress"]] = interface["NetworkInterfaceId"]
        return taken

    def _modifying(self, volume_ids: list[str]) -> frozenset[str]:
        filters = [{"Name": "modification-state", "Values": ["modifying", "optimizing"]}]
        answers = [
            one
            for values in _chunks(volume_ids)
            for one in api.describe_modifications(
                self.client, filters=[*filters, {"Name": "volume-id", "Values": values}]
            )
        ]
        return frozenset(one["VolumeId"] for one in answers)


def _chunks(values: list[str]) -> list[list[str]]:
    return [values[start : start + MOST_VALUES] for start in range(0, len(values), MOST_VALUES)]
