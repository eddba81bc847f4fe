# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a cluster."""

from __future__ import annotations

import dataclasses
import typing as t
from collections import Counter

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils._core.errors import CoreError, Refusal
from ansible_collections.groundwork.aws.plugins.module_utils._dax import api
from ansible_collections.groundwork.aws.plugins.module_utils._dax.cluster import Node
from ansible_collections.groundwork.aws.plugins.module_utils._dax.cluster_plan import State, plan
from ansible_collections.groundwork.aws.plugins.module_utils._dax.wanted_cluster import Wanted
from hypothesis import given
from hypothesis import strategies as st
from unit.dax.simulation import ARN, ROLE, TOPIC, ZONES, Simulation, cluster, run

A, B, C = ZONES


def wanted(**more: t.Any) -> Wanted:
    return Wanted(name="web", present=True, **more)


def new(**more: t.Any) -> Wanted:
    values: dict[str, t.Any] = {
        "node_type": "dax.t3.small",
        "node_count": 3,
        "iam_role_arn": ROLE,
        "subnet_group": "web",
        **more,
    }
    return wanted(**values)


ABSENT = Wanted(name="web", present=False)


def calls(state: State, request: Wanted) -> list[tuple[object, dict[str, object]]]:
    return [(step.call, step.arguments) for step in plan(state, request).steps]


def existing(*zones: str, tags: dict[str, str] | None = None, **more: t.Any) -> State:
    return State(cluster(*zones, **more), tags or {}, ZONES)


def test_a_cluster_is_created_with_everything_at_once() -> None:
    request = new(
        description="d",
        node_count=4,
        security_group_ids=("sg-1",),
        availability_zones=(A, B),
        parameter_group="p",
        preferred_maintenance_window="sun:05:00-sun:06:00",
        notification_topic_arn=TOPIC,
        tags={"a": "1"},
    )
    assert calls(State(None, zones=ZONES), request) == [
        (
            api.create_cluster,
            {
                "ClusterName": "web",
                "NodeType": "dax.t3.small",
                "ReplicationFactor": 4,
                "IamRoleArn": ROLE,
                "SubnetGroupName": "web",
                "SSESpecification": {"Enabled": True},
                "ClusterEndpointEncryptionType": "TLS",
                "Description": "d",
                "AvailabilityZones": [A, B, A, B],
                "SecurityGroupIds": ["sg-1"],
                "ParameterGroupName": "p",
                "PreferredMaintenanceWindow": "sun:05:00-sun:06:00",
                "NotificationTopicArn": TOPIC,
                "Tags": [{"Key": "a", "Value": "1"}],
            },
        )
    ]


def test_what_is_not_asked_for_is_left_to_aws() -> None:
    ((_, arguments),) = calls(State(None, zones=ZONES), new(notification_topic_arn="", tags={}))
    assert set(arguments) == {
        "ClusterName",
        "NodeType",
        "ReplicationFactor",
        "IamRoleArn",
        "SubnetGroupName",
        "SSESpecification",
        "ClusterEndpointEncryptionType",
    }


def test_what_fits_is_left_alone() -> None:
    assert plan(existing(tags={"own": "tag"}), wanted()).is_done
    assert plan(existing(), new(security_group_ids=("sg-1",), availability_zones=ZONES)).is_done
    assert plan(existing(), wanted(preferred_maintenance_window="SUN:05:00-SUN:06:00")).is_done


@pytest.mark.parametrize(
    ("option", "value", "arguments"),
    [
        ("description", "d", {"Description": "d"}),
        (
            "preferred_maintenance_window",
            "MON:05:00-MON:06:00",
            {"PreferredMaintenanceWindow": "mon:05:00-mon:06:00"},
        ),
        ("parameter_group", "p", {"ParameterGroupName": "p"}),
        ("security_group_ids", ("sg-2", "sg-1"), {"SecurityGroupIds": ["sg-1", "sg-2"]}),
        (
            "notification_topic_arn",
            TOPIC,
            {"NotificationTopicArn": TOPIC, "NotificationTopicStatus": "active"},
        ),
    ],
)
def test_settings_are_updated(option: str, value: object, arguments: dict[str, object]) -> None:
    assert calls(existing(), wanted(**{option: value})) == [(api.update_cluster, {"ClusterName": "web", **arguments})]


def test_the_empty_topic_ends_notifications() -> None:
    request = wanted(notification_topic_arn="")
    assert calls(existing(notification_topic_arn=TOPIC), request) == [
        (api.update_cluster, {"ClusterName": "web", "NotificationTopicStatus": "inactive"})
    ]
    assert plan(existing(), request).is_done


