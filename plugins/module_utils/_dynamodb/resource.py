# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""A table as the runner sees it."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import typing as t

from .._core.errors import Refusal
from .._core.kms import Key, read_key
from .._core.pace import Pace
from .._core.plan import Plan
from .._core.tags import from_aws
from . import answers, api, scaling
from .api import Clients
from .model import Index, Scaled, State, Table
from .plan import plan
from .problems import problems
from .wanted import Wanted

# Until then, and after that, AWS knows nothing of what hangs on a table.
COMING_OR_GOING = ("CREATING", "DELETING")
MOST_IDS = 50


class DynamoDbTable:
    """The table of one name in the account and region of the clients.

    With ``foresee``, what would be done is planned even where it could not be done now. Raises Refusal when the
    request itself is wrong.
    """

    pace = Pace()

    def __init__(self, clients: Clients, wanted: Wanted, *, foresee: bool) -> None:
        if found := problems(wanted):
            raise Refusal(found)
        self.client = clients
        self._wanted = wanted
        self._foresee = foresee

    def read(self) -> State:
        """The table, and of what hangs on it only what the request is about."""
        wanted = self._wanted
        now = datetime.datetime.now(datetime.timezone.utc)  # noqa: UP017  # Python 3.9
        answer = api.describe(self.client, TableName=wanted.name)
        table = answers.table_of(answer) if answer else None
        state = State(table, now, wanted_key=self._wanted_key)
        if table is None or table.status in COMING_OR_GOING or self._will_look_again(table):
            return state
        state = dataclasses.replace(state, scaled=self._read_scaled(table))
        return self._with_surroundings(state, table) if wanted.present else state

    def _will_look_again(self, table: Table) -> bool:
        """Whether nothing but the end of what is under way matters now: a wait need not cost five calls each time."""
        return bool(table.waits()) and self._wanted.wait and not self._foresee

    @functools.cached_property
    def _wanted_key(self) -> Key | None:
        wanted = self._wanted
        asks = wanted.present and wanted.sse_enabled and wanted.kms_key_id
        return read_key(self.client.kms, str(wanted.kms_key_id)) if asks else None

    def _with_surroundings(self, state: State, table: Table) -> State:
        wanted, name = self._wanted, {"TableName": table.name}
        found: dict[str, t.Any] = {}
        if wanted.tags is not None:
            found["tags"] = from_aws(api.list_tags(self.client, ResourceArn=table.arn))
        if wanted.recovery is not None:
            found["recovery"] = answers.recovery_of(api.describe_recovery(self.client, **name))
        if wanted.ttl_attribute is not None:
            found["time_to_live"] = answers.time_to_live_of(api.describe_time_to_live(self.client, **name))
        return dataclasses.replace(state, **found)

    def _read_scaled(self, table: Table) -> tuple[Scaled, ...] | None:
        if not scaling.has_to_be_read(table, self._wanted):
            return None
        ids = scaling.resource_ids(table, self._wanted)
        some = [ids[start : start + MOST_IDS] for start in range(0, len(ids), MOST_IDS)]
        targets = [target for one in some for target in api.describe_targets(self.client, ResourceIds=one)]
        asked = {wish.resource_id for wish in scaling.wishes(self._wanted)} if self._wanted.present else set()
        with_policies = sorted({target["ResourceId"] for target in targets} & asked)
        policies = {one: api.describe_policies(self.client, ResourceId=one) for one in with_policies}
        return tuple(answers.scaled_of(target, policies.get(target["ResourceId"], ())) for target in targets)

    def plan(self, state: State) -> Plan[State]:
        return plan(state, self._wanted, foresee=self._foresee)

    def view(self, state: State) -> dict[str, t.Any]:
        table, wanted = state.table, self._wanted
        if table is None:
            return {"table": None}
        shown = _table_view(table)
        if wanted.tags is not None:
            shown["tags"] = state.tags
        if wanted.recovery is not None:
            recovery = state.recovery
            enabled, days = (recovery.enabled, recovery.days) if recovery else (False, None)
            shown["point_in_time_recovery"] = {"enabled": enabled, "recovery_period_in_days": days}
        if wanted.ttl_attribute is not None:
            shown["time_to_live"] = dataclasses.asdict(state.time_to_live) if state.time_to_live else None
        if wanted.scalings:
            shown["autoscaling"] = [_scaled_view(one) for one in state.scaled or ()]
        return {"table": shown}


def _table_view(table: Table) -> dict[str, t.Any]:
    parts = {part.role: part for part in table.keys}
    sort_key, encryption = parts.get("RANGE"), table.encryption
    return {
        "name": table.name,
        "arn": table.arn or "(known after creation)",
        "id": table.id or "(known after creation)",
        "status": table.status,
        "hash_key_name": parts["HASH"].name,
        "hash_key_type": parts["HASH"].type,
        "range_key_name": sort_key.name if sort_key else None,
        "range_key_type": sort_key.type if sort_key else None,
        "billing_mode": table.billing_mode,
        "read_capacity": table.capacity.read,
        "write_capacity": table.capacity.write,
        "global_secondary_indexes": [_index_view(index, of_table=False) for index in table.global_indexes],
        "local_secondary_indexes": [_index_view(index, of_table=True) for index in table.local_indexes],
        "sse_description": {"kms_key_arn": encryption.key_arn, "status": encryption.status}
        if encryption.key_arn
        else None,
        "stream_view_type": table.stream or None,
        "latest_stream_arn": table.stream_arn,
        "table_class": table.table_class,
        "deletion_protection": table.deletion_protection,
    }


def _index_view(index: Index, *, of_table: bool) -> dict[str, t.Any]:
    shown = {
        "name": index.name,
        "keys": [dataclasses.asdict(part) for part in index.keys],
        "projection_type": index.projection_type,
        "non_key_attributes": list(index.non_key_attributes),
    }
    if of_table:
        return shown
    return {
        **shown,
        "status": index.status,
        "read_capacity": index.capacity.read,
        "write_capacity": index.capacity.write,
    }


def _scaled_view(one: Scaled) -> dict[str, t.Any]:
    limits = dataclasses.asdict(one.limits)
    return {"resource_id": one.resource_id, "dimension": one.dimension, **limits, "policy_name": one.policy_name}
