# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a network cannot be deleted or detached because something else depends on it."""

from __future__ import annotations

from typing import Any

from ..registry import Call, Forward, corrects
from . import errors


def _interfaces_of(backend: Any, *, vpc_id: str | None = None, subnet_id: str | None = None) -> list[Any]:
    return [
        interface
        for interface in backend.enis.values()
        if (vpc_id is None or interface.vpc_id == vpc_id) and (subnet_id is None or interface.subnet_id == subnet_id)
    ]


@corrects(
    "ec2",
    "DeleteSubnet",
    id="delete-subnet",
    behaviour="A subnet with network interfaces is not deleted; its associations with route tables and network ACLs go "
    "with it.",
    errors=("DependencyViolation", "InvalidSubnetID.NotFound"),
)
def delete_subnet(call: Call, forward: Forward) -> Any:
    backend, subnet_id = call.backend, call.params["SubnetId"]
    backend.get_subnet(subnet_id)
    if _interfaces_of(backend, subnet_id=subnet_id):
        raise errors.dependency_violation(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
    result = forward()
    for table in backend.route_tables.values():
        table._associations = {key: target for key, target in table._associations.items() if target != subnet_id}
    for acl in backend.network_acls.values():
        acl._associations = {key: one for key, one in acl._associations.items() if one.subnet_id != subnet_id}
    return result


@corrects(
    "ec2",
    "DeleteVpc",
    id="delete-vpc",
    behaviour="A VPC is deleted only once everything in it is gone but its main route table, default network ACL and "
    "default security group, which go with it.",
    errors=("DependencyViolation", "InvalidVpcID.NotFound"),
)
def delete_vpc(call: Call, forward: Forward) -> Any:
    backend, vpc_id = call.backend, call.params["VpcId"]
    backend.get_vpc(vpc_id)
    if _contents(backend, vpc_id):
        raise errors.dependency_violation(f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")
    result = forward()
    for acl_id in [acl.id for acl in backend.network_acls.values() if acl.vpc_id == vpc_id]:
        del backend.network_acls[acl_id]
    return result


def _contents(backend: Any, vpc_id: str) -> list[Any]:
    in_vpc: list[Any] = _interfaces_of(backend, vpc_id=vpc_id)
    in_vpc += [one for one in backend.internet_gateways.values() if one.vpc and one.vpc.id == vpc_id]
    in_vpc += [one for one in backend.groups[vpc_id].values() if not one.is_default]
    in_vpc += [one for one in backend.network_acls.values() if one.vpc_id == vpc_id and not one.default]
    in_vpc += [one for one in backend.vpc_end_points.values() if one.vpc_id == vpc_id and one.state != "deleted"]
    alive = ("pending", "available", "deleting")
    in_vpc += [one for one in backend.nat_gateways.values() if one.vpc_id == vpc_id and one.state in alive]
    in_vpc += [one for one in backend.egress_only_internet_gateways.values() if one.vpc_id == vpc_id]
    return in_vpc


@corrects(
    "ec2",
    "DetachInternetGateway",
    id="detach-internet-gateway",
    behaviour="An internet gateway stays attached while the VPC has public addresses.",
    errors=("DependencyViolation", "Gateway.NotAttached"),
)
def detach_internet_gateway(call: Call, forward: Forward) -> Any:
    vpc_id = call.params["VpcId"]
    if any(interface.public_addresses for interface in _interfaces_of(call.backend, vpc_id=vpc_id)):
        raise errors.dependency_violation(
            f"Network {vpc_id} has some mapped public address(es). Please unmap those public address(es) before "
            "detaching the gateway."
        )
    return forward()


@corrects(
    "ec2",
    "AttachInternetGateway",
    id="attach-internet-gateway",
    behaviour="A VPC has one internet gateway, and an internet gateway one VPC.",
    errors=("InvalidParameterValue", "Resource.AlreadyAssociated"),
)
def attach_internet_gateway(call: Call, forward: Forward) -> Any:
    backend, vpc_id, gateway_id = call.backend, call.params["VpcId"], call.params["InternetGatewayId"]
    backend.get_vpc(vpc_id)
    gateway = backend.get_internet_gateway(gateway_id)
    if gateway.vpc:
        raise errors.EC2ClientError(
            "Resource.AlreadyAssociated", f"resource {gateway_id} is already attached to network {gateway.vpc.id}"
        )
    if any(one.vpc and one.vpc.id == vpc_id for one in backend.internet_gateways.values()):
        raise errors.invalid_value(f"Network {vpc_id} already has an internet gateway attached")
    return forward()


@corrects(
    "ec2",
    "DeleteRouteTable",
    id="delete-route-table",
    behaviour="The main route table of a VPC is not deleted.",
    errors=("DependencyViolation",),
)
def delete_route_table(call: Call, forward: Forward) -> Any:
    table = call.backend.get_route_table(call.params["RouteTableId"])
    if table.main_association_id:
        raise errors.dependency_violation(f"The routeTable '{table.id}' has dependencies and cannot be deleted.")
    return forward()


@corrects(
    "ec2",
    "DeleteNetworkAcl",
    id="delete-network-acl",
    behaviour="The default network ACL, and one that has subnets, is not deleted.",
    errors=("DependencyViolation", "InvalidParameterValue", "InvalidNetworkAclID.NotFound"),
)
def delete_network_acl(call: Call, forward: Forward) -> Any:
    acl = call.backend.get_network_acl(call.params["NetworkAclId"])
    if acl.default:
        raise errors.invalid_value(f"cannot delete default network ACL {acl.id}")
    if acl._associations:
        raise errors.dependency_violation(f"The networkAcl '{acl.id}' has dependencies and cannot be deleted.")
    return forward()


@corrects(
    "ec2",
    "ReplaceNetworkAclAssociation",
    id="replace-network-acl-association",
    behaviour="The association and the network ACL exist and are of one VPC.",
    errors=("InvalidAssociationID.NotFound", "InvalidNetworkAclID.NotFound", "InvalidParameterValue"),
)
def replace_network_acl_association(call: Call, forward: Forward) -> Any:
    backend, association_id = call.backend, call.params["AssociationId"]
    acl = backend.get_network_acl(call.params["NetworkAclId"])
    holders = [one for one in backend.network_acls.values() if association_id in one._associations]
    if not holders:
        raise errors.not_found("InvalidAssociationID.NotFound", "association ID", [association_id])
    if holders[0].vpc_id != acl.vpc_id:
        raise errors.invalid_value(f"networkAcl {acl.id} and association {association_id} belong to different networks")
    return forward()
