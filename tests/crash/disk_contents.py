# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is written on which disk, where there are no disks: followed from volume to snapshot to volume, call by call.

A running instance writes to its root between any two calls. So a copy that was taken too early lacks something.
"""

from __future__ import annotations

import itertools
import typing as t

from groundwork_local_cloud.settings import ACCOUNT_ID
from groundwork_local_cloud.world_from_moto import CAPTURED_FROM, COPY_OF
from moto.ec2.models import ec2_backends

Writes = frozenset[int]


class Disks:
    """The volumes of one region and what is written on them. ``look`` has to be called after every call of the API."""

    def __init__(self, region: str = "us-east-1") -> None:
        self._backend: t.Any = ec2_backends[ACCOUNT_ID][region]
        self._numbers = itertools.count()
        self._written: dict[str, Writes] = {}
        self.look()

    def look(self) -> None:
        """Follow what was copied by the latest call, then let every running instance write to its root."""
        for snapshot in reversed(self._backend.snapshots.values()):
            source = getattr(snapshot, COPY_OF, None) or getattr(snapshot, CAPTURED_FROM, None)
            if not source:
                break  # from here on they are those of the public images
            if snapshot.id not in self._written:
                self._written[snapshot.id] = self.on(source)
        for volume in self.volumes.values():
            self._written.setdefault(volume.id, self.on(volume.snapshot_id))
        for volume in self.volumes.values():
            if volume.attachment and volume.attachment.instance.state == "running":
                self._written[volume.id] |= {next(self._numbers)}

    def on(self, resource_id: str) -> Writes:
        """What is written on a volume or in a snapshot; also when it is gone."""
        return self._written.get(resource_id, frozenset())

    @property
    def volumes(self) -> dict[str, t.Any]:
        """The volumes there are, by id."""
        volumes: dict[str, t.Any] = self._backend.volumes
        return volumes

    def instance(self, instance_id: str) -> t.Any:
        """An instance as moto has it."""
        return self._backend.get_instance(instance_id)

    def attached_to(self, instance_id: str) -> list[t.Any]:
        """The volumes of an instance."""
        return [one for one in self.volumes.values() if one.attachment and one.attachment.instance.id == instance_id]
