# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network interface: moto's, with addresses of its subnet, attachment states and Elastic IPs as AWS has them.

It takes the place of moto's class, so that interfaces made by other services (load balancers, file systems) are the
same.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models import elastic_network_interfaces as moto_interfaces

from ...cloud import cloud
from . import public_addresses, subnet_addresses
from .common import tags_of


class NetworkInterface(moto_interfaces.NetworkInterface):
    """An elastic network interface.

    ``attachment_status`` is attaching, attached or detaching; it means nothing on an interface without attachment.
    """

    def __init__(
        self,
        ec2_backend: Any,
        subnet: Any,
        private_ip_address: list[str] | str | None = None,
        private_ip_addresses: list[Any] | None = None,
        device_index: int = 0,
        public_ip_auto_assign: bool = False,
        secondary_ips_count: int | None = None,
        **kwargs: Any,
    ) -> None:
        subnet = ec2_backend.get_subnet(subnet) if isinstance(subnet, str) else subnet
        addresses = _resolve(ec2_backend, subnet, private_ip_address, private_ip_addresses, secondary_ips_count)
        self.attachment_status = "attached"
        self.public_ip: str | None = None
        listed = [{"Primary": index == 0, "PrivateIpAddress": address} for index, address in enumerate(addresses)]
        super().__init__(ec2_backend, subnet, addresses[0], listed, device_index, bool(public_ip_auto_assign), **kwargs)
        if ec2_backend.get_vpc(subnet.vpc_id).enable_dns_hostnames:
            self.private_dns_name = public_addresses.private_dns_name(ec2_backend.region_name, addresses[0])

    @property
    def network_interface_id(self) -> str:
        return str(self.id)

    @property
    def group_set(self) -> list[Any]:
        return list(self._group_set)

    @property
    def attachment(self) -> moto_interfaces.Attachment | None:
        if not self.attachment_id or self.instance is None:
            return None
        attachment = moto_interfaces.Attachment(self)
        attachment.status = self.attachment_status
        return attachment

    @property
    def is_attached(self) -> bool:
        return bool(self.attachment_id)

    def check_auto_public_ip(self) -> None:
        """Take a public address if the interface was launched with one and has none (an Elastic IP takes its place)."""
        if self.public_ip_auto_assign and not self.public_ip:
            self.public_ip = public_addresses.take()

    def stop(self) -> None:
        """Give the auto-assigned address back; an Elastic IP stays."""
        if self.public_ip_auto_assign and self.elastic_address(self.private_ip_address) is None:
            self.public_ip = None

    def elastic_addresses(self) -> list[Any]:
        """The Elastic IPs that are associated with this interface."""
        return [address for address in self.ec2_backend.addresses if address.eni is self]

    def elastic_address(self, private_ip: str | None) -> Any:
        """The Elastic IP of one private address of this interface, or None."""
        found = [address for address in self.elastic_addresses() if address.private_ip_address == private_ip]
        return found[0] if found else None

    @property
    def public_addresses(self) -> tuple[tuple[str, str], ...]:
        """Private address to public address, the primary first."""
        pairs = ((address["PrivateIpAddress"], self._public_of(address)) for address in self.private_ip_addresses)
        return tuple((private, public) for private, public in pairs if public)

    def _public_of(self, address: dict[str, Any]) -> str | None:
        elastic = self.elastic_address(address["PrivateIpAddress"])
        if elastic is not None:
            return str(elastic.public_ip)
        return self.public_ip if address.get("Primary") else None

    @property
    def association(self) -> dict[str, Any] | None:
        return self._association(self.private_ip_addresses[0]) or None

    def _association(self, address: dict[str, Any]) -> dict[str, Any]:
        public = self._public_of(address)
        if public is None:
            return {}
        name = public_addresses.public_dns_name(self.ec2_backend.region_name, public)
        elastic = self.elastic_address(address["PrivateIpAddress"])
        if elastic is None:
            return {"IpOwnerId": "amazon", "PublicDnsName": name, "PublicIp": public}
        return {
            "AllocationId": elastic.allocation_id,
            "AssociationId": elastic.association_id,
            "IpOwnerId": self.owner_id,
            "PublicDnsName": name,
            "PublicIp": public,
        }

    @property
    def network_interface_private_ip_address_list(self) -> list[dict[str, Any]]:
        """The PrivateIpAddresses of DescribeNetworkInterfaces, each with its association."""
        return [self._with_association(address) for address in self.private_ip_addresses]

    @property
    def instance_private_ip_address_list(self) -> list[dict[str, Any]]:
        """The PrivateIpAddresses of DescribeInstances."""
        return self.network_interface_private_ip_address_list

    def _with_association(self, address: dict[str, Any]) -> dict[str, Any]:
        association = self._association(address)
        return {**address, "Association": association} if association else dict(address)

    def get_tags(self) -> list[dict[str, str]]:
        return [{"key": key, "value": value} for key, value in tags_of(self).items()]

    def release(self) -> None:
        """Detach from the instance: the interface is available again."""
        if self.instance is not None:
            self.instance.detach_eni(self)
        self.stop()
        self.public_ip_auto_assign = False
        self.delete_on_termination = False
        self.attachment_status = "attached"

    def delete(self) -> None:
        """Remove the interface with its tags; its Elastic IPs are disassociated and stay allocated."""
        for address in self.elastic_addresses():
            address.disassociate()
        cloud.transitions.cancel(self.id)
        self.ec2_backend.enis.pop(self.id, None)
        self.ec2_backend.tags.pop(self.id, None)


def _resolve(
    backend: Any, subnet: Any, primary: list[str] | str | None, listed: list[Any] | None, more: int | None
) -> list[str]:
    """The addresses of a new interface, the primary first.

    An address that cannot be assigned is replaced by a free one: the API refuses it before it comes here, and what
    moto's own code asks for (NAT gateways, interface endpoints) is a random address.
    """
    unavailable = subnet_addresses.taken(backend, subnet)
    wanted = dict.fromkeys(address for address in _wanted(primary, listed) if address is not None)
    usable = [
        address
        for address in wanted
        if subnet_addresses.may_be_assigned(subnet, address) and address not in unavailable
    ]
    lacking = max(len(wanted), 1) + int(more or 0) - len(usable)
    return usable + subnet_addresses.take_free(backend, subnet, lacking, besides=usable)


def _wanted(primary: list[str] | str | None, listed: list[Any] | None) -> list[str | None]:
    first = primary[0] if isinstance(primary, list) and primary else primary or None
    items = [item if isinstance(item, dict) else {"PrivateIpAddress": item} for item in listed or []]
    items.sort(key=lambda item: not item.get("Primary"))
    return [first if isinstance(first, str) else None, *(item.get("PrivateIpAddress") for item in items)]


moto_interfaces.NetworkInterface = NetworkInterface  # every interface is made through this name
