# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host takes from its instance type."""

from __future__ import annotations

from moto.ec2.models.instance_types import INSTANCE_TYPES


def memory_bytes(instance_type: str) -> int:
    """The memory of an instance type, in bytes (``DescribeInstanceTypes: MemoryInfo.SizeInMiB``)."""
    mebibytes: int = INSTANCE_TYPES[instance_type]["MemoryInfo"]["SizeInMiB"]
    return mebibytes * 1024 * 1024
