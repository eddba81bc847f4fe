# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of flow logs."""

from __future__ import annotations

import dataclasses
import itertools

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils._core import ec2_tags
from ansible_collections.groundwork.aws.plugins.module_utils._flow_logs import api
from ansible_collections.groundwork.aws.plugins.module_utils._flow_logs.model import (
    DEFAULT_FORMAT,
    FlowLog,
    Specification,
    Wanted,
)
from ansible_collections.groundwork.aws.plugins.module_utils._flow_logs.plan import State, plan
from hypothesis import given
from hypothesis import strategies as st

ROLE = "arn:aws:iam::123456789012:role/flow-logs"
SPECIFICATION = Specification("ALL", "cloud-watch-logs", "/vpc/a", ROLE, 600, DEFAULT_FORMAT)
OTHER_DESTINATION = dataclasses.replace(SPECIFICATION, destination="/vpc/b")
OTHER_INTERVAL = dataclasses.replace(SPECIFICATION, max_aggregation_interval=60)


def wanted(*resource_ids: str, specification: Specification | None = SPECIFICATION, **more: object) -> Wanted:
    values = {"name": "n", "tags": None, "purge_tags": True, **more}
    return Wanted(resource_ids=resource_ids or ("vpc-1",), specification=specification, **values)


def existing(
    id_: str, resource_id: str = "vpc-1", specification: Specification = SPECIFICATION, **tags: str
) -> FlowLog:
    return FlowLog(id_, resource_id, specification, {"Name": "n", **tags})


def calls(state: State, request: Wanted) -> list[tuple[object, dict[str, object]]]:
    return [(step.call, step.arguments) for step in plan(state, request).steps]


def test_creates_for_all_resources_in_one_call_with_tags() -> None:
    assert calls((), wanted("subnet-1", "subnet-2", tags={"a": "b"})) == [
        (
            api.create,
            {
                "ResourceIds": ["subnet-1", "subnet-2"],
                "ResourceType": "Subnet",
                "TrafficType": "ALL",
                "LogDestinationType": "cloud-watch-logs",
                "LogGroupName": "/vpc/a",
                "DeliverLogsPermissionArn": ROLE,
                "MaxAggregationInterval": 600,
                "LogFormat": DEFAULT_FORMAT,
                "TagSpecifications": [
                    {
                        "ResourceType": "vpc-flow-log",
                        "Tags": [{"Key": "Name", "Value": "n"}, {"Key": "a", "Value": "b"}],
                    }
                ],
            },
        )
    ]


def test_leaves_alone_what_fits() -> None:
    assert calls((existing("fl-1", own="tag"),), wanted()) == []


def test_makes_the_new_one_before_the_old_one_goes() -> None:
    old = existing("fl-1", specification=OTHER_DESTINATION)
    assert [call for call, _ in calls((old,), wanted())] == [api.create]
    assert calls((old, existing("fl-2")), wanted()) == [(api.delete, {"FlowLogIds": ["fl-1"]})]


def test_removes_the_old_one_first_where_aws_refuses_two() -> None:
    old = existing("fl-1", specification=OTHER_INTERVAL)
    assert [call for call, _ in calls((old,), wanted())] == [api.delete]
    assert [call for call, _ in calls((), wanted())] == [api.create]


def test_keeps_one_of_two_that_fit() -> None:
    assert calls((existing("fl-2"), existing("fl-1")), wanted()) == [(api.delete, {"FlowLogIds": ["fl-2"]})]


def test_changes_tags_in_place() -> None:
    assert calls((existing("fl-1", old="1", same="1"),), wanted(tags={"same": "1", "new": "2"})) == [
        (ec2_tags.create_tags, {"Resources": ["fl-1"], "Tags": [{"Key": "new", "Value": "2"}]}),
        (ec2_tags.delete_tags, {"Resources": ["fl-1"], "Tags": [{"Key": "old"}]}),
    ]
    assert calls((existing("fl-1", old="1"),), wanted(tags={}, purge_tags=False)) == []


def test_deletes_all_of_its_name_when_absent() -> None:
    state = (existing("fl-2", "vpc-2"), existing("fl-1"))
    assert calls(state, wanted("vpc-1", "vpc-2", specification=None)) == [
        (api.delete, {"FlowLogIds": ["fl-1", "fl-2"]})
    ]
    assert calls((), wanted(specification=None)) == []


@pytest.mark.parametrize(
    ("resource_ids", "said"),
    [
        (("vpc-1", "subnet-1"), "one kind"),
        (("i-1",), "VPC, a subnet or a network interface"),
        (("vpc-1", "vpc-1"), "named twice"),
    ],
)
def test_bad_requests_are_named(resource_ids: tuple[str, ...], said: str) -> None:
    assert said in " ".join(wanted(*resource_ids).problems())


logs = st.builds(
    existing,
    st.just(""),
    st.sampled_from(["vpc-1", "vpc-2"]),
    st.sampled_from([SPECIFICATION, OTHER_DESTINATION, OTHER_INTERVAL]),
)


def carry_out(state: State, request: Wanted, ids: itertools.count) -> State:
    """What AWS would make of the next plan of ``state``; refuses two flow logs with one destination."""
    for step in plan(state, request).steps:
        if step.call is api.delete:
            state = tuple(log for log in state if log.id not in step.arguments["FlowLogIds"])
        elif step.call is api.create:
            for resource_id in step.arguments["ResourceIds"]:
                taken = [log.specification.destination for log in state if log.resource_id == resource_id]
                assert request.specification.destination not in taken, "AWS answers FlowLogAlreadyExists"
                state = (*state, FlowLog(f"fl-{next(ids)}", resource_id, request.specification, {"Name": "n"}))
    return state


@given(st.lists(logs, max_size=5))
def test_from_any_state_a_few_rounds_reach_what_was_predicted(found: list[FlowLog]) -> None:
    ids = itertools.count()
    by_place = {(log.resource_id, log.specification.destination): log for log in found}
    state: State = tuple(dataclasses.replace(log, id=f"fl-{next(ids)}") for log in by_place.values())
    request = wanted("vpc-1", "vpc-2")
    predicted = plan(state, request).after
    for _ in range(3):
        state = carry_out(state, request, ids)
    assert plan(state, request).is_done
    assert {(log.resource_id, log.specification) for log in state} == {
        (log.resource_id, log.specification) for log in predicted
    }
