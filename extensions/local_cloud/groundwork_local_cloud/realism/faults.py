# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults at chosen calls: an error before or after the effect, a throttled call, a connection that is cut, an effect
that the next reads do not show yet.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from ..errors import ApiError, protocol_of
from ..identify import ApiRequest

LATE = "late"
KINDS = ("error_before", "error_after", "throttle", "cut_before", "cut_after", LATE)
MATCHED = ("service", "operation", "access_key")
EVERY = "every"


class ConnectionCut(Exception):
    """The connection is to be closed without an answer."""


@dataclass
class Fault:
    """One rule. ``match`` maps names of MATCHED to patterns with ``*``; ``at`` is the number of the matching call,
    counted from 1 at the moment the rule is made, or EVERY; with ``onwards`` all later ones are struck, too. ``code``,
    ``message`` and ``status`` have defaults.
    """

    kind: str
    match: dict[str, str] = field(default_factory=dict)
    at: int | str = EVERY
    onwards: bool = False
    code: str | None = None
    message: str | None = None
    status: int | None = None
    matched: int = 0

    def counts(self, request: ApiRequest) -> bool:
        """Count the call if it matches. Returns whether the fault strikes it."""
        if not all(fnmatchcase(getattr(request, name), pattern) for name, pattern in self.match.items()):
            return False
        self.matched += 1
        return self.at in (EVERY, self.matched) or (self.onwards and self.matched > int(self.at))

    def strike(self, request: ApiRequest) -> None:
        """Raise what the fault stands for: ApiError or ConnectionCut."""
        if self.kind.startswith("cut"):
            raise ConnectionCut
        code, message, status = _defaults(self.kind, request)
        raise ApiError(self.code or code, self.message or message, self.status or status)

    @property
    def after(self) -> bool:
        """Whether the call is carried out before the fault strikes."""
        return self.kind.endswith("_after") or self.kind == LATE

    def describe(self) -> dict[str, Any]:
        """The rule as JSON, with the number of calls that have matched so far."""
        return {name: value for name, value in vars(self).items() if value is not None and value is not False}


class Faults:
    """The rules in force. Every rule counts every call; of those that strike one call, the first is taken."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Fault] = []

    def for_call(self, request: ApiRequest) -> Fault | None:
        """The fault for this call, if any."""
        with self._lock:
            striking = [rule for rule in self._rules if rule.counts(request)]
        return striking[0] if striking else None

    def any_of(self, kind: str) -> bool:
        """Whether there is a rule of this kind."""
        return any(rule.kind == kind for rule in self._rules)

    def replace(self, rules: list[Fault]) -> None:
        """Put these rules in the place of the present ones. Counting starts anew."""
        with self._lock:
            self._rules = rules

    def describe(self) -> list[dict[str, Any]]:
        """The rules as JSON."""
        with self._lock:
            return [rule.describe() for rule in self._rules]


def _defaults(kind: str, request: ApiRequest) -> tuple[str, str, int]:
    if kind == "throttle":
        if request.service == "ec2":
            return "RequestLimitExceeded", "Request limit exceeded.", 503
        if request.service == "s3":
            return "SlowDown", "Please reduce your request rate.", 503
        code = "Throttling" if protocol_of(request) in ("query", "rest-xml") else "ThrottlingException"
        return code, "Rate exceeded", 400
    code = {"ec2": "InternalError", "s3": "InternalError"}.get(request.service, "InternalFailure")
    return code, "An internal error has occurred", 500
