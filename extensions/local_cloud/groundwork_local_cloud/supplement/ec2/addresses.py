# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Elastic IPs: allocation from the cloud's pool, association, release."""

from __future__ import annotations

import ipaddress
from typing import Any

from ...cloud import cloud
from ..registry import Call, Forward, corrects
from . import errors, public_addresses
from .addresses_model import ElasticAddress
from .common import FilterTable, refuse_dry_run, select, split_filters
from .instances import instances_by_id
from .interfaces import find_interface

MOST_ADDRESSES = 5  # the default quota of a region


@corrects(
    "ec2",
    "AllocateAddress",
    id="allocate-address",
    behaviour="Elastic IPs come from the cloud's pool; a region has up to five.",
    errors=("AddressLimitExceeded", "InsufficientAddressCapacity", "InvalidAddress.NotFound"),
)
def allocate_address(call: Call, forward: Forward) -> Any:
    if len(call.backend.addresses) >= MOST_ADDRESSES:
        raise errors.EC2ClientError("AddressLimitExceeded", "The maximum number of addresses has been reached.")
    asked = call.params.get("Address")
    if asked and not _may_be_recovered(asked):
        raise errors.EC2ClientError("InvalidAddress.NotFound", f"Address '{asked}' not found.")
    call.params["Domain"] = "vpc"
    result = forward()
    result.result.update(PublicIpv4Pool="amazon", NetworkBorderGroup=call.region)
    return result


def _may_be_recovered(asked: str) -> bool:
    in_pool = ipaddress.ip_address(asked) in cloud.public_pool
    return in_pool and asked not in public_addresses.in_use()


def _find_address(call: Call) -> Any:
    """Raises InvalidAllocationID.NotFound, InvalidAddress.NotFound or MissingParameter."""
    if call.params.get("AllocationId"):
        wanted = call.params["AllocationId"]
        for address in call.backend.addresses:
            if address.allocation_id == wanted:
                return address
        raise errors.EC2ClientError("InvalidAllocationID.NotFound", f"The allocation ID '{wanted}' does not exist")
    if call.params.get("PublicIp"):
        for address in call.backend.addresses:
            if address.public_ip == call.params["PublicIp"]:
                return address
        raise errors.EC2ClientError("InvalidAddress.NotFound", f"Address '{call.params['PublicIp']}' not found.")
    raise errors.missing_parameter("AllocationId")


def _target(call: Call) -> Any:
    """The interface that is to have the address.

    Raises IncorrectInstanceState, InvalidInstanceID for an instance with several interfaces, MissingParameter.
    """
    if call.params.get("NetworkInterfaceId"):
        return find_interface(call.backend, call.params["NetworkInterfaceId"])
    if not call.params.get("InstanceId"):
        raise errors.missing_parameter("InstanceId or NetworkInterfaceId")
    instance = instances_by_id(call.backend, [call.params["InstanceId"]])[0]
    if instance.state not in ("running", "stopped"):
        raise errors.incorrect_instance_state(
            f"The instance '{instance.id}' is not in a valid state for this operation: {instance.state}."
        )
    if len(instance.nics) > 1:
        raise errors.EC2ClientError(
            "InvalidInstanceID",
            f"There are multiple interfaces attached to instance '{instance.id}'. "
            "Please specify an interface ID for the operation instead.",
        )
    return instance.primary


@corrects(
    "ec2",
    "AssociateAddress",
    id="associate-address",
    behaviour="The VPC needs an internet gateway; an address or target that is associated already needs "
    "AllowReassociation; the same association again is no error. A secondary private address can be named.",
    errors=(
        "Gateway.NotAttached",
        "Resource.AlreadyAssociated",
        "InvalidAllocationID.NotFound",
        "InvalidInstanceID",
        "InvalidParameterValue",
        "IncorrectInstanceState",
    ),
)
def associate_address(call: Call, forward: Forward) -> Any:
    del forward
    address, interface = _find_address(call), _target(call)
    private = call.params.get("PrivateIpAddress") or interface.private_ip_address
    if private not in {one["PrivateIpAddress"] for one in interface.private_ip_addresses}:
        raise errors.invalid_value(f"The private IP address {private} is not assigned to interface {interface.id}.")
    gateways = call.backend.internet_gateways.values()
    if not any(gateway.vpc and gateway.vpc.id == interface.vpc_id for gateway in gateways):
        raise errors.EC2ClientError(
            "Gateway.NotAttached", f"Network {interface.vpc_id} is not attached to any internet gateway"
        )
    if address.eni is interface and address.private_ip_address == private:
        return {"AssociationId": address.association_id}
    _check_reassociation(address, interface, private, bool(call.params.get("AllowReassociation")))
    refuse_dry_run(call.params)
    for other in (address, interface.elastic_address(private)):
        if other is not None and other.eni is not None:
            other.disassociate()
    address.associate(interface, private)
    return {"AssociationId": address.association_id}


