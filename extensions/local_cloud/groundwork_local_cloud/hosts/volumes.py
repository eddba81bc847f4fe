# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""EBS volumes and snapshots: sparse files, and the loop devices that make them disks."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterable
from pathlib import Path

from ..world import Snapshot, Volume, World
from . import loops
from .mounts import frozen
from .shell import CommandFailed, run

GIB = 1024**3
COPY_TIMEOUT = 600  # seconds
logger = logging.getLogger(__name__)


class NoSuchVolume(LookupError):
    """There is no file for a volume (yet)."""


class VolumeStore:
    """The files of one cloud's volumes and snapshots, below ``state_dir``. Safe to use from several threads."""

    def __init__(self, state_dir: Path) -> None:
        self._directory = state_dir / "volumes"
        self._lock = threading.RLock()
        self._problems: dict[str, str] = {}
        self._unborn: dict[str, str] = {}  # snapshot -> the volume that has no file yet to take it from
        self._deleted: set[str] = set()
        self._condemned: set[str] = set()
        self._directory.mkdir(parents=True, exist_ok=True)

    def reconcile(self, world: World) -> None:
        """Make the files of new volumes and of copied snapshots, grow grown ones, remove those that are gone."""
        with self._lock:
            deleted, self._deleted = self._deleted, set()
        for snapshot in world.snapshots.values():
            self._link_copy(snapshot, world)
        for volume in world.volumes.values():
            self._ensure(volume)
        self._capture_unborn()
        for path in self._directory.glob("vol-*.img"):
            if path.stem not in world.volumes and self.release(path.stem):
                path.unlink()
        # A volume made just before its snapshot was deleted may not be in this world yet, but will be in the next.
        for snapshot_id in self._condemned:
            self._snapshot_path(snapshot_id).unlink(missing_ok=True)
        self._condemned = deleted

    def path(self, volume_id: str) -> Path:
        """The file of a volume."""
        return self._directory / f"{volume_id}.img"

    def problem(self, volume_id: str) -> str | None:
        """Why the volume has no file: a full disk, say."""
        return self._problems.get(volume_id)

    def device(self, volume_id: str) -> Path | None:
        """The block device that shows a volume now, if one does."""
        return next(iter(loops.devices_of(self.path(volume_id))), None)

    def open(self, volume_id: str) -> Path:
        """The block device of a volume, made if need be. Raises NoSuchVolume or CommandFailed."""
        with self._lock:
            if not self.path(volume_id).exists():
                raise NoSuchVolume(self.problem(volume_id) or f"{volume_id} has no file")
            return self.device(volume_id) or loops.attach(self.path(volume_id))

    def release(self, volume_id: str) -> bool:
        """Let go of a volume's block device. False while it is in use, in which case it stays as it is."""
        with self._lock:
            device = self.device(volume_id)
            if device is None:
                return True
            if loops.is_claimed(device):
                return False
            loops.detach(device)
            return self.device(volume_id) is None

    def capture(self, snapshot_id: str, volume_id: str, file_systems: Iterable[Path]) -> None:
        """Keep the present content of a volume (CreateSnapshot). Raises CommandFailed if there is no room for it.

        ``file_systems`` are the mount points of file systems on the volume: they are held still for the time of the
        copy, so that the snapshot is of one moment. It takes a second for about a gigabyte that is in use.
        """
        source = self.path(volume_id)
        if not source.exists():
            self._unborn[snapshot_id] = volume_id
            return
        with frozen(file_systems):
            device = self.device(volume_id)
            _sync(device or source)
            _copy(source, self._snapshot_path(snapshot_id))

    def delete_snapshot(self, snapshot_id: str) -> None:
        """Forget a snapshot, once the volumes that were made from it have their files (DeleteSnapshot)."""
        with self._lock:
            self._unborn.pop(snapshot_id, None)
            self._deleted.add(snapshot_id)

    def _snapshot_path(self, snapshot_id: str) -> Path:
        return self._directory / f"{snapshot_id}.img"

    def _link_copy(self, snapshot: Snapshot, world: World) -> None:
        """Give a copy of a snapshot (CopySnapshot) the file of its source: neither ever changes."""
        path = self._snapshot_path(snapshot.id)
        source = snapshot
        while source.copy_of and not path.exists():
            if self._snapshot_path(source.copy_of).exists():
                os.link(self._snapshot_path(source.copy_of), path)
            elif source.copy_of in world.snapshots:
                source = world.snapshots[source.copy_of]
            else:
                return  # a copy of a snapshot that never had content here, such as an AMI's

    def _capture_unborn(self) -> None:
        """Take the snapshots of volumes that have their file only now, before anybody can have written to it."""
        for snapshot_id, volume_id in list(self._unborn.items()):
            if self.path(volume_id).exists():
                try:
                    self.capture(snapshot_id, volume_id, ())
                except (CommandFailed, OSError) as error:
                    logger.warning("%s has no content: %s", snapshot_id, error)
                self._unborn.pop(snapshot_id, None)

    def _ensure(self, volume: Volume) -> None:
        path = self.path(volume.id)
        try:
            if not path.exists():
                self._create(volume, path)
            elif path.stat().st_size < volume.size * GIB:
                self._grow(volume, path)
        except (CommandFailed, OSError) as error:
            logger.warning("%s: %s", volume.id, error)
            self._problems[volume.id] = str(error)
        else:
            self._problems.pop(volume.id, None)

    def _create(self, volume: Volume, path: Path) -> None:
        snapshot = self._snapshot_path(volume.snapshot_id) if volume.snapshot_id else None
        # The snapshots of public images have no content here: what is made from one begins empty.
        if snapshot is not None and snapshot.exists():
            _copy(snapshot, path, size=volume.size * GIB)
        else:
            _create_empty(path, volume.size * GIB)

    def _grow(self, volume: Volume, path: Path) -> None:
        with self._lock:
            os.truncate(path, volume.size * GIB)
            if (device := self.device(volume.id)) is not None:
                loops.grow(device)


def _create_empty(path: Path, size: int) -> None:
    with path.open("xb") as file:
        file.truncate(size)


def _copy(source: Path, target: Path, size: int | None = None) -> None:
    """Copy a sparse file, so that ``target`` is there whole or not at all. ``size`` (bytes) makes it larger."""
    unfinished = target.with_suffix(".unfinished")
    try:
        run("cp", "--sparse=auto", "--reflink=auto", str(source), str(unfinished), timeout=COPY_TIMEOUT)
        if size is not None and size > unfinished.stat().st_size:
            os.truncate(unfinished, size)
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
