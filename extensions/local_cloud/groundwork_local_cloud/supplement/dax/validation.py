# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What DAX checks of the values in a request. Each check raises InvalidParameterValueException unless it says more."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from moto.iam.models import iam_backends
from moto.sns.models import sns_backends
from moto.utilities.utils import get_partition

from ...errors import ApiError
from ..registry import Call
from . import errors

LONGEST_CLUSTER_NAME = 20
MOST_NODES = 11
MOST_NODES_PER_REGION = 50
MOST_TAGS = 50
RESERVED_WORDS = ("sudo", "grep")

_SIZES = {
    "r3": ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge"),
    "r4": ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge"),
    "r5": ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge"),
    "r7i": ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge"),
    "t2": ("small", "medium"),
    "t3": ("small", "medium"),
}
NODE_TYPES = frozenset(f"dax.{family}.{size}" for family, sizes in _SIZES.items() for size in sizes)

_IDENTIFIER = re.compile(r"[A-Za-z](-?[A-Za-z0-9])*")
_ROLE_ARN = re.compile(r"arn:aws[\w-]*:iam::\d{12}:role/.+")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_WINDOW = re.compile(r"({0}):([01]\d|2[0-3]):([0-5]\d)-({0}):([01]\d|2[0-3]):([0-5]\d)".format("|".join(_DAYS)))
_MINUTES_PER_DAY = 24 * 60
_SHORTEST_WINDOW, _LONGEST_WINDOW = 60, _MINUTES_PER_DAY


def check_identifier(what: str, name: str) -> None:
    """Letters, digits and single hyphens; a letter first, no hyphen last."""
    if not _IDENTIFIER.fullmatch(name):
        raise errors.invalid_value(
            f"{what} {name} is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII "
            "letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens."
        )


def checked_cluster_name(name: str) -> str:
    """The name as it is stored, in lower case."""
    check_identifier("Cluster ID", name)
    if len(name) > LONGEST_CLUSTER_NAME:
        raise errors.invalid_value(f"Cluster ID {name} is longer than {LONGEST_CLUSTER_NAME} characters.")
    lowered = name.lower()
    for word in RESERVED_WORDS:
        if word in lowered:
            raise errors.invalid_value(f"Cluster ID {name} contains the reserved word {word}.")
    return lowered


def check_node_type(node_type: str, *, encrypted: bool) -> None:
    """A node type of DAX; those of the family r3 have no encryption at rest (InvalidParameterCombinationException)."""
    if node_type not in NODE_TYPES:
        raise errors.invalid_value(f"Node type {node_type} is not valid.")
    if encrypted and node_type.startswith("dax.r3."):
        raise errors.invalid_combination(f"Encryption at rest is not supported for node type {node_type}.")


def check_role(call: Call, arn: str) -> None:
    """A role of the account that DAX may assume."""
    if not _ROLE_ARN.fullmatch(arn):
        raise errors.invalid_value(f"{arn} is not the ARN of an IAM role.")
    roles = iam_backends[call.account_id][get_partition(call.region)].roles.values()
    role = next((role for role in roles if role.arn == arn), None)
    if role is None or not _trusts_dax(json.loads(role.assume_role_policy_document)):
        raise errors.invalid_value(f"No permission to assume role: {arn}")


def _trusts_dax(policy: Mapping[str, Any]) -> bool:
    statements = policy.get("Statement") or []
    return any(
        statement.get("Effect") == "Allow"
        and not {"sts:AssumeRole", "sts:*", "*"}.isdisjoint(_listed(statement.get("Action")))
        and "dax.amazonaws.com" in _listed(_services(statement.get("Principal")))
        for statement in _listed(statements)
    )


def _services(principal: Any) -> Any:
    return principal.get("Service") if isinstance(principal, dict) else None


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def check_topic(call: Call, arn: str) -> None:
    """An SNS topic of the account and region."""
    if arn not in sns_backends[call.account_id][call.region].topics:
        raise errors.invalid_value(f"There is no SNS topic {arn} of this account.")


def checked_window(text: str) -> str:
    """A maintenance window of 60 minutes to 24 hours, ``ddd:hh24:mi-ddd:hh24:mi`` in UTC, in lower case."""
    match = _WINDOW.fullmatch(text.lower())
    if match is None:
        raise errors.invalid_value(f"Maintenance window {text} is not of the form ddd:hh24:mi-ddd:hh24:mi.")
    parts = match.groups()
    length = (_minute_of_week(*parts[3:]) - _minute_of_week(*parts[:3])) % (7 * _MINUTES_PER_DAY)
    if not _SHORTEST_WINDOW <= length <= _LONGEST_WINDOW:
        raise errors.invalid_value(f"Maintenance window {text} must last 60 minutes to 24 hours.")
    return match.group()


def _minute_of_week(day: str, hour: str, minute: str) -> int:
    return _DAYS.index(day) * _MINUTES_PER_DAY + int(hour) * 60 + int(minute)


def checked_tags(tags: Iterable[Mapping[str, Any]], present: Mapping[str, str]) -> dict[str, str]:
    """The tags that a resource has afterwards. Raises TagQuotaPerResourceExceeded besides."""
    merged = dict(present)
    for tag in tags:
        key, value = tag.get("Key") or "", tag.get("Value") or ""
        if not 1 <= len(key) <= 128 or len(value) > 256 or key.lower().startswith("aws:"):
            raise errors.invalid_value(f"Tag {key} is not valid.")
        merged[key] = value
    if len(merged) > MOST_TAGS:
        raise ApiError("TagQuotaPerResourceExceeded", f"A cluster has at most {MOST_TAGS} tags.")
    return merged
