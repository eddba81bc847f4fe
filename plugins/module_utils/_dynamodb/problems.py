# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""What is wrong with a request itself, whatever there is in the account. No I/O.

The limits are those that AWS documents and does not raise.
"""

from __future__ import annotations

import re
import typing as t

from .._core.tags import tag_problems
from .model import ON_DEMAND, PROVISIONED, KeyPart, Limits
from .wanted import CapacityWish, Wanted

_NAME = re.compile(r"[a-zA-Z0-9_.-]{3,255}")
MOST_LOCAL_INDEXES = 5
MOST_PROJECTED_IN_ONE, MOST_PROJECTED = 20, 100


def problems(wanted: Wanted) -> list[str]:
    """Every problem of the request."""
    if not _NAME.fullmatch(wanted.name):
        return [f"name: {wanted.name!r} has to be 3 to 255 letters, digits, underscores, hyphens and dots"]
    if not wanted.present:
        return []
    found = tag_problems(wanted.tags)
    found += _key_problems(wanted) + _capacity_problems(wanted)
    found += _index_problems(wanted) + _other_problems(wanted)
    return found


def new_table_problems(wanted: Wanted) -> list[str]:
    """What a table that is to be created lacks."""
    found = []
    if wanted.hash_key is None:
        found.append(f"hash_key_name: the table {wanted.name} is not there, and a new one needs a partition key")
    if wanted.local_indexes and wanted.range_key is None:
        found.append("local_secondary_indexes: the table needs a sort key (range_key_name)")
    if wanted.billing_mode is None:
        found += needless_capacity(wanted, "a new table is PAY_PER_REQUEST unless billing_mode says otherwise")
    return found + missing_capacity(wanted, wanted.billing_mode or ON_DEMAND)


def needless_capacity(wanted: Wanted, reason: str) -> list[str]:
    """The options that a table which is paid by the request has no use for, each with the reason."""
    wishes = {"": wanted.capacity}
    wishes |= {f"the index {wish.index.name}: ": wish.capacity for wish in wanted.global_indexes or ()}
    return [f"{where}{option}: {reason}" for where, wish in wishes.items() for option in _capacity_options(wish)]


def missing_capacity(wanted: Wanted, billing_mode: str) -> list[str]:
    """The capacities that have to be named where a table becomes a provisioned one."""
    start = wanted.capacity.at_start()
    missing = [name for name, value in (("read", start.read), ("write", start.write)) if not value]
    if billing_mode != PROVISIONED:
        return []
    return [f"{name}_capacity: billing_mode=PROVISIONED needs it, or autoscaling.{name}" for name in missing]


def _key_problems(wanted: Wanted) -> list[str]:
    found = []
    if wanted.range_key and not wanted.hash_key:
        found.append("range_key_name: also needs hash_key_name")
    if wanted.hash_key and wanted.range_key and wanted.hash_key.name == wanted.range_key.name:
        found.append("range_key_name: has to differ from hash_key_name")
    return found + _attribute_problems(wanted)


def _attribute_problems(wanted: Wanted) -> list[str]:
    parts = list(key_parts(wanted))
    names = {part.name for part in [*parts, *wanted.keys]}
    found = [
        f"{name[:20]!r}…: the name of a key attribute has 1 to 255 characters, this one {len(name)}"
        for name in sorted(names)
        if not 1 <= len(name) <= 255
    ]
    types: dict[str, set[str]] = {}
    for part in parts:
        types.setdefault(part.name, set()).add(part.type)
    for name, kinds in types.items():
        if len(kinds) > 1:
            found.append(f"{name}: an attribute has one type in all keys, here {' and '.join(sorted(kinds))}")
    return found


def key_parts(wanted: Wanted) -> t.Iterator[KeyPart]:
    """Every attribute of a key whose type is told."""
    for wish, role in ((wanted.hash_key, "HASH"), (wanted.range_key, "RANGE")):
        if wish and wish.type:
            yield KeyPart(wish.name, wish.type, role)
    for index in wanted.global_indexes or ():
        yield from index.index.keys
    for local in wanted.local_indexes or ():
        yield local.sort_key


def _capacity_problems(wanted: Wanted) -> list[str]:
    found = _of_capacity("", wanted.capacity)
    for wish in wanted.global_indexes or ():
        found += _of_capacity(f"the index {wish.index.name}: ", wish.capacity)
    if wanted.billing_mode == ON_DEMAND:
        found += needless_capacity(wanted, "cannot be set with billing_mode=PAY_PER_REQUEST")
    return found


def _of_capacity(where: str, wish: CapacityWish) -> list[str]:
    given = {"read_capacity": wish.read, "write_capacity": wish.write}
    found = [f"{where}{name}: has to be at least 1" for name, value in given.items() if value is not None and value < 1]
    if wish.scaling:
        for name, limits in (("read", wish.scaling.read), ("write", wish.scaling.write)):
            found += [f"{where}autoscaling.{name}.{problem}" for problem in _of_limits(limits)] if limits else []
    return found


def _capacity_options(wish: CapacityWish) -> list[str]:
    scales = wish.scaling is not None and (wish.scaling.read or wish.scaling.write)
    given = {"read_capacity": wish.read, "write_capacity": wish.write, "autoscaling": scales}
    return [name for name, value in given.items() if value]


def _of_limits(limits: Limits) -> list[str]:
    found = []
    if limits.min_capacity < 1:
        found.append("min_capacity: has to be at least 1")
    if limits.max_capacity < limits.min_capacity:
        found.append(f"max_capacity: {limits.max_capacity} is less than min_capacity")
    if not 20 <= limits.target_utilization <= 90:
        found.append(f"target_utilization: {limits.target_utilization:g} is not from 20 to 90 percent")
    if min(limits.scale_in_cooldown, limits.scale_out_cooldown) < 0:
        found.append("scale_in_cooldown, scale_out_cooldown: cannot be negative")
    return found


def _index_problems(wanted: Wanted) -> list[str]:
    local = wanted.local_indexes or ()
    wishes: list[tuple[str, str, tuple[str, ...]]] = [
        (wish.index.name, wish.index.projection_type, wish.index.non_key_attributes)
        for wish in wanted.global_indexes or ()
    ]
    wishes += [(wish.name, wish.projection_type, wish.non_key_attributes) for wish in local]
    found = [problem for wish in wishes for problem in _of_projection(*wish)]
    names = [name for name, _projection, _others in wishes]
    found += [f"{name}: two indexes have this name" for name in sorted({n for n in names if names.count(n) > 1})]
    if len(local) > MOST_LOCAL_INDEXES:
        found.append(f"local_secondary_indexes: AWS allows {MOST_LOCAL_INDEXES}, here are {len(local)}")
    projected = sum(len(others) for _name, _projection, others in wishes)
    if projected > MOST_PROJECTED:
        found.append(f"non_key_attributes: AWS allows {MOST_PROJECTED} in all indexes together, here are {projected}")
    return found


def _of_projection(name: str, projection_type: str, others: tuple[str, ...]) -> list[str]:
    found = []
    if not _NAME.fullmatch(name):
        found.append(f"the index name {name!r} has to be 3 to 255 letters, digits, underscores, hyphens and dots")
    if (projection_type == "INCLUDE") != bool(others):
        found.append(f"the index {name}: projection_type=INCLUDE and non_key_attributes need each other")
    if len(others) > MOST_PROJECTED_IN_ONE:
        found.append(f"the index {name}: AWS allows {MOST_PROJECTED_IN_ONE} non_key_attributes, here are {len(others)}")
    if len(others) != len(set(others)):
        found.append(f"the index {name}: an attribute stands twice in non_key_attributes")
    return found


def _other_problems(wanted: Wanted) -> list[str]:
    found = []
    if wanted.kms_key_id and not wanted.sse_enabled:
        found.append("kms_key_id: cannot be set with sse_enabled=false")
    if wanted.recovery_days is not None and not wanted.recovery:
        found.append("recovery_period_in_days: also needs point_in_time_recovery=true")
    if wanted.recovery_days is not None and not 1 <= wanted.recovery_days <= 35:
        found.append(f"recovery_period_in_days: {wanted.recovery_days} is not from 1 to 35")
    if len(wanted.ttl_attribute or "") > 255:
        found.append("ttl_attribute: has more than 255 characters")
    return found
