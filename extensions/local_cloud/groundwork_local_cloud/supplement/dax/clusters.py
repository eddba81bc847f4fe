# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clusters: creation, description and deletion."""

from __future__ import annotations

from typing import Any

from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random
from moto.utilities.utils import get_partition

from ...cloud import cloud
from ...errors import ApiError
from ..registry import Call, Forward, corrects
from . import errors, validation
from .groups import DEFAULT_PARAMETER_GROUP, DEFAULT_SUBNET_GROUP, SubnetGroup
from .maintenance import default_window
from .model import Cluster
from .nodes import add_nodes, check_node_count, check_zones, remove_node, security_groups
from .pages import page
from .parameter_groups import find_parameter_group
from .service_role import ensure_service_linked_role
from .state import find_available_cluster, state_of
from .subnet_groups import find_subnet_group

_NETWORK_TYPES = {"ipv4": {"ipv4"}, "ipv6": {"ipv6"}, "dual_stack": {"ipv4", "ipv6"}}


@corrects(
    "dax",
    "CreateCluster",
    id="dax-create-cluster",
    behaviour="A cluster has a name of its own, 1 to 11 nodes spread over the zones of its subnet group, each with a "
    "network interface in its security groups, and a role that DAX may assume. It is creating, without nodes and host "
    "name, then available. The first one makes the service-linked role AWSServiceRoleForDAX.",
    errors=(
        "ClusterAlreadyExistsFault",
        "InvalidParameterCombinationException",
        "InvalidParameterValueException",
        "InvalidVPCNetworkStateFault",
        "NodeQuotaForClusterExceededFault",
        "NodeQuotaForCustomerExceededFault",
        "ParameterGroupNotFoundFault",
        "SubnetGroupNotFoundFault",
        "TagQuotaPerResourceExceeded",
    ),
)
def create_cluster(call: Call, forward: Forward) -> dict[str, Any]:
    params, state = call.params, state_of(call)
    name = validation.checked_cluster_name(params["ClusterName"])
    if name in state.clusters:
        raise ApiError("ClusterAlreadyExistsFault", f"Cluster {name} already exists.")
    count = params["ReplicationFactor"]
    if count < 1:
        raise errors.invalid_value("ReplicationFactor must be at least 1.")
    check_node_count(call, count)
    cluster = _checked(call, name)
    check_zones(cluster.subnet_group, params.get("AvailabilityZones"), count)
    add_nodes(call, cluster, count, params.get("AvailabilityZones"))
    ensure_service_linked_role(call)
    state.clusters[name] = cluster
    cloud.transitions.begin("dax-cluster.creating", cluster.arn, lambda: _finish_creation(call, cluster))
    return {"Cluster": cluster.view()}


def _checked(call: Call, name: str) -> Cluster:
    params = call.params
    encrypted = bool((params.get("SSESpecification") or {}).get("Enabled"))
    validation.check_node_type(params["NodeType"], encrypted=encrypted)
    subnet_group = find_subnet_group(call, params.get("SubnetGroupName") or DEFAULT_SUBNET_GROUP)
    parameter_group = find_parameter_group(call, params.get("ParameterGroupName") or DEFAULT_PARAMETER_GROUP)
    groups = security_groups(call, subnet_group, params.get("SecurityGroupIds") or [])
    validation.check_role(call, params["IamRoleArn"])
    topic_arn = params.get("NotificationTopicArn")
    if topic_arn:
        validation.check_topic(call, topic_arn)
    window = params.get("PreferredMaintenanceWindow")
    return Cluster(
        name=name,
        arn=f"arn:{get_partition(call.region)}:dax:{call.region}:{call.account_id}:cache/{name}",
        region=call.region,
        token=mock_random.get_random_hex(6),
        node_type=params["NodeType"],
        description=params.get("Description"),
        subnet_group=subnet_group,
        security_group_ids=[group.id for group in groups],
        maintenance_window=validation.checked_window(window) if window else default_window(call.region),
        role_arn=params["IamRoleArn"],
        parameter_group=parameter_group,
        is_encrypted=encrypted,
        endpoint_encryption=_endpoint_encryption(params.get("ClusterEndpointEncryptionType")),
        network_type=_network_type(subnet_group, params.get("NetworkType")),
        topic_arn=topic_arn or None,
        tags=validation.checked_tags(params.get("Tags") or [], {}),
    )


def _endpoint_encryption(asked: str | None) -> str:
    if asked not in (None, "NONE", "TLS"):
        raise errors.invalid_value("ClusterEndpointEncryptionType must be NONE or TLS.")
    return asked or "NONE"


def _network_type(group: SubnetGroup, asked: str | None) -> str:
    supported = set(group.network_types)
    if asked is None:
        return next(name for name, needed in _NETWORK_TYPES.items() if needed == supported)
    if not _NETWORK_TYPES.get(asked, {asked}) <= supported:
        raise errors.invalid_value(f"Subnet group {group.name} does not support network type {asked}.")
    return asked


def _finish_creation(call: Call, cluster: Cluster) -> None:
    for node in cluster.nodes:
        node.status, node.created = "available", utcnow()
    cluster.status = "available"
    state_of(call).record("CLUSTER", cluster.name, "Cluster created.")


@corrects(
    "dax",
    "DescribeClusters",
    id="dax-describe-clusters",
    behaviour="All clusters or those named. While a cluster is creating or deleting its nodes are not shown; its "
    "endpoint is dax:// on port 8111, or daxs:// on port 9111 with TLS.",
    errors=("ClusterNotFoundFault", "InvalidParameterValueException"),
)
def describe_clusters(call: Call, forward: Forward) -> dict[str, Any]:
    clusters = state_of(call).clusters
    names = [validation.checked_cluster_name(name) for name in call.params.get("ClusterNames") or clusters]
    for name in names:
        if name not in clusters:
            raise errors.cluster_not_found(name)
    return page(call, "Clusters", [clusters[name].view() for name in names])


@corrects(
    "dax",
    "DeleteCluster",
    id="dax-delete-cluster",
    behaviour="Only an available cluster is deleted. It is deleting until its nodes and their interfaces are gone; "
    "then its name is free again.",
    errors=("ClusterNotFoundFault", "InvalidClusterStateFault"),
)
def delete_cluster(call: Call, forward: Forward) -> dict[str, Any]:
    cluster = find_available_cluster(call)
    cluster.status = "deleting"
    cloud.transitions.begin("dax-cluster.deleting", cluster.arn, lambda: _finish_deletion(call, cluster))
    return {"Cluster": cluster.view()}


def _finish_deletion(call: Call, cluster: Cluster) -> None:
    for node in reversed(list(cluster.nodes)):
        remove_node(call, cluster, node)
    state = state_of(call)
    del state.clusters[cluster.name]
    state.record("CLUSTER", cluster.name, "Cluster deleted.")
