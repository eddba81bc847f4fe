# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes: the zones they are spread over, their network interfaces, and how many there may be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from moto.ec2.exceptions import EC2ClientError

from ...errors import ApiError
from ..ec2.network_managed_interfaces import delete_managed_interface, make_managed_interface
from ..ec2.security_group_choice import checked_groups
from ..ec2.subnet_addresses import free
from ..registry import Call
from . import errors
from .groups import SubnetGroup
from .model import Cluster, Node
from .state import ec2_of, state_of
from .validation import MOST_NODES, MOST_NODES_PER_REGION


def check_node_count(call: Call, count: int, present: int = 0) -> None:
    """Raises NodeQuotaForClusterExceededFault, NodeQuotaForCustomerExceededFault.

    ``count`` is what the cluster shall have, ``present`` what it has.
    """
    if count > MOST_NODES:
        raise ApiError("NodeQuotaForClusterExceededFault", f"A cluster has at most {MOST_NODES} nodes.")
    others = sum(len(cluster.nodes) for cluster in state_of(call).clusters.values()) - present
    if others + count > MOST_NODES_PER_REGION:
        raise ApiError(
            "NodeQuotaForCustomerExceededFault", f"An account has at most {MOST_NODES_PER_REGION} nodes per region."
        )


def check_zones(group: SubnetGroup, zones: Sequence[str] | None, count: int) -> None:
    """One zone of the subnet group for each of ``count`` nodes, or no zones at all.

    Raises InvalidParameterCombinationException, InvalidParameterValueException.
    """
    if not zones:
        return
    if len(zones) != count:
        raise errors.invalid_combination(
            f"The number of availability zones, {len(zones)}, must match the number of nodes, {count}."
        )
    unknown = sorted(set(zones) - set(group.zones))
    if unknown:
        raise errors.invalid_value(f"Subnet group {group.name} has no subnet in {', '.join(unknown)}.")


def security_groups(call: Call, group: SubnetGroup, group_ids: Sequence[str]) -> list[Any]:
    """The security groups of the nodes, the VPC's default one for none.

    Raises InvalidParameterValueException, InvalidVPCNetworkStateFault.
    """
    subnets = _existing(call, group)
    if not subnets:
        raise errors.invalid_network(f"None of the subnets of subnet group {group.name} exists.")
    try:
        return checked_groups(ec2_of(call), group_ids, subnets[0])
    except EC2ClientError as error:
        raise errors.invalid_value(str(error.message)) from None


def _existing(call: Call, group: SubnetGroup) -> list[Any]:
    wanted = {subnet.id for subnet in group.subnets}
    by_zone = ec2_of(call).subnets.values()
    return [subnet for subnets in by_zone for subnet in subnets.values() if subnet.id in wanted]


def add_nodes(call: Call, cluster: Cluster, count: int, zones: Sequence[str] | None) -> None:
    """Add nodes in state creating, each with an interface in a subnet of the group, or none at all.

    Without ``zones`` each goes where the cluster has the fewest. Raises InvalidVPCNetworkStateFault when the subnets
    have no addresses left.
    """
    before = list(cluster.nodes)
    wanted: Sequence[str | None] = zones or [None] * count
    try:
        for node_id, zone in zip(cluster.next_node_ids(count), wanted, strict=True):
            cluster.nodes.append(_make_node(call, cluster, node_id, zone))
    except ApiError:
        for node in cluster.nodes[len(before) :]:
            delete_managed_interface(ec2_of(call), node.interface_id)
        cluster.nodes = before
        raise


def _make_node(call: Call, cluster: Cluster, node_id: str, zone: str | None) -> Node:
    ec2 = ec2_of(call)
    possible = [
        subnet
        for subnet in _existing(call, cluster.subnet_group)
        if zone in (None, subnet.availability_zone) and any(free(ec2, subnet))
    ]
    if not possible:
        where = zone or f"the subnets of subnet group {cluster.subnet_group.name}"
        raise errors.invalid_network(f"There are no free addresses in {where}.")
    by_zone = cluster.nodes_by_zone
    subnet = min(possible, key=lambda one: (by_zone[one.availability_zone], one.availability_zone, one.id))
    interface = make_managed_interface(
        ec2,
        subnet.id,
        interface_type="interface",
        description=f"DAX {node_id}",
        group_ids=cluster.security_group_ids,
    )
    return Node(node_id, subnet.availability_zone, subnet.id, interface.id, dict(cluster.parameter_group.values))


def remove_node(call: Call, cluster: Cluster, node: Node) -> None:
    """Take a node out of its cluster, with its interface."""
    delete_managed_interface(ec2_of(call), node.interface_id)
    cluster.nodes.remove(node)
    state_of(call).record("CLUSTER", cluster.name, f"Removed node {node.id}.")


def set_security_groups(call: Call, cluster: Cluster, groups: Sequence[Any]) -> None:
    """Give the cluster, and the interfaces of its nodes, other security groups."""
    cluster.security_group_ids = [group.id for group in groups]
    for node in cluster.nodes:
        ec2_of(call).enis[node.interface_id]._group_set = list(groups)
