# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""Ask EC2 and KMS whether the caller may make a call, without making it (DryRun)."""

from __future__ import annotations

import typing as t

from .calls import aws_call
from .errors import ADVICE, AwsCallError

DENIED = ("UnauthorizedOperation", "AccessDenied", "AccessDeniedException")


@aws_call("try {operation} without effect", absent=("DryRunOperation", "DryRunOperationException"))
def _try(client: t.Any, *, operation: str, arguments: dict[str, t.Any]) -> None:
    getattr(client, operation)(**arguments, DryRun=True)


def denial(client: t.Any, operation: str, arguments: dict[str, t.Any]) -> str:
    """What AWS says where the caller may not make the call; empty if it may.

    ``operation`` is boto3's name of one that takes DryRun. Answers about anything but rights are let pass: what is
    tried early may be too early for the state of things. Raises AwsCallError where there is no such answer at all.
    """
    try:
        _try(client, operation=operation, arguments=arguments)
    except AwsCallError as error:
        if error.code in DENIED:
            # EC2 appends some hundred characters that only sts:DecodeAuthorizationMessage can read.
            return str(error.details["error"]["message"]).partition(" Encoded authorization")[0].rstrip(". ")
        if not error.code or error.code in ADVICE:
            raise
    return ""
