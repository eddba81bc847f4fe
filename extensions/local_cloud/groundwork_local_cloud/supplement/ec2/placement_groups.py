# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Placement groups, and the placement of instances in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE, EC2_RESOURCE_TO_PREFIX, random_id

from ..registry import Call, provides
from . import errors
from .common import FilterTable, refuse_dry_run, requested_tags, select, split_filters, store, tags_of
from .instances import all_instances, instances_by_id
from .instances_model import Instance

SPREAD_INSTANCES_PER_ZONE = 7
MAXIMUM_PARTITIONS_PER_ZONE = 7
_DEFAULT_PARTITIONS = 2
_STRATEGIES = ("cluster", "spread", "partition")

# So that CreateTags and DescribeTags of moto know what a pg-... is.
EC2_RESOURCE_TO_PREFIX["placement-group"] = "pg"
EC2_PREFIX_TO_RESOURCE["pg"] = "placement-group"


@dataclass
class PlacementGroup:
    """A placement group; the attributes are named as the API's, for its answers."""

    ec2_backend: Any
    id: str
    group_name: str
    strategy: str
    partition_count: int | None
    spread_level: str | None
    state: str = "available"

    @property
    def group_id(self) -> str:
        return self.id

    @property
    def group_arn(self) -> str:
        backend = self.ec2_backend
        place = f"{backend.region_name}:{backend.account_id}"
        return f"arn:{backend.partition}:ec2:{place}:placement-group/{self.group_name}"

    @property
    def tags(self) -> list[dict[str, str]]:
        return [{"Key": key, "Value": value} for key, value in tags_of(self).items()]


def groups_of(backend: Any) -> dict[str, PlacementGroup]:
    """The placement groups of an account and region, by name."""
    return store(backend, "placement_groups", dict)


def find_group(backend: Any, name: str | None, group_id: str | None = None) -> PlacementGroup:
    """Raises InvalidPlacementGroup.Unknown."""
    for group in groups_of(backend).values():
        if name == group.group_name or (group_id and group_id == group.id):
            return group
    raise errors.EC2ClientError(
        "InvalidPlacementGroup.Unknown", f"The Placement Group '{name or group_id}' is unknown."
    )


def members(backend: Any, group: PlacementGroup) -> list[Instance]:
    """The instances in a group, without terminated ones."""
    return [
        instance
        for instance in all_instances(backend)
        if instance.placement.group_name == group.group_name and instance.state != "terminated"
    ]


def check_placement(backend: Any, group: PlacementGroup, zone: str, instance_type: str, count: int) -> None:
    """Whether ``count`` more instances of a type fit in a group and zone.

    Raises InvalidParameterCombination for a type that the strategy does not take, InsufficientInstanceCapacity when a
    spread group would hold more than seven instances in a zone.
    """
    supported = INSTANCE_TYPES[instance_type].get("PlacementGroupInfo", {}).get("SupportedStrategies", [])
    if group.strategy not in supported:
        raise errors.invalid_combination(
            f"{group.strategy.capitalize()} placement groups are not supported by the '{instance_type}' instance type. "
            "Specify a supported instance type or change the placement group strategy, and try again."
        )
    if group.strategy != "spread":
        return
    there = sum(1 for instance in members(backend, group) if instance.placement.zone == zone)
    if there + count > SPREAD_INSTANCES_PER_ZONE:
        raise errors.EC2ClientError(
            "InsufficientInstanceCapacity",
            f"The placement group '{group.group_name}' cannot hold more than {SPREAD_INSTANCES_PER_ZONE} instances "
            f"in the availability zone {zone}.",
        )


def check_partition(group: PlacementGroup | None, number: int | None) -> None:
    """Raises InvalidParameterCombination or InvalidParameterValue for a partition that the group does not have."""
    if number is None:
        return
    if group is None or group.partition_count is None:
        raise errors.invalid_combination("A partition number can only be given with a partition placement group.")
    if not 1 <= number <= group.partition_count:
        raise errors.invalid_value(
            f"Value ({number}) for parameter partitionNumber is invalid. "
            f"The placement group '{group.group_name}' has {group.partition_count} partitions."
        )


def choose_partition(backend: Any, group: PlacementGroup, zone: str) -> int | None:
    """The partition with the fewest instances in a zone; None for a group without partitions."""
    if group.partition_count is None:
        return None
    there = Counter(
        instance.placement.partition_number for instance in members(backend, group) if instance.placement.zone == zone
    )
    return min(range(1, group.partition_count + 1), key=lambda number: (there[number], number))


