# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""Stay within EC2's request limits: a call waits here until EC2 would take it, instead of being refused there.

A budget hangs on a boto3 client and sees every attempt of every call, retries and dry runs included, so that no caller
has to think of it. A module that works on many things gives its client one, and then any number of threads may use it.
It knows nothing of what others use up in the account. When EC2 refuses a call all the same, it takes the bucket for
empty, as it must be.
"""

from __future__ import annotations

import dataclasses
import threading
import time
import typing as t

from . import request_limits as limits
from .request_limits import Limit

Client = t.TypeVar("Client")

UNEVENNESS = 1.0  # seconds by which one call may be longer on its way to EC2 than another


@dataclasses.dataclass
class Bucket:
    """A token bucket on our side of the network. ``tokens`` is what it held at the time ``at``."""

    limit: Limit
    tokens: float
    at: float

    @classmethod
    def full(cls, limit: Limit, now: float) -> Bucket:
        """A bucket that is somewhat smaller than EC2's: what was sent evenly may arrive unevenly."""
        size = max(limit.size - UNEVENNESS * limit.refill, 1)
        return cls(Limit(size, limit.refill), size, now)

    def ready(self, count: float, earliest: float) -> float:
        """When ``count`` tokens are there, not before ``earliest``. More than it can hold are never waited for."""
        missing = min(count, self.limit.size) - self._tokens(earliest)
        return earliest + max(missing, 0) / self.limit.refill

    def take(self, count: float, at: float) -> None:
        """Take ``count`` tokens at the time ``at``, which :meth:`ready` has given."""
        self.tokens, self.at = max(self._tokens(at) - count, 0), at

    def empty(self, at: float) -> None:
        """Somebody else has taken everything."""
        self.tokens, self.at = 0, max(at, self.at)

    def _tokens(self, at: float) -> float:
        return min(self.limit.size, self.tokens + max(at - self.at, 0) * self.limit.refill)


class Budget:
    """The buckets of one account in one region. Calls of one kind go through in the order in which they came."""

    def __init__(
        self, *, clock: t.Callable[[], float] = time.monotonic, sleep: t.Callable[[float], None] = time.sleep
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._buckets: dict[str, Bucket] = {}

    def attach(self, client: Client) -> Client:
        """Make every call of this EC2 client wait for its tokens; returns the client."""
        events = client.meta.events  # type: ignore[attr-defined]  # boto3 makes its client classes at run time
        # Before the signature, which is valid for five minutes from the moment it is made.
        events.register_first("request-created.ec2", self._before_attempt)
        events.register_first("needs-retry.ec2", self._after_attempt)
        return client

    def spend(self, operation: str, parameters: t.Mapping[str, t.Any]) -> None:
        """Wait until EC2 takes this call. ``parameters`` are those of EC2's query protocol: ``InstanceId.1``."""
        with self._lock:
            now = self._clock()
            costs = [(self._bucket(name, limit, now), count) for name, limit, count in _costs(operation, parameters)]
            at = max(now, *(bucket.at for bucket, _count in costs))
            for bucket, count in costs:
                at = bucket.ready(count, at)
            for bucket, count in costs:
                bucket.take(count, at)
        if at > now:
            self._sleep(at - now)

    def exceeded(self, operation: str) -> None:
        """EC2 has refused a call: others use the account, too."""
        with self._lock:
            for name, bucket in self._buckets.items():
                if name.split()[0] == operation:
                    bucket.empty(self._clock())

    def _bucket(self, name: str, limit: Limit, now: float) -> Bucket:
        return self._buckets.setdefault(name, Bucket.full(limit, now))

    def _before_attempt(self, request: t.Any, operation_name: str, **_rest: t.Any) -> None:
        self.spend(operation_name, request.data)

    def _after_attempt(self, response: t.Any, operation: t.Any, **_rest: t.Any) -> None:
        answer = response[1] if response else {}
        if answer.get("Error", {}).get("Code") == "RequestLimitExceeded":
            self.exceeded(operation.name)


def _costs(operation: str, parameters: t.Mapping[str, t.Any]) -> list[tuple[str, Limit, int]]:
    """What a call takes: the name of a bucket, its limit, and the number of tokens."""
    costs = [(*_request_limit(operation, parameters), 1)]
    if operation in limits.OF_INSTANCES:
        costs.append((f"{operation} instances", limits.OF_INSTANCES[operation], _instances(parameters)))
    return costs


def _request_limit(operation: str, parameters: t.Mapping[str, t.Any]) -> tuple[str, Limit]:
    if operation in limits.OF_OPERATION:
        return operation, limits.OF_OPERATION[operation]
    if not operation.startswith(("Describe", "Get", "List", "Search")):
        return operation, limits.CHANGING
    # Whether an id narrows a read is not documented: such a call is counted as one that reads everything.
    narrowed = any(name.startswith(("Filter.", "MaxResults", "NextToken")) for name in parameters)
    if operation in limits.EXPENSIVE_READS and not narrowed:
        return f"{operation} of everything", limits.READING_EVERYTHING
    return operation, limits.READING


def _instances(parameters: t.Mapping[str, t.Any]) -> int:
    named = sum(name.startswith("InstanceId.") for name in parameters)
    return named or int(parameters.get("MaxCount", 1))
