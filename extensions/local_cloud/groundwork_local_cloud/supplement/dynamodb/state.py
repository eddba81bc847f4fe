# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What moto's tables do not keep: an id, states, the key, and when what was changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from moto.dynamodb.models import Table

from ...cloud import cloud
from ..registry import Call
from . import errors

INACCESSIBLE = "INACCESSIBLE_ENCRYPTION_CREDENTIALS"
_ATTRIBUTE = "local_cloud"


@dataclass
class Changes:
    """When a capacity was changed, in UTC without a zone, as moto's times are. ``decreases`` has the oldest first."""

    last_increase: datetime | None = None
    decreases: list[datetime] = field(default_factory=list)


@dataclass
class TableState:
    """State of one table. ``key_arn`` is None where AWS owns the key.

    ``index_states`` has the indexes that are not ACTIVE; ``capacity_changes`` is by index name, empty for the table.
    """

    id: str = field(default_factory=lambda: str(uuid4()))
    status: str = "ACTIVE"
    key_arn: str | None = None
    key_status: str = "ENABLED"
    key_changes: list[datetime] = field(default_factory=list)
    notices_key: bool = False
    inaccessible_since: datetime | None = None
    table_class: str | None = None
    class_changes: list[datetime] = field(default_factory=list)
    on_demand_since: datetime | None = None
    switches_to_on_demand: list[datetime] = field(default_factory=list)
    index_states: dict[str, str] = field(default_factory=dict)
    backfilling: set[str] = field(default_factory=set)
    capacity_changes: dict[str, Changes] = field(default_factory=dict)
    has_backups: bool = True
    ttl_changed: datetime | None = None

    @property
    def is_busy(self) -> bool:
        """Whether the table cannot be deleted yet."""
        return self.status not in ("ACTIVE", INACCESSIBLE) or self.key_status != "ENABLED"


def state_of(table: Table) -> TableState:
    """Our state of a table, kept with it."""
    state: TableState = vars(table).setdefault(_ATTRIBUTE, TableState())
    return state


def find_table(call: Call) -> Table:
    """The table that the call names, by its name or ARN. Raises ResourceNotFoundException."""
    asked = str(call.params.get("TableName", ""))
    name = asked.rpartition("/")[2] if asked.startswith("arn:") else asked
    table: Table | None = call.backend.tables.get(name)
    if table is None:
        raise errors.not_found(f"Table: {name} not found")
    return table


def begin_update(table: Table, kind: str, finish: Callable[[], None] = lambda: None) -> None:
    """Make a table UPDATING until the transition of this kind is over; then ``finish`` is called, too."""
    state = state_of(table)
    state.status = "UPDATING"

    def end() -> None:
        finish()
        state.status = "ACTIVE"

    cloud.transitions.begin(kind, table.table_arn, end)


def index_id(table: Table, name: str) -> str:
    """The ARN of an index, which also names it among the transitions."""
    return f"{table.table_arn}/index/{name}"


def description(table: Table) -> dict[str, Any]:
    """The table as moto describes it; the correction of descriptions adds the rest."""
    described: dict[str, Any] = table.describe()
    return described
