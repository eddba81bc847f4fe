# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Network interfaces: creation, addresses, attributes, deletion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..registry import Call, Forward, corrects
from . import errors, subnet_addresses
from .common import refuse_dry_run, requested_tags
from .launch_interfaces import asked_addresses, most_addresses, too_many_addresses
from .security_group_choice import checked_groups


@corrects(
    "ec2",
    "CreateNetworkInterface",
    id="create-network-interface",
    behaviour="Fixed addresses lie in the subnet, are not reserved and not in use; groups belong to the subnet's VPC.",
    errors=(
        "InvalidIPAddress.InUse",
        "InvalidParameterValue",
        "InvalidGroup.NotFound",
        "InvalidParameter",
        "InsufficientFreeAddressesInSubnet",
    ),
)
def create_network_interface(call: Call, forward: Forward) -> Any:
    del forward
    params, backend = call.params, call.backend
    if not params.get("SubnetId"):
        raise errors.missing_parameter("subnetId")
    subnet = backend.get_subnet(params["SubnetId"])
    groups = checked_groups(backend, params.get("Groups") or [], subnet)
    addresses = asked_addresses(params)
    for address in addresses:
        subnet_addresses.check_unused(backend, subnet, address)
    more = int(params.get("SecondaryPrivateIpAddressCount") or 0)
    subnet_addresses.take_free(backend, subnet, more + (not addresses), besides=addresses)
    refuse_dry_run(params)
    interface = backend.create_network_interface(
        subnet,
        addresses or None,
        [{"Primary": index == 0, "PrivateIpAddress": address} for index, address in enumerate(addresses)],
        [group.id for group in groups],
        params.get("Description"),
        requested_tags(params, "network-interface"),
        secondary_ips_count=more,
        ipv6_addresses=[item["Ipv6Address"] for item in params.get("Ipv6Addresses") or []],
        ipv6_address_count=int(params.get("Ipv6AddressCount") or 0),
    )
    return {"NetworkInterface": interface, "ClientToken": params.get("ClientToken")}


@corrects(
    "ec2",
    "DeleteNetworkInterface",
    id="delete-network-interface-in-use",
    behaviour="An interface that is attached cannot be deleted; its Elastic IPs are disassociated with its deletion.",
    errors=("InvalidParameterValue", "InvalidNetworkInterfaceID.NotFound"),
)
def delete_network_interface(call: Call, forward: Forward) -> Any:
    del forward
    interface = find_interface(call.backend, call.params["NetworkInterfaceId"])
    if interface.status != "available" or interface.requester_managed:
        raise errors.invalid_value(f"Network interface '{interface.id}' is currently in use.")
    refuse_dry_run(call.params)
    interface.delete()


def find_interface(backend: Any, interface_id: str) -> Any:
    """Raises InvalidNetworkInterfaceID.NotFound or InvalidNetworkInterfaceId.Malformed."""
    if not interface_id.startswith("eni-"):
        raise errors.malformed("InvalidNetworkInterfaceId.Malformed", interface_id, "eni")
    return backend.get_network_interface(interface_id)


@corrects(
    "ec2",
    "AssignPrivateIpAddresses",
    id="assign-private-ip-addresses",
    behaviour="Assigned addresses lie in the subnet; one in use moves only with AllowReassignment and is never a "
    "primary one; the instance type limits their number. Only the new addresses are answered.",
    errors=("InvalidParameterValue", "PrivateIpAddressLimitExceeded", "InsufficientFreeAddressesInSubnet"),
)
def assign_private_ip_addresses(call: Call, forward: Forward) -> Any:
    del forward
    params, backend = call.params, call.backend
    interface = find_interface(backend, params["NetworkInterfaceId"])
    asked, count = params.get("PrivateIpAddresses") or [], int(params.get("SecondaryPrivateIpAddressCount") or 0)
    if asked and count:
        raise errors.invalid_combination(
            "The parameter secondaryPrivateIpAddressCount may not be used in combination with privateIpAddress"
        )
    present = {address["PrivateIpAddress"] for address in interface.private_ip_addresses}
    new = [address for address in dict.fromkeys(asked) if address not in present]
    for address in new:
        subnet_addresses.check(interface.subnet, address)
    owners = _secondary_owners(backend, interface, new, bool(params.get("AllowReassignment")))
    if count:
        new = subnet_addresses.take_free(backend, interface.subnet, count)
    _check_address_limit(interface, len(present) + len(new))
    for owner in owners:
        unassign(owner, new)
    interface.private_ip_addresses.extend({"Primary": False, "PrivateIpAddress": address} for address in new)
    return {
        "NetworkInterfaceId": interface.id,
        "AssignedPrivateIpAddresses": [{"PrivateIpAddress": address} for address in asked or new],
    }


