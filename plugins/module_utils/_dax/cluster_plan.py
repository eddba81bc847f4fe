# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""What turns the cluster that exists into the one that is wanted. No I/O.

A cluster takes one change at a time: each is awaited before the next is made, nodes are added, removed and rebooted one
by one. Whatever an interrupted run has left under way is awaited like a change of this run.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._core.errors import CoreError, Refusal
from .._core.plan import Plan, Step
from .._core.tags import TagChanges, tag_changes, tags_after, to_aws
from . import api, placement
from .cluster import Cluster, Endpoint, Node
from .placement import NEW
from .wanted_cluster import Wanted

MEMBERS = {
    "description": "Description",
    "preferred_maintenance_window": "PreferredMaintenanceWindow",
    "parameter_group": "ParameterGroupName",
}


@dataclasses.dataclass(frozen=True)
class State:
    """The cluster with its tags (None: AWS does not tell them now), and what a change of it depends on.

    ``zones`` are those of the subnet group, empty where there is none of that name. What no change depends on is not
    read: ``zones`` is None, and the parameter group is taken to exist.
    """

    cluster: Cluster | None
    tags: dict[str, str] | None = None
    zones: tuple[str, ...] | None = None
    parameter_group_exists: bool = True


def plan(state: State, wanted: Wanted) -> Plan[State]:
    """The next step. Raises Refusal, with all that AWS could not do, before anything is done."""
    if not wanted.present:
        return _plan_absent(state, wanted)
    cluster = state.cluster
    if cluster is None:
        return _plan_creation(state, wanted)
    if problems := _problems(state, cluster, wanted):
        raise Refusal(problems)
    if cluster.is_deleting:
        gone = f"{cluster} to be gone, so that it can be created again"
        return Plan(_created(state, wanted), waiting_for=(gone,))
    if cluster.has_failed:
        raise CoreError(
            f"The cluster {cluster.name} is in the state {cluster.status} and cannot be changed. Its events tell why "
            "(DescribeEvents). Delete it (state=absent), then create it again."
        )
    after = _after(state, cluster, wanted)
    if not cluster.is_settled or state.tags is None:
        return Plan(after, waiting_for=(f"{cluster} to be available",) if wanted.wait else ())
    return Plan(after, (*_tagging(state, cluster, wanted), *_next_change(state, cluster, wanted)))


def _plan_absent(state: State, wanted: Wanted) -> Plan[State]:
    cluster, after = state.cluster, State(None)
    if cluster is None:
        return Plan(after)
    if cluster.is_deleting:
        return Plan(after, waiting_for=(f"{cluster} to be gone",) if wanted.wait else ())
    if cluster.status != "available" and not cluster.has_failed:
        return Plan(after, waiting_for=(f"{cluster} to be available, so that it can be deleted",))
    step = Step(f"delete the cluster {cluster.name}", api.delete_cluster, {"ClusterName": cluster.name})
    return Plan(after, (step,))


def _plan_creation(state: State, wanted: Wanted) -> Plan[State]:
    if problems := [
        *wanted.missing(),
        *_group_problems(state, wanted),
        *_zone_problems(state, wanted, wanted.subnet_group),
    ]:
        raise Refusal(problems)
    step = Step(f"create the cluster {wanted.name}", api.create_cluster, _creation(wanted))
    return Plan(_created(state, wanted), (step,))


def _creation(wanted: Wanted) -> dict[str, t.Any]:
    """The arguments of CreateCluster."""
    count = wanted.node_count or 0
    zones = wanted.availability_zones
    arguments = {
        "ClusterName": wanted.name,
        "NodeType": wanted.node_type,
        "ReplicationFactor": count,
        "IamRoleArn": wanted.iam_role_arn,
        "SubnetGroupName": wanted.subnet_group,
        "SSESpecification": {"Enabled": wanted.encryption_at_rest},
        "ClusterEndpointEncryptionType": wanted.endpoint_encryption.upper(),
        "Description": wanted.description,
        "AvailabilityZones": placement.spread(zones, count) if zones else None,
        "SecurityGroupIds": list(wanted.security_group_ids) if wanted.security_group_ids else None,
        "ParameterGroupName": wanted.parameter_group,
        "PreferredMaintenanceWindow": wanted.preferred_maintenance_window,
        "NotificationTopicArn": wanted.notification_topic_arn or None,
        "Tags": to_aws(wanted.tags) if wanted.tags else None,
    }
    return {name: value for name, value in arguments.items() if value is not None}


