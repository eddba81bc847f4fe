# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""What can go wrong, said so that the reader knows what was being done, what AWS answered and what to do next."""

from __future__ import annotations

import typing as t

_ALLOW = "Allow this action in the IAM policy of the caller; the role's README lists the least permissions."

ADVICE: dict[str, str] = {
    "UnauthorizedOperation": _ALLOW,
    "AccessDenied": _ALLOW,
    "AccessDeniedException": _ALLOW,
    "AuthFailure": "Check the access key, its region and the clock of this machine.",
    "ExpiredToken": "The temporary credentials have expired: get new ones and run again.",
    "RequestExpired": "Check the clock of this machine.",
    "RequestLimitExceeded": "The account's request budget is used up: run again later, or with fewer things at a time.",
    "InvalidClusterStateFault": "Another change of the cluster is under way: run again once it is available.",
    "OptInRequired": "The account is not subscribed to this service in this region.",
}


class CoreError(Exception):
    """Anything that ends a module with a message. ``details`` are added to the failed result."""

    def __init__(self, message: str, **details: t.Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class AwsCallError(CoreError):
    """AWS refused a call. ``code`` is the documented error code, empty where no answer came at all."""

    def __init__(self, doing: str, code: str, answer: str) -> None:
        advice = ADVICE.get(code, "")
        said = f"AWS answered {code}: {answer}" if code else answer
        super().__init__(
            " ".join(part for part in (f"Failed to {doing}.", said.rstrip(".") + ".", advice) if part),
            error={"code": code, "message": answer},
        )
        self.code = code


class Refusal(CoreError):
    """The plan refuses to go on; nothing has been changed. Lists every problem at once."""

    def __init__(self, problems: t.Sequence[str]) -> None:
        super().__init__("Nothing was changed: " + " ".join(problem.rstrip(".") + "." for problem in problems))
        self.problems = tuple(problems)


class DeadlineExceeded(CoreError):
    """The time of ``wait_timeout`` has passed; ``waiting_for`` says what for, with the last state seen."""

    def __init__(self, timeout: float, waiting_for: t.Sequence[str]) -> None:
        super().__init__(
            f"Gave up after {timeout:g} s (wait_timeout). Still waiting: {'; '.join(waiting_for)}. "
            "A second run takes up where this one stopped.",
            waiting_for=list(waiting_for),
        )
        self.timeout = timeout
