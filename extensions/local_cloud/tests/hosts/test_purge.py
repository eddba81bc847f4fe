# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clean-up after a controller that was killed in the middle of its work."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import time
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from groundwork_local_cloud.hosts import loops, namespaces
from groundwork_local_cloud.hosts.addressing import Addressing
from groundwork_local_cloud.hosts.cgroups import Group
from groundwork_local_cloud.hosts.cleanup import purge
from groundwork_local_cloud.hosts.mounts import frozen, mounts_below
from groundwork_local_cloud.slots import claim
from machine_room import MachineRoom

pytestmark = pytest.mark.hosts


def _cloud(slot: int, state_dir: Path, image_dir: Path, key: Path, ready: Event) -> None:
    """A cloud with a host that writes, killed while the host's file systems are frozen for a snapshot."""
    room = MachineRoom(slot, state_dir, image_dir, key)
    room.hosts.start()
    instance, volume = room.run(), room.volume()
    room.attach(volume, instance)
    room.wait(lambda: room.hosts.has_volume(volume))
    room.output(instance, "sudo mkfs.ext4 -q /dev/sdf && sudo mount /dev/sdf /mnt")
    room.output(instance, "sudo systemd-run sh -c 'while :; do date >> /var/log/dates; date >> /mnt/dates; done'")
    file_systems = [*room.hosts._hosts[instance].file_systems_on(volume), state_dir / "hosts" / instance / "volume"]
    with frozen(file_systems):
        ready.set()
        time.sleep(60)


def test_purge_after_kill_removes_everything(tmp_path: Path, image_dir: Path, key: Path) -> None:
    state_dir = tmp_path / "state"
    state_dir.mkdir()
    context = multiprocessing.get_context("fork")
    with claim(state_dir, purge) as slot:
        ready = context.Event()
        process = context.Process(target=_cloud, args=(slot, state_dir, image_dir, key, ready))
        process.start()
        assert ready.wait(60)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        assert all(_leftovers(slot, state_dir).values()), "the test sees what there is to be removed"
        begin = time.monotonic()
        purge(slot, state_dir)
        assert time.monotonic() - begin < 10
        assert not any(_leftovers(slot, state_dir).values()), _leftovers(slot, state_dir)
        purge(slot, state_dir)
        assert list(state_dir.iterdir()) == []


def test_purge_waits_for_no_program_that_looks_at_a_mount(room: MachineRoom) -> None:
    instance = room.run()
    looking = subprocess.Popen(("sleep", "60"), cwd=room.state_dir / "hosts" / instance / "root")
    try:
        with pytest.raises(RuntimeError, match="in use by another program: /dev/loop"):
            purge(room.slot, room.state_dir)
    finally:
        looking.kill()
        looking.wait()
    purge(room.slot, room.state_dir)
    assert not any(_leftovers(room.slot, room.state_dir).values())


def _leftovers(slot: int, state_dir: Path) -> dict[str, object]:
    return {
        "processes": Group(f"gw{slot}").members(),
        "mounts": mounts_below(state_dir),
        "loop devices": [file for file in loops.backing_files().values() if file.is_relative_to(state_dir)],
        "namespaces": namespaces.existing(Addressing(slot)),
        "cgroups": list(Path("/sys/fs/cgroup").glob(f"*/gw{slot}")),
        "files": list(state_dir.iterdir()),
    }
