# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""Which key a table is encrypted with, and the change to another one. No I/O."""

from __future__ import annotations

import typing as t

from .._core.kms import Key
from .model import Encryption, State
from .wanted import MANAGED_KEY, Wanted


def is_managed(key: Key) -> bool:
    """Whether a user means the AWS managed key: its alias, the ARN of that, or the key itself."""
    return key.asked == MANAGED_KEY or key.asked.endswith(f":{MANAGED_KEY}") or key.manager == "AWS"


def specification(state: State, wanted: Wanted) -> dict[str, t.Any]:
    """The SSESpecification that the request stands for."""
    key = state.wanted_key
    if not wanted.sse_enabled:
        return {"Enabled": False}
    if key is None or is_managed(key):
        return {"Enabled": True, "SSEType": "KMS"}
    return {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key.arn}


def encryption_after(state: State, wanted: Wanted) -> Encryption:
    """How the table will be encrypted; as it is, if the request does not mind."""
    current = state.table.encryption if state.table else Encryption()
    if not wanted.sse_enabled:
        return Encryption()
    if state.wanted_key is not None:
        # An AWS managed key comes into being when it is first used.
        arn = state.wanted_key.arn or MANAGED_KEY
        return current if current.key_arn == arn else Encryption(arn, "ENABLED")
    return current if current.key_arn else Encryption(MANAGED_KEY, "ENABLED")
