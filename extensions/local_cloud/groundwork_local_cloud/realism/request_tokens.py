# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""EC2's request throttling, as its developer guide documents it: token buckets per account, region and API.

A request takes one token from the bucket of its API. Calls that launch, start, stop or terminate instances also take
one resource token per instance. A call that finds too few tokens fails with RequestLimitExceeded and takes none.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..errors import ApiError
from ..identify import ApiRequest
from ..settings import ACCOUNT_ID


@dataclass(frozen=True)
class Limit:
    """The size of a bucket in tokens and its refill rate in tokens per second."""

    size: float
    refill: float


NON_MUTATING = Limit(100, 20)
UNFILTERED_AND_UNPAGINATED = Limit(50, 10)
MUTATING = Limit(50, 5)
_NETWORK_INTERFACES = _VOLUMES = Limit(100, 5)
_TAGS = Limit(100, 10)
_ENDPOINTS = Limit(4, 0.3)

UNFILTERED_OPERATIONS = frozenset(
    {
        "DescribeInstances",
        "DescribeInstanceStatus",
        "DescribeNetworkInterfaces",
        "DescribeSecurityGroups",
        "DescribeSnapshots",
        "DescribeVolumes",
    }
)
BY_OPERATION = {
    "RunInstances": Limit(5, 2),
    "StartInstances": Limit(5, 2),
    "TerminateInstances": Limit(100, 5),
    "CreateNetworkInterface": _NETWORK_INTERFACES,
    "DeleteNetworkInterface": _NETWORK_INTERFACES,
    "ModifyNetworkInterfaceAttribute": _NETWORK_INTERFACES,
    "AssignPrivateIpAddresses": _NETWORK_INTERFACES,
    "CreateVolume": _VOLUMES,
    "DeleteVolume": _VOLUMES,
    "CreateSnapshot": _VOLUMES,
    "CreateSnapshots": _VOLUMES,
    "DeleteSnapshot": _VOLUMES,
    "CreateTags": _TAGS,
    "DeleteTags": _TAGS,
    "CopyImage": Limit(100, 1),
    "AuthorizeSecurityGroupIngress": Limit(50, 5),
    "CreateVpcEndpoint": _ENDPOINTS,
    "ModifyVpcEndpoint": _ENDPOINTS,
    "DeleteVpcEndpoints": _ENDPOINTS,
}
RESOURCE_TOKENS = {
    "RunInstances": Limit(1000, 2),
    "StartInstances": Limit(1000, 2),
    "StopInstances": Limit(1000, 20),
    "TerminateInstances": Limit(1000, 20),
}


@dataclass
class _Bucket:
    limit: Limit
    tokens: float
    filled_at: float

    def fill(self, now: float) -> None:
        self.tokens = min(self.limit.size, self.tokens + (now - self.filled_at) * self.limit.refill)
        self.filled_at = now


class RequestTokens:
    """The buckets. Off until ``enabled`` is set."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, str], _Bucket] = {}
        self.enabled = False

    def take(self, request: ApiRequest) -> None:
        """Take the tokens that an EC2 call needs.

        Raises:
            ApiError: RequestLimitExceeded (HTTP 503).
        """
        if not self.enabled or request.service != "ec2":
            return
        name, limit = _request_limit(request)
        wanted = [(name, limit, 1, "request")]
        if request.operation in RESOURCE_TOKENS:
            needed = _instances(request.operation, request.params)
            wanted.append((f"{name} instances", RESOURCE_TOKENS[request.operation], needed, "resource request"))
        with self._lock:
            buckets = [(self._filled(request.region, name, limit), count, what) for name, limit, count, what in wanted]
            for bucket, count, what in buckets:
                if bucket.tokens < count:
                    raise _exceeded(request.operation, what)
            for bucket, count, _what in buckets:
                bucket.tokens -= count

    def reset(self) -> None:
        """Switch off and fill all buckets."""
        with self._lock:
            self._buckets.clear()
            self.enabled = False

    def _filled(self, region: str, name: str, limit: Limit) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.setdefault((region, name), _Bucket(limit, limit.size, now))
        bucket.fill(now)
        return bucket


def _request_limit(request: ApiRequest) -> tuple[str, Limit]:
    operation = request.operation
    if operation in BY_OPERATION:
        return operation, BY_OPERATION[operation]
    if request.is_mutating:
        return operation, MUTATING
    narrowing = [name for name, value in request.params.items() if value and name != "DryRun"]
    if operation in UNFILTERED_OPERATIONS and not narrowing:
        return f"{operation} unfiltered", UNFILTERED_AND_UNPAGINATED
    return operation, NON_MUTATING


def _instances(operation: str, params: dict[str, Any]) -> int:
    if operation == "RunInstances":
        return int(params.get("MaxCount") or 1)
    return len(params.get("InstanceIds") or [])


def _exceeded(operation: str, what: str) -> ApiError:
    reason = f"Account {ACCOUNT_ID} has been throttled on ec2:{operation} because it exceeded its {what} rate limit."
    return ApiError("RequestLimitExceeded", f"Request limit exceeded. {reason}", 503)
