# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""One cluster as the runner sees it."""

from __future__ import annotations

import typing as t

from .._core.errors import Refusal
from .._core.pace import Pace
from .._core.plan import Plan
from .._core.tags import from_aws
from . import api
from .cluster import Cluster, cluster_of, view
from .cluster_plan import State, plan
from .subnet_group import subnet_group_of
from .wanted_cluster import Wanted


def read_tags(client: t.Any, cluster: Cluster) -> dict[str, str] | None:
    """The tags of a cluster (DAX ListTags). None where AWS does not tell them, as for one that is being deleted."""
    if cluster.is_deleting:
        return None
    tags = api.list_tags(client, ResourceName=cluster.arn)
    return None if tags is None else from_aws(tags)


class Clusters:
    """One cluster. Raises Refusal when the request itself is wrong."""

    pace = Pace()

    def __init__(self, client: t.Any, wanted: Wanted) -> None:
        if problems := wanted.problems():
            raise Refusal(problems)
        self.client = client
        self._wanted = wanted

    def read(self) -> State:
        answer = api.describe_cluster(self.client, name=self._wanted.name)
        cluster = None if answer is None else cluster_of(answer)
        tags = None if cluster is None else read_tags(self.client, cluster)
        if not self._wanted.present:
            return State(cluster, tags)
        return State(cluster, tags, self._zones(cluster), self._parameter_group_exists(cluster))

    def _zones(self, cluster: Cluster | None) -> tuple[str, ...] | None:
        """The zones of the subnet group, where nodes are to be placed."""
        if cluster and not self._wanted.resizes(cluster):
            return None
        name = cluster.subnet_group if cluster else self._wanted.subnet_group
        if not name:
            return None
        answer = api.describe_subnet_group(self.client, name=name)
        return () if answer is None else subnet_group_of(answer).zones

    def _parameter_group_exists(self, cluster: Cluster | None) -> bool:
        """Whether the group that is going to be used is there."""
        name = self._wanted.parameter_group
        if not name or (cluster and cluster.parameter_group == name):
            return True
        return api.describe_parameter_group(self.client, name=name) is not None

    def plan(self, state: State) -> Plan[State]:
        return plan(state, self._wanted)

    def view(self, state: State) -> dict[str, t.Any]:
        return {"cluster": None if state.cluster is None else view(state.cluster, state.tags)}
