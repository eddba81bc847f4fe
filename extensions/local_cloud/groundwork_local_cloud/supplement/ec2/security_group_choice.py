# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The security groups that an interface or an instance is given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import errors

MOST_GROUPS_PER_INTERFACE = 5


def checked_groups(backend: Any, group_ids: Sequence[str], subnet: Any) -> list[Any]:
    """The groups with these ids, all of the subnet's VPC; the VPC's default group for none.

    Raises InvalidGroup.NotFound, InvalidGroupId.Malformed, InvalidParameter for a group of another VPC,
    SecurityGroupsPerInterfaceLimitExceeded.
    """
    if not group_ids:
        return [backend.get_default_security_group(subnet.vpc_id)]
    if len(group_ids) > MOST_GROUPS_PER_INTERFACE:
        raise errors.EC2ClientError(
            "SecurityGroupsPerInterfaceLimitExceeded",
            f"The maximum number of security groups per interface has been reached ({MOST_GROUPS_PER_INTERFACE}).",
        )
    groups = [_find(backend, group_id) for group_id in dict.fromkeys(group_ids)]
    for group in groups:
        if group.vpc_id != subnet.vpc_id:
            raise errors.EC2ClientError(
                "InvalidParameter", f"Security group {group.id} and subnet {subnet.id} belong to different networks."
            )
    return groups


def _find(backend: Any, group_id: str) -> Any:
    if not group_id.startswith("sg-"):
        raise errors.malformed("InvalidGroupId.Malformed", group_id, "sg")
    group = backend.get_security_group_from_id(group_id)
    if group is None:
        raise errors.EC2ClientError("InvalidGroup.NotFound", f"The security group '{group_id}' does not exist")
    return group


def group_ids_of_names(backend: Any, names: Sequence[str]) -> list[str]:
    """The ids of groups of the default VPC by name. Raises InvalidGroup.NotFound, VPCIdNotSpecified."""
    vpc = backend.get_default_vpc()
    if names and vpc is None:
        raise errors.EC2ClientError(
            "VPCIdNotSpecified",
            "No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.",
        )
    found = []
    for name in names:
        group = backend.get_security_group_from_name(name, vpc.id)
        if group is None:
            raise errors.EC2ClientError(
                "InvalidGroup.NotFound", f"The security group '{name}' does not exist in default VPC '{vpc.id}'"
            )
        found.append(group.id)
    return found
