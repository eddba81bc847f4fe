# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""A cluster as it is wanted, and how that differs from one that exists. No I/O."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core.tags import tag_problems
from . import rules
from .cluster import Cluster

NEEDED_TO_CREATE = ("node_type", "node_count", "iam_role_arn", "subnet_group")
FIXED = ("node_type", "iam_role_arn", "subnet_group", "encryption_at_rest", "endpoint_encryption")


@dataclasses.dataclass(frozen=True)
class Wanted:
    """What the user asks for, by the names of the module's options. None: as it is, or as AWS chooses."""

    name: str
    present: bool
    description: str | None = None
    node_type: str | None = None
    node_count: int | None = None
    iam_role_arn: str | None = None
    subnet_group: str | None = None
    security_group_ids: tuple[str, ...] | None = None
    availability_zones: tuple[str, ...] = ()
    parameter_group: str | None = None
    encryption_at_rest: bool = True
    endpoint_encryption: str = "tls"
    preferred_maintenance_window: str | None = None
    notification_topic_arn: str | None = None  # empty: no notifications
    reboot: bool = True
    tags: dict[str, str] | None = None
    purge_tags: bool = True
    wait: bool = True

    def problems(self) -> list[str]:
        """What is wrong with the request itself, seen before any call is made."""
        found = rules.cluster_name_problems(self.name)
        if not self.present:
            return found
        if self.node_type is not None:
            found += rules.node_type_problems(self.node_type, encryption_at_rest=self.encryption_at_rest)
        if self.node_count is not None:
            found += rules.node_count_problems(self.node_count)
        found += rules.zone_problems(self.availability_zones, self.node_count)
        if self.iam_role_arn is not None:
            found += rules.arn_problems("iam_role_arn", self.iam_role_arn, "iam", "role/")
        if self.security_group_ids is not None:
            found += rules.security_group_problems(self.security_group_ids)
        if self.preferred_maintenance_window is not None:
            found += rules.window_problems(self.preferred_maintenance_window)
        if self.notification_topic_arn:
            found += rules.arn_problems("notification_topic_arn", self.notification_topic_arn, "sns", "")
        return found + tag_problems(self.tags)

    def missing(self) -> list[str]:
        """What a cluster that does not exist cannot be created without."""
        return [
            f"{option}: it is needed, there is no cluster {self.name} yet"
            for option in NEEDED_TO_CREATE
            if getattr(self, option) is None
        ]

    def fixed_differences(self, cluster: Cluster) -> list[str]:
        """What differs and cannot be changed on a cluster that exists. What AWS does not tell yet does not differ."""
        return [
            f"{option}: the cluster {cluster.name} has {_told(getattr(cluster, option))}, AWS cannot change it to "
            f"{_told(getattr(self, option))}; a new cluster is needed"
            for option in FIXED
            if getattr(self, option) not in (None, getattr(cluster, option)) and getattr(cluster, option) != ""
        ]

    def updates(self, cluster: Cluster) -> dict[str, t.Any]:
        """What UpdateCluster has to change, by the names of the options."""
        window = self.preferred_maintenance_window
        asked = {
            "description": self.description,
            "preferred_maintenance_window": None if window is None else window.lower(),
            "notification_topic_arn": self.notification_topic_arn,
            "parameter_group": self.parameter_group,
            "security_group_ids": None if self.security_group_ids is None else tuple(sorted(self.security_group_ids)),
        }
        return {option: value for option, value in asked.items() if value not in (None, getattr(cluster, option))}

    def resizes(self, cluster: Cluster) -> bool:
        """Whether nodes are to be added or removed."""
        return self.node_count not in (None, cluster.node_count)


def _told(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)
