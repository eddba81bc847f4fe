# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Point-in-time recovery."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.dynamodb.models import Table

from ..registry import Call, Forward, corrects
from . import errors
from .state import state_of


def _find(call: Call) -> Table:
    """The table that the call names. Raises TableNotFoundException, as only the calls for backups do."""
    name = str(call.params["TableName"]).rpartition("/")[2]
    table: Table | None = call.backend.tables.get(name)
    if table is None:
        raise errors.table_not_found(name)
    return table


@corrects(
    "dynamodb",
    "UpdateContinuousBackups",
    id="dynamodb-update-continuous-backups",
    behaviour="Recovery is changed once the continuous backups of a new table have begun; its period is 1 to 35 days "
    "and is not given when recovery is turned off.",
    errors=("ContinuousBackupsUnavailableException", "TableNotFoundException", "ValidationException"),
)
def update(call: Call, forward: Forward) -> Any:
    table = _find(call)
    specification = call.params["PointInTimeRecoverySpecification"]
    days = specification.get("RecoveryPeriodInDays")
    if days is not None and not specification["PointInTimeRecoveryEnabled"]:
        raise errors.invalid(
            "Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery."
        )
    if days is not None and not 1 <= int(days) <= 35:
        raise errors.invalid(
            f"1 validation error detected: Value '{days}' at 'pointInTimeRecoverySpecification.recoveryPeriodInDays' "
            "failed to satisfy constraint: Member must have value less than or equal to 35"
        )
    if not state_of(table).has_backups:
        raise errors.backups_unavailable(table.name)
    return forward()


@corrects(
    "dynamodb",
    "DescribeContinuousBackups",
    id="dynamodb-describe-continuous-backups",
    behaviour="The continuous backups of a new table are DISABLED until they have begun.",
    errors=("TableNotFoundException",),
)
def describe(call: Call, forward: Forward) -> Any:
    table = _find(call)
    result = forward()
    if state_of(table).has_backups:
        return result
    shown = result.result["ContinuousBackupsDescription"]
    return ActionResult({"ContinuousBackupsDescription": {**shown, "ContinuousBackupsStatus": "DISABLED"}})
