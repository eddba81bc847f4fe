# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One cluster in memory: what AWS makes of the steps of a plan. A change takes until the next look but one."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.groundwork.aws.plugins.module_utils._core.plan import Step
from ansible_collections.groundwork.aws.plugins.module_utils._core.tags import from_aws
from ansible_collections.groundwork.aws.plugins.module_utils._dax import api
from ansible_collections.groundwork.aws.plugins.module_utils._dax.cluster import Cluster, Endpoint, Node
from ansible_collections.groundwork.aws.plugins.module_utils._dax.cluster_plan import State, plan
from ansible_collections.groundwork.aws.plugins.module_utils._dax.wanted_cluster import Wanted

ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")
ROLE = "arn:aws:iam::123456789012:role/dax"
TOPIC = "arn:aws:sns:us-east-1:123456789012:dax"
ARN = "arn:aws:dax:us-east-1:123456789012:cache/web"


def nodes_in(*zones: str) -> tuple[Node, ...]:
    return tuple(Node(f"web-{'abcdefghijk'[n]}", zone, created=f"2026-01-{n + 1:02}") for n, zone in enumerate(zones))


def cluster(*zones: str, **more: t.Any) -> Cluster:
    """A cluster with a node in each of ``zones``."""
    nodes = nodes_in(*(zones or ZONES))
    values: dict[str, t.Any] = {
        "name": "web",
        "arn": ARN,
        "status": "available",
        "description": "",
        "node_type": "dax.t3.small",
        "node_count": len(nodes),
        "active_nodes": len(nodes),
        "nodes": nodes,
        "iam_role_arn": ROLE,
        "subnet_group": "web",
        "security_group_ids": ("sg-1",),
        "parameter_group": "default.dax1.0",
        "parameter_apply_status": "in-sync",
        "nodes_to_reboot": (),
        "nodes_to_remove": (),
        "encryption_at_rest": True,
        "endpoint_encryption": "tls",
        "preferred_maintenance_window": "sun:05:00-sun:06:00",
        "notification_topic_arn": "",
        "endpoint": Endpoint("web.example", 9111, "daxs://web.example"),
        **more,
    }
    return Cluster(**values)


@dataclasses.dataclass
class Simulation:
    """Refuses, by an assertion, what AWS refuses: a change while another is under way."""

    cluster: Cluster | None
    tags: dict[str, str] = dataclasses.field(default_factory=dict)
    steps: list[str] = dataclasses.field(default_factory=list)
    _then: t.Callable[[], None] | None = None

    def look(self) -> State:
        return State(self.cluster, self.tags if self.cluster else None, ZONES)

    def pass_time(self) -> None:
        """What is under way comes to its end."""
        if self._then:
            self._then()
            self._then = None

    def carry_out(self, step: Step) -> None:
        self.steps.append(step.summary)
        given = step.arguments
        if step.call is api.tag_resource:
            self.tags = {**self.tags, **from_aws(given["Tags"])}
        elif step.call is api.untag_resource:
            self.tags = {key: value for key, value in self.tags.items() if key not in given["TagKeys"]}
        elif step.call is api.create_cluster:
            assert self.cluster is None, "AWS answers ClusterAlreadyExistsFault"
            self._create(given)
        else:
            assert self.cluster is not None
            assert self.cluster.status == "available", "AWS answers InvalidClusterStateFault"
            self._change(step.call, given, self.cluster)

    def _create(self, given: dict[str, t.Any]) -> None:
        zones = given.get("AvailabilityZones") or [ZONES[n % 3] for n in range(given["ReplicationFactor"])]
        made = cluster(
            *zones, description=given.get("Description", ""), encryption_at_rest=given["SSESpecification"]["Enabled"]
        )
        self.tags = from_aws(given.get("Tags"))
        self.cluster = dataclasses.replace(made, status="creating", nodes=())
        self._then = lambda: setattr(self, "cluster", made)

    def _change(self, call: t.Any, given: dict[str, t.Any], now: Cluster) -> None:
        if call is api.delete_cluster:
            self.cluster = dataclasses.replace(now, status="deleting", nodes=())
            self._then = lambda: setattr(self, "cluster", None)
            return
        changed = {
            api.update_cluster: self._updated,
            api.increase_replication_factor: self._grown,
            api.decrease_replication_factor: self._shrunk,
            api.reboot_node: self._rebooted,
        }[call](now, given)
        self.cluster = dataclasses.replace(now, status="modifying")
        self._then = lambda: setattr(self, "cluster", changed)

    @staticmethod
    def _updated(now: Cluster, given: dict[str, t.Any]) -> Cluster:
        group = given.get("ParameterGroupName", now.parameter_group)
        topic = given.get("NotificationTopicArn", now.notification_topic_arn)
        return dataclasses.replace(
            now,
            description=given.get("Description", now.description),
            preferred_maintenance_window=given.get("PreferredMaintenanceWindow", now.preferred_maintenance_window),
            notification_topic_arn="" if given.get("NotificationTopicStatus") == "inactive" else topic,
            security_group_ids=tuple(given.get("SecurityGroupIds", now.security_group_ids)),
            parameter_group=group,
            nodes_to_reboot=tuple(node.id for node in now.nodes) if group != now.parameter_group else (),
        )

    @staticmethod
    def _resized(now: Cluster, nodes: tuple[Node, ...]) -> Cluster:
        to_reboot = tuple(id_ for id_ in now.nodes_to_reboot if id_ in {node.id for node in nodes})
        return dataclasses.replace(
            now, nodes=nodes, node_count=len(nodes), active_nodes=len(nodes), nodes_to_reboot=to_reboot
        )

    def _grown(self, now: Cluster, given: dict[str, t.Any]) -> Cluster:
        assert given["NewReplicationFactor"] == len(now.nodes) + 1, "one at a time"
        (zone,) = given["AvailabilityZones"]
        return self._resized(now, (*now.nodes, Node(f"web-n{len(self.steps)}", zone, created="2026-02-01")))

    def _shrunk(self, now: Cluster, given: dict[str, t.Any]) -> Cluster:
        assert given["NewReplicationFactor"] == len(now.nodes) - 1, "one at a time"
        (node_id,) = given["NodeIdsToRemove"]
        return self._resized(now, tuple(node for node in now.nodes if node.id != node_id))

    @staticmethod
    def _rebooted(now: Cluster, given: dict[str, t.Any]) -> Cluster:
        return dataclasses.replace(
            now, nodes_to_reboot=tuple(id_ for id_ in now.nodes_to_reboot if id_ != given["NodeId"])
        )


def run(cloud: Simulation, wanted: Wanted, *, killed_after: int = 100) -> bool:
    """One run, killed after so many steps. Returns whether it came to its end."""
    for _ in range(300):
        ahead = plan(cloud.look(), wanted)
        if ahead.is_done:
            return True
        for step in ahead.steps:
            if killed_after == 0:
                return False
            cloud.carry_out(step)
            killed_after -= 1
        if ahead.waiting_for:
            cloud.pass_time()
    raise AssertionError("no end")