def _created(state: State, wanted: Wanted) -> State:
    """The new cluster as far as it can be foretold."""
    count = wanted.node_count or 0
    zones = placement.spread(wanted.availability_zones, count) if wanted.availability_zones else [NEW] * count
    cluster = Cluster(
        name=wanted.name,
        arn=NEW,
        status="available",
        description=wanted.description or "",
        node_type=wanted.node_type or "",
        node_count=count,
        active_nodes=count,
        nodes=tuple(Node(NEW, zone, created=NEW) for zone in zones),
        iam_role_arn=wanted.iam_role_arn or "",
        subnet_group=wanted.subnet_group or "",
        security_group_ids=tuple(sorted(wanted.security_group_ids or (NEW,))),
        parameter_group=wanted.parameter_group or NEW,
        parameter_apply_status="in-sync",
        nodes_to_reboot=(),
        nodes_to_remove=(),
        encryption_at_rest=wanted.encryption_at_rest,
        endpoint_encryption=wanted.endpoint_encryption,
        preferred_maintenance_window=(wanted.preferred_maintenance_window or NEW).lower(),
        notification_topic_arn=wanted.notification_topic_arn or "",
        endpoint=Endpoint(NEW, None, NEW),
    )
    return dataclasses.replace(state, cluster=cluster, tags=wanted.tags or {})


def _problems(state: State, cluster: Cluster, wanted: Wanted) -> list[str]:
    if cluster.is_deleting:
        return wanted.missing()
    found = wanted.fixed_differences(cluster)
    if "parameter_group" in wanted.updates(cluster):
        found += _group_problems(state, wanted)
    if wanted.resizes(cluster):
        found += _zone_problems(state, wanted, cluster.subnet_group)
    return found + (_stray_problems(state, cluster, wanted) if cluster.is_settled else [])


def _group_problems(state: State, wanted: Wanted) -> list[str]:
    if state.parameter_group_exists:
        return []
    return [f"parameter_group: there is no parameter group {wanted.parameter_group}"]


def _zone_problems(state: State, wanted: Wanted, subnet_group: str | None) -> list[str]:
    """The zones asked for have to be among those of the subnet group."""
    if state.zones is None:
        return []
    if not state.zones:
        return [f"subnet_group: there is no subnet group {subnet_group}"]
    elsewhere = [zone for zone in wanted.availability_zones if zone not in state.zones]
    if not elsewhere:
        return []
    there = ", ".join(state.zones)
    return [f"availability_zones: the subnet group has no subnet in {', '.join(elsewhere)}, only in {there}"]


def _stray_problems(state: State, cluster: Cluster, wanted: Wanted) -> list[str]:
    """AWS cannot move a node into another zone."""
    if not wanted.availability_zones:
        return []
    left = _resized(state, cluster, wanted)
    strays = sorted(
        {node.availability_zone for node in left if node.availability_zone not in wanted.availability_zones}
    )
    if not strays:
        return []
    return [
        f"availability_zones: the cluster has nodes in {', '.join(strays)}, and AWS cannot move a node; "
        "name these zones as well, or lower node_count, which removes such nodes first"
    ]


def _zones(state: State, wanted: Wanted) -> tuple[str, ...]:
    """Where nodes may be: in the zones asked for, else in all of the subnet group."""
    return wanted.availability_zones or state.zones or ()


def _resized(state: State, cluster: Cluster, wanted: Wanted) -> tuple[Node, ...]:
    if not wanted.resizes(cluster) or not cluster.is_settled:
        return cluster.nodes
    return tuple(placement.resized(cluster.nodes, wanted.node_count or 0, _zones(state, wanted)))


