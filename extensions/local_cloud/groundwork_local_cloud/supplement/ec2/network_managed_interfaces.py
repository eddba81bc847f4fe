# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Network interfaces that a service makes in the user's subnet: those of NAT gateways and VPC endpoints."""

from __future__ import annotations

from typing import Any


def make_managed_interface(
    backend: Any,
    subnet_id: str,
    *,
    interface_type: str,
    description: str,
    private_ip: str | None = None,
    group_ids: list[str] | None = None,
) -> Any:
    """Make an interface that its service manages: in use, and not to be changed by the user.

    Raises:
        EC2ClientError: as CreateNetworkInterface does, e.g. InsufficientFreeAddressesInSubnet.
    """
    interface = backend.create_network_interface(
        backend.get_subnet(subnet_id), private_ip, group_ids=group_ids, description=description
    )
    mark_managed(interface, interface_type=interface_type, description=description)
    return interface


def mark_managed(interface: Any, *, interface_type: str, description: str) -> None:
    """Make an interface that moto made for a service look as such interfaces do."""
    interface.requester_managed = True
    interface.requester_id = interface.owner_id
    interface.interface_type = interface_type
    interface.description = description
    interface.status = "in-use"


def delete_managed_interface(backend: Any, interface_id: str) -> None:
    """Delete such an interface and end the association of its Elastic IP. Nothing happens when it is gone already."""
    interface = backend.enis.pop(interface_id, None)
    if interface is None:
        return
    for address in interface.elastic_addresses():
        address.disassociate()
    for private in interface.private_ip_addresses:
        interface.subnet.del_subnet_ip(private["PrivateIpAddress"])
    backend.tags.pop(interface_id, None)
