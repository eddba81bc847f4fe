# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""A cluster as DescribeClusters shows it. No I/O."""

from __future__ import annotations

import dataclasses
import typing as t

FAILED = ("incompatible-", "failed")
ENCRYPTED = ("ENABLED", "ENABLING")


@dataclasses.dataclass(frozen=True)
class Endpoint:
    """Where clients connect. AWS shows the ``url`` for the whole cluster only: ``daxs://`` with TLS, else ``dax://``."""

    address: str | None = None
    port: int | None = None
    url: str | None = None


@dataclasses.dataclass(frozen=True)
class Node:
    """A node. ``created`` is a time in ISO 8601, or empty while AWS does not tell."""

    id: str
    availability_zone: str
    status: str = "available"
    endpoint: Endpoint | None = None
    created: str = ""


@dataclasses.dataclass(frozen=True)
class Cluster:
    """A cluster. ``node_count`` is how many nodes it is to have, ``nodes`` are those that AWS shows already."""

    name: str
    arn: str
    status: str
    description: str
    node_type: str
    node_count: int
    active_nodes: int
    nodes: tuple[Node, ...]
    iam_role_arn: str
    subnet_group: str
    security_group_ids: tuple[str, ...]
    parameter_group: str
    parameter_apply_status: str
    nodes_to_reboot: tuple[str, ...]
    nodes_to_remove: tuple[str, ...]
    encryption_at_rest: bool
    endpoint_encryption: str
    preferred_maintenance_window: str
    notification_topic_arn: str
    endpoint: Endpoint

    @property
    def is_deleting(self) -> bool:
        return self.status == "deleting"

    @property
    def has_failed(self) -> bool:
        return self.status.startswith(FAILED[0]) or self.status.endswith(FAILED[1])

    @property
    def is_settled(self) -> bool:
        """Whether the cluster can be changed: nothing is under way, in the cluster or in any node."""
        return (
            self.status == "available"
            and not self.nodes_to_remove
            and len(self.nodes) == self.node_count
            and all(node.status == "available" for node in self.nodes)
            and self.parameter_apply_status not in ("applying", "modifying")
        )

    def __str__(self) -> str:
        """For messages: the cluster with the state in which it was seen."""
        busy = sorted({node.status for node in self.nodes if node.status != "available"})
        nodes = f", nodes {' and '.join(busy)}" if busy else ""
        return f"the cluster {self.name} ({self.status}{nodes})"


def cluster_of(answer: dict[str, t.Any]) -> Cluster:
    """A cluster as DescribeClusters shows it. Late in a deletion AWS leaves out the status."""
    parameters = answer.get("ParameterGroup", {})
    groups = [group for group in answer.get("SecurityGroups", []) if group.get("Status") != "removing"]
    topic = answer.get("NotificationConfiguration") or {}
    return Cluster(
        name=answer["ClusterName"],
        arn=answer.get("ClusterArn", ""),
        status=answer.get("Status") or "deleting",
        description=answer.get("Description") or "",
        node_type=answer.get("NodeType", ""),
        node_count=answer.get("TotalNodes") or 0,
        active_nodes=answer.get("ActiveNodes") or 0,
        nodes=tuple(sorted((_node_of(node) for node in answer.get("Nodes") or []), key=lambda node: node.id)),
        iam_role_arn=answer.get("IamRoleArn", ""),
        subnet_group=answer.get("SubnetGroup", ""),
        security_group_ids=tuple(sorted(group["SecurityGroupIdentifier"] for group in groups)),
        parameter_group=parameters.get("ParameterGroupName", ""),
        parameter_apply_status=parameters.get("ParameterApplyStatus", ""),
        nodes_to_reboot=tuple(sorted(parameters.get("NodeIdsToReboot") or [])),
        nodes_to_remove=tuple(sorted(answer.get("NodeIdsToRemove") or [])),
        encryption_at_rest=answer.get("SSEDescription", {}).get("Status") in ENCRYPTED,
        endpoint_encryption=answer.get("ClusterEndpointEncryptionType", "NONE").lower(),
        preferred_maintenance_window=answer.get("PreferredMaintenanceWindow", ""),
        notification_topic_arn=topic.get("TopicArn", "") if topic.get("TopicStatus") == "active" else "",
        endpoint=_endpoint_of(answer.get("ClusterDiscoveryEndpoint")) or Endpoint(),
    )


def _node_of(answer: dict[str, t.Any]) -> Node:
    created = answer.get("NodeCreateTime")
    return Node(
        id=answer["NodeId"],
        availability_zone=answer.get("AvailabilityZone", ""),
        status=answer.get("NodeStatus", "").lower(),
        endpoint=_endpoint_of(answer.get("Endpoint")),
        created=created.isoformat() if created else "",
    )


def _endpoint_of(answer: dict[str, t.Any] | None) -> Endpoint | None:
    return Endpoint(answer.get("Address"), answer.get("Port"), answer.get("URL")) if answer else None


def view(cluster: Cluster, tags: dict[str, str] | None) -> dict[str, t.Any]:
    """The cluster in the words of the modules' results. ``tags`` None: AWS does not tell them in this state."""
    shown = dataclasses.asdict(cluster)
    del shown["parameter_apply_status"], shown["nodes_to_remove"]
    return {**shown, "tags": tags}
