# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of volumes and snapshots, without hosts."""

from __future__ import annotations

from pathlib import Path

import pytest
from groundwork_local_cloud.hosts.volumes import GIB, VolumeStore
from groundwork_local_cloud.world import Snapshot, Volume, World

CONTENT = b"content of a volume"


@pytest.fixture
def store(tmp_path: Path) -> VolumeStore:
    return VolumeStore(tmp_path)


def _world(*things: Volume | Snapshot) -> World:
    return World(
        volumes={one.id: one for one in things if isinstance(one, Volume)},
        snapshots={one.id: one for one in things if isinstance(one, Snapshot)},
    )


def _volume(volume_id: str, snapshot_id: str | None = None, size: int = 1) -> Volume:
    return Volume(volume_id, size, snapshot_id, None, encrypted=False)


def _write(store: VolumeStore, volume_id: str, content: bytes) -> None:
    with store.path(volume_id).open("r+b") as file:
        file.write(content)


def _content(store: VolumeStore, volume_id: str) -> bytes:
    with store.path(volume_id).open("rb") as file:
        return file.read(len(CONTENT))


@pytest.fixture
def captured(store: VolumeStore) -> VolumeStore:
    """A store with the volume ``vol-1`` and its snapshot ``snap-1``."""
    store.reconcile(_world(_volume("vol-1")))
    _write(store, "vol-1", CONTENT)
    store.capture("snap-1", "vol-1", ())
    return store


def test_new_volume_is_empty_and_takes_no_room(store: VolumeStore) -> None:
    store.reconcile(_world(_volume("vol-1", size=100)))
    facts = store.path("vol-1").stat()
    assert (facts.st_size, facts.st_blocks) == (100 * GIB, 0)


def test_volume_from_a_snapshot_has_what_was_in_it_then(captured: VolumeStore) -> None:
    _write(captured, "vol-1", b"changed afterwards")
    captured.reconcile(_world(_volume("vol-1"), Snapshot("snap-1", "vol-1"), _volume("vol-2", "snap-1", size=2)))
    assert _content(captured, "vol-2") == CONTENT
    assert captured.path("vol-2").stat().st_size == 2 * GIB


def test_deleted_volume_is_removed_and_its_snapshot_is_kept(captured: VolumeStore) -> None:
    captured.reconcile(_world(Snapshot("snap-1", "vol-1")))
    assert not captured.path("vol-1").exists()
    captured.reconcile(_world(Snapshot("snap-1", "vol-1"), _volume("vol-2", "snap-1")))
    assert _content(captured, "vol-2") == CONTENT


def test_volume_made_just_before_its_snapshot_was_deleted_has_the_content(captured: VolumeStore) -> None:
    captured.delete_snapshot("snap-1")
    captured.reconcile(_world(_volume("vol-1")))  # a picture from before CreateVolume
    captured.reconcile(_world(_volume("vol-1"), _volume("vol-2", "snap-1")))
    assert _content(captured, "vol-2") == CONTENT


def test_deleted_snapshot_gives_its_room_back(captured: VolumeStore, tmp_path: Path) -> None:
    captured.delete_snapshot("snap-1")
    for _ in range(2):
        captured.reconcile(_world(_volume("vol-1")))
    assert [path.name for path in (tmp_path / "volumes").iterdir()] == ["vol-1.img"]


def test_copy_of_a_copy_outlives_its_source(captured: VolumeStore) -> None:
    copies = (Snapshot("snap-3", None, copy_of="snap-2"), Snapshot("snap-2", None, copy_of="snap-1"))
    captured.reconcile(_world(*copies))
    captured.delete_snapshot("snap-1")
    for _ in range(2):
        captured.reconcile(_world(*copies))
    captured.reconcile(_world(*copies, _volume("vol-2", "snap-3")))
    assert _content(captured, "vol-2") == CONTENT


def test_snapshot_of_a_volume_that_has_no_file_yet(captured: VolumeStore) -> None:
    captured.capture("snap-2", "vol-2", ())
    captured.reconcile(_world(Snapshot("snap-1", "vol-1"), _volume("vol-2", "snap-1")))
    captured.reconcile(_world(Snapshot("snap-2", "vol-2"), _volume("vol-3", "snap-2")))
    assert _content(captured, "vol-3") == CONTENT


def test_volumes_grow_and_never_shrink(store: VolumeStore) -> None:
    for size, expected in ((2, 2), (5, 5), (3, 5)):
        store.reconcile(_world(_volume("vol-1", size=size)))
        assert store.path("vol-1").stat().st_size == expected * GIB
