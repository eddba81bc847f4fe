# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plans of subnet groups and parameter groups."""

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils._core.errors import Refusal
from ansible_collections.groundwork.aws.plugins.module_utils._dax import api, parameter_group, subnet_group
from ansible_collections.groundwork.aws.plugins.module_utils._dax.parameter_group import ParameterGroup
from ansible_collections.groundwork.aws.plugins.module_utils._dax.subnet_group import Subnet, SubnetGroup
from unit.dax.simulation import ZONES, cluster

A, B, C = (Subnet(f"subnet-{zone[-1]}", zone) for zone in ZONES)
GROUP = SubnetGroup("web", "d", "vpc-1", (A, B))
PARAMETERS = ParameterGroup("p", "d", 300_000, 300_000)


def subnets(*ids: str, description: str | None = None) -> subnet_group.Wanted:
    return subnet_group.Wanted("web", True, description, ids)


def found(*known: Subnet, vpc_id: str = "vpc-1") -> tuple[tuple[Subnet, str], ...]:
    return tuple((subnet, vpc_id) for subnet in known)


def test_a_subnet_group_is_created() -> None:
    ahead = subnet_group.plan(subnet_group.State(None, found(B, A)), subnets(B.id, A.id, description="d"))
    assert [(step.call, step.arguments) for step in ahead.steps] == [
        (
            api.create_subnet_group,
            {"SubnetGroupName": "web", "SubnetIds": [B.id, A.id], "Description": "d"},
        )
    ]
    assert ahead.after.group == GROUP


def test_a_subnet_group_that_fits_is_left_alone() -> None:
    assert subnet_group.plan(subnet_group.State(GROUP), subnets(B.id, A.id)).is_done
    assert subnet_group.plan(subnet_group.State(GROUP), subnets(B.id, A.id, description="d")).is_done


def test_only_what_differs_is_updated() -> None:
    (step,) = subnet_group.plan(subnet_group.State(GROUP), subnets(A.id, B.id, description="")).steps
    assert step.arguments == {"SubnetGroupName": "web", "Description": ""}
    (step,) = subnet_group.plan(subnet_group.State(GROUP, found(A, C)), subnets(A.id, C.id)).steps
    assert (step.call, step.arguments) == (
        api.update_subnet_group,
        {"SubnetGroupName": "web", "SubnetIds": [A.id, C.id]},
    )


def test_all_that_is_wrong_with_subnets_is_told() -> None:
    state = subnet_group.State(None, (*found(A), *found(B, vpc_id="vpc-2")))
    with pytest.raises(Refusal, match=r"no subnet subnet-x.*vpc-1 and vpc-2") as refusal:
        subnet_group.plan(state, subnets(A.id, B.id, "subnet-x"))
    assert len(refusal.value.problems) == 2


def test_a_subnet_group_stays_in_its_vpc() -> None:
    with pytest.raises(Refusal, match="the subnets are in vpc-2, but the group stays in vpc-1"):
        subnet_group.plan(subnet_group.State(GROUP, found(C, vpc_id="vpc-2")), subnets(C.id))


def test_the_last_subnet_of_a_zone_with_nodes_stays() -> None:
    state = subnet_group.State(GROUP, found(A, C), (cluster(A.availability_zone, B.availability_zone),))
    with pytest.raises(Refusal, match="no subnet is left in us-east-1b, where the cluster web has nodes"):
        subnet_group.plan(state, subnets(A.id, C.id))


@pytest.mark.parametrize("kind", ["subnet", "parameter"])
def test_a_group_is_deleted_once_its_clusters_are_gone(kind: str) -> None:
    if kind == "subnet":
        state, request, call = subnet_group.State(GROUP), dataclasses.replace(subnets(), present=False), "SubnetGroup"
        plan = subnet_group.plan
    else:
        state, request = parameter_group.State(PARAMETERS), parameter_group.Wanted("p", False)
        plan, call = parameter_group.plan, "ParameterGroup"
    (step,) = plan(state, request).steps
    assert step.arguments == {f"{call}Name": state.group.name}
    leaving = dataclasses.replace(state, users=(cluster(status="deleting"),))
    assert plan(leaving, request).waiting_for == (
        f"the cluster web (deleting) to be gone, which uses the {kind} group {state.group.name}",
    )
    with pytest.raises(Refusal, match="is used by the cluster web, which has to be deleted first"):
        plan(dataclasses.replace(state, users=(cluster(),)), request)
    assert plan(type(state)(None), request).is_done


def test_a_parameter_group_is_created_before_its_values_are_set() -> None:
    request = parameter_group.Wanted("p", True, "d", 600_000)
    ahead = parameter_group.plan(parameter_group.State(None), request)
    assert [(step.call, step.arguments) for step in ahead.steps] == [
        (api.create_parameter_group, {"ParameterGroupName": "p", "Description": "d"})
    ]
    assert ahead.after.group == dataclasses.replace(PARAMETERS, record_ttl_millis=600_000)
    ahead = parameter_group.plan(parameter_group.State(PARAMETERS), request)
    assert [(step.call, step.arguments) for step in ahead.steps] == [
        (
            api.update_parameter_group,
            {
                "ParameterGroupName": "p",
                "ParameterNameValues": [{"ParameterName": "record-ttl-millis", "ParameterValue": "600000"}],
            },
        )
    ]


def test_a_parameter_group_that_fits_is_left_alone() -> None:
    for request in (parameter_group.Wanted("p", True), parameter_group.Wanted("p", True, "d", 300_000, 300_000)):
        assert parameter_group.plan(parameter_group.State(PARAMETERS, (cluster(),)), request).is_done


def test_no_time_to_live_is_a_value_too() -> None:
    (step,) = parameter_group.plan(
        parameter_group.State(PARAMETERS), parameter_group.Wanted("p", True, query_ttl_millis=0)
    ).steps
    assert step.summary == "set query_ttl_millis=0 in the parameter group p"


def test_a_parameter_group_in_use_and_its_description_are_not_changed() -> None:
    state = parameter_group.State(PARAMETERS, (cluster(),))
    with pytest.raises(Refusal) as refusal:
        parameter_group.plan(state, parameter_group.Wanted("p", True, "other", 1, 2))
    assert [problem.split(":")[0] for problem in refusal.value.problems] == [
        "description",
        "record_ttl_millis, query_ttl_millis",
    ]
    assert "used by the cluster web" in refusal.value.problems[1]
