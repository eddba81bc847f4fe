# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""A subnet group: how it is wanted, how it is, and what turns the one into the other."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core.errors import Refusal
from .._core.pace import Pace
from .._core.plan import Plan, Step
from . import api, rules, users
from .cluster import Cluster


@dataclasses.dataclass(frozen=True)
class Subnet:
    """A subnet, and the zone that nodes can be in by it."""

    id: str
    availability_zone: str


@dataclasses.dataclass(frozen=True)
class SubnetGroup:
    """A subnet group as DescribeSubnetGroups shows it."""

    name: str
    description: str
    vpc_id: str
    subnets: tuple[Subnet, ...]

    @property
    def zones(self) -> tuple[str, ...]:
        return tuple(sorted({subnet.availability_zone for subnet in self.subnets}))


@dataclasses.dataclass(frozen=True)
class Wanted:
    """What the user asks for. ``description`` None: as it is."""

    name: str
    present: bool
    description: str | None
    subnet_ids: tuple[str, ...]

    def problems(self) -> list[str]:
        """What is wrong with the request itself."""
        found = rules.subnet_group_name_problems(self.name)
        if self.present and not self.subnet_ids:
            found.append("subnet_ids: at least one subnet is needed")
        found += [f"subnet_ids: {id_!r} is not the id of a subnet" for id_ in self.subnet_ids if id_[:7] != "subnet-"]
        if len(set(self.subnet_ids)) != len(self.subnet_ids):
            found.append("subnet_ids: a subnet is named twice")
        return found

    def changes(self, group: SubnetGroup) -> dict[str, t.Any]:
        """The arguments of UpdateSubnetGroup that differ from ``group``."""
        changed: dict[str, t.Any] = {}
        if self.description not in (None, group.description):
            changed["Description"] = self.description
        if set(self.subnet_ids) != {subnet.id for subnet in group.subnets}:
            changed["SubnetIds"] = list(self.subnet_ids)
        return changed


@dataclasses.dataclass(frozen=True)
class State:
    """The group, and what a change of it depends on, which is read only where there is one to be made."""

    group: SubnetGroup | None
    subnets: tuple[tuple[Subnet, str], ...] = ()  # those asked for that exist, each with its VPC
    users: tuple[Cluster, ...] = ()


def subnet_group_of(answer: dict[str, t.Any]) -> SubnetGroup:
    """A subnet group as DescribeSubnetGroups shows it; subnets in the order of their zones."""
    subnets = [Subnet(subnet["SubnetIdentifier"], subnet["SubnetAvailabilityZone"]) for subnet in answer["Subnets"]]
    return SubnetGroup(
        name=answer["SubnetGroupName"],
        description=answer.get("Description") or "",
        vpc_id=answer["VpcId"],
        subnets=tuple(sorted(subnets, key=lambda subnet: (subnet.availability_zone, subnet.id))),
    )


def plan(state: State, wanted: Wanted) -> Plan[State]:
    """The next steps. Raises Refusal with everything that stands against them."""
    if not wanted.present:
        return _plan_absent(state)
    changes = wanted.changes(state.group) if state.group else {}
    if state.group and not changes:
        return Plan(state)
    if problems := [*_subnet_problems(state, wanted), *_user_problems(state, changes)]:
        raise Refusal(problems)
    arguments = {"SubnetGroupName": wanted.name, **changes}
    step = Step(f"update the subnet group {wanted.name}", api.update_subnet_group, arguments)
    if state.group is None:
        arguments = {"SubnetGroupName": wanted.name, "SubnetIds": list(wanted.subnet_ids)}
        arguments |= {} if wanted.description is None else {"Description": wanted.description}
        step = Step(f"create the subnet group {wanted.name}", api.create_subnet_group, arguments)
    return Plan(dataclasses.replace(state, group=_after(state, wanted)), (step,))


def _after(state: State, wanted: Wanted) -> SubnetGroup:
    known = state.group or SubnetGroup(wanted.name, "", "", ())
    description = known.description if wanted.description is None else wanted.description
    if {subnet.id for subnet in known.subnets} == set(wanted.subnet_ids):
        return dataclasses.replace(known, description=description)
    subnets = sorted(
        (subnet for subnet, _vpc_id in state.subnets), key=lambda subnet: (subnet.availability_zone, subnet.id)
    )
    return SubnetGroup(wanted.name, description, state.subnets[0][1], tuple(subnets))


def _subnet_problems(state: State, wanted: Wanted) -> list[str]:
    """All subnets have to exist and to be in one VPC, which a group keeps."""
    if state.group and "SubnetIds" not in wanted.changes(state.group):
        return []
    existing = {subnet.id for subnet, _vpc_id in state.subnets}
    found = [f"subnet_ids: there is no subnet {id_} in this region" for id_ in wanted.subnet_ids if id_ not in existing]
    vpcs = sorted({vpc_id for _subnet, vpc_id in state.subnets})
    if len(vpcs) > 1:
        found.append(f"subnet_ids: the subnets of a group have to be in one VPC, these are in {' and '.join(vpcs)}")
    elif state.group and vpcs not in ([], [state.group.vpc_id]):
        found.append(f"subnet_ids: the subnets are in {vpcs[0]}, but the group stays in {state.group.vpc_id}")
    return found


def _user_problems(state: State, changes: dict[str, t.Any]) -> list[str]:
    """A subnet with a node in it cannot leave the group. Nodes tell their zone, not their subnet."""
    if "SubnetIds" not in changes:
        return []
    left = {subnet.availability_zone for subnet, _vpc_id in state.subnets}
    return [
        f"subnet_ids: no subnet is left in {', '.join(sorted(bereft))}, where the cluster {user.name} has nodes"
        for user in state.users
        if (bereft := {node.availability_zone for node in user.nodes} - left)
    ]


def _plan_absent(state: State) -> Plan[State]:
    if state.group is None:
        return Plan(state)
    told = f"subnet group {state.group.name}"
    if waiting_for := users.to_be_gone(state.users, told):
        return Plan(State(None), waiting_for=waiting_for)
    step = Step(f"delete the {told}", api.delete_subnet_group, {"SubnetGroupName": state.group.name})
    return Plan(State(None), (step,))


class SubnetGroups:
    """One subnet group as the runner sees it.

    Raises Refusal when the request itself is wrong. ``ec2`` makes the EC2 client, which only a change needs.
    """

    pace = Pace()

    def __init__(self, client: t.Any, ec2: t.Callable[[], t.Any], wanted: Wanted) -> None:
        if problems := wanted.problems():
            raise Refusal(problems)
        self.client = client
        self._ec2 = ec2
        self._wanted = wanted

    def read(self) -> State:
        wanted = self._wanted
        answer = api.describe_subnet_group(self.client, name=wanted.name)
        group = None if answer is None else subnet_group_of(answer)
        if group and wanted.present and "SubnetIds" not in wanted.changes(group):
            return State(group)
        subnets = self._subnets() if wanted.present else ()
        if group is None:
            return State(None, subnets)
        return State(group, subnets, users.read_users(self.client, lambda one: one.subnet_group == wanted.name))

    def _subnets(self) -> tuple[tuple[Subnet, str], ...]:
        found = api.describe_subnets(self._ec2(), subnet_ids=list(self._wanted.subnet_ids))
        return tuple((Subnet(one["SubnetId"], one["AvailabilityZone"]), one["VpcId"]) for one in found)

    def plan(self, state: State) -> Plan[State]:
        return plan(state, self._wanted)

    def view(self, state: State) -> dict[str, t.Any]:
        return {"subnet_group": None if state.group is None else dataclasses.asdict(state.group)}
