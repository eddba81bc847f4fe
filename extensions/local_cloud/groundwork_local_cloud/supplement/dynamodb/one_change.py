# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UpdateTable makes one change at a time."""

from __future__ import annotations

from typing import Any

from ..registry import Call, Forward, corrects
from . import errors

_ALONE = {
    "SSESpecification": "Server-Side Encryption",
    "TableClass": "TableClass",
    "DeletionProtectionEnabled": "DeletionProtection",
}
_CHANGES = (
    "ProvisionedThroughput",
    "BillingMode",
    "StreamSpecification",
    "GlobalSecondaryIndexUpdates",
    "ReplicaUpdates",
    "OnDemandThroughput",
    "WarmThroughput",
    *_ALONE,
)


@corrects(
    "dynamodb",
    "UpdateTable",
    id="dynamodb-update-table-one-change",
    behaviour="UpdateTable makes one change at a time: encryption, table class and deletion protection stand alone; an "
    "index is created or deleted without any change of capacity or stream, and one at a time.",
    errors=("LimitExceededException", "ValidationException"),
)
def one_change(call: Call, forward: Forward) -> Any:
    changes = [name for name in _CHANGES if call.params.get(name) not in (None, [], {})]
    if not changes:
        raise errors.invalid(
            "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, "
            "SSESpecification, ReplicaUpdates, DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or "
            "TableClass is required"
        )
    for name, what in _ALONE.items():
        if name in changes and len(changes) > 1:
            raise errors.invalid_value(f"{what} modification must be the only operation in the request")
    _refuse_mixture(call.params, changes)
    return forward()


def _refuse_mixture(params: dict[str, Any], changes: list[str]) -> None:
    updates = params.get("GlobalSecondaryIndexUpdates") or []
    online = [update for update in updates if update.get("Create") or update.get("Delete")]
    capacity = "ProvisionedThroughput" in changes
    if "StreamSpecification" in changes and capacity:
        raise errors.invalid_value("You cannot modify stream status while updating table IOPS")
    if online and (capacity or params.get("BillingMode")):
        raise errors.invalid_value("You cannot create or delete index while updating table IOPS")
    if online and "StreamSpecification" in changes:
        raise errors.invalid_value("You cannot create or delete index while changing stream status")
    if len(online) > 1:
        raise errors.one_online_index()
