# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""How a boto3 call is made: retried when throttled, its failure turned into an error that says what was being done."""

from __future__ import annotations

import contextlib
import functools
import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry

from .errors import AwsCallError

with contextlib.suppress(ImportError):  # AnsibleAWSModule reports a missing library before any call is made
    from botocore.exceptions import BotoCoreError, ClientError

Answer = t.TypeVar("Answer")


def aws_call(
    doing: str, *, absent: tuple[str, ...] = (), absent_answer: t.Any = None, transient: tuple[str, ...] = ()
) -> t.Callable[[t.Callable[..., Answer]], t.Callable[..., Answer]]:
    """Decorate a function that makes exactly one boto3 call.

    ``doing`` completes "Failed to ..." and may name the function's keyword arguments in braces. The error codes in
    ``absent`` mean that the resource is not there: the call then answers ``absent_answer`` instead of failing, which
    makes deleting twice a success. Those in ``transient`` pass by themselves within a minute: the call is made again,
    as it is when it is throttled.
    """

    def decorate(function: t.Callable[..., Answer]) -> t.Callable[..., Answer]:
        backoff = AWSRetry.jittered_backoff(retries=8, delay=1, max_delay=20, catch_extra_error_codes=list(transient))
        retried = backoff(function)

        @functools.wraps(function)
        def call(client: t.Any, **arguments: t.Any) -> Answer:
            try:
                return t.cast(Answer, retried(client, **arguments))
            except ClientError as error:
                code = error.response["Error"]["Code"]
                if code in absent:
                    return t.cast(Answer, absent_answer)
                message = error.response["Error"].get("Message", "")
                raise AwsCallError(doing.format(**arguments), code, message) from error
            except BotoCoreError as error:
                raise AwsCallError(doing.format(**arguments), "", str(error)) from error

        return call

    return decorate
