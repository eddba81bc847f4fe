# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""What the user asks for, out of the module's parameters. None stands for what is to be left as it is. No I/O."""

from __future__ import annotations

import dataclasses
import typing as t

from .model import Capacity, Index, KeyPart, Limits

MANAGED_KEY = "alias/aws/dynamodb"
NO_CAPACITY = Capacity()


@dataclasses.dataclass(frozen=True)
class KeyWish:
    """An attribute of the table's key. Its type may be left open on a table that exists."""

    name: str
    type: str | None


@dataclasses.dataclass(frozen=True)
class Scaling:
    """How both capacities are scaled; None is not at all."""

    read: Limits | None = None
    write: Limits | None = None


@dataclasses.dataclass(frozen=True)
class CapacityWish:
    """The capacity of a table or an index, and its scaling."""

    read: int | None = None
    write: int | None = None
    scaling: Scaling | None = None

    def at_start(self, default: Capacity = NO_CAPACITY) -> Capacity:
        """The capacity of what is new. What is scaled begins with its smallest, if nothing else is said."""
        scaling = self.scaling or Scaling()
        read = self.read or (scaling.read.min_capacity if scaling.read else default.read)
        return Capacity(read, self.write or (scaling.write.min_capacity if scaling.write else default.write))

    def instead_of(self, current: Capacity) -> Capacity:
        """The capacity of what exists. What is scaled is left to Application Auto Scaling."""
        scaling = self.scaling or Scaling()
        read = current.read if self.read is None or scaling.read else self.read
        return Capacity(read, current.write if self.write is None or scaling.write else self.write)


@dataclasses.dataclass(frozen=True)
class GlobalIndexWish:
    """A global secondary index; the capacity in ``index`` means nothing."""

    index: Index
    capacity: CapacityWish


@dataclasses.dataclass(frozen=True)
class LocalIndexWish:
    """A local secondary index, which has the partition key of its table."""

    name: str
    sort_key: KeyPart
    projection_type: str
    non_key_attributes: tuple[str, ...]

    def index(self, partition_key: KeyPart) -> Index:
        """The index of a table with this partition key."""
        return Index(self.name, (partition_key, self.sort_key), self.projection_type, self.non_key_attributes)


@dataclasses.dataclass(frozen=True)
class Wanted:
    """The request. An empty ``stream`` or ``ttl_attribute`` turns it off."""

    name: str
    present: bool = True
    hash_key: KeyWish | None = None
    range_key: KeyWish | None = None
    billing_mode: str | None = None
    capacity: CapacityWish = CapacityWish()
    global_indexes: tuple[GlobalIndexWish, ...] | None = None
    local_indexes: tuple[LocalIndexWish, ...] | None = None
    sse_enabled: bool = True
    kms_key_id: str | None = None
    stream: str | None = None
    recovery: bool | None = None
    recovery_days: int | None = None
    ttl_attribute: str | None = None
    deletion_protection: bool | None = None
    table_class: str | None = None
    tags: dict[str, str] | None = None
    purge_tags: bool = True
    wait: bool = True

    @property
    def keys(self) -> tuple[KeyPart, ...]:
        """The key of a new table."""
        wishes = ((self.hash_key, "HASH"), (self.range_key, "RANGE"))
        return tuple(KeyPart(wish.name, wish.type or "S", role) for wish, role in wishes if wish)

    @property
    def scalings(self) -> dict[str, Scaling]:
        """The scaling that is asked for, by the resource id of the table or index."""
        table = f"table/{self.name}"
        wishes = {table: self.capacity.scaling}
        wishes |= {f"{table}/index/{wish.index.name}": wish.capacity.scaling for wish in self.global_indexes or ()}
        return {resource_id: scaling for resource_id, scaling in wishes.items() if scaling is not None}


def wanted_of(params: dict[str, t.Any]) -> Wanted:
    """The request that a module's parameters make."""
    indexes, local_indexes = params["global_secondary_indexes"], params["local_secondary_indexes"]
    stream = params["stream_view_type"]
    return Wanted(
        name=params["name"],
        present=params["state"] == "present",
        hash_key=_key_wish(params, "hash"),
        range_key=_key_wish(params, "range"),
        billing_mode=params["billing_mode"],
        capacity=_capacity_wish(params),
        global_indexes=None if indexes is None else tuple(_global_index(index) for index in indexes),
        local_indexes=None if local_indexes is None else tuple(_local_index(index) for index in local_indexes),
        sse_enabled=params["sse_enabled"],
        kms_key_id=params["kms_key_id"],
        stream="" if stream == "DISABLED" else stream,
        recovery=params["point_in_time_recovery"],
        recovery_days=params["recovery_period_in_days"],
        ttl_attribute=params["ttl_attribute"],
        deletion_protection=params["deletion_protection"],
        table_class=params["table_class"],
        tags=params["tags"],
        purge_tags=params["purge_tags"],
        wait=params["wait"],
    )


def _key_wish(params: dict[str, t.Any], role: str) -> KeyWish | None:
    name, kind = params[f"{role}_key_name"], params[f"{role}_key_type"]
    return KeyWish(name, kind[0] if kind else None) if name is not None else None


def _key_part(params: dict[str, t.Any], role: str) -> KeyPart | None:
    wish = _key_wish(params, role)
    return KeyPart(wish.name, wish.type or "S", role.upper()) if wish else None


def _capacity_wish(params: dict[str, t.Any]) -> CapacityWish:
    asked = params["autoscaling"]
    limits = {} if asked is None else {name: Limits(**one) for name, one in asked.items() if one}
    scaling = None if asked is None else Scaling(**limits)
    return CapacityWish(params["read_capacity"], params["write_capacity"], scaling)


def _global_index(params: dict[str, t.Any]) -> GlobalIndexWish:
    keys = tuple(part for part in (_key_part(params, "hash"), _key_part(params, "range")) if part)
    others = tuple(sorted(params["non_key_attributes"]))
    return GlobalIndexWish(Index(params["name"], keys, params["projection_type"], others), _capacity_wish(params))


def _local_index(params: dict[str, t.Any]) -> LocalIndexWish:
    sort_key = KeyPart(params["range_key_name"], params["range_key_type"][0], "RANGE")
    others = tuple(sorted(params["non_key_attributes"]))
    return LocalIndexWish(params["name"], sort_key, params["projection_type"], others)
