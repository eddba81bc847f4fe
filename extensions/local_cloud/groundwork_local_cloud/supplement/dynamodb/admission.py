# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""UpdateTable waits its turn."""

from __future__ import annotations

from typing import Any

from ..registry import Call, Forward, corrects
from . import errors
from .state import INACCESSIBLE, find_table, state_of

_DOING = {"CREATING": "created", "UPDATING": "updated", "DELETING": "deleted"}


@corrects(
    "dynamodb",
    "UpdateTable",
    id="dynamodb-update-table-active",
    behaviour="A table is changed only while it is ACTIVE; one that cannot use its key takes no new encryption either.",
    errors=("ResourceInUseException", "ResourceNotFoundException", "ValidationException"),
)
def refuse_unless_active(call: Call, forward: Forward) -> Any:
    table = find_table(call)
    status = state_of(table).status
    if status in _DOING:
        raise errors.in_use(f"Table is being {_DOING[status]}: {table.name}")
    if status == INACCESSIBLE and "SSESpecification" in call.params:
        raise errors.invalid(f"The table {table.name} cannot use its KMS key.")
    return forward()
