# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries of network ACLs: type and code of ICMP."""

from __future__ import annotations

from typing import Any

from ..registry import Call, Forward, corrects
from . import errors

ICMP = {"1", "icmp", "58", "ipv6-icmp"}


@corrects(
    "ec2",
    "CreateNetworkAclEntry",
    "ReplaceNetworkAclEntry",
    id="network-acl-entry-icmp",
    behaviour="An entry for ICMP needs a type and a code, which are kept and described.",
    errors=("MissingParameter",),
)
def keep_icmp_type(call: Call, forward: Forward) -> Any:
    icmp = call.params.get("IcmpTypeCode")
    if str(call.params.get("Protocol")) in ICMP and not icmp:
        raise errors.missing_parameter("icmpTypeCode.type")
    if icmp:
        # moto looks for it under the name that it has in the query.
        call.params["Icmp"] = icmp
    return forward()