def _secondary_owners(backend: Any, interface: Any, addresses: Sequence[str], move: bool) -> list[Any]:
    """The other interfaces that have any of the addresses.

    Raises InvalidParameterValue unless they may be moved, or when one of the addresses is a primary address.
    """
    owners = []
    for other in backend.enis.values():
        if other is interface or other.subnet.vpc_id != interface.subnet.vpc_id:
            continue
        held = [one for one in other.private_ip_addresses if one["PrivateIpAddress"] in addresses]
        if held and (not move or any(one["Primary"] for one in held)):
            listed = ", ".join(one["PrivateIpAddress"] for one in held)
            raise errors.invalid_value(f"Some of [{listed}] are assigned, but move is not allowed.")
        if held:
            owners.append(other)
    return owners


def _check_address_limit(interface: Any, count: int) -> None:
    if interface.instance is not None and count > most_addresses(interface.instance.instance_type):
        raise too_many_addresses()


def unassign(interface: Any, addresses: Sequence[str]) -> None:
    """Take addresses from an interface; the Elastic IPs on them are disassociated."""
    for elastic in interface.elastic_addresses():
        if elastic.private_ip_address in addresses:
            elastic.disassociate()
    interface.private_ip_addresses = [
        one for one in interface.private_ip_addresses if one["PrivateIpAddress"] not in addresses
    ]


@corrects(
    "ec2",
    "UnassignPrivateIpAddresses",
    id="unassign-private-ip-addresses",
    behaviour="Only secondary addresses that the interface has can be unassigned.",
    errors=("InvalidParameterValue",),
)
def unassign_private_ip_addresses(call: Call, forward: Forward) -> Any:
    del forward
    interface = find_interface(call.backend, call.params["NetworkInterfaceId"])
    addresses = call.params.get("PrivateIpAddresses") or []
    secondary = {one["PrivateIpAddress"] for one in interface.private_ip_addresses if not one["Primary"]}
    missing = [address for address in addresses if address not in secondary]
    if missing:
        raise errors.invalid_value(
            f"Some of the specified addresses are not assigned to interface {interface.id} as secondary addresses: "
            f"{', '.join(missing)}"
        )
    unassign(interface, addresses)


@corrects(
    "ec2",
    "ModifyNetworkInterfaceAttribute",
    id="modify-network-interface-attribute",
    behaviour="Attachment.DeleteOnTermination of a current attachment, groups of the VPC, and an empty description are "
    "honoured.",
    errors=("InvalidAttachmentID.NotFound", "InvalidGroup.NotFound", "InvalidParameter"),
)
def modify_network_interface_attribute(call: Call, forward: Forward) -> Any:
    del forward
    params = call.params
    interface = find_interface(call.backend, params["NetworkInterfaceId"])
    groups = checked_groups(call.backend, params["Groups"], interface.subnet) if params.get("Groups") else None
    attachment: Mapping[str, Any] | None = params.get("Attachment")
    if attachment and attachment.get("AttachmentId") != interface.attachment_id:
        raise unknown_attachment(attachment.get("AttachmentId"))
    refuse_dry_run(params)
    if groups is not None:
        interface._group_set = groups
    if attachment and attachment.get("DeleteOnTermination") is not None:
        interface.delete_on_termination = bool(attachment["DeleteOnTermination"])
    if "Description" in params:
        interface.description = params["Description"].get("Value", "")
    if "SourceDestCheck" in params:
        interface.source_dest_check = bool(params["SourceDestCheck"]["Value"])


def unknown_attachment(attachment_id: Any) -> errors.EC2ClientError:
    return errors.EC2ClientError("InvalidAttachmentID.NotFound", f"The attachment '{attachment_id}' does not exist.")
