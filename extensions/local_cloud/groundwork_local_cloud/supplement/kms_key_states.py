# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""KMS keys between enabled, disabled and pending deletion."""

from __future__ import annotations

from typing import Any

from moto.core.exceptions import JsonRESTError

from .registry import Call, Forward, corrects

PENDING_DELETION = "PendingDeletion"


@corrects(
    "kms",
    "EnableKey",
    "DisableKey",
    "ScheduleKeyDeletion",
    "CancelKeyDeletion",
    id="kms-key-states",
    behaviour=(
        "The operations that change a key's state take its id or its ARN, and refuse a key that is pending deletion; "
        "CancelKeyDeletion refuses a key that is not."
    ),
    errors=("NotFoundException", "KMSInvalidStateException"),
)
def change_state(call: Call, forward: Forward) -> Any:
    key = call.backend.keys.get(call.backend.get_key_id(call.params["KeyId"]))
    if key is None:
        raise JsonRESTError("NotFoundException", f"Key '{call.params['KeyId']}' does not exist")
    must_be_pending = call.operation == "CancelKeyDeletion"
    if (key.key_state == PENDING_DELETION) != must_be_pending:
        state = "pending deletion" if key.key_state == PENDING_DELETION else "not pending deletion"
        raise JsonRESTError("KMSInvalidStateException", f"{key.arn} is {state}.")
    # moto looks the key up by this very string.
    call.params["KeyId"] = key.id
    return forward()
