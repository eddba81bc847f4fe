# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""A parameter group: how it is wanted, how it is, and what turns the one into the other."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core.errors import Refusal
from .._core.pace import Pace
from .._core.plan import Plan, Step
from . import api, rules, users
from .cluster import Cluster

PARAMETERS = {"record_ttl_millis": "record-ttl-millis", "query_ttl_millis": "query-ttl-millis"}
DEFAULT_TTL_MILLIS = 300_000


@dataclasses.dataclass(frozen=True)
class ParameterGroup:
    """A parameter group with the two parameters that DAX has, in milliseconds."""

    name: str
    description: str
    record_ttl_millis: int
    query_ttl_millis: int


@dataclasses.dataclass(frozen=True)
class Wanted:
    """What the user asks for. None: as it is, or as AWS makes it."""

    name: str
    present: bool
    description: str | None = None
    record_ttl_millis: int | None = None
    query_ttl_millis: int | None = None

    @property
    def values(self) -> dict[str, int]:
        """The parameters that are asked for, by the names of the options."""
        return {option: value for option in PARAMETERS if (value := getattr(self, option)) is not None}

    def problems(self) -> list[str]:
        """What is wrong with the request itself."""
        found = rules.parameter_group_name_problems(self.name)
        for option, value in self.values.items():
            found += rules.ttl_problems(option, value)
        return found

    def changes(self, group: ParameterGroup) -> dict[str, int]:
        """The parameters that differ from ``group``, by the names of the options."""
        return {option: value for option, value in self.values.items() if value != getattr(group, option)}


@dataclasses.dataclass(frozen=True)
class State:
    """The group, and the clusters that use it, which are read only where it is to be changed or deleted."""

    group: ParameterGroup | None
    users: tuple[Cluster, ...] = ()


def parameter_group_of(answer: dict[str, t.Any], parameters: t.Sequence[dict[str, t.Any]]) -> ParameterGroup:
    """A group as DescribeParameterGroups shows it, with the values from DescribeParameters."""
    values = {parameter["ParameterName"]: parameter.get("ParameterValue") for parameter in parameters}
    return ParameterGroup(
        name=answer["ParameterGroupName"],
        description=answer.get("Description") or "",
        **{option: int(values.get(name) or 0) for option, name in PARAMETERS.items()},
    )


def plan(state: State, wanted: Wanted) -> Plan[State]:
    """The next steps: values can be set only once the group is there. Raises Refusal where AWS would refuse."""
    if not wanted.present:
        return _plan_absent(state)
    if state.group is None:
        arguments = {"ParameterGroupName": wanted.name}
        arguments |= {} if wanted.description is None else {"Description": wanted.description}
        made = ParameterGroup(wanted.name, wanted.description or "", DEFAULT_TTL_MILLIS, DEFAULT_TTL_MILLIS)
        step = Step(f"create the parameter group {wanted.name}", api.create_parameter_group, arguments)
        return Plan(State(_with(made, wanted.values)), (step,))
    if problems := _problems(state.group, state.users, wanted):
        raise Refusal(problems)
    changes = wanted.changes(state.group)
    if not changes:
        return Plan(state)
    return Plan(State(_with(state.group, changes)), (_update(wanted.name, changes),))


def _with(group: ParameterGroup, values: dict[str, int]) -> ParameterGroup:
    return ParameterGroup(**{**dataclasses.asdict(group), **values})


def _update(name: str, changes: dict[str, int]) -> Step:
    values = [{"ParameterName": PARAMETERS[option], "ParameterValue": str(value)} for option, value in changes.items()]
    told = " and ".join(f"{option}={value}" for option, value in changes.items())
    arguments = {"ParameterGroupName": name, "ParameterNameValues": values}
    return Step(f"set {told} in the parameter group {name}", api.update_parameter_group, arguments)


def _problems(group: ParameterGroup, clusters: t.Sequence[Cluster], wanted: Wanted) -> list[str]:
    found = []
    if wanted.description not in (None, group.description):
        found.append(
            f"description: AWS cannot change that of a parameter group, it is {group.description!r}; "
            "make a group of another name, or delete this one first"
        )
    if clusters and (changes := wanted.changes(group)):
        found.append(
            f"{', '.join(changes)}: the parameter group {group.name} is used by {users.names(clusters)}, and AWS does "
            "not change one in use; make a group of another name and give it to the cluster (dax_cluster)"
        )
    return found


def _plan_absent(state: State) -> Plan[State]:
    if state.group is None:
        return Plan(state)
    told = f"parameter group {state.group.name}"
    if waiting_for := users.to_be_gone(state.users, told):
        return Plan(State(None), waiting_for=waiting_for)
    step = Step(f"delete the {told}", api.delete_parameter_group, {"ParameterGroupName": state.group.name})
    return Plan(State(None), (step,))


class ParameterGroups:
    """One parameter group as the runner sees it. Raises Refusal when the request itself is wrong."""

    pace = Pace()

    def __init__(self, client: t.Any, wanted: Wanted) -> None:
        if problems := wanted.problems():
            raise Refusal(problems)
        self.client = client
        self._wanted = wanted

    def read(self) -> State:
        name = self._wanted.name
        answer = api.describe_parameter_group(self.client, name=name)
        parameters = None if answer is None else api.describe_parameters(self.client, name=name)
        if answer is None or parameters is None:
            return State(None)
        group = parameter_group_of(answer, parameters)
        if self._wanted.present and not self._wanted.changes(group):
            return State(group)
        return State(group, users.read_users(self.client, lambda one: one.parameter_group == name))

    def plan(self, state: State) -> Plan[State]:
        return plan(state, self._wanted)

    def view(self, state: State) -> dict[str, t.Any]:
        return {"parameter_group": None if state.group is None else dataclasses.asdict(state.group)}
