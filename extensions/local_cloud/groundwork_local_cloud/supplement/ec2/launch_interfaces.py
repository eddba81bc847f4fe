# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network interfaces of a launch: which are made, which existing ones are used, with what addresses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from moto.ec2.models.instance_types import INSTANCE_TYPES

from ..registry import Call, Forward, corrects
from . import errors, subnet_addresses
from .launch_checks import DEFAULT_INSTANCE_TYPE, check_offered, zones_offering
from .security_group_choice import checked_groups, group_ids_of_names

_ONLY_FOR_NEW = {
    "SubnetId": "a subnet",
    "Groups": "security groups",
    "PrivateIpAddress": "a private address",
    "PrivateIpAddresses": "private addresses",
    "SecondaryPrivateIpAddressCount": "a count of secondary addresses",
    "Description": "a description",
    "AssociatePublicIpAddress": "an associate public IP address",
    "DeleteOnTermination": "delete on termination as true",
}
_NOT_BESIDE_INTERFACES = {
    "SubnetId": "an instance-level subnet ID",
    "SecurityGroupIds": "an instance-level security groups",
    "SecurityGroups": "an instance-level security groups",
    "PrivateIpAddress": "an instance-level private address",
}


@dataclass(frozen=True)
class PlannedInterface:
    """An interface of each instance of a launch: an existing one (``existing``), or one that is made.

    ``addresses`` are the private addresses asked for, the primary first; ``secondary_count`` more are chosen.
    """

    device_index: int
    subnet: Any
    existing: Any = None
    group_ids: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    secondary_count: int = 0
    public: bool = False
    delete_on_termination: bool = True
    description: str = ""
    ipv6_addresses: tuple[str, ...] = ()
    ipv6_count: int = 0

    @property
    def address_count(self) -> int:
        """How many private addresses the interface has or takes."""
        if self.existing:
            return len(self.existing.private_ip_addresses)
        return max(len(self.addresses), 1) + self.secondary_count


def plan_interfaces(backend: Any, params: Mapping[str, Any]) -> list[PlannedInterface]:
    """The interfaces of a launch, by device index.

    Raises the documented errors for combinations, indexes, subnets, groups, addresses and limits that EC2 refuses.
    """
    count, instance_type = int(params["MaxCount"]), params.get("InstanceType", DEFAULT_INSTANCE_TYPE)
    asked = params.get("NetworkInterfaces") or []
    planned = _from_specifications(backend, params, asked) if asked else [_from_instance_level(backend, params)]
    zones = {item.subnet.availability_zone for item in planned}
    if len(zones) > 1:
        raise errors.invalid_combination("All network interfaces must be in the same availability zone")
    _check_zone(params, planned[0].subnet)
    check_offered(backend, instance_type, planned[0].subnet.availability_zone)
    _check_limits(instance_type, planned)
    if count > 1:
        _check_several(planned)
    _check_addresses(backend, planned, count)
    return planned


def _from_specifications(
    backend: Any, params: Mapping[str, Any], asked: Sequence[Mapping[str, Any]]
) -> list[PlannedInterface]:
    for name, words in _NOT_BESIDE_INTERFACES.items():
        if params.get(name):
            raise errors.invalid_combination(f"Network interfaces and {words} may not be specified on the same request")
    indexes = Counter(int(item.get("DeviceIndex", 0)) for item in asked)
    if max(indexes.values()) > 1:
        raise errors.invalid_value("Each network interface requires a unique device index.")
    if 0 not in indexes:
        raise errors.invalid_value("When specifying network interfaces, you must include a device at index 0.")
    if len(asked) > 1 and any(item.get("AssociatePublicIpAddress") for item in asked):
        raise errors.invalid_combination(
            "The associatePublicIPAddress parameter cannot be specified when launching with "
            "multiple network interfaces."
        )
    planned = [
        _existing(backend, item) if item.get("NetworkInterfaceId") else _new(backend, params, item) for item in asked
    ]
    return sorted(planned, key=lambda item: item.device_index)


def _existing(backend: Any, item: Mapping[str, Any]) -> PlannedInterface:
    for name, words in _ONLY_FOR_NEW.items():
        if item.get(name):
            raise errors.invalid_combination(f"A network interface may not specify a network interface ID and {words}")
    interface = backend.get_network_interface(item["NetworkInterfaceId"])
    if interface.status != "available":
        raise interface_in_use(interface)
    return PlannedInterface(int(item.get("DeviceIndex", 0)), interface.subnet, interface, delete_on_termination=False)


