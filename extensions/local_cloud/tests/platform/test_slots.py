# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Slots are claimed by one cloud each, and what a dead holder has left is purged before the next uses it."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from groundwork_local_cloud import slots
from groundwork_local_cloud.hosts.addressing import Addressing
from groundwork_local_cloud.locks import Locked, is_locked, locked
from groundwork_local_cloud.problems import NoFreeSlot


class Purged(list[tuple[int, str]]):
    """Stands for hosts.cleanup.purge, which needs root and a machine to clean; notes what it is asked for."""

    def __call__(self, slot: int, state_dir: Path) -> None:
        self.append((slot, str(state_dir)))


def test_each_cloud_gets_its_own_slot(tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        claimed = [stack.enter_context(slots.claim(Path(f"/{n}"), Purged(), tmp_path / "run")) for n in range(4)]
        assert claimed == [0, 1, 2, 3]
        with pytest.raises(NoFreeSlot, match="all 4 slots"):
            stack.enter_context(slots.claim(Path("/5"), Purged(), tmp_path / "run"))


def test_a_slot_is_purged_and_free_when_its_cloud_ends(tmp_path: Path) -> None:
    purged = Purged()
    with slots.claim(Path("/a"), purged, tmp_path / "run") as slot:
        assert (slot, purged) == (0, [])
    assert purged == [(0, "/a")]
    assert not (tmp_path / "run").exists()
    with slots.claim(Path("/b"), purged, tmp_path / "run") as slot:
        assert slot == 0


def test_a_slot_is_purged_when_its_cloud_fails(tmp_path: Path) -> None:
    purged = Purged()
    with pytest.raises(ZeroDivisionError), slots.claim(Path("/a"), purged, tmp_path):
        raise ZeroDivisionError
    assert purged == [(0, "/a")]


def test_what_a_killed_cloud_left_is_purged_by_the_next(tmp_path: Path) -> None:
    _die_holding_a_slot(tmp_path)
    purged = Purged()
    with slots.claim(Path("/b"), purged, tmp_path) as slot:
        assert (slot, purged) == (0, [(0, "/dead")])


def test_what_killed_clouds_left_can_be_purged_alone(tmp_path: Path) -> None:
    _die_holding_a_slot(tmp_path)
    purged = Purged()
    with slots.claim(Path("/b"), Purged(), tmp_path):
        _die_holding_a_slot(tmp_path)
        assert slots.purge_unused(purged, tmp_path) == [1]
    assert purged == [(1, "/dead")]


def test_public_addresses_of_slots_do_not_overlap() -> None:
    networks = [Addressing(slot).public_network for slot in slots.SLOTS]
    assert [str(network) for network in networks] == [
        "198.51.100.0/26",
        "198.51.100.64/26",
        "198.51.100.128/26",
        "198.51.100.192/26",
    ]
    assert len({Addressing(slot).operator for slot in slots.SLOTS}) == 4


def test_a_lock_is_held_once(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert not is_locked(path)
    with locked(path):
        assert is_locked(path)
        with pytest.raises(Locked), locked(path):
            pass
    assert not is_locked(path)


def test_a_lock_file_that_its_holder_removed_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with locked(path):
        path.unlink()
    with locked(path):
        assert path.exists()
        assert is_locked(path)


def _die_holding_a_slot(directory: Path) -> None:
    program = f"""
        import os
        from pathlib import Path
        from groundwork_local_cloud import slots
        with slots.claim(Path("/dead"), lambda slot, path: None, Path({str(directory)!r})):
            os.kill(os.getpid(), 9)
    """
    environment = {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], env=environment, check=False)
    assert done.returncode == -9
