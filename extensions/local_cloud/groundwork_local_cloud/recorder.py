# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A record of every API call, for tests and for the curious: what was asked, when, and how it was answered."""

from __future__ import annotations

import re
import threading
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from .identify import ApiRequest

REDACTED = "(redacted)"
_SECRET = re.compile(
    r"password|passphrase|secret(string|binary|accesskey)|privatekey|plaintext|authtoken|sessiontoken",
    re.IGNORECASE,
)
_LENGTH_ONLY = {"UserData"}


@dataclass(frozen=True)
class RecordedCall:
    """One call. ``time`` is UTC in ISO 8601, ``duration`` in seconds; ``error`` is the AWS error code, if any."""

    number: int
    time: str
    service: str
    operation: str
    region: str
    access_key: str
    params: dict[str, Any]
    actions: tuple[str, ...]
    status: int
    error: str | None
    duration: float


def redacted(value: Any, name: str = "") -> Any:
    """A copy of parameters that can be shown and is JSON: secrets are masked, binary data is told by its length."""
    if name in _LENGTH_ONLY and value is not None:
        return f"({len(value)} characters)"
    if _SECRET.search(name):
        return REDACTED
    if isinstance(value, dict):
        shown = {key: redacted(item, str(key)) for key, item in value.items()}
        return {**shown, "Value": REDACTED} if value.get("Type") == "SecureString" else shown
    if isinstance(value, list):
        return [redacted(item, name) for item in value]
    if isinstance(value, bytes | bytearray):
        return f"({len(value)} bytes)"
    return value if isinstance(value, str | int | float | bool | None) else str(value)


class Recorder:
    """All calls since the start or the last ``clear``, in the order in which they were answered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: list[RecordedCall] = []
        self._last = 0

    def add(
        self, request: ApiRequest, actions: tuple[str, ...], started: datetime, status: int, error: str | None
    ) -> None:
        """Record a call that was answered just now; ``status`` 0 means that the connection was cut instead."""
        duration = (datetime.now(UTC) - started).total_seconds()
        with self._lock:
            self._last += 1
            self._calls.append(
                RecordedCall(
                    self._last,
                    started.isoformat(),
                    request.service,
                    request.operation,
                    request.region,
                    request.access_key,
                    redacted(request.params),
                    actions,
                    status,
                    error,
                    round(duration, 6),
                )
            )

    def since(self, number: int = 0) -> list[dict[str, Any]]:
        """The calls after ``number``, as JSON objects."""
        with self._lock:
            return [asdict(call) for call in self._calls if call.number > number]

    def counts(self) -> dict[str, int]:
        """How often each operation was called, as ``{"ec2:RunInstances": 2}``."""
        with self._lock:
            return dict(Counter(f"{call.service}:{call.operation}" for call in self._calls))

    def clear(self) -> None:
        """Forget all calls; numbers go on, so that ``since`` stays right for readers who were there before."""
        with self._lock:
            self._calls.clear()
