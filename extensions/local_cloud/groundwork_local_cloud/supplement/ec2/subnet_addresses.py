# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private addresses of a subnet: which are taken, which are free, which may be asked for."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterator
from typing import Any

from moto.ec2.models.subnets import Subnet

from . import errors

_RESERVED_AT_START = 4  # the network's address, the router, the DNS server, and one for future use


def taken(backend: Any, subnet: Any) -> set[str]:
    """The private addresses of all interfaces in the subnet."""
    return {
        address["PrivateIpAddress"]
        for interface in backend.enis.values()
        if interface.subnet.id == subnet.id
        for address in interface.private_ip_addresses
    }


def free(backend: Any, subnet: Any, besides: Collection[str] = ()) -> Iterator[str]:
    """The addresses that may be assigned, ascending, without those in ``besides``."""
    unavailable = taken(backend, subnet) | set(besides) | {str(address) for address in subnet._reserved_ips}
    first, last = int(subnet.cidr.network_address), int(subnet.cidr.broadcast_address)
    for number in range(first + _RESERVED_AT_START, last):
        address = str(ipaddress.ip_address(number))
        if address not in unavailable:
            yield address


def take_free(backend: Any, subnet: Any, count: int, besides: Collection[str] = ()) -> list[str]:
    """``count`` free addresses. Raises InsufficientFreeAddressesInSubnet."""
    candidates = free(backend, subnet, besides)
    addresses = [address for address, _ in zip(candidates, range(count), strict=False)]
    if len(addresses) < count:
        raise insufficient()
    return addresses


def insufficient() -> errors.EC2ClientError:
    return errors.EC2ClientError(
        "InsufficientFreeAddressesInSubnet",
        "The specified subnet does not have enough free addresses to satisfy the request.",
    )


def may_be_assigned(subnet: Any, address: str) -> bool:
    """Whether the address lies in the subnet and is none of the five that AWS reserves in it."""
    wanted = ipaddress.ip_address(address)
    return wanted in subnet.cidr and not _is_reserved(subnet, wanted)


def check(subnet: Any, address: str) -> None:
    """Raises InvalidParameterValue unless the address may be assigned in the subnet."""
    try:
        wanted = ipaddress.IPv4Address(address)
    except ValueError:
        raise errors.invalid_value(f"Value ({address}) for parameter privateIpAddress is invalid.") from None
    if wanted not in subnet.cidr:
        raise errors.invalid_value("Address does not fall within the subnet's address range")
    if _is_reserved(subnet, wanted):
        raise errors.invalid_value("Address is in subnet's reserved address range")


def check_unused(backend: Any, subnet: Any, address: str) -> None:
    """Raises InvalidParameterValue as ``check`` does, and InvalidIPAddress.InUse for an address that is taken."""
    check(subnet, address)
    if address in taken(backend, subnet):
        raise in_use()


def in_use() -> errors.EC2ClientError:
    return errors.EC2ClientError("InvalidIPAddress.InUse", "The specified address is already in use.")


def _is_reserved(subnet: Any, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    offset = int(address) - int(subnet.cidr.network_address)
    return offset < _RESERVED_AT_START or address == subnet.cidr.broadcast_address


def _next_subnet_address(subnet: Subnet, instance: Any) -> str:
    """Stands in for moto's own allocation, which other services use and which knows nothing of these addresses."""
    del instance
    return take_free(subnet.ec2_backend, subnet, 1)[0]


Subnet.get_available_subnet_ip = _next_subnet_address
