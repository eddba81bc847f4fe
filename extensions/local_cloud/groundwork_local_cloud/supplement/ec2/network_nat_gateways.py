# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""NAT gateways: their address, their states, and how their creation fails."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ec2.models import nat_gateways as moto_nat_gateways
from moto.ec2.utils import random_nat_gateway_id

from ...cloud import cloud
from ..registry import Call, Forward, corrects
from . import errors
from .common import refuse_dry_run, requested_tags
from .network_managed_interfaces import delete_managed_interface, make_managed_interface
from .subnet_addresses import free

MOST_PER_ZONE = 5
_ALIVE = ("pending", "available", "deleting")


class CloudNatGateway(moto_nat_gateways.NatGateway):
    """A NAT gateway with an interface of its own subnet. ``failure`` is EC2's code and message once it has failed."""

    def __init__(
        self,
        backend: Any,
        subnet_id: str,
        allocation_id: str | None,
        tags: dict[str, str] | None = None,
        connectivity_type: str | None = "public",
        private_ip: str | None = None,
    ) -> None:
        subnet = backend.get_subnet(subnet_id)
        self.ec2_backend = backend
        self.id = random_nat_gateway_id()
        self.subnet_id, self.vpc_id = subnet_id, subnet.vpc_id
        self.connectivity_type = connectivity_type or "public"
        self.availability_mode = "zonal"
        self.state = "pending"
        self._created_at = utcnow()
        self.delete_time: Any = None
        self.failure = self._failure(subnet, allocation_id)
        self.address_set: list[dict[str, Any]] = [{"AllocationId": allocation_id}] if allocation_id else [{}]
        if not self.failure:
            self._take_addresses(subnet, allocation_id, private_ip)
        backend.nat_gateways[self.id] = self
        self.add_tags(tags or {})
        cloud.transitions.begin("nat-gateway.pending", self.id, self._finish_creation)

    def _failure(self, subnet: Any, allocation_id: str | None) -> tuple[str, str] | None:
        """What is only found out after the call has been answered."""
        if self.connectivity_type == "public" and not _internet_gateways(self.ec2_backend, subnet.vpc_id):
            return "Gateway.NotAttached", f"Network {subnet.vpc_id} has no Internet gateway attached"
        if allocation_id and _address(self.ec2_backend, allocation_id).association_id:
            return "Resource.AlreadyAssociated", f"Elastic IP address [{allocation_id}] is already associated"
        if not any(free(self.ec2_backend, subnet)):
            return (
                "InsufficientFreeAddressesInSubnet",
                "Subnet has insufficient free addresses to create this NAT gateway",
            )
        return None

    def _take_addresses(self, subnet: Any, allocation_id: str | None, private_ip: str | None) -> None:
        interface = make_managed_interface(
            self.ec2_backend,
            subnet.id,
            interface_type="nat_gateway",
            description=f"Interface for NAT Gateway {self.id}",
            private_ip=private_ip,
        )
        interface._group_set = []  # a NAT gateway has no security groups
        self.address_set = [
            {
                "NetworkInterfaceId": interface.id,
                "PrivateIp": interface.private_ip_address,
                "IsPrimary": True,
                "Status": "succeeded",
            }
        ]
        if allocation_id:
            address = _address(self.ec2_backend, allocation_id)
            address.associate(interface, interface.private_ip_address)
            self.address_set[0] |= {
                "AllocationId": allocation_id,
                "PublicIp": address.public_ip,
                "AssociationId": address.association_id,
            }

    @property
    def interface_id(self) -> str | None:
        return self.address_set[0].get("NetworkInterfaceId")

    @property
    def failure_code(self) -> str | None:
        return self.failure[0] if self.failure and self.state == "failed" else None

    @property
    def failure_message(self) -> str | None:
        return self.failure[1] if self.failure and self.state == "failed" else None

    def _finish_creation(self) -> None:
        if self.state == "pending":
            self.state = "failed" if self.failure else "available"

    def delete(self) -> None:
        """Begin the deletion; the interface and the association of the Elastic IP last until it has ended."""
        self.state = "deleting"
        cloud.transitions.begin("nat-gateway.deleting", self.id, self._finish_deletion)

    def _finish_deletion(self) -> None:
        if self.interface_id:
            delete_managed_interface(self.ec2_backend, self.interface_id)
        self.state, self.delete_time = "deleted", utcnow()


