# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The placement of a launch: group, partition, tenancy, host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..registry import Call, Forward, corrects
from . import errors
from .instances_model import Instance
from .launch_checks import DEFAULT_INSTANCE_TYPE
from .launch_interfaces import plan_interfaces
from .placement_groups import check_partition, check_placement, choose_partition, find_group

_TENANCIES = ("default", "dedicated", "host")


def _group(backend: Any, placement: Mapping[str, Any]) -> Any:
    name, group_id = placement.get("GroupName"), placement.get("GroupId")
    return find_group(backend, name, group_id) if name or group_id else None


@corrects(
    "ec2",
    "RunInstances",
    id="run-instances-placement",
    behaviour="The placement group has to exist, to take the type and to have room in the zone; partitions are spread.",
    errors=(
        "InvalidPlacementGroup.Unknown",
        "InsufficientInstanceCapacity",
        "InvalidParameterCombination",
        "InvalidParameterValue",
    ),
)
def check_launch_placement(call: Call, forward: Forward) -> Any:
    placement = call.params.get("Placement") or {}
    tenancy = placement.get("Tenancy", "default")
    if tenancy not in _TENANCIES:
        raise errors.invalid_value(f"Value ({tenancy}) for parameter tenancy is invalid.")
    group = _group(call.backend, placement)
    check_partition(group, placement.get("PartitionNumber"))
    if group is not None:
        zone = plan_interfaces(call.backend, call.params)[0].subnet.availability_zone
        instance_type = call.params.get("InstanceType", DEFAULT_INSTANCE_TYPE)
        check_placement(call.backend, group, zone, instance_type, int(call.params["MaxCount"]))
    return forward()


def place(backend: Any, instance: Instance, placement: Mapping[str, Any]) -> None:
    """Put a launched instance where the request wants it; a partition group's least used partition by default."""
    group = _group(backend, placement)
    where = instance.placement
    where.tenancy = placement.get("Tenancy") or "default"
    where.affinity, where.host_id = placement.get("Affinity"), placement.get("HostId")
    if group is not None:
        number = placement.get("PartitionNumber") or choose_partition(backend, group, str(where.zone))
        where.group_name, where.group_id, where.partition_number = group.group_name, group.id, number
