# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""MaxResults and NextToken of DAX."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from ..registry import Call
from . import errors

SMALLEST_PAGE = 20
LARGEST_PAGE = 100


_WITHOUT_ERRORS = ("DescribeSubnetGroups",)  # the API has none for a wrong size or token there


def page(call: Call, key: str, items: Sequence[Any]) -> dict[str, Any]:
    """One page of an answer, under ``key``, with the token of the next one.

    Raises InvalidParameterValueException for a size that is not between 20 and 100 and for a foreign token, where the
    operation has that error.
    """
    size = _size(call.operation, call.params.get("MaxResults"))
    token = call.params.get("NextToken")
    start = _start(call.operation, token) if token else 0
    answer: dict[str, Any] = {key: list(items[start : start + size])}
    if start + size < len(items):
        answer["NextToken"] = base64.urlsafe_b64encode(f"{call.operation}:{start + size}".encode()).decode()
    return answer


def _size(operation: str, asked: int | None) -> int:
    size = LARGEST_PAGE if asked is None else min(max(asked, SMALLEST_PAGE), LARGEST_PAGE)
    if asked not in (None, size) and operation not in _WITHOUT_ERRORS:
        raise errors.invalid_value(f"MaxResults must be between {SMALLEST_PAGE} and {LARGEST_PAGE}.")
    return size


def _start(operation: str, token: str) -> int:
    try:
        name, start = base64.urlsafe_b64decode(token.encode()).decode().split(":")
        position = int(start)
    except ValueError:
        name, position = "", 0
    if name != operation and operation not in _WITHOUT_ERRORS:
        raise errors.invalid_value("The NextToken is not valid.")
    return position
