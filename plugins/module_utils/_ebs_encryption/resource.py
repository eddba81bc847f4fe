# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""EBS encryption by default as the runner sees it."""

from __future__ import annotations

import typing as t

from .._core.kms import read_key
from .._core.pace import Pace
from .._core.plan import Plan
from . import api
from .plan import AWS_MANAGED_KEY, State, is_managed, plan


class EncryptionDefault:
    """The setting of the client's account and region."""

    pace = Pace()

    def __init__(self, client: t.Any, kms_client: t.Any, *, enabled: bool, kms_key_id: str | None) -> None:
        self.client = client
        self._kms_client = kms_client
        self._enabled = enabled
        self._kms_key_id = kms_key_id

    def read(self) -> State:
        asked = self._kms_key_id
        wanted = read_key(self._kms_client, asked) if asked is not None and not is_managed(asked) else None
        return State(api.get_enabled(self.client), self._read_key_id(), wanted)

    def _read_key_id(self) -> str:
        """AWS shows its own key as the alias or, once it has been used, as an ARN: both mean the alias here."""
        key_id = api.get_key_id(self.client)
        if is_managed(key_id) or read_key(self._kms_client, key_id).manager == "AWS":
            return AWS_MANAGED_KEY
        return key_id

    def plan(self, state: State) -> Plan[State]:
        return plan(state, enabled=self._enabled, kms_key_id=self._kms_key_id)

    def view(self, state: State) -> dict[str, t.Any]:
        return {"ebs_encryption_default": {"enabled": state.enabled, "kms_key_id": state.kms_key_id}}