def interface_in_use(interface: Any) -> errors.EC2ClientError:
    """The error for an interface that is attached (or being attached or detached) already."""
    return errors.EC2ClientError("InvalidNetworkInterface.InUse", f"Interface: [{interface.id}] in use.")


def _new(backend: Any, params: Mapping[str, Any], item: Mapping[str, Any]) -> PlannedInterface:
    subnet = backend.get_subnet(item["SubnetId"]) if item.get("SubnetId") else default_subnet(backend, params)
    alone = len(params["NetworkInterfaces"]) == 1
    index = int(item.get("DeviceIndex", 0))
    public = item.get("AssociatePublicIpAddress")
    return PlannedInterface(
        device_index=index,
        subnet=subnet,
        group_ids=tuple(group.id for group in checked_groups(backend, item.get("Groups") or [], subnet)),
        addresses=tuple(asked_addresses(item)),
        secondary_count=int(item.get("SecondaryPrivateIpAddressCount") or 0),
        public=(alone and bool(subnet.map_public_ip_on_launch)) if public is None else bool(public),
        delete_on_termination=bool(item.get("DeleteOnTermination", True)),
        description=item.get("Description", ""),
        ipv6_addresses=tuple(one["Ipv6Address"] for one in item.get("Ipv6Addresses") or []),
        ipv6_count=int(item.get("Ipv6AddressCount") or 0),
    )


def _from_instance_level(backend: Any, params: Mapping[str, Any]) -> PlannedInterface:
    names = params.get("SecurityGroups") or []
    if names and params.get("SubnetId"):
        raise errors.invalid_combination("The parameter groupName cannot be used with the parameter subnet")
    subnet = backend.get_subnet(params["SubnetId"]) if params.get("SubnetId") else default_subnet(backend, params)
    ids = [*(params.get("SecurityGroupIds") or []), *group_ids_of_names(backend, names)]
    return PlannedInterface(
        device_index=0,
        subnet=subnet,
        group_ids=tuple(group.id for group in checked_groups(backend, ids, subnet)),
        addresses=tuple(asked_addresses(params)),
        public=bool(subnet.map_public_ip_on_launch),
        ipv6_addresses=tuple(one["Ipv6Address"] for one in params.get("Ipv6Addresses") or []),
        ipv6_count=int(params.get("Ipv6AddressCount") or 0),
    )


def asked_addresses(item: Mapping[str, Any]) -> list[str]:
    """The private addresses of an interface specification, the primary first.

    Raises InvalidParameterCombination for two primary addresses, InvalidParameterValue for one address twice.
    """
    listed = item.get("PrivateIpAddresses") or []
    primary = [one["PrivateIpAddress"] for one in listed if one.get("Primary")]
    if len(primary) + bool(item.get("PrivateIpAddress")) > 1:
        raise errors.invalid_combination("Only one primary private IP address can be specified.")
    others = [one["PrivateIpAddress"] for one in listed if not one.get("Primary")]
    addresses = [address for address in (item.get("PrivateIpAddress"), *primary, *others) if address]
    if len(set(addresses)) < len(addresses):
        raise errors.invalid_value("The same private IP address was specified more than once.")
    return addresses


def default_subnet(backend: Any, params: Mapping[str, Any]) -> Any:
    """The default subnet of the placement's zone, or the first one whose zone has the type.

    Raises VPCIdNotSpecified without a default VPC, MissingInput and InvalidInput without a default subnet (there).
    """
    vpc = backend.get_default_vpc()
    if vpc is None:
        raise errors.EC2ClientError(
            "VPCIdNotSpecified",
            "No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.",
        )
    subnets = backend.get_default_subnets()
    if not subnets:
        raise errors.EC2ClientError(
            "MissingInput", f"No subnets found for the default VPC '{vpc.id}'. Please specify a subnet."
        )
    zone = (params.get("Placement") or {}).get("AvailabilityZone")
    if zone:
        if zone not in subnets:
            raise errors.EC2ClientError("InvalidInput", f"No default subnet for availability zone: '{zone}'.")
        return subnets[zone]
    offering = zones_offering(backend, params.get("InstanceType", DEFAULT_INSTANCE_TYPE))
    return subnets[min(set(subnets) & set(offering) or subnets)]


