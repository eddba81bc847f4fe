# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role with which DAX itself works in an account, for its network interfaces."""

from __future__ import annotations

from moto.iam.models import SERVICE_NAME_CONVERSION, iam_backends
from moto.utilities.utils import get_partition

from ..registry import Call

SERVICE = "dax.amazonaws.com"
NAME = "AWSServiceRoleForDAX"

SERVICE_NAME_CONVERSION["dax"] = NAME.removeprefix("AWSServiceRoleFor")  # moto would spell it in lower case


def ensure_service_linked_role(call: Call) -> None:
    """Make AWSServiceRoleForDAX, as CreateCluster does when the account has none yet."""
    iam = iam_backends[call.account_id][get_partition(call.region)]
    if not any(role.name == NAME for role in iam.roles.values()):
        iam.create_service_linked_role(SERVICE, "", "")