def _after(state: State, cluster: Cluster, wanted: Wanted) -> State:
    """The cluster once everything is done."""
    updates = wanted.updates(cluster)
    nodes = tuple(dataclasses.replace(node, status="available") for node in _resized(state, cluster, wanted))
    to_reboot = cluster.nodes_to_reboot
    if wanted.reboot:
        to_reboot = ()
    elif "parameter_group" in updates:
        to_reboot = tuple(node.id for node in cluster.nodes if node in nodes)
    count = cluster.node_count if wanted.node_count is None else wanted.node_count
    after = dataclasses.replace(
        cluster,
        **updates,
        status="available",
        node_count=count,
        active_nodes=count,
        nodes=nodes,
        nodes_to_reboot=to_reboot,
    )
    return dataclasses.replace(state, cluster=after, tags=tags_after(state.tags or {}, _tag_changes(state, wanted)))


def _tag_changes(state: State, wanted: Wanted) -> TagChanges:
    return tag_changes(state.tags or {}, wanted.tags, purge=wanted.purge_tags)


def _tagging(state: State, cluster: Cluster, wanted: Wanted) -> tuple[Step, ...]:
    changes = _tag_changes(state, wanted)
    steps = []
    if changes.to_set:
        told = f"tag the cluster {cluster.name} with {', '.join(sorted(changes.to_set))}"
        steps.append(Step(told, api.tag_resource, {"ResourceName": cluster.arn, "Tags": to_aws(changes.to_set)}))
    if changes.to_remove:
        told = f"remove the tags {', '.join(changes.to_remove)} from the cluster {cluster.name}"
        arguments = {"ResourceName": cluster.arn, "TagKeys": list(changes.to_remove)}
        steps.append(Step(told, api.untag_resource, arguments))
    return tuple(steps)


def _next_change(state: State, cluster: Cluster, wanted: Wanted) -> tuple[Step, ...]:
    """The one change of the cluster that is next. Settings come first, so that new nodes start with them."""
    if updates := wanted.updates(cluster):
        return (_update(cluster, updates),)
    if wanted.resizes(cluster):
        return (_resize(state, cluster, wanted),)
    if cluster.nodes_to_reboot and wanted.reboot:
        return (_reboot(cluster),)
    return ()


def _update(cluster: Cluster, updates: dict[str, t.Any]) -> Step:
    arguments: dict[str, t.Any] = {"ClusterName": cluster.name}
    arguments |= {MEMBERS[option]: value for option, value in updates.items() if option in MEMBERS}
    if "security_group_ids" in updates:
        arguments["SecurityGroupIds"] = list(updates["security_group_ids"])
    if "notification_topic_arn" in updates:
        arn = updates["notification_topic_arn"]
        arguments |= {"NotificationTopicArn": arn} if arn else {}
        arguments["NotificationTopicStatus"] = "active" if arn else "inactive"
    return Step(f"update {', '.join(updates)} of the cluster {cluster.name}", api.update_cluster, arguments)


def _resize(state: State, cluster: Cluster, wanted: Wanted) -> Step:
    zones = _zones(state, wanted)
    arguments: dict[str, t.Any] = {"ClusterName": cluster.name}
    if (wanted.node_count or 0) > cluster.node_count:
        zone = placement.zone_to_add(cluster.nodes, zones)
        arguments |= {"NewReplicationFactor": cluster.node_count + 1, "AvailabilityZones": [zone]}
        told = f"add node {cluster.node_count + 1} to the cluster {cluster.name} in {zone}"
        return Step(told, api.increase_replication_factor, arguments)
    node = placement.node_to_remove(cluster.nodes, zones)
    arguments |= {"NewReplicationFactor": cluster.node_count - 1, "NodeIdsToRemove": [node.id]}
    told = f"remove the node {node.id} in {node.availability_zone} from the cluster {cluster.name}"
    return Step(told, api.decrease_replication_factor, arguments)


def _reboot(cluster: Cluster) -> Step:
    """Replicas first: the oldest node, which likely is the primary, is rebooted last."""
    first = placement.oldest(cluster.nodes).id
    node_id = min(cluster.nodes_to_reboot, key=lambda id_: (id_ == first, id_))
    return Step(f"reboot the node {node_id}", api.reboot_node, {"ClusterName": cluster.name, "NodeId": node_id})
