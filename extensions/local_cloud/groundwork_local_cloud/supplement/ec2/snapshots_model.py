# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""moto's snapshot, made to keep what it was taken of, and to have states that take time."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import elastic_block_store
from moto.ec2.models.elastic_block_store import Snapshot

# EC2 shows this where a copy has no volume of its own.
ARBITRARY_VOLUME = "vol-ffffffff"


class CloudSnapshot(Snapshot):
    """A snapshot with the size, volume and key of the moment it was taken; moto's changes with its volume."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source_volume_id: str = self.volume.id
        self.source_size: int = self.volume.size
        self.description: str = self.description or ""
        self.kms_key_id: str | None = self.kms_key_id or (self.volume.kms_key_id if self.encrypted else None)
        self.state_message: str | None = None

    @property
    def volume_id(self) -> str:
        return self.source_volume_id

    @property
    def volume_size(self) -> int:
        return self.source_size

    @property
    def state(self) -> str:
        return str(self.status)

    @property
    def progress(self) -> str:
        return "100%" if self.status == "completed" else "0%"

    @property
    def owner_alias(self) -> str | None:
        return "amazon" if self.from_ami and self.owner_id != self.ec2_backend.account_id else None


elastic_block_store.Snapshot = CloudSnapshot  # moto makes every snapshot from this name