moto_nat_gateways.NatGateway = CloudNatGateway  # every NAT gateway is made through this name


def _internet_gateways(backend: Any, vpc_id: str) -> list[Any]:
    return [gateway for gateway in backend.internet_gateways.values() if gateway.vpc and gateway.vpc.id == vpc_id]


def _address(backend: Any, allocation_id: str) -> Any:
    found = [address for address in backend.addresses if address.allocation_id == allocation_id]
    if not found:
        raise errors.EC2ClientError("InvalidElasticIpID.NotFound", f"The elasticIp ID '{allocation_id}' does not exist")
    return found[0]


@corrects(
    "ec2",
    "CreateNatGateway",
    id="create-nat-gateway",
    behaviour="A NAT gateway has an address of its subnet; it is pending, then available, or failed with the reason: "
    "no internet gateway, an Elastic IP in use, a full subnet. Five per zone.",
    errors=(
        "InvalidElasticIpID.NotFound",
        "InvalidParameterCombination",
        "InvalidSubnetID.NotFound",
        "MissingParameter",
        "NatGatewayLimitExceeded",
    ),
)
def create_nat_gateway(call: Call, forward: Forward) -> Any:
    params, backend = call.params, call.backend
    if not params.get("SubnetId"):
        raise errors.missing_parameter("SubnetId")
    subnet = backend.get_subnet(params["SubnetId"])
    public = params.get("ConnectivityType", "public") == "public"
    allocation_id = params.get("AllocationId")
    if public and not allocation_id:
        raise errors.missing_parameter("AllocationId")
    if not public and allocation_id:
        raise errors.invalid_combination("An Elastic IP address cannot be specified for a private NAT gateway.")
    if allocation_id:
        _address(backend, allocation_id)
    _refuse_more(backend, subnet.availability_zone)
    refuse_dry_run(params)
    gateway = CloudNatGateway(
        backend,
        subnet.id,
        allocation_id,
        requested_tags(params, "natgateway"),
        params.get("ConnectivityType"),
        params.get("PrivateIpAddress"),
    )
    return ActionResult({"NatGateway": gateway, "ClientToken": params.get("ClientToken")})


def _refuse_more(backend: Any, zone: str) -> None:
    alive = [gateway for gateway in backend.nat_gateways.values() if gateway.state in _ALIVE]
    in_zone = [gateway for gateway in alive if backend.get_subnet(gateway.subnet_id).availability_zone == zone]
    if len(in_zone) >= MOST_PER_ZONE:
        raise errors.EC2ClientError(
            "NatGatewayLimitExceeded",
            f"Performing this operation would exceed the limit of {MOST_PER_ZONE} NAT gateways",
        )


def _found(backend: Any, gateway_id: str) -> CloudNatGateway:
    gateway: CloudNatGateway | None = backend.nat_gateways.get(gateway_id)
    if gateway is None:
        raise errors.EC2ClientError("NatGatewayNotFound", f"NAT gateway {gateway_id} was not found")
    return gateway


@corrects(
    "ec2",
    "DeleteNatGateway",
    id="delete-nat-gateway",
    behaviour="A NAT gateway is deleting, then deleted: then its interface is gone and its Elastic IP free again. It "
    "stays visible; routes to it are blackholes.",
    errors=("NatGatewayNotFound",),
)
def delete_nat_gateway(call: Call, forward: Forward) -> Any:
    gateway = _found(call.backend, call.params["NatGatewayId"])
    if gateway.state == "deleted":
        raise errors.EC2ClientError("NatGatewayNotFound", f"NAT gateway {gateway.id} was not found")
    refuse_dry_run(call.params)
    if gateway.state != "deleting":
        gateway.delete()
    return ActionResult({"NatGatewayId": gateway.id})


@corrects(
    "ec2",
    "DescribeNatGateways",
    id="describe-nat-gateways",
    behaviour="An id that does not exist is an error.",
    errors=("NatGatewayNotFound",),
)
def describe_nat_gateways(call: Call, forward: Forward) -> Any:
    for gateway_id in call.params.get("NatGatewayIds") or []:
        _found(call.backend, gateway_id)
    return forward()