def _check_zone(params: Mapping[str, Any], subnet: Any) -> None:
    zone = (params.get("Placement") or {}).get("AvailabilityZone")
    if zone and zone != subnet.availability_zone:
        raise errors.invalid_value(
            f"Value ({zone}) for parameter availabilityZone is invalid. "
            f"Subnet '{subnet.id}' is in the availability zone {subnet.availability_zone}"
        )


def most_interfaces(instance_type: str) -> int:
    """How many network interfaces an instance of the type can have."""
    return int(INSTANCE_TYPES[instance_type]["NetworkInfo"]["MaximumNetworkInterfaces"])


def most_addresses(instance_type: str) -> int:
    """How many private IPv4 addresses each interface of an instance of the type can have."""
    return int(INSTANCE_TYPES[instance_type]["NetworkInfo"]["Ipv4AddressesPerInterface"])


def too_many_interfaces(count: int, instance_type: str) -> errors.EC2ClientError:
    return errors.EC2ClientError(
        "AttachmentLimitExceeded", f"Interface count {count} exceeds the limit for {instance_type}"
    )


def too_many_addresses() -> errors.EC2ClientError:
    return errors.EC2ClientError("PrivateIpAddressLimitExceeded", "Number of private addresses will exceed limit.")


def _check_limits(instance_type: str, planned: Sequence[PlannedInterface]) -> None:
    if len(planned) > most_interfaces(instance_type):
        raise too_many_interfaces(len(planned), instance_type)
    if any(item.address_count > most_addresses(instance_type) for item in planned):
        raise too_many_addresses()


def _check_several(planned: Sequence[PlannedInterface]) -> None:
    if any(item.existing for item in planned):
        raise errors.invalid_combination("A network interface ID cannot be specified when launching several instances")
    if any(item.addresses for item in planned):
        raise errors.invalid_combination("A private IP address cannot be specified when launching several instances")


def _check_addresses(backend: Any, planned: Sequence[PlannedInterface], count: int) -> None:
    fixed: Counter[str] = Counter()
    needed: Counter[str] = Counter()
    for item in planned:
        if item.existing:
            continue
        needed[item.subnet.id] += item.address_count * count
        for address in item.addresses:
            subnet_addresses.check_unused(backend, item.subnet, address)
            fixed[f"{item.subnet.id} {address}"] += 1
    if fixed and max(fixed.values()) > 1:
        raise errors.invalid_value("The same private IP address was specified for more than one network interface.")
    for subnet_id, number in needed.items():
        subnet_addresses.take_free(backend, backend.get_subnet(subnet_id), number)


def make_interface(backend: Any, planned: PlannedInterface, tags: dict[str, str]) -> Any:
    """The planned interface of one instance: the existing one, or a new one with ``tags``."""
    if planned.existing:
        return planned.existing
    return backend.create_network_interface(
        planned.subnet,
        list(planned.addresses) or None,
        [{"Primary": index == 0, "PrivateIpAddress": address} for index, address in enumerate(planned.addresses)],
        group_ids=list(planned.group_ids),
        description=planned.description,
        tags=tags,
        delete_on_termination=planned.delete_on_termination,
        device_index=planned.device_index,
        public_ip_auto_assign=planned.public,
        secondary_ips_count=planned.secondary_count,
        ipv6_addresses=list(planned.ipv6_addresses),
        ipv6_address_count=planned.ipv6_count,
    )


@corrects(
    "ec2",
    "RunInstances",
    id="run-instances-interfaces",
    behaviour="Fixed addresses, subnets, groups, device indexes and existing interfaces are checked before anything is "
    "made; instance-level network parameters do not go together with interfaces.",
    errors=(
        "AttachmentLimitExceeded",
        "InsufficientFreeAddressesInSubnet",
        "InvalidGroup.NotFound",
        "InvalidIPAddress.InUse",
        "InvalidNetworkInterface.InUse",
        "InvalidParameter",
        "InvalidParameterCombination",
        "InvalidParameterValue",
        "InvalidSubnetID.NotFound",
        "PrivateIpAddressLimitExceeded",
        "Unsupported",
        "VPCIdNotSpecified",
    ),
)
def check_interfaces(call: Call, forward: Forward) -> Any:
    planned = plan_interfaces(call.backend, call.params)
    tagged = {item.get("ResourceType") for item in call.params.get("TagSpecifications") or []}
    if "network-interface" in tagged and all(item.existing for item in planned):
        raise errors.invalid_value(
            "You cannot specify tags for network interfaces if there are no network interfaces being created by the "
            "request."
        )
    return forward()
