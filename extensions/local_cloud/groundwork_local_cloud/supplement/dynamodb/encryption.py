# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another key for a table."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow

from ...cloud import cloud
from ..registry import Call, Forward, corrects
from . import errors
from .keys import chosen_key
from .state import TableState, description, find_table, state_of

MOST_IN_A_DAY = 4
DAY, BETWEEN = timedelta(hours=24), timedelta(hours=6)


@corrects(
    "dynamodb",
    "UpdateTable",
    id="dynamodb-update-table-encryption",
    behaviour="Another KMS key, or a key of AWS, takes the place of the present one while the table stays ACTIVE; the "
    "key has to be enabled, and the change to be one; four changes in 24 hours, then one in six hours.",
    errors=("LimitExceededException", "ResourceInUseException", "ValidationException"),
)
def update_encryption(call: Call, forward: Forward) -> Any:
    if "SSESpecification" not in call.params:
        return forward()
    table = find_table(call)
    state = state_of(table)
    specification = call.params["SSESpecification"]
    arn = chosen_key(call, specification)
    if state.key_status != "ENABLED":
        raise errors.in_use(f"Table's server-side encryption is being updated: {table.name}")
    if arn == state.key_arn:
        _refuse_same(specification)
    _refuse_too_many(state)
    state.key_changes.append(utcnow())
    state.key_status = "UPDATING"

    def finish() -> None:
        state.key_arn, state.key_status = arn, "ENABLED"

    # Until the change is over the old key is shown; a table without one shows the new.
    state.key_arn = state.key_arn or arn
    cloud.transitions.begin("table-encryption.updating", table.table_arn, finish)
    return ActionResult(description(table))


def _refuse_same(specification: dict[str, Any]) -> None:
    if specification.get("KMSMasterKeyId", "arn:").startswith("arn:"):
        raise errors.invalid_value(
            "Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId parameter if you want to change "
            "Master Key"
            if specification.get("Enabled")
            else "Table is already encrypted by default"
        )


def _refuse_too_many(state: TableState) -> None:
    now = utcnow()
    recent = [when for when in state.key_changes if when > now - DAY]
    if len(recent) >= MOST_IN_A_DAY and now < recent[-1] + BETWEEN:
        raise errors.limit_exceeded(
            f"Encryption mode changes are limited in the 24h window ending at {now:%Y-%m-%dT%H:%M:%SZ}. After the "
            f"first {MOST_IN_A_DAY}, one is allowed every {BETWEEN.total_seconds():.0f} seconds. Updates: "
            f"{len(recent)}"
        )
