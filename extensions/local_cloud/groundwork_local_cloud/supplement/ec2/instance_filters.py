# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters of DescribeInstances: all documented ones, on the values that the answer shows."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from ..registry import Call, Forward, corrects
from .common import FilterTable, refuse_dry_run, select, split_filters
from .instances import forget_terminated, instances_by_id

Getter = Callable[[Any], Any]


def _attribute(path: str) -> Getter:
    """A function that follows a dotted path of attributes; None where one is missing."""

    def get(thing: Any) -> Any:
        for name in path.split("."):
            thing = thing.get(name) if isinstance(thing, dict) else getattr(thing, name, None)
            if thing is None:
                return None
        return thing

    return get


def _each_interface(getter: Getter) -> Getter:
    return lambda instance: [getter(interface) for interface in instance.network_interfaces]


def _each_device(getter: Getter) -> Getter:
    return lambda instance: [getter(device) for device in instance.block_device_mapping.values()]


def _association(key: str) -> Getter:
    """What the associations of an interface's addresses say under ``key``."""

    def get(interface: Any) -> list[Any]:
        addresses = interface.network_interface_private_ip_address_list
        return [address["Association"].get(key) for address in addresses if "Association" in address]

    return get


def _nothing(instance: Any) -> None:
    """A documented filter on something that instances of this cloud never have."""
    del instance


_INSTANCE = {
    name: _attribute(path)
    for name, path in {
        "architecture": "architecture",
        "availability-zone": "placement.zone",
        "availability-zone-id": "placement.zone_id",
        "boot-mode": "boot_mode",
        "capacity-reservation-specification.capacity-reservation-preference": (
            "capacity_reservation_specification.CapacityReservationPreference"
        ),
        "client-token": "client_token",
        "current-instance-boot-mode": "current_instance_boot_mode",
        "dns-name": "public_dns_name",
        "ebs-optimized": "ebs_optimized",
        "ena-support": "ena_support",
        "enclave-options.enabled": "enclave_options.Enabled",
        "hibernation-options.configured": "hibernation_options.Configured",
        "host-id": "placement.host_id",
        "hypervisor": "hypervisor",
        "iam-instance-profile.arn": "iam_instance_profile.Arn",
        "iam-instance-profile.id": "iam_instance_profile.Id",
        "image-id": "image_id",
        "instance-id": "id",
        "instance-lifecycle": "lifecycle",
        "instance-state-code": "state_code",
        "instance-state-name": "state",
        "instance-type": "instance_type",
        "ip-address": "public_ip",
        "kernel-id": "kernel_id",
        "key-name": "key_name",
        "launch-index": "ami_launch_index",
        "launch-time": "launch_time",
        "maintenance-options.auto-recovery": "maintenance_options.AutoRecovery",
        "metadata-options.http-endpoint": "metadata_options.http_endpoint",
        "metadata-options.http-protocol-ipv6": "metadata_options.http_protocol_ipv6",
        "metadata-options.http-put-response-hop-limit": "metadata_options.http_put_response_hop_limit",
        "metadata-options.http-tokens": "metadata_options.http_tokens",
        "metadata-options.instance-metadata-tags": "metadata_options.instance_metadata_tags",
        "monitoring-state": "monitoring_state",
        "owner-id": "owner_id",
        "placement-group-name": "placement.group_name",
        "placement-partition-number": "placement.partition_number",
        "platform": "platform",
        "platform-details": "platform_details",
        "private-dns-name": "private_dns_name",
        "private-dns-name-options.enable-resource-name-dns-a-record": (
            "private_dns_name_options.EnableResourceNameDnsARecord"
        ),
        "private-dns-name-options.enable-resource-name-dns-aaaa-record": (
            "private_dns_name_options.EnableResourceNameDnsAAAARecord"
        ),
        "private-dns-name-options.hostname-type": "private_dns_name_options.HostnameType",
        "private-ip-address": "private_ip",
        "product-code": "product_codes",
        "ramdisk-id": "ramdisk",
        "reason": "state_transition_reason",
        "reservation-id": "reservation_id",
        "root-device-name": "root_device_name",
        "root-device-type": "root_device_type",
        "source-dest-check": "source_dest_check",
        "state-reason-code": "state_reason.code",
        "state-reason-message": "state_reason.message",
        "subnet-id": "subnet_id",
        "tenancy": "placement.tenancy",
        "usage-operation": "usage_operation",
        "virtualization-type": "virtualization_type",
        "vpc-id": "vpc_id",
    }.items()
}

