# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DescribeNetworkInterfaces: all documented filters."""

from __future__ import annotations

from typing import Any

from ..registry import Call, Forward, corrects
from .common import FilterTable, refuse_dry_run, select, split_filters
from .interfaces import find_interface


def _attachment(name: str) -> Any:
    return lambda interface: getattr(interface.attachment, name) if interface.attachment else None


def _association(name: str, *, primary_only: bool) -> Any:
    def get(interface: Any) -> list[Any]:
        addresses = interface.network_interface_private_ip_address_list
        shown = addresses[:1] if primary_only else addresses
        return [address["Association"].get(name) for address in shown if "Association" in address]

    return get


FILTERS: FilterTable = {
    "addresses.association.owner-id": _association("IpOwnerId", primary_only=False),
    "addresses.association.public-ip": _association("PublicIp", primary_only=False),
    "addresses.primary": lambda interface: [one["Primary"] for one in interface.private_ip_addresses],
    "addresses.private-ip-address": lambda interface: [
        one["PrivateIpAddress"] for one in interface.private_ip_addresses
    ],
    "association.allocation-id": _association("AllocationId", primary_only=True),
    "association.association-id": _association("AssociationId", primary_only=True),
    "association.ip-owner-id": _association("IpOwnerId", primary_only=True),
    "association.public-dns-name": _association("PublicDnsName", primary_only=True),
    "association.public-ip": _association("PublicIp", primary_only=True),
    "attachment.attach-time": _attachment("attach_time"),
    "attachment.attachment-id": lambda interface: interface.attachment_id,
    "attachment.delete-on-termination": _attachment("delete_on_termination"),
    "attachment.device-index": _attachment("device_index"),
    "attachment.instance-id": _attachment("instance_id"),
    "attachment.instance-owner-id": _attachment("instance_owner_id"),
    "attachment.nat-gateway-id": lambda interface: None,
    "attachment.status": _attachment("status"),
    "availability-zone": lambda interface: interface.availability_zone,
    "availability-zone-id": lambda interface: interface.subnet.availability_zone_id,
    "description": lambda interface: interface.description,
    "group-id": lambda interface: [group.id for group in interface.group_set],
    "group-name": lambda interface: [group.name for group in interface.group_set],
    "interface-type": lambda interface: interface.interface_type,
    "ipv6-addresses.ipv6-address": lambda interface: interface.ipv6_addresses,
    "mac-address": lambda interface: interface.mac_address,
    "network-interface-id": lambda interface: interface.id,
    "operator.managed": lambda interface: False,
    "operator.principal": lambda interface: None,
    "owner-id": lambda interface: interface.owner_id,
    "private-dns-name": lambda interface: getattr(interface, "private_dns_name", None),
    "private-ip-address": lambda interface: [one["PrivateIpAddress"] for one in interface.private_ip_addresses],
    "requester-id": lambda interface: interface.requester_id if interface.requester_managed else None,
    "requester-managed": lambda interface: interface.requester_managed,
    "source-dest-check": lambda interface: interface.source_dest_check,
    "status": lambda interface: interface.status,
    "subnet-id": lambda interface: interface.subnet.id,
    "vpc-id": lambda interface: interface.vpc_id,
}


@corrects(
    "ec2",
    "DescribeNetworkInterfaces",
    id="describe-network-interfaces-filters",
    behaviour="Every documented filter works, with the wildcards * and ?; an unknown one is refused, whether or not "
    "there are interfaces. Associations of secondary addresses are shown.",
    errors=("InvalidParameterValue", "InvalidNetworkInterfaceID.NotFound"),
)
def describe_network_interfaces(call: Call, forward: Forward) -> Any:
    del forward
    filters = split_filters(call.params)
    ids = call.params.get("NetworkInterfaceIds") or []
    select(filters, [], FILTERS)
    interfaces = [find_interface(call.backend, one) for one in ids] if ids else list(call.backend.enis.values())
    refuse_dry_run(call.params)
    return {"NetworkInterfaces": select(filters, interfaces, FILTERS)}
