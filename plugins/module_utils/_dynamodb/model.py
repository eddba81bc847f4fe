# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""A table with what belongs to it, as AWS has it. No I/O."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from .._core.kms import Key

ON_DEMAND, PROVISIONED = "PAY_PER_REQUEST", "PROVISIONED"
# Of these a table does not come out by waiting.
UNUSABLE = ("INACCESSIBLE_ENCRYPTION_CREDENTIALS", "ARCHIVING", "ARCHIVED")


@dataclasses.dataclass(frozen=True)
class KeyPart:
    """One attribute of a key. ``role`` is HASH or RANGE, ``type`` S, N or B."""

    name: str
    type: str
    role: str


@dataclasses.dataclass(frozen=True)
class Capacity:
    """Capacity units; 0 on a table that is paid by the request."""

    read: int = 0
    write: int = 0


@dataclasses.dataclass(frozen=True)
class Decreases:
    """How often the capacity was decreased today (UTC), and when last."""

    today: int = 0
    last: datetime.datetime | None = None


@dataclasses.dataclass(frozen=True)
class Index:
    """A secondary index. A local one has no status and no capacity of its own."""

    name: str
    keys: tuple[KeyPart, ...]
    projection_type: str
    non_key_attributes: tuple[str, ...] = ()
    capacity: Capacity = Capacity()
    status: str = "ACTIVE"
    decreases: Decreases = Decreases()

    @property
    def shape(self) -> tuple[t.Any, ...]:
        """What cannot be changed."""
        return self.keys, self.projection_type, self.non_key_attributes


@dataclasses.dataclass(frozen=True)
class Encryption:
    """Encryption with a KMS key of the account. ``key_arn`` is empty where AWS owns the key."""

    key_arn: str = ""
    status: str = ""


@dataclasses.dataclass(frozen=True)
class Table:
    """What DescribeTable tells. ``stream`` is the view type of the stream, empty without one."""

    name: str
    keys: tuple[KeyPart, ...]
    arn: str = ""
    id: str = ""
    status: str = "CREATING"
    billing_mode: str = ON_DEMAND
    capacity: Capacity = Capacity()
    decreases: Decreases = Decreases()
    global_indexes: tuple[Index, ...] = ()
    local_indexes: tuple[Index, ...] = ()
    encryption: Encryption = Encryption()
    stream: str = ""
    stream_arn: str | None = None
    table_class: str = "STANDARD"
    deletion_protection: bool = False

    def global_index(self, name: str) -> Index | None:
        return next((index for index in self.global_indexes if index.name == name), None)

    def waits(self) -> tuple[str, ...]:
        """What is under way. AWS refuses most changes until it is done."""
        found = [] if self.status == "ACTIVE" else [f"the table {self.name} is {self.status}"]
        found += [f"the index {index.name} is {index.status}" for index in self.global_indexes if _busy(index.status)]
        if _busy(self.encryption.status):
            found.append(f"the encryption of {self.name} is {self.encryption.status}")
        return tuple(found)


def _busy(status: str) -> bool:
    return status.endswith("ING")


@dataclasses.dataclass(frozen=True)
class Recovery:
    """Point-in-time recovery. ``days`` is None where it is off."""

    enabled: bool = False
    days: int | None = None


@dataclasses.dataclass(frozen=True)
class TimeToLive:
    """Which attribute tells when an item expires; none when the status is DISABLED."""

    status: str = "DISABLED"
    attribute: str = ""

    @property
    def is_changing(self) -> bool:
        return _busy(self.status)


@dataclasses.dataclass(frozen=True)
class Limits:
    """Between which limits a capacity is scaled, and how. Cooldowns are in seconds, the utilization in percent."""

    min_capacity: int
    max_capacity: int
    target_utilization: float
    scale_in_cooldown: int
    scale_out_cooldown: int


@dataclasses.dataclass(frozen=True)
class Scaled:
    """One scalable target with the policy that follows the utilization. ``policy_name`` is empty without one.

    ``dimension`` is that of Application Auto Scaling: dynamodb:index:ReadCapacityUnits.
    """

    resource_id: str
    dimension: str
    limits: Limits
    policy_name: str = ""


@dataclasses.dataclass(frozen=True)
class State:
    """A table and what was read of its surroundings. What the request does not need is not read, and None here.

    ``wanted_key`` is the KMS key that the request names; ``now`` (UTC) is when all this was read.
    """

    table: Table | None
    now: datetime.datetime
    tags: dict[str, str] | None = None
    recovery: Recovery | None = None
    time_to_live: TimeToLive | None = None
    scaled: tuple[Scaled, ...] | None = None
    wanted_key: Key | None = None