@provides(
    "ec2",
    "CreatePlacementGroup",
    id="create-placement-group",
    behaviour="Makes a cluster, spread or partition placement group; a name is unique in the region.",
    errors=("InvalidPlacementGroup.Duplicate", "InvalidParameterValue", "MissingParameter"),
)
def create_placement_group(call: Call) -> Any:
    params, backend = call.params, call.backend
    name, strategy = params.get("GroupName"), params.get("Strategy", "cluster")
    if not name:
        raise errors.missing_parameter("GroupName")
    if strategy not in _STRATEGIES:
        raise errors.invalid_value(f"Value ({strategy}) for parameter strategy is invalid.")
    if name in groups_of(backend):
        raise errors.EC2ClientError("InvalidPlacementGroup.Duplicate", f"The Placement Group '{name}' already exists.")
    partitions = _partition_count(strategy, params.get("PartitionCount"))
    refuse_dry_run(params)
    spread_level = params.get("SpreadLevel", "rack") if strategy == "spread" else None
    group = PlacementGroup(backend, random_id("pg"), name, strategy, partitions, spread_level)
    groups_of(backend)[name] = group
    backend.create_tags([group.id], requested_tags(params, "placement-group"))
    return {"PlacementGroup": group}


def _partition_count(strategy: str, asked: int | None) -> int | None:
    if strategy != "partition":
        if asked is not None:
            raise errors.invalid_combination(f"The parameter partitionCount is not supported for strategy {strategy}.")
        return None
    count = _DEFAULT_PARTITIONS if asked is None else asked
    if not 1 <= count <= MAXIMUM_PARTITIONS_PER_ZONE:
        raise errors.invalid_value(f"Value ({count}) for parameter partitionCount is invalid.")
    return count


_FILTERS: FilterTable = {
    "group-name": lambda group: group.group_name,
    "group-arn": lambda group: group.group_arn,
    "spread-level": lambda group: group.spread_level,
    "state": lambda group: group.state,
    "strategy": lambda group: group.strategy,
}


@provides(
    "ec2",
    "DescribePlacementGroups",
    id="describe-placement-groups",
    behaviour="Describes all placement groups, or those asked for by name, id or filter.",
    errors=("InvalidPlacementGroup.Unknown", "InvalidParameterValue"),
)
def describe_placement_groups(call: Call) -> Any:
    names, ids = call.params.get("GroupNames") or [], call.params.get("GroupIds") or []
    groups: Sequence[PlacementGroup] = [find_group(call.backend, name) for name in names]
    groups = [*groups, *(find_group(call.backend, None, group_id) for group_id in ids)]
    if not names and not ids:
        groups = list(groups_of(call.backend).values())
    refuse_dry_run(call.params)
    return {"PlacementGroups": select(split_filters(call.params), groups, _FILTERS)}


@provides(
    "ec2",
    "DeletePlacementGroup",
    id="delete-placement-group",
    behaviour="A placement group can be deleted once all its instances have been terminated or moved.",
    errors=("InvalidPlacementGroup.Unknown", "InvalidPlacementGroup.InUse"),
)
def delete_placement_group(call: Call) -> Any:
    group = find_group(call.backend, call.params.get("GroupName"))
    if members(call.backend, group):
        raise errors.EC2ClientError(
            "InvalidPlacementGroup.InUse", f"The placement group '{group.group_name}' is in use and may not be deleted."
        )
    refuse_dry_run(call.params)
    del groups_of(call.backend)[group.group_name]
    call.backend.tags.pop(group.id, None)


@provides(
    "ec2",
    "ModifyInstancePlacement",
    id="modify-instance-placement",
    behaviour="Group, partition, tenancy and host of a stopped instance can be changed; an empty group name takes it "
    "out.",
    errors=("IncorrectInstanceState", "InvalidPlacementGroup.Unknown", "InvalidParameterValue"),
)
def modify_instance_placement(call: Call) -> Any:
    params = call.params
    instance = instances_by_id(call.backend, [params["InstanceId"]])[0]
    if instance.state != "stopped":
        raise errors.incorrect_instance_state(f"The instance '{instance.id}' is not in the 'stopped' state.")
    placement = instance.placement
    name, group_id = params.get("GroupName"), params.get("GroupId")
    if name is None and group_id is None:
        name = placement.group_name
    group = find_group(call.backend, name, group_id) if name or group_id else None
    moves = group is not None and group.group_name != placement.group_name
    if group is not None and moves:
        check_placement(call.backend, group, str(placement.zone), instance.instance_type, 1)
    number = params.get("PartitionNumber")
    check_partition(group, number)
    if number is None and group is not None:
        number = choose_partition(call.backend, group, str(placement.zone)) if moves else placement.partition_number
    placement.group_name = group.group_name if group else ""
    placement.group_id = group.id if group else None
    placement.partition_number = number
    placement.tenancy = params.get("Tenancy", placement.tenancy)
    placement.affinity = params.get("Affinity", placement.affinity)
    placement.host_id = params.get("HostId", placement.host_id)
    return {"Return": True}
