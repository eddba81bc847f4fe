# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""The state of an instance's root in the words of the module's result. No I/O."""

from __future__ import annotations

import typing as t

from .journal import EXPIRY_TAG
from .model import State, Volume


def view(state: State) -> dict[str, t.Any]:
    """What the module returns of one instance; also the two sides of the diff."""
    journal = state.journal
    original = state.volume(journal.original) if journal else None
    kept = original if original and state.root and original.id != state.root.id else None
    return {
        "instance_id": state.id,
        "instance_state": state.instance.state if state.instance else None,
        "phase": journal.phase if journal else None,
        "root_volume": _volume(state.root),
        "original_volume": _volume(kept),
        "originals_expire_on": kept.tags.get(EXPIRY_TAG) if kept else None,
        "snapshot_ids": [one.id for one in state.snapshots],
        "downtime": journal.downtime if journal else None,
    }


def _volume(volume: Volume | None) -> dict[str, t.Any] | None:
    if volume is None:
        return None
    return {
        "id": volume.id,
        "device": volume.device,
        "encrypted": volume.encrypted,
        "kms_key_id": volume.kms_key_id or None,
        "type": volume.type,
        "size": volume.size,
        "iops": volume.iops,
        "throughput": volume.throughput,
        "tags": volume.tags,
    }
