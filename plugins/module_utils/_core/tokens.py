# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""Deterministic client tokens: what makes a creation happen once, even if the run that asked for it was killed."""

from __future__ import annotations

import hashlib
import json
import typing as t


def client_token(owner: str, slot: str, generation: int, specification: t.Mapping[str, t.Any]) -> str:
    """The ClientToken of a creation: 64 hexadecimal characters, the most that AWS takes.

    The same creation asked for again, by whatever run, has the same token, so AWS answers with the resource it made the
    first time. Another ``specification`` has another token: AWS would refuse the old one (IdempotentParameterMismatch).
    ``generation`` must grow when the resource of the slot is replaced by one of the same specification: a token lives
    on for at least a day after its resource was deleted. It is kept in a tag on what outlives the resource.
    """
    identity = json.dumps([owner, slot, generation, specification], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(identity.encode()).hexdigest()