def test_tags_are_changed_in_place() -> None:
    state = existing(tags={"old": "1", "same": "1"})
    assert calls(state, wanted(tags={"same": "1", "new": "2"})) == [
        (api.tag_resource, {"ResourceName": ARN, "Tags": [{"Key": "new", "Value": "2"}]}),
        (api.untag_resource, {"ResourceName": ARN, "TagKeys": ["old"]}),
    ]
    assert plan(state, wanted(tags={}, purge_tags=False)).is_done


def test_one_node_is_added_where_there_are_fewest() -> None:
    ((call, arguments),) = calls(existing(A, B, A), wanted(node_count=5))
    assert (call, arguments["NewReplicationFactor"], arguments["AvailabilityZones"]) == (
        api.increase_replication_factor,
        4,
        [C],
    )


def test_one_node_is_removed_where_there_are_most() -> None:
    assert calls(existing(A, B, B, C), wanted(node_count=1)) == [
        (
            api.decrease_replication_factor,
            {"ClusterName": "web", "NewReplicationFactor": 3, "NodeIdsToRemove": ["web-c"]},
        )
    ]


def test_replicas_are_rebooted_before_the_oldest_node() -> None:
    state = existing(nodes_to_reboot=("web-a", "web-b"))
    assert calls(state, wanted()) == [(api.reboot_node, {"ClusterName": "web", "NodeId": "web-b"})]
    state = existing(nodes_to_reboot=("web-a",))
    assert calls(state, wanted()) == [(api.reboot_node, {"ClusterName": "web", "NodeId": "web-a"})]
    assert plan(state, wanted(reboot=False)).is_done


def test_without_reboots_the_nodes_to_reboot_are_foretold() -> None:
    after = plan(existing(), wanted(parameter_group="p", reboot=False)).after.cluster
    assert after
    assert after.nodes_to_reboot == ("web-a", "web-b", "web-c")


BUSY: list[dict[str, t.Any]] = [
    {"status": "creating", "nodes": ()},
    {"status": "modifying"},
    {"status": "available", "nodes_to_remove": ("web-a",)},
    {"status": "available", "node_count": 4},
    {"status": "available", "parameter_apply_status": "applying"},
    {"status": "available", "nodes": (Node("web-a", A, "rebooting"), Node("web-b", B), Node("web-c", C))},
]


@pytest.mark.parametrize("busy", BUSY)
def test_whatever_is_under_way_is_awaited(busy: dict[str, t.Any]) -> None:
    ahead = plan(existing(**busy), wanted(description="new"))
    assert not ahead.steps
    assert "the cluster web" in ahead.waiting_for[0]
    assert plan(existing(**busy), wanted(description="new", wait=False)).is_done


def test_what_a_node_is_doing_is_told() -> None:
    assert "available, nodes rebooting" in plan(existing(**BUSY[-1]), wanted()).waiting_for[0]


def test_tags_that_aws_does_not_tell_are_awaited() -> None:
    assert plan(State(cluster(), None), wanted()).waiting_for


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("node_type", "dax.r5.large", "'dax.t3.small'"),
        ("iam_role_arn", ROLE + "2", "role/dax'"),
        ("subnet_group", "other", "'web'"),
        ("encryption_at_rest", False, "has true"),
        ("endpoint_encryption", "none", "'tls'"),
    ],
)
@pytest.mark.parametrize("status", ["available", "creating"])
def test_what_aws_cannot_change_is_refused_at_once(option: str, value: object, told: str, status: str) -> None:
    with pytest.raises(Refusal, match="a new cluster is needed") as refusal:
        plan(existing(status=status), wanted(**{option: value}))
    assert refusal.value.problems[0].startswith(f"{option}: ")
    assert told in refusal.value.problems[0]


def test_what_aws_does_not_tell_yet_is_no_difference() -> None:
    assert plan(existing(status="creating", nodes=(), subnet_group="", iam_role_arn=""), new()).waiting_for


def test_everything_that_cannot_be_done_is_told_at_once() -> None:
    state = dataclasses.replace(existing(A), parameter_group_exists=False, zones=(A,))
    request = wanted(
        node_type="dax.r5.large",
        encryption_at_rest=False,
        parameter_group="p",
        node_count=2,
        availability_zones=(B, C),
    )
    with pytest.raises(Refusal) as refusal:
        plan(state, request)
    options = [problem.split(":")[0] for problem in refusal.value.problems]
    assert options == ["node_type", "encryption_at_rest", "parameter_group", "availability_zones", "availability_zones"]


def test_what_a_new_cluster_needs_is_told_at_once() -> None:
    state = State(None, zones=(), parameter_group_exists=False)
    with pytest.raises(Refusal) as refusal:
        plan(state, wanted(subnet_group="none", parameter_group="none"))
    options = [problem.split(":")[0] for problem in refusal.value.problems]
    assert options == ["node_type", "node_count", "iam_role_arn", "parameter_group", "subnet_group"]


