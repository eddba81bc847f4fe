# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Subnet groups: where the nodes of a cluster may be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from moto.ec2.exceptions import EC2ClientError

from ...errors import ApiError
from ..registry import Call, provides
from . import errors
from .groups import DEFAULT_SUBNET_GROUP, GroupSubnet, SubnetGroup
from .pages import page
from .state import ec2_of, state_of

MOST_GROUPS = 50
MOST_SUBNETS = 20


def subnet_groups_of(call: Call) -> dict[str, SubnetGroup]:
    """All subnet groups by name; ``default`` with the default subnets is there as soon as there is a default VPC."""
    groups = state_of(call).subnet_groups
    ec2 = ec2_of(call)
    vpc = ec2.get_default_vpc()
    if DEFAULT_SUBNET_GROUP not in groups and vpc is not None:
        subnets = [_remembered(subnet) for subnet in ec2.get_default_subnets().values() if subnet.vpc_id == vpc.id]
        if subnets:
            groups[DEFAULT_SUBNET_GROUP] = SubnetGroup(
                DEFAULT_SUBNET_GROUP, "Default CacheSubnetGroup", vpc.id, subnets
            )
    return groups


def find_subnet_group(call: Call, name: str) -> SubnetGroup:
    """The group of a name, however its letters are cased. Raises SubnetGroupNotFoundFault."""
    group = subnet_groups_of(call).get(name.lower())
    if group is None:
        raise errors.subnet_group_not_found(name.lower())
    return group


def _remembered(subnet: Any) -> GroupSubnet:
    if subnet.ipv6_native:
        return GroupSubnet(subnet.id, subnet.availability_zone, ("ipv6",))
    types = ("ipv4", "ipv6") if subnet.ipv6_cidr_block_association_set else ("ipv4",)
    return GroupSubnet(subnet.id, subnet.availability_zone, types)


def _checked_subnets(call: Call, subnet_ids: Sequence[str]) -> tuple[str, list[GroupSubnet]]:
    """The VPC of the subnets, and the subnets.

    Raises InvalidSubnet, SubnetNotAllowedFault, SubnetQuotaExceededFault.
    """
    if not subnet_ids:
        raise ApiError("InvalidSubnet", "A subnet group needs at least one subnet.")
    if len(subnet_ids) > MOST_SUBNETS:
        raise ApiError("SubnetQuotaExceededFault", f"A subnet group has at most {MOST_SUBNETS} subnets.")
    subnets = [_subnet(call, subnet_id) for subnet_id in dict.fromkeys(subnet_ids)]
    vpc_ids = {subnet.vpc_id for subnet in subnets}
    if len(vpc_ids) > 1:
        raise ApiError("InvalidSubnet", "All subnets of a subnet group must be in the same VPC.")
    remembered = [_remembered(subnet) for subnet in subnets]
    if not set.intersection(*(set(subnet.network_types) for subnet in remembered)):
        raise ApiError("SubnetNotAllowedFault", "The subnets of the group have no network type in common.")
    return str(subnets[0].vpc_id), remembered


def _subnet(call: Call, subnet_id: str) -> Any:
    try:
        return ec2_of(call).get_subnet(subnet_id)
    except EC2ClientError:
        raise ApiError("InvalidSubnet", f"Subnet {subnet_id} does not exist.") from None


@provides(
    "dax",
    "CreateSubnetGroup",
    id="dax-create-subnet-group",
    behaviour="A subnet group holds 1 to 20 subnets of one VPC; its name is stored in lower case. 50 per region.",
    errors=(
        "InvalidSubnet",
        "SubnetGroupAlreadyExistsFault",
        "SubnetGroupQuotaExceededFault",
        "SubnetNotAllowedFault",
        "SubnetQuotaExceededFault",
    ),
)
def create_subnet_group(call: Call) -> dict[str, Any]:
    groups = subnet_groups_of(call)
    name = call.params["SubnetGroupName"].lower()
    if name in groups:
        raise ApiError("SubnetGroupAlreadyExistsFault", f"Subnet group {name} already exists.")
    if len(groups) - (DEFAULT_SUBNET_GROUP in groups) >= MOST_GROUPS:
        raise ApiError("SubnetGroupQuotaExceededFault", f"You have {MOST_GROUPS} subnet groups already.")
    vpc_id, subnets = _checked_subnets(call, call.params["SubnetIds"])
    groups[name] = SubnetGroup(name, call.params.get("Description"), vpc_id, subnets)
    state_of(call).record("SUBNET_GROUP", name, "Subnet group created.")
    return {"SubnetGroup": groups[name].view()}


@provides(
    "dax",
    "DescribeSubnetGroups",
    id="dax-describe-subnet-groups",
    behaviour="All subnet groups or those named; one of them is default, with the subnets of the default VPC.",
    errors=("SubnetGroupNotFoundFault",),
)
def describe_subnet_groups(call: Call) -> dict[str, Any]:
    names = call.params.get("SubnetGroupNames")
    groups = [find_subnet_group(call, name) for name in names] if names else subnet_groups_of(call).values()
    return page(call, "SubnetGroups", [group.view() for group in groups])


@provides(
    "dax",
    "UpdateSubnetGroup",
    id="dax-update-subnet-group",
    behaviour="Changes the description or replaces the subnets; those that hold nodes stay, and so does the VPC.",
    errors=(
        "InvalidSubnet",
        "SubnetGroupNotFoundFault",
        "SubnetInUse",
        "SubnetNotAllowedFault",
        "SubnetQuotaExceededFault",
    ),
)
def update_subnet_group(call: Call) -> dict[str, Any]:
    group = find_subnet_group(call, call.params["SubnetGroupName"])
    if call.params.get("SubnetIds") is not None:
        vpc_id, subnets = _checked_subnets(call, call.params["SubnetIds"])
        if vpc_id != group.vpc_id:
            raise ApiError("InvalidSubnet", f"The subnets must be in the VPC of the group, {group.vpc_id}.")
        _refuse_to_drop_used(call, group, {subnet.id for subnet in subnets})
        group.subnets = subnets
    group.description = call.params.get("Description", group.description)
    return {"SubnetGroup": group.view()}


def _refuse_to_drop_used(call: Call, group: SubnetGroup, kept: set[str]) -> None:
    nodes = [node for cluster in state_of(call).clusters_with(group) for node in cluster.nodes]
    used = {node.subnet_id for node in nodes} - kept
    if used:
        raise ApiError("SubnetInUse", f"Subnets with nodes cannot be removed: {', '.join(sorted(used))}.")


@provides(
    "dax",
    "DeleteSubnetGroup",
    id="dax-delete-subnet-group",
    behaviour="A subnet group is not deleted while a cluster uses it, one that is being deleted too; nor is default.",
    errors=("SubnetGroupInUseFault", "SubnetGroupNotFoundFault"),
)
def delete_subnet_group(call: Call) -> dict[str, Any]:
    group = find_subnet_group(call, call.params["SubnetGroupName"])
    state = state_of(call)
    if group.name == DEFAULT_SUBNET_GROUP or state.clusters_with(group):
        raise ApiError("SubnetGroupInUseFault", f"Subnet group {group.name} is in use.")
    del state.subnet_groups[group.name]
    state.record("SUBNET_GROUP", group.name, "Subnet group deleted.")
    return {"DeletionMessage": f"Subnet group {group.name} has been deleted."}
