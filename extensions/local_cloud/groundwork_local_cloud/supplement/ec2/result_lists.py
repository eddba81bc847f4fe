# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of things in the answer of a Describe operation, whoever made the answer."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult


def listed(result: Any, key: str) -> list[Any]:
    """The things that an answer lists under ``key`` (``Volumes``)."""
    return list(content(result).get(key) or [])


def content(result: Any) -> dict[str, Any]:
    """The answer as a dictionary, which may be changed in place."""
    answer: Any = result.result if isinstance(result, ActionResult) else result
    if not isinstance(answer, dict):
        raise TypeError(f"a Describe operation answered with {type(answer).__name__}")
    return answer