def _check_reassociation(address: ElasticAddress, interface: Any, private: str, allowed: bool) -> None:
    if allowed:
        return
    if address.eni is not None:
        raise errors.EC2ClientError(
            "Resource.AlreadyAssociated",
            f"resource {address.allocation_id} is already associated with associate-id {address.association_id}",
        )
    present = interface.elastic_address(private)
    if present is not None:
        raise errors.EC2ClientError(
            "Resource.AlreadyAssociated",
            f"resource {interface.id} is already associated with address {present.public_ip}",
        )


@corrects(
    "ec2",
    "DisassociateAddress",
    id="disassociate-address",
    behaviour="An unknown association is an error; the interface's other addresses keep theirs.",
    errors=("InvalidAssociationID.NotFound", "InvalidAddress.NotFound", "MissingParameter"),
)
def disassociate_address(call: Call, forward: Forward) -> Any:
    del forward
    association_id = call.params.get("AssociationId")
    if association_id:
        found = [one for one in call.backend.addresses if one.association_id == association_id]
        if not found:
            raise errors.EC2ClientError(
                "InvalidAssociationID.NotFound", f"The association ID '{association_id}' does not exist"
            )
        address = found[0]
    else:
        address = _find_address(call)
    refuse_dry_run(call.params)
    if address.eni is not None:
        address.disassociate()


@corrects(
    "ec2",
    "ReleaseAddress",
    id="release-address",
    behaviour="An address that is associated cannot be released.",
    errors=("InvalidIPAddress.InUse", "InvalidAllocationID.NotFound"),
)
def release_address(call: Call, forward: Forward) -> Any:
    del forward
    address = _find_address(call)
    if address.eni is not None:
        raise errors.EC2ClientError("InvalidIPAddress.InUse", f"Address {address.public_ip} is in use.")
    refuse_dry_run(call.params)
    call.backend.addresses.remove(address)
    call.backend.tags.pop(address.allocation_id, None)


_FILTERS: FilterTable = {
    "allocation-id": lambda address: address.allocation_id,
    "association-id": lambda address: address.association_id,
    "domain": lambda address: address.domain,
    "instance-id": lambda address: address.instance_id or None,
    "network-border-group": lambda address: address.ec2_backend.region_name,
    "network-interface-id": lambda address: address.network_interface_id or None,
    "network-interface-owner-id": lambda address: address.network_interface_owner_id,
    "private-ip-address": lambda address: address.private_ip_address,
    "public-ip": lambda address: address.public_ip,
    "service-managed": lambda address: None,
}


@corrects(
    "ec2",
    "DescribeAddresses",
    id="describe-addresses",
    behaviour="Every documented filter works; the instance of an associated interface is shown; unknown ids are "
    "errors.",
    errors=("InvalidAllocationID.NotFound", "InvalidAddress.NotFound", "InvalidParameterValue"),
)
def describe_addresses(call: Call, forward: Forward) -> Any:
    del forward
    params = call.params
    found = select(split_filters(params), call.backend.addresses, _FILTERS)
    for name, attribute, code in (
        ("AllocationIds", "allocation_id", "InvalidAllocationID.NotFound"),
        ("PublicIps", "public_ip", "InvalidAddress.NotFound"),
    ):
        known = {getattr(address, attribute) for address in call.backend.addresses}
        unknown = [one for one in params.get(name) or [] if one not in known]
        if unknown:
            raise errors.EC2ClientError(code, f"The address '{', '.join(unknown)}' does not exist.")
        if params.get(name):
            found = [address for address in found if getattr(address, attribute) in params[name]]
    refuse_dry_run(params)
    return {"Addresses": found}
