# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The KMS keys of tables: resolved when they are chosen, and looked at again as long as the table needs them."""

from __future__ import annotations

from typing import Any

from moto.core.utils import utcnow
from moto.dynamodb.models import Table
from moto.kms.models import Key, kms_backends

from ...cloud import cloud
from ..ec2.encryption import key_arn
from ..registry import Call
from . import errors
from .state import INACCESSIBLE, state_of

MANAGED_KEY = "alias/aws/dynamodb"


def chosen_key(call: Call, specification: dict[str, Any]) -> str | None:
    """The ARN of the key that an SSESpecification chooses; None is a key that AWS owns.

    Raises ValidationException for a specification that contradicts itself, and for a key that cannot be used.
    """
    key_id, kind = specification.get("KMSMasterKeyId"), specification.get("SSEType")
    if kind == "AES256":
        raise errors.invalid_value("SSEType AES256 is not supported")
    if specification.get("Enabled") is False:
        for name, value in (("SSEType", kind), ("KMSMasterKeyId", key_id)):
            if value:
                raise errors.invalid_value(f"{name} can not be specified if Enabled is false")
        return None
    if key_id and not kind:
        raise errors.invalid_value("SSEType KMS is required if KMSMasterKeyId is specified")
    if not specification.get("Enabled") and not kind:
        return None
    arn = key_arn(call.backend, key_id or MANAGED_KEY)
    if problem := _problem(arn, call.region):
        raise errors.invalid(problem)
    return arn


def _problem(arn: str, region: str) -> str | None:
    parts = arn.split(":")
    key = _find(arn) if parts[3] == region else None
    if key is None:
        name = f"Alias {arn} is not found." if ":alias/" in arn else f"Key '{arn}' does not exist"
        return f"KMS validation error: NotFoundException: {name}"
    if key.key_spec != "SYMMETRIC_DEFAULT":
        return f"KMS validation error: InvalidKeyUsageException: {arn} is not a symmetric encryption key."
    if key.key_state == "Disabled":
        return f"KMS key disabled error: DisabledException: {arn} is disabled."
    if key.key_state != "Enabled":
        return f"KMS validation error: KMSInvalidStateException: {arn} is pending deletion."
    return None


def _find(arn: str) -> Key | None:
    parts = arn.split(":")
    return kms_backends[parts[4]][parts[3]].keys.get(parts[5].removeprefix("key/"))


def unusable(call: Call, table: Table) -> str | None:
    """Why the table cannot use its key, in the words of its errors; None if it can."""
    arn = state_of(table).key_arn
    return _problem(arn, call.region) if arn else None


def look_at_key(call: Call, table: Table) -> None:
    """Let the table notice that its key has become unusable, or usable again. AWS takes its time for that."""
    state = state_of(table)
    is_unusable = unusable(call, table) is not None
    if state.notices_key or is_unusable == (state.status == INACCESSIBLE):
        return

    def finish() -> None:
        state.notices_key = False
        if state.status in ("ACTIVE", INACCESSIBLE):
            lost = unusable(call, table) is not None
            state.status = INACCESSIBLE if lost else "ACTIVE"
            state.inaccessible_since = utcnow() if lost else None

    state.notices_key = True
    cloud.transitions.begin("table.losing-key" if is_unusable else "table.regaining-key", table.table_arn, finish)
