# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an access key may do: a list of IAM actions, as an identity policy with nothing but Allow would give."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from ..errors import ApiError, protocol_of
from ..identify import ApiRequest
from ..settings import ACCOUNT_ID


@dataclass
class Permissions:
    """Allowed actions (with ``*`` and ``?``) by access key. A key that is not listed may do everything."""

    allowed: dict[str, list[str]] = field(default_factory=dict)

    def check(self, request: ApiRequest, actions: tuple[str, ...]) -> None:
        """Refuse a call for which the access key lacks one of the needed actions.

        Raises:
            ApiError: UnauthorizedOperation (EC2), AccessDeniedException (JSON services) or AccessDenied (all others).
        """
        patterns = self.allowed.get(request.access_key)
        if patterns is None:
            return
        for action in actions:
            if not any(fnmatchcase(action.lower(), pattern.lower()) for pattern in patterns):
                raise refusal(request, f"arn:aws:iam::{ACCOUNT_ID}:user/{request.access_key}", action)


def refusal(request: ApiRequest, caller: str, action: str) -> ApiError:
    """The error of the request's service when no policy of the ``caller`` (an ARN) allows the action."""
    detail = f"User: {caller} is not authorized to perform: {action}"
    reason = f"because no identity-based policy allows the {action} action"
    if request.service == "ec2":
        message = f"You are not authorized to perform this operation. {detail} {reason}"
        return ApiError("UnauthorizedOperation", message, 403)
    if request.service == "s3":
        return ApiError("AccessDenied", "Access Denied", 403)
    protocol = protocol_of(request)
    if protocol == "json":
        return ApiError("AccessDeniedException", f"{detail} {reason}", 400)
    code = "AccessDeniedException" if protocol == "rest-json" else "AccessDenied"
    return ApiError(code, f"{detail} {reason}", 403)
