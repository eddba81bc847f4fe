# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A full disk: clear failures, no half-made files, no hang."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from groundwork_local_cloud.hosts.cleanup import purge
from groundwork_local_cloud.hosts.shell import CommandFailed
from groundwork_local_cloud.slots import claim
from machine_room import MachineRoom

pytestmark = pytest.mark.hosts

DISK = 300  # MiB


@pytest.fixture
def small_room(tmp_path: Path, image_dir: Path, key: Path) -> Iterator[MachineRoom]:
    """A cloud whose state directory is on a small disk."""
    subprocess.run(("mount", "-t", "tmpfs", "-o", f"size={DISK}m", "tmpfs", str(tmp_path)), check=True)
    try:
        state_dir = tmp_path / "state"
        state_dir.mkdir()
        with claim(state_dir, purge) as slot:
            room = MachineRoom(slot, state_dir, image_dir, key)
            room.hosts.start()
            yield room
            room.hosts.stop()
    finally:
        subprocess.run(("umount", str(tmp_path)), check=True)


def test_launch_on_a_full_disk_fails_with_the_reason(small_room: MachineRoom) -> None:
    (small_room.state_dir / "ballast").write_bytes(bytes((DISK - 50) * 2**20))
    instance = small_room.launch()
    small_room.wait(lambda: small_room.hosts.failure(instance) is not None)
    assert "MiB left, a host needs 128" in str(small_room.hosts.failure(instance))
    assert small_room.hosts.is_off(instance)


def test_snapshot_without_room_is_refused_and_leaves_no_file(small_room: MachineRoom) -> None:
    instance = small_room.run()
    small_room.output(instance, f"sudo dd if=/dev/urandom of=/big bs=1M count={DISK // 2} status=none; sync")
    with pytest.raises(CommandFailed, match="No space left on device"):
        small_room.hosts.capture_snapshot("snap-1", small_room.root_volume(instance))
    assert not list(small_room.state_dir.glob("volumes/snap-1*"))
    assert small_room.output(instance, "sudo touch /written && echo goes on") == "goes on"


def test_host_on_a_disk_that_fills_up_can_still_be_terminated(small_room: MachineRoom) -> None:
    instance = small_room.run()
    filled = small_room.ssh(instance, f"sudo dd if=/dev/zero of=/big bs=1M count={2 * DISK} conv=fsync")
    assert filled.returncode != 0
    small_room.terminate(instance)
    small_room.wait(lambda: not list(small_room.state_dir.glob("volumes/*")))
    assert not (small_room.state_dir / "hosts" / instance).exists()
