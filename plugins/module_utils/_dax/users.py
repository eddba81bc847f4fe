# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""The clusters that use a subnet group or a parameter group, which they keep from being deleted."""

from __future__ import annotations

import typing as t

from .._core.errors import Refusal
from . import api
from .cluster import Cluster, cluster_of


def read_users(client: t.Any, uses: t.Callable[[Cluster], bool]) -> tuple[Cluster, ...]:
    """The clusters for which ``uses`` is true (DAX DescribeClusters)."""
    return tuple(cluster for answer in api.describe_clusters(client) if uses(cluster := cluster_of(answer)))


def names(clusters: t.Iterable[Cluster]) -> str:
    """For messages: the cluster a and the cluster b."""
    return " and ".join(sorted(f"the cluster {cluster.name}" for cluster in clusters))


def to_be_gone(users: t.Sequence[Cluster], group: str) -> tuple[str, ...]:
    """What has to be waited for before ``group`` can be deleted: clusters that are being deleted themselves.

    Raises Refusal where another cluster uses the group.
    """
    if staying := [user for user in users if not user.is_deleting]:
        raise Refusal([f"name: the {group} is used by {names(staying)}, which has to be deleted first"])
    return tuple(f"{user} to be gone, which uses the {group}" for user in users)
