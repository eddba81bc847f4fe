# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every address and name that a cloud uses on this machine follows from its slot. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from ipaddress import IPv4Address, IPv4Network

from ..world import Subnet, Vpc

METADATA_ADDRESS = "169.254.169.254"
RESOLVER_ADDRESS = "169.254.169.253"
PUBLIC_RANGE = "198.51.100.0/24"  # of all slots; reserved for documentation, so never a real destination
BRIDGE = "br0"
UPLINK = "up0"  # the VPC's end of the link to the machine
MAX_LINKS = 253
API_LINK = 254


@dataclass(frozen=True)
class Addressing:
    """What belongs to one slot (0 to 3)."""

    slot: int

    @property
    def prefix(self) -> str:
        """How the name of everything that this slot makes begins."""
        return f"gw{self.slot}"

    @property
    def operator(self) -> str:
        """The person at the machine, as seen from the instances."""
        return f"100.64.0.{10 + self.slot}"

    @property
    def public_network(self) -> IPv4Network:
        """Elastic IP and auto-assigned public addresses come from here."""
        return IPv4Network(f"198.51.100.{self.slot * 64}/26")

    @property
    def api(self) -> str:
        """The AWS API, as seen from the instances: on AWS it is on the internet too. No address that EC2 hands out."""
        return str(self.public_network.broadcast_address)

    @property
    def link_network(self) -> IPv4Network:
        """The ends of the links between the VPCs and the machine."""
        return IPv4Network(f"100.64.{1 + self.slot}.0/24")

    def link_address(self, number: int) -> str:
        """The far end of link ``number``: 1 to ``MAX_LINKS`` lead to VPCs, ``API_LINK`` to the API."""
        return str(self.link_network[number])

    def link_name(self, number: int) -> str:
        """The machine's end of link ``number``."""
        return f"{self.prefix}v{number}"

    def namespace(self, resource_id: str) -> str:
        """The network namespace of an instance, or the one that is the router of a VPC."""
        return f"{self.prefix}-{resource_id}"

    def is_public(self, address: str) -> bool:
        return IPv4Address(address) in self.public_network


def port_name(interface_id: str) -> str:
    """The bridge port of an interface. Link names have 15 characters at most; an id ends in 17 hexadecimal digits."""
    return "p" + interface_id.removeprefix("eni-")[-14:]


def gateway(subnet: Subnet) -> str:
    """The VPC router's address in a subnet: the first one."""
    return str(IPv4Network(subnet.cidr)[1])


def dns_server(vpc: Vpc) -> str:
    """The Amazon-provided DNS server: the base of the VPC's primary CIDR plus two."""
    return str(IPv4Network(vpc.cidrs[0])[2])


def internal_domain(region: str) -> str:
    """The domain of private DNS names (``ip-10-0-1-5.ec2.internal``)."""
    return "ec2.internal" if region == "us-east-1" else f"{region}.compute.internal"


def private_name(address: str, region: str) -> str:
    """The IP-based private DNS name of an address."""
    return f"ip-{address.replace('.', '-')}.{internal_domain(region)}"


def public_domain(region: str) -> str:
    """The domain of public DNS names (``ec2-198-51-100-5.compute-1.amazonaws.com``)."""
    return "compute-1.amazonaws.com" if region == "us-east-1" else f"{region}.compute.amazonaws.com"


def public_name(address: str, region: str) -> str:
    """The public DNS name of an Elastic IP or auto-assigned address."""
    return f"ec2-{address.replace('.', '-')}.{public_domain(region)}"


def router_mac(vpc_id: str) -> str:
    """A fixed hardware address for the VPC's router, so that hosts' ARP caches stay right when ports come and go."""
    digits = sha256(vpc_id.encode()).hexdigest()
    return "0a:" + ":".join(digits[i : i + 2] for i in range(0, 10, 2))