def test_nodes_outside_the_zones_are_refused_unless_they_go() -> None:
    with pytest.raises(Refusal, match="nodes in us-east-1c, and AWS cannot move a node"):
        plan(existing(), wanted(availability_zones=(A, B)))
    assert calls(existing(), wanted(availability_zones=(A, B), node_count=2))[0][1]["NodeIdsToRemove"] == ["web-c"]


@pytest.mark.parametrize("status", ["incompatible-network", "incompatible-parameters", "create-failed"])
def test_a_failed_cluster_is_an_error_and_can_be_deleted(status: str) -> None:
    with pytest.raises(CoreError, match=rf"in the state {status}.*DescribeEvents.*state=absent"):
        plan(existing(status=status), wanted())
    assert calls(existing(status=status), ABSENT) == [(api.delete_cluster, {"ClusterName": "web"})]


def test_one_that_is_being_deleted_is_awaited_and_made_again() -> None:
    assert plan(existing(status="deleting"), new()).waiting_for
    assert plan(existing(status="deleting"), new(wait=False)).waiting_for, "only then can the creation begin"
    with pytest.raises(Refusal, match="node_type: it is needed"):
        plan(existing(status="deleting"), wanted())


@pytest.mark.parametrize("status", ["creating", "modifying"])
def test_a_deletion_waits_until_aws_allows_it(status: str) -> None:
    for request in (ABSENT, dataclasses.replace(ABSENT, wait=False)):
        ahead = plan(existing(status=status), request)
        assert (ahead.steps, len(ahead.waiting_for)) == ((), 1)


def test_a_deletion_under_way_is_awaited_if_asked_for() -> None:
    assert plan(existing(status="deleting"), ABSENT).waiting_for
    assert plan(existing(status="deleting"), dataclasses.replace(ABSENT, wait=False)).is_done
    assert plan(State(None), ABSENT).is_done


places = st.lists(st.sampled_from(ZONES), min_size=1, max_size=11)
requests = st.builds(
    wanted,
    node_count=st.one_of(st.none(), st.integers(1, 11)),
    description=st.sampled_from([None, "", "new"]),
    parameter_group=st.sampled_from([None, "default.dax1.0", "other"]),
    notification_topic_arn=st.sampled_from([None, "", TOPIC]),
    security_group_ids=st.sampled_from([None, ("sg-1",), ("sg-2",)]),
    tags=st.sampled_from([None, {}, {"a": "1"}]),
    reboot=st.booleans(),
)


@given(places, requests, st.booleans())
def test_every_way_ends_as_foretold_and_changes_one_node_at_a_time(
    zones: list[str], request: Wanted, pending: bool
) -> None:
    start = cluster(*zones)
    if pending:
        start = dataclasses.replace(start, nodes_to_reboot=tuple(node.id for node in start.nodes))
    cloud = Simulation(start, {"old": "1"})
    foretold = plan(cloud.look(), request).after
    run(cloud, request)
    end = cloud.look()
    assert end.tags == foretold.tags
    assert end.cluster
    assert foretold.cluster
    assert counts(end) == counts(foretold)
    same = ("description", "parameter_group", "notification_topic_arn", "security_group_ids", "node_count", "status")
    assert [getattr(end.cluster, name) for name in same] == [getattr(foretold.cluster, name) for name in same]
    assert not (request.reboot and end.cluster.nodes_to_reboot)
    seen = len(cloud.steps)
    run(cloud, request)
    assert len(cloud.steps) == seen, "the second run changes nothing"


def counts(state: State) -> Counter[str]:
    assert state.cluster
    return Counter(node.availability_zone for node in state.cluster.nodes)


@given(places, requests, st.lists(st.integers(0, 12), max_size=4))
def test_killed_anywhere_the_next_runs_end_where_one_would_have(
    zones: list[str], request: Wanted, kills: list[int]
) -> None:
    whole, broken = Simulation(cluster(*zones)), Simulation(cluster(*zones))
    run(whole, request)
    for kill in kills:
        run(broken, request, killed_after=kill)
    run(broken, request)
    assert counts(broken.look()) == counts(whole.look())
    assert sorted(broken.steps) == sorted(whole.steps), "nothing is done twice"


@given(st.integers(1, 11), st.lists(st.integers(0, 3), max_size=3))
def test_killed_anywhere_a_cluster_is_created_once_and_deleted(count: int, kills: list[int]) -> None:
    cloud = Simulation(None)
    for request, word in ((new(node_count=count, tags={"a": "1"}), "create"), (ABSENT, "delete")):
        for kill in kills:
            run(cloud, request, killed_after=kill)
        run(cloud, request)
        assert [step for step in cloud.steps if step.startswith(word)] == [f"{word} the cluster web"]
    assert cloud.cluster is None
