# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UpdateCluster and RebootNode: what of a running cluster can be changed, and how a node takes it over."""

from __future__ import annotations

from typing import Any

from ...cloud import cloud
from ...errors import ApiError
from ..registry import Call, provides
from . import errors, validation
from .model import Cluster, Node
from .nodes import security_groups, set_security_groups
from .parameter_groups import find_parameter_group
from .state import find_available_cluster, state_of

_CHANGEABLE = (
    "Description",
    "PreferredMaintenanceWindow",
    "NotificationTopicArn",
    "NotificationTopicStatus",
    "ParameterGroupName",
    "SecurityGroupIds",
)
_TOPIC_STATUSES = ("active", "inactive")


@provides(
    "dax",
    "UpdateCluster",
    id="dax-update-cluster",
    behaviour="Changes description, maintenance window, notification topic, security groups and parameter group of an "
    "available cluster, which is modifying meanwhile. Nodes that run with other values than those of the new parameter "
    "group are pending-reboot and listed in NodeIdsToReboot.",
    errors=(
        "ClusterNotFoundFault",
        "InvalidClusterStateFault",
        "InvalidParameterCombinationException",
        "InvalidParameterValueException",
        "ParameterGroupNotFoundFault",
    ),
)
def update_cluster(call: Call) -> dict[str, Any]:
    cluster = find_available_cluster(call)
    params = {name: call.params[name] for name in _CHANGEABLE if call.params.get(name) is not None}
    if not params:
        raise errors.invalid_combination("No modifications were requested.")
    window = params.get("PreferredMaintenanceWindow", cluster.maintenance_window)
    checked_window = validation.checked_window(window)
    group = find_parameter_group(call, params.get("ParameterGroupName", cluster.parameter_group.name))
    topic_arn, topic_status = _topic(call, cluster)
    group_ids = params.get("SecurityGroupIds", cluster.security_group_ids)
    groups = security_groups(call, cluster.subnet_group, group_ids)
    cluster.description = params.get("Description", cluster.description)
    cluster.maintenance_window = checked_window
    cluster.topic_arn, cluster.topic_status = topic_arn, topic_status
    cluster.parameter_group = group
    set_security_groups(call, cluster, groups)
    cluster.status = "modifying"
    cloud.transitions.begin("dax-cluster.modifying", cluster.arn, lambda: _finish(call, cluster, "Cluster modified."))
    return {"Cluster": cluster.view()}


def _topic(call: Call, cluster: Cluster) -> tuple[str | None, str]:
    """The topic and its status afterwards. An empty ARN keeps the topic, as it has to be made inactive."""
    arn, status = call.params.get("NotificationTopicArn"), call.params.get("NotificationTopicStatus")
    if status is not None and status not in _TOPIC_STATUSES:
        raise errors.invalid_value(f"NotificationTopicStatus must be one of {', '.join(_TOPIC_STATUSES)}.")
    if arn:
        validation.check_topic(call, arn)
        return arn, status or "active"
    if status and cluster.topic_arn is None:
        raise errors.invalid_combination("NotificationTopicStatus needs a NotificationTopicArn.")
    return cluster.topic_arn, status or cluster.topic_status


def _finish(call: Call, cluster: Cluster, message: str) -> None:
    cluster.status = "available"
    state_of(call).record("CLUSTER", cluster.name, message)


@provides(
    "dax",
    "RebootNode",
    id="dax-reboot-node",
    behaviour="Reboots one node of an available cluster. The node is rebooting and the cluster modifying, so one at a "
    "time; afterwards it has the values of the parameter group.",
    errors=("ClusterNotFoundFault", "InvalidClusterStateFault", "NodeNotFoundFault"),
)
def reboot_node(call: Call) -> dict[str, Any]:
    cluster = find_available_cluster(call)
    node_id = call.params["NodeId"]
    node = next((node for node in cluster.nodes if node.id == node_id), None)
    if node is None:
        raise ApiError("NodeNotFoundFault", f"Cluster {cluster.name} has no node {node_id}.")
    node.status, cluster.status = "rebooting", "modifying"
    cloud.transitions.begin("dax-node.rebooting", cluster.arn, lambda: _finish_reboot(call, cluster, node))
    return {"Cluster": cluster.view()}


def _finish_reboot(call: Call, cluster: Cluster, node: Node) -> None:
    node.status, node.parameters = "available", dict(cluster.parameter_group.values)
    _finish(call, cluster, f"Rebooted node {node.id}.")
