# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Subnet groups and parameter groups as things; their operations stand in files of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

DEFAULT_SUBNET_GROUP = "default"
DEFAULT_PARAMETER_GROUP = "default.dax1.0"
DEFAULT_TTL_MILLIS = "300000"

PARAMETER_DESCRIPTIONS = {
    "query-ttl-millis": "Duration in milliseconds for queries to remain cached",
    "record-ttl-millis": "Duration in milliseconds for records to remain valid in cache (Default: 0 = infinite)",
}


@dataclass(frozen=True)
class GroupSubnet:
    """A subnet as its group remembers it: EC2 may have deleted it meanwhile."""

    id: str
    zone: str
    network_types: tuple[str, ...]

    def view(self) -> dict[str, Any]:
        return {
            "SubnetIdentifier": self.id,
            "SubnetAvailabilityZone": self.zone,
            "SupportedNetworkTypes": list(self.network_types),
        }


@dataclass
class SubnetGroup:
    """Subnets of one VPC."""

    name: str
    description: str | None
    vpc_id: str
    subnets: list[GroupSubnet]

    @property
    def network_types(self) -> list[str]:
        """What all of its subnets support."""
        return [name for name in ("ipv4", "ipv6") if all(name in subnet.network_types for subnet in self.subnets)]

    @property
    def zones(self) -> list[str]:
        return list(dict.fromkeys(subnet.zone for subnet in self.subnets))

    def view(self) -> dict[str, Any]:
        """The group as the API answers it."""
        described = {} if self.description is None else {"Description": self.description}
        return {
            "SubnetGroupName": self.name,
            **described,
            "VpcId": self.vpc_id,
            "Subnets": [subnet.view() for subnet in self.subnets],
            "SupportedNetworkTypes": self.network_types,
        }


@dataclass
class ParameterGroup:
    """A value for every parameter of DAX."""

    name: str
    description: str | None
    values: dict[str, str] = field(default_factory=lambda: dict.fromkeys(PARAMETER_DESCRIPTIONS, DEFAULT_TTL_MILLIS))

    @property
    def is_default(self) -> bool:
        return self.name == DEFAULT_PARAMETER_GROUP

    def view(self) -> dict[str, Any]:
        """The group as the API answers it."""
        described = {} if self.description is None else {"Description": self.description}
        return {"ParameterGroupName": self.name, **described}

    def parameters(self) -> list[dict[str, Any]]:
        """The parameters as DescribeParameters answers them."""
        return [
            {
                "ParameterName": name,
                "ParameterType": "DEFAULT",
                "ParameterValue": value,
                "NodeTypeSpecificValues": [],
                "Description": PARAMETER_DESCRIPTIONS[name],
                "Source": "user",
                "DataType": "integer",
                "AllowedValues": "0-",
                "IsModifiable": "TRUE",
                "ChangeType": "IMMEDIATE",
            }
            for name, value in self.values.items()
        ]


def default_parameter_group() -> ParameterGroup:
    """The group that every account has, and that nobody can change."""
    return ParameterGroup(DEFAULT_PARAMETER_GROUP, "Default parameter group for dax1.0")
