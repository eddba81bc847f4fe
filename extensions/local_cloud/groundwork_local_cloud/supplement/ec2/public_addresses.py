# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Public IPv4 addresses: the cloud's pool, which Elastic IPs and auto-assigned addresses share."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any

from moto.ec2.models import ec2_backends

from ...cloud import cloud
from . import errors

_next_offset: dict[ipaddress.IPv4Network, int] = {}


def _backends() -> Iterator[Any]:
    for regions in ec2_backends.values():
        yield from regions.values()


def in_use() -> set[str]:
    """Every public address that is allocated or assigned, in all accounts and regions of this cloud."""
    found: set[str] = set()
    for backend in _backends():
        found.update(address.public_ip for address in backend.addresses)
        found.update(interface.public_ip for interface in backend.enis.values() if interface.public_ip)
    return found


def take() -> str:
    """A free address of the pool; never the one that was released last while others are free.

    Raises InsufficientAddressCapacity when the pool is used up.
    """
    pool = cloud.public_pool
    used = in_use()
    first, count = int(pool.network_address) + 1, pool.num_addresses - 2
    start = _next_offset.get(pool, 0)
    for step in range(count):
        offset = (start + step) % count
        address = str(ipaddress.ip_address(first + offset))
        if address not in used:
            _next_offset[pool] = offset + 1
            return address
    raise errors.EC2ClientError(
        "InsufficientAddressCapacity", "Not enough available addresses to satisfy your minimum request."
    )


def public_dns_name(region: str, address: str) -> str:
    """The public DNS name of an address, as EC2 names it in a region."""
    domain = "compute-1" if region == "us-east-1" else f"{region}.compute"
    return f"ec2-{address.replace('.', '-')}.{domain}.amazonaws.com"


def private_dns_name(region: str, address: str) -> str:
    """The private DNS name (``ip-name``) of an address in a region."""
    domain = "ec2.internal" if region == "us-east-1" else f"{region}.compute.internal"
    return f"ip-{address.replace('.', '-')}.{domain}"
