# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a resource is kept in moto's backend, and what EC2 answers when it is not there, by the prefix of its id."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from moto.ec2.utils import get_prefix

from . import errors


@dataclass(frozen=True)
class Kind:
    """One kind of resource: EC2's code and noun for a missing one, and the ids there are."""

    code: str
    noun: str
    ids: Callable[[Any], Iterable[str]]


def _in(attribute: str) -> Callable[[Any], Iterable[str]]:
    return lambda backend: getattr(backend, attribute)


def _security_groups(backend: Any) -> Iterable[str]:
    return [group_id for groups in backend.groups.values() for group_id in groups]


def _security_group_rules(backend: Any) -> Iterable[str]:
    groups = [group for groups in backend.groups.values() for group in groups.values()]
    return [rule.id for group in groups for rule in (*group.ingress_rules, *group.egress_rules)]


def _instances(backend: Any) -> Iterable[str]:
    return [instance.id for reservation in backend.reservations.values() for instance in reservation.instances]


def _allocations(backend: Any) -> Iterable[str]:
    return [address.allocation_id for address in backend.describe_addresses()]


def _subnets(backend: Any) -> Iterable[str]:
    return [subnet_id for by_zone in backend.subnets.values() for subnet_id in by_zone]


def _key_pairs(backend: Any) -> Iterable[str]:
    return [pair.id for pair in backend.key_pairs.values()]


KINDS = {
    "acl": Kind("InvalidNetworkAclID.NotFound", "networkAcl ID", _in("network_acls")),
    "ami": Kind("InvalidAMIID.NotFound", "image ID", _in("amis")),
    "dopt": Kind("InvalidDhcpOptionID.NotFound", "dhcpOption ID", _in("dhcp_options_sets")),
    "eipalloc": Kind("InvalidElasticIpID.NotFound", "elasticIp ID", _allocations),
    "eni": Kind("InvalidNetworkInterfaceID.NotFound", "networkInterface ID", _in("enis")),
    "fl": Kind("InvalidFlowLogId.NotFound", "flowLog ID", _in("flow_logs")),
    "i": Kind("InvalidInstanceID.NotFound", "instance ID", _instances),
    "igw": Kind("InvalidInternetGatewayID.NotFound", "internetGateway ID", _in("internet_gateways")),
    "key": Kind("InvalidKeyPair.NotFound", "keyPair ID", _key_pairs),
    "lt": Kind("InvalidLaunchTemplateId.NotFound", "launchTemplate ID", _in("launch_templates")),
    "nat": Kind("NatGatewayNotFound", "natGateway ID", _in("nat_gateways")),
    "pcx": Kind("InvalidVpcPeeringConnectionID.NotFound", "vpcPeeringConnection ID", _in("vpc_pcxs")),
    "pl": Kind("InvalidPrefixListID.NotFound", "prefixList ID", _in("managed_prefix_lists")),
    "rtb": Kind("InvalidRouteTableID.NotFound", "routeTable ID", _in("route_tables")),
    "sg": Kind("InvalidGroup.NotFound", "security group", _security_groups),
    "sgr": Kind("InvalidSecurityGroupRuleId.NotFound", "security group rule ID", _security_group_rules),
    "snap": Kind("InvalidSnapshot.NotFound", "snapshot", _in("snapshots")),
    "subnet": Kind("InvalidSubnetID.NotFound", "subnet ID", _subnets),
    "vol": Kind("InvalidVolume.NotFound", "volume", _in("volumes")),
    "vpc": Kind("InvalidVpcID.NotFound", "vpc ID", _in("vpcs")),
    "vpce": Kind("InvalidVpcEndpointId.NotFound", "vpcEndpoint ID", _in("vpc_end_points")),
}


def refuse_unknown(backend: Any, resource_id: str) -> None:
    """Raise the kind's documented error when there is no such resource. Kinds that are not listed pass."""
    kind = KINDS.get(get_prefix(resource_id) or "")
    if kind and resource_id not in kind.ids(backend):
        raise errors.not_found(kind.code, kind.noun, [resource_id])
