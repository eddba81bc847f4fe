# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cluster and its nodes, with their states as DescribeClusters shows them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from string import ascii_lowercase
from typing import Any

from . import errors
from .groups import ParameterGroup, SubnetGroup

PORT = 8111
TLS_PORT = 9111


@dataclass
class Node:
    """One node. ``parameters`` are the values that it started with: a reboot takes over those of its group."""

    id: str
    zone: str
    subnet_id: str
    interface_id: str
    parameters: dict[str, str]
    status: str = "creating"
    created: datetime | None = None


@dataclass
class Cluster:
    """One cluster. ``token`` is the part of its host names that AWS chooses."""

    name: str
    arn: str
    region: str
    token: str
    node_type: str
    description: str | None
    subnet_group: SubnetGroup
    security_group_ids: list[str]
    maintenance_window: str
    role_arn: str
    parameter_group: ParameterGroup
    is_encrypted: bool
    endpoint_encryption: str
    network_type: str
    topic_arn: str | None
    tags: dict[str, str]
    topic_status: str = "active"
    status: str = "creating"
    nodes: list[Node] = field(default_factory=list)

    @property
    def port(self) -> int:
        return TLS_PORT if self.endpoint_encryption == "TLS" else PORT

    @property
    def host_name(self) -> str:
        return f"{self.name}.{self.token}.dax-clusters.{self.region}.amazonaws.com"

    @property
    def nodes_by_zone(self) -> Counter[str]:
        return Counter(node.zone for node in self.nodes)

    @property
    def nodes_leaving(self) -> list[Node]:
        return [node for node in self.nodes if node.status == "deleting"]

    @property
    def nodes_to_reboot(self) -> list[Node]:
        """The nodes that run with other values than those of the parameter group."""
        return [node for node in self.nodes if node.parameters != self.parameter_group.values]

    def refuse_unless_available(self) -> None:
        """Raises InvalidClusterStateFault, as every change does while another one is under way."""
        if self.status != "available":
            raise errors.cluster_not_available(self.name)

    def next_node_ids(self, count: int) -> list[str]:
        """Names for new nodes: the first letters that no node has."""
        taken = {node.id for node in self.nodes}
        unused = [node_id for letter in ascii_lowercase if (node_id := f"{self.name}-{letter}") not in taken]
        return unused[:count]

    def view(self) -> dict[str, Any]:
        """The cluster as the API answers it. Members that have no value are left out."""
        shown = {
            "ClusterName": self.name,
            "Description": self.description,
            "ClusterArn": self.arn,
            "TotalNodes": len(self.nodes),
            "ActiveNodes": 0 if self.status == "deleting" else sum(node.status == "available" for node in self.nodes),
            "NodeType": self.node_type,
            "Status": self.status,
            "ClusterDiscoveryEndpoint": self._endpoint(),
            "NodeIdsToRemove": [node.id for node in self.nodes_leaving] or None,
            "Nodes": None if self.status in ("creating", "deleting") else [self._node(node) for node in self.nodes],
            "PreferredMaintenanceWindow": self.maintenance_window,
            "NotificationConfiguration": self._notification(),
            "SubnetGroup": self.subnet_group.name,
            "SecurityGroups": [
                {"SecurityGroupIdentifier": group_id, "Status": "active"} for group_id in self.security_group_ids
            ],
            "IamRoleArn": self.role_arn,
            "ParameterGroup": self._parameters(),
            "SSEDescription": {"Status": "ENABLED" if self.is_encrypted else "DISABLED"},
            "ClusterEndpointEncryptionType": self.endpoint_encryption,
            "NetworkType": self.network_type,
        }
        return {name: value for name, value in shown.items() if value is not None}

    def _endpoint(self) -> dict[str, Any]:
        if self.status == "creating":
            return {"Port": self.port}
        scheme = "daxs" if self.endpoint_encryption == "TLS" else "dax"
        return {"Address": self.host_name, "Port": self.port, "URL": f"{scheme}://{self.host_name}"}

    def _node(self, node: Node) -> dict[str, Any]:
        shown: dict[str, Any] = {"NodeId": node.id, "NodeStatus": node.status}
        if node.created is None:
            return shown
        shown |= {
            "NodeCreateTime": node.created,
            "AvailabilityZone": node.zone,
            "ParameterGroupStatus": self._parameter_status([node]),
        }
        if node.status != "deleting":
            address = f"{node.id}.{self.token}.nodes.dax-clusters.{self.region}.amazonaws.com"
            shown["Endpoint"] = {"Address": address, "Port": self.port}
        return shown

    def _notification(self) -> dict[str, str] | None:
        return {"TopicArn": self.topic_arn, "TopicStatus": self.topic_status} if self.topic_arn else None

    def _parameters(self) -> dict[str, Any]:
        return {
            "ParameterGroupName": self.parameter_group.name,
            "ParameterApplyStatus": self._parameter_status(self.nodes),
            "NodeIdsToReboot": [node.id for node in self.nodes_to_reboot],
        }

    def _parameter_status(self, nodes: list[Node]) -> str:
        return "pending-reboot" if any(node in self.nodes_to_reboot for node in nodes) else "in-sync"