_INTERFACE = {
    name: _each_interface(_attribute(path))
    for name, path in {
        "network-interface.attachment.attach-time": "attachment.attach_time",
        "network-interface.attachment.attachment-id": "attachment_id",
        "network-interface.attachment.delete-on-termination": "attachment.delete_on_termination",
        "network-interface.attachment.device-index": "attachment.device_index",
        "network-interface.attachment.instance-id": "attachment.instance_id",
        "network-interface.attachment.instance-owner-id": "attachment.instance_owner_id",
        "network-interface.attachment.network-card-index": "attachment.network_card_index",
        "network-interface.attachment.status": "attachment_status",
        "network-interface.availability-zone": "availability_zone",
        "network-interface.description": "description",
        "network-interface.mac-address": "mac_address",
        "network-interface.network-interface-id": "id",
        "network-interface.owner-id": "owner_id",
        "network-interface.private-dns-name": "private_dns_name",
        "network-interface.private-ip-address": "private_ip_address",
        "network-interface.requester-id": "requester_id",
        "network-interface.requester-managed": "requester_managed",
        "network-interface.source-dest-check": "source_dest_check",
        "network-interface.status": "status",
        "network-interface.subnet-id": "subnet_id",
        "network-interface.vpc-id": "vpc_id",
    }.items()
}

_LISTS: dict[str, Getter] = {
    "block-device-mapping.attach-time": _each_device(_attribute("attach_time")),
    "block-device-mapping.delete-on-termination": _each_device(_attribute("delete_on_termination")),
    "block-device-mapping.device-name": lambda instance: list(instance.block_device_mapping),
    "block-device-mapping.status": lambda instance: [item["Ebs"].status for item in instance.block_device_mappings],
    "block-device-mapping.volume-id": _each_device(_attribute("volume_id")),
    "iam-instance-profile.name": lambda instance: _profile_name(instance),
    "instance.group-id": lambda instance: [group.id for group in instance.security_groups],
    "instance.group-name": lambda instance: [group.name for group in instance.security_groups],
    "ipv6-address": _each_interface(_attribute("ipv6_addresses")),
    "network-interface.addresses.primary": _each_interface(
        lambda interface: [address["Primary"] for address in interface.private_ip_addresses]
    ),
    "network-interface.addresses.private-ip-address": _each_interface(
        lambda interface: [address["PrivateIpAddress"] for address in interface.private_ip_addresses]
    ),
    "network-interface.group-id": _each_interface(lambda interface: [group.id for group in interface.group_set]),
    "network-interface.group-name": _each_interface(lambda interface: [group.name for group in interface.group_set]),
    "network-interface.ipv6-addresses.ipv6-address": _each_interface(_attribute("ipv6_addresses")),
}

_ASSOCIATION = {
    f"network-interface.{where}association.{name}": _each_interface(_association(key))
    for where in ("", "addresses.")
    for name, key in {
        "allocation-id": "AllocationId",
        "association-id": "AssociationId",
        "ip-owner-id": "IpOwnerId",
        "public-dns-name": "PublicDnsName",
        "public-ip": "PublicIp",
    }.items()
}

_NEVER = dict.fromkeys(
    (
        "affinity",
        "capacity-reservation-id",
        "capacity-reservation-specification.capacity-reservation-target.capacity-reservation-id",
        "capacity-reservation-specification.capacity-reservation-target.capacity-reservation-resource-group-arn",
        "network-interface.addresses.association.carrier-ip",
        "network-interface.addresses.association.customer-owned-ip",
        "network-interface.addresses.private-dns-name",
        "network-interface.association.carrier-ip",
        "network-interface.association.customer-owned-ip",
        "network-interface.ipv4-prefixes.ipv4-prefix",
        "network-interface.ipv6-address",
        "network-interface.ipv6-addresses.is-primary-ipv6",
        "network-interface.ipv6-native",
        "network-interface.ipv6-prefixes.ipv6-prefix",
        "network-interface.outpost-arn",
        "network-interface.private-dns-name-options.hostname-type",
        "network-performance-options.bandwidth-weighting",
        "operator.managed",
        "operator.principal",
        "outpost-arn",
        "product-code.type",
        "spot-instance-request-id",
        "tpm-support",
        "usage-operation-update-time",
    ),
    _nothing,
)

FILTERS: FilterTable = {**_INSTANCE, **_INTERFACE, **_LISTS, **_ASSOCIATION, **_NEVER}


def _profile_name(instance: Any) -> str | None:
    profile = instance.iam_instance_profile
    return profile["Arn"].rpartition("/")[2] if profile else None


@corrects(
    "ec2",
    "DescribeInstances",
    id="describe-instances-filters",
    behaviour="Every documented filter works, with the wildcards * and ?; an unknown one is refused, whether or not "
    "there are instances. Terminated instances stay visible for an hour, with their tags.",
    errors=("InvalidParameterValue", "InvalidInstanceID.NotFound"),
)
def describe_instances(call: Call, forward: Forward) -> Any:
    del forward
    forget_terminated(call.backend)
    ids = call.params.get("InstanceIds") or []
    asked = {instance.id for instance in instances_by_id(call.backend, ids)} if ids else None
    filters = split_filters(call.params)
    refuse_dry_run(call.params)
    select(filters, [], FILTERS)
    reservations = []
    for reservation in list(call.backend.reservations.values()):
        instances = [instance for instance in reservation.instances if asked is None or instance.id in asked]
        found = select(filters, instances, FILTERS)
        if found:
            shown = copy.copy(reservation)
            shown.instances = found
            reservations.append(shown)
    return {"Reservations": reservations}
