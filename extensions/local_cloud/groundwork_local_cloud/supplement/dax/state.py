# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What DAX remembers of one account in one region, and the other services that it asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moto.core.utils import utcnow
from moto.ec2.models import ec2_backends

from ..ec2.common import store
from ..registry import Call
from . import errors
from .groups import ParameterGroup, SubnetGroup, default_parameter_group
from .model import Cluster


@dataclass(frozen=True)
class Event:
    """One event. ``date`` is UTC without a zone, as moto's times are."""

    source_name: str
    source_type: str
    message: str
    date: datetime

    def view(self) -> dict[str, Any]:
        """The event as the API answers it."""
        return {
            "SourceName": self.source_name,
            "SourceType": self.source_type,
            "Message": self.message,
            "Date": self.date,
        }


def _parameter_groups() -> dict[str, ParameterGroup]:
    group = default_parameter_group()
    return {group.name: group}


@dataclass
class State:
    """Everything by name, in the order of its creation. ``events`` has the oldest first."""

    clusters: dict[str, Cluster] = field(default_factory=dict)
    subnet_groups: dict[str, SubnetGroup] = field(default_factory=dict)
    parameter_groups: dict[str, ParameterGroup] = field(default_factory=_parameter_groups)
    events: list[Event] = field(default_factory=list)

    def record(self, source_type: str, source_name: str, message: str) -> None:
        """Record an event that happens now."""
        self.events.append(Event(source_name, source_type, message, utcnow()))

    def clusters_with(self, group: ParameterGroup | SubnetGroup) -> list[Cluster]:
        """The clusters that use a group, those too that are being deleted."""
        return [one for one in self.clusters.values() if group is one.parameter_group or group is one.subnet_group]


def state_of(call: Call) -> State:
    """The state behind a call."""
    return store(call.backend, "dax", State)


def ec2_of(call: Call) -> Any:
    """moto's EC2 of the account and region."""
    return ec2_backends[call.account_id][call.region]


def find_cluster(call: Call) -> Cluster:
    """The cluster that the call names. Raises ClusterNotFoundFault."""
    name = call.params["ClusterName"].lower()
    cluster = state_of(call).clusters.get(name)
    if cluster is None:
        raise errors.cluster_not_found(name)
    return cluster


def find_available_cluster(call: Call) -> Cluster:
    """The cluster that the call names. Raises ClusterNotFoundFault, InvalidClusterStateFault."""
    cluster = find_cluster(call)
    cluster.refuse_unless_available()
    return cluster
