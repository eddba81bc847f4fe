# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes: targets must exist and be of the same network; a route whose target is gone is a blackhole."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import route_tables as moto_route_tables

from ..registry import Call, Forward, corrects
from . import errors
from .tagged_resources import refuse_unknown

_NO_LONGER = ("deleted", "deleting", "failed", "rejected", "expired")


class CloudRoute(moto_route_tables.Route):
    """A route. Its state follows from its target."""

    @property
    def state(self) -> str:
        return "active" if self.local or self._target_is_there() else "blackhole"

    def _target_is_there(self) -> bool:
        backend = self.route_table.ec2_backend
        if self.nat_gateway:
            return self.nat_gateway.state not in _NO_LONGER
        if self.interface:
            return self.interface.id in backend.enis and self.interface.status == "in-use"
        if self.instance:
            return bool(self.instance.state == "running")
        if self.vpc_pcx:
            return bool(self.vpc_pcx._status.code == "active")
        if self.gateway:
            return _gateway_is_there(backend, self.gateway, self.route_table.vpc_id)
        return True


def _gateway_is_there(backend: Any, gateway: Any, vpc_id: str) -> bool:
    if gateway.id.startswith("igw-"):
        return gateway.id in backend.internet_gateways and bool(gateway.vpc) and gateway.vpc.id == vpc_id
    if gateway.id.startswith("vpce-"):
        return gateway.id in backend.vpc_end_points and gateway.state not in _NO_LONGER
    return True


moto_route_tables.Route = CloudRoute  # every route is made through this name

_TARGETS = {
    "NatGatewayId": ("InvalidNatGatewayID.NotFound", "natGateway ID", "nat_gateways"),
    "NetworkInterfaceId": ("InvalidNetworkInterfaceID.NotFound", "networkInterface ID", "enis"),
    "TransitGatewayId": ("InvalidTransitGatewayID.NotFound", "transitGateway ID", "transit_gateways"),
}
_ANY_TARGET = (
    *_TARGETS,
    "CarrierGatewayId",
    "CoreNetworkArn",
    "EgressOnlyInternetGatewayId",
    "GatewayId",
    "InstanceId",
    "LocalGatewayId",
    "LocalTarget",
    "VpcEndpointId",
    "VpcPeeringConnectionId",
)


@corrects(
    "ec2",
    "CreateRoute",
    "ReplaceRoute",
    id="route-targets",
    behaviour="A route names exactly one target, which exists and belongs to the route table's network.",
    errors=(
        "InvalidInternetGatewayID.NotFound",
        "InvalidNatGatewayID.NotFound",
        "InvalidNetworkInterfaceID.NotFound",
        "InvalidParameterCombination",
        "InvalidParameterValue",
        "MissingParameter",
    ),
)
def check_target(call: Call, forward: Forward) -> Any:
    params, backend = call.params, call.backend
    table = backend.get_route_table(params["RouteTableId"])
    named = [name for name in _ANY_TARGET if params.get(name)]
    if not named:
        raise errors.missing_parameter("gatewayId, natGatewayId, networkInterfaceId or another target")
    if len(named) > 1:
        raise errors.invalid_combination(f"Only one target of a route may be named, not {' and '.join(named)}.")
    for name, (code, noun, attribute) in _TARGETS.items():
        if params.get(name) and params[name] not in getattr(backend, attribute):
            raise errors.not_found(code, noun, [params[name]])
    if str(params.get("GatewayId", "")).startswith("igw-"):
        _check_internet_gateway(backend, table, params["GatewayId"])
    _check_network(backend, table, params)
    return forward()


def _check_internet_gateway(backend: Any, table: Any, gateway_id: str) -> None:
    refuse_unknown(backend, gateway_id)
    gateway = backend.internet_gateways[gateway_id]
    if not gateway.vpc or gateway.vpc.id != table.vpc_id:
        raise errors.invalid_value(
            f"route table {table.id} and network gateway {gateway_id} belong to different networks"
        )


def _check_network(backend: Any, table: Any, params: dict[str, Any]) -> None:
    if params.get("NatGatewayId"):
        target, vpc_id = params["NatGatewayId"], backend.nat_gateways[params["NatGatewayId"]].vpc_id
    elif params.get("NetworkInterfaceId"):
        target, vpc_id = params["NetworkInterfaceId"], backend.enis[params["NetworkInterfaceId"]].vpc_id
    else:
        return
    if vpc_id != table.vpc_id:
        raise errors.invalid_value(f"route table {table.id} and {target} belong to different networks")


@corrects(
    "ec2",
    "AssociateRouteTable",
    id="associate-route-table",
    behaviour="A subnet has one explicit association: another one must be replaced, not added; table and subnet are of "
    "one VPC.",
    errors=("InvalidParameterValue", "Resource.AlreadyAssociated"),
)
def associate_route_table(call: Call, forward: Forward) -> Any:
    subnet_id = call.params.get("SubnetId")
    table = call.backend.get_route_table(call.params["RouteTableId"])
    if subnet_id:
        subnet = call.backend.get_subnet(subnet_id)
        if subnet.vpc_id != table.vpc_id:
            raise errors.invalid_value(f"Route table {table.id} and subnet {subnet_id} belong to different networks")
        for other in call.backend.route_tables.values():
            for association_id, target in other._associations.items():
                if target == subnet_id and other.id != table.id:
                    raise errors.EC2ClientError(
                        "Resource.AlreadyAssociated",
                        f"the specified association for route table {table.id} conflicts with an existing association "
                        f"{association_id}",
                    )
    return forward()


@corrects(
    "ec2",
    "DisassociateRouteTable",
    id="disassociate-route-table",
    behaviour="The main association cannot be taken away, only replaced.",
    errors=("InvalidParameterValue",),
)
def disassociate_route_table(call: Call, forward: Forward) -> Any:
    association_id = call.params["AssociationId"]
    if any(table.main_association_id == association_id for table in call.backend.route_tables.values()):
        raise errors.invalid_value(f"cannot disassociate the main route table association {association_id}")
    return forward()
