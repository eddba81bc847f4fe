# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""Why a request cannot be fulfilled, seen from what there is. Found before anything is changed. No I/O."""

from __future__ import annotations

import datetime

from .encryption import is_managed
from .model import ON_DEMAND, PROVISIONED, UNUSABLE, Capacity, Decreases, Index, KeyPart, State, Table
from .problems import missing_capacity, needless_capacity, new_table_problems
from .throughput import index_capacity, wanted_mode
from .updates import superseded
from .wanted import KeyWish, Wanted

# AWS allows this many decreases on any day (UTC), and one more whenever there was none for an hour.
DECREASES_A_DAY = 4
BETWEEN_DECREASES = datetime.timedelta(hours=1)
_LONG_AGO = datetime.datetime.fromtimestamp(0, datetime.timezone.utc)  # noqa: UP017  # Python 3.9


def refusals(state: State, wanted: Wanted) -> list[str]:
    """Every reason, each one sentence that names the option."""
    table = state.table
    if table is None:
        return new_table_problems(wanted) + _of_kms_key(state, wanted)
    if table.status in UNUSABLE:
        return [_unusable(table)]
    found = _of_keys(table, wanted) + _of_local_indexes(table, wanted) + _of_attributes(table, wanted)
    found += _of_billing(table, wanted) + _of_decreases(table, wanted, state.now)
    return found + _of_time_to_live(state, wanted) + _of_kms_key(state, wanted)


def _unusable(table: Table) -> str:
    if table.status == "INACCESSIBLE_ENCRYPTION_CREDENTIALS":
        return (
            f"the table {table.name} cannot use its KMS key {table.encryption.key_arn}: enable the key or cancel its "
            "deletion, and run again once AWS shows the table as ACTIVE"
        )
    return f"the table {table.name} is {table.status}: AWS has put it into a backup, from which it can be restored"


def _of_keys(table: Table, wanted: Wanted) -> list[str]:
    parts = {part.role: part for part in table.keys}
    found = _differs("hash_key_name", "partition key", parts.get("HASH"), wanted.hash_key, table)
    return found + _differs("range_key_name", "sort key", parts.get("RANGE"), wanted.range_key, table)


def _differs(option: str, what: str, part: KeyPart | None, wish: KeyWish | None, table: Table) -> list[str]:
    if wish is None or (part and part.name == wish.name and wish.type in (None, part.type)):
        return []
    has = f"{part.name} ({part.type}) as its {what}" if part else f"no {what}"
    return [f"{option}: the table {table.name} has {has}, and AWS cannot change the keys of a table: make a new one"]


def _of_local_indexes(table: Table, wanted: Wanted) -> list[str]:
    if wanted.local_indexes is None:
        return []
    asked = {wish.name: wish.index(table.keys[0]) for wish in wanted.local_indexes}
    existing = {index.name: index for index in table.local_indexes}
    found = [f"{name} is not there" for name in asked if name not in existing]
    found += [f"{name} is there" for name in existing if name not in asked]
    found += [f"{name} differs" for name in asked if name in existing and asked[name].shape != existing[name].shape]
    advice = "AWS cannot change the local indexes of a table: make a new one"
    return [f"local_secondary_indexes: {', '.join(sorted(found))}, and {advice}"] if found else []


def _of_attributes(table: Table, wanted: Wanted) -> list[str]:
    """Attributes and names that the table has given away already."""
    fixed = [*table.keys, *(part for index in table.local_indexes for part in index.keys)]
    types = {part.name: part.type for part in fixed}
    indexes = [wish.index for wish in wanted.global_indexes or ()]
    clashes = {part.name for index in indexes for part in index.keys if types.get(part.name, part.type) != part.type}
    found = [f"global_secondary_indexes: {name} is of the type {types[name]} in the table" for name in sorted(clashes)]
    local = {index.name for index in table.local_indexes}
    taken = [index.name for index in indexes if index.name in local]
    return found + [f"global_secondary_indexes: {name} is the name of a local index" for name in taken]


def _of_billing(table: Table, wanted: Wanted) -> list[str]:
    mode = wanted_mode(table, wanted)
    if mode == ON_DEMAND and wanted.billing_mode is None:
        return needless_capacity(
            wanted, f"the table {table.name} is PAY_PER_REQUEST, and billing_mode does not change that"
        )
    return missing_capacity(wanted, mode) if table.billing_mode != PROVISIONED else []


def _of_decreases(table: Table, wanted: Wanted, now: datetime.datetime) -> list[str]:
    if table.billing_mode != PROVISIONED or wanted_mode(table, wanted) != PROVISIONED:
        return []
    ways: list[tuple[str, Table | Index, Capacity]] = [
        (f"the table {table.name}", table, wanted.capacity.instead_of(table.capacity))
    ]
    kept = [index for index in table.global_indexes if index not in superseded(table, wanted)]
    ways += [(f"the index {index.name}", index, index_capacity(index, table, wanted)) for index in kept]
    return [
        f"read_capacity, write_capacity: {what} was decreased {owner.decreases.today} times today, and AWS allows the "
        f"next decrease at {_allowed_at(owner.decreases):%Y-%m-%dT%H:%M:%SZ}"
        for what, owner, after in ways
        if _decreases(owner.capacity, after) and _is_exhausted(owner.decreases, now)
    ]


def _decreases(before: Capacity, after: Capacity) -> bool:
    return after.read < before.read or after.write < before.write


def _allowed_at(decreases: Decreases) -> datetime.datetime:
    return (decreases.last or _LONG_AGO) + BETWEEN_DECREASES


def _is_exhausted(decreases: Decreases, now: datetime.datetime) -> bool:
    return decreases.today >= DECREASES_A_DAY and now < _allowed_at(decreases)


def _of_time_to_live(state: State, wanted: Wanted) -> list[str]:
    now, wish = state.time_to_live, wanted.ttl_attribute
    if now is None or wish is None:
        return []
    if now.is_changing and (now.status == "DISABLING") == bool(wish):
        return [f"ttl_attribute: time to live is {now.status}, which takes up to an hour: run again after that"]
    if wish and now.attribute not in ("", wish):
        return [
            f"ttl_attribute: time to live follows {now.attribute}. AWS allows one change in an hour: turn it off with "
            f"an empty ttl_attribute, and set {wish} an hour later"
        ]
    return []


def _of_kms_key(state: State, wanted: Wanted) -> list[str]:
    key = state.wanted_key
    if key is None or is_managed(key):
        return []
    return key.problems("kms_key_id")
