# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The replication factor: nodes are added and removed while the cluster is modifying."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from moto.core.utils import utcnow

from ...cloud import cloud
from ...errors import ApiError
from ..registry import Call, Forward, corrects
from . import errors
from .model import Cluster, Node
from .nodes import add_nodes, check_node_count, check_zones, remove_node
from .state import find_available_cluster, state_of


@corrects(
    "dax",
    "IncreaseReplicationFactor",
    id="dax-increase-replication-factor",
    behaviour="Adds nodes, in the zones asked for or where the cluster has the fewest. The cluster is modifying and "
    "the new nodes creating, without endpoint, until they are there.",
    errors=(
        "ClusterNotFoundFault",
        "InvalidClusterStateFault",
        "InvalidParameterCombinationException",
        "InvalidParameterValueException",
        "InvalidVPCNetworkStateFault",
        "NodeQuotaForClusterExceededFault",
        "NodeQuotaForCustomerExceededFault",
    ),
)
def increase(call: Call, forward: Forward) -> dict[str, Any]:
    cluster = find_available_cluster(call)
    wanted, present = call.params["NewReplicationFactor"], len(cluster.nodes)
    if wanted <= present:
        raise errors.invalid_value(f"NewReplicationFactor must be greater than {present}, the number of nodes.")
    check_node_count(call, wanted, present)
    zones = call.params.get("AvailabilityZones")
    check_zones(cluster.subnet_group, zones, wanted - present)
    add_nodes(call, cluster, wanted - present, zones)
    cluster.status = "modifying"
    cloud.transitions.begin("dax-cluster.modifying", cluster.arn, lambda: _finish_increase(call, cluster))
    return {"Cluster": cluster.view()}


def _finish_increase(call: Call, cluster: Cluster) -> None:
    for node in cluster.nodes:
        if node.status == "creating":
            node.status, node.created = "available", utcnow()
            state_of(call).record("CLUSTER", cluster.name, f"Added node {node.id}.")
    cluster.status = "available"


@corrects(
    "dax",
    "DecreaseReplicationFactor",
    id="dax-decrease-replication-factor",
    behaviour="Removes the nodes named, or one in each zone named, or those that leave the zones balanced; never the "
    "last. The cluster is modifying and counts them until they are gone.",
    errors=(
        "ClusterNotFoundFault",
        "InvalidClusterStateFault",
        "InvalidParameterCombinationException",
        "InvalidParameterValueException",
        "NodeNotFoundFault",
    ),
)
def decrease(call: Call, forward: Forward) -> dict[str, Any]:
    cluster = find_available_cluster(call)
    wanted, present = call.params["NewReplicationFactor"], len(cluster.nodes)
    if not 1 <= wanted < present:
        raise errors.invalid_value(f"NewReplicationFactor must be at least 1 and less than {present}.")
    for node in _leaving(call, cluster, present - wanted):
        node.status = "deleting"
    cluster.status = "modifying"
    cloud.transitions.begin("dax-cluster.modifying", cluster.arn, lambda: _finish_decrease(call, cluster))
    return {"Cluster": cluster.view()}


def _finish_decrease(call: Call, cluster: Cluster) -> None:
    for node in cluster.nodes_leaving:
        remove_node(call, cluster, node)
    cluster.status = "available"


def _leaving(call: Call, cluster: Cluster, count: int) -> list[Node]:
    node_ids, zones = call.params.get("NodeIdsToRemove"), call.params.get("AvailabilityZones")
    if node_ids and zones:
        raise errors.invalid_combination("NodeIdsToRemove and AvailabilityZones exclude each other.")
    if node_ids:
        return _named(cluster, list(dict.fromkeys(node_ids)), count)
    check_zones(cluster.subnet_group, zones, count)
    return _chosen(cluster, zones or [None] * count)


def _named(cluster: Cluster, node_ids: Sequence[str], count: int) -> list[Node]:
    by_id = {node.id: node for node in cluster.nodes}
    unknown = [node_id for node_id in node_ids if node_id not in by_id]
    if unknown:
        raise ApiError("NodeNotFoundFault", f"Cluster {cluster.name} has no node {', '.join(unknown)}.")
    if len(node_ids) != count:
        raise errors.invalid_combination(
            f"The number of nodes to remove, {len(node_ids)}, must match the change of the replication factor, {count}."
        )
    return [by_id[node_id] for node_id in node_ids]


def _chosen(cluster: Cluster, zones: Sequence[str | None]) -> list[Node]:
    """The newest node of each zone; where no zone is asked for, of the zone with the most nodes left."""
    staying = list(cluster.nodes)
    leaving = []
    for zone in zones:
        by_zone = Counter(node.zone for node in staying)
        possible = [node for node in staying if zone in (None, node.zone)]
        if not possible:
            raise errors.invalid_value(f"Cluster {cluster.name} has too few nodes in {zone}.")
        node = max(possible, key=lambda one: (by_zone[one.zone], one.id))
        staying.remove(node)
        leaving.append(node)
    return leaving
