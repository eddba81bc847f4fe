# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Removes everything that a cloud's hosts have left on this machine, whatever state it is in.

What belongs to a cloud is found by its slot (cgroups, namespaces) and by its state directory (mounts, loop devices),
not by records, so this works after a kill at any moment.
"""

from __future__ import annotations

import logging
import shutil
import time
from contextlib import suppress
from pathlib import Path

from . import loops, namespaces
from .cgroups import Group
from .mounts import mounts, mounts_below, thaw
from .shell import CommandFailed, run

LOOP_TIMEOUT = 5.0  # seconds until a loop device must be free once its file system is unmounted
DATA = ("hosts", "volumes")  # what lies below a state directory
logger = logging.getLogger(__name__)


class Leftovers(RuntimeError):
    """Something could not be removed; the message says what."""


def purge(slot: int, state_dir: Path) -> None:
    """Remove the processes, mounts, loop devices, namespaces, cgroups and files of a cloud. Fine if there are none.

    Raises Leftovers if something is held by a program that is not part of the cloud.
    """
    state_dir = state_dir.resolve()
    group = Group(f"gw{slot}")
    _thaw(group, state_dir)
    group.kill()
    namespaces.purge(slot)
    for path in mounts_below(state_dir):
        _unmount(path)
    busy = _detach_loops(state_dir)
    group.remove()
    if busy or mounts_below(state_dir):
        raise Leftovers(f"in use by another program: {', '.join(map(str, [*busy, *mounts_below(state_dir)]))}")
    for name in DATA:
        shutil.rmtree(state_dir / name, ignore_errors=True)


def _thaw(group: Group, state_dir: Path) -> None:
    """A process that was killed during a snapshot leaves a file system frozen: its writers could not even be killed."""
    devices = {device.stat().st_rdev for device in _loops_of(state_dir)}
    for mount in mounts():
        if mount.device in devices:
            thaw(mount.path)
    for process in group.members():
        for mount in mounts(process):
            if mount.device in devices:
                thaw(Path(f"/proc/{process}/root{mount.path}"))


def _unmount(path: Path) -> None:
    try:
        run("umount", str(path))
    except CommandFailed as error:
        logger.warning("%s; it is detached, and freed when its last user ends", error)
        with suppress(CommandFailed):
            run("umount", "--lazy", str(path))


def _detach_loops(state_dir: Path) -> list[Path]:
    """Let go of the loop devices. Returns those still in use after a while."""
    deadline = time.monotonic() + LOOP_TIMEOUT
    while devices := _loops_of(state_dir):
        for device in devices:
            loops.detach(device)
        if time.monotonic() > deadline:
            break
        time.sleep(0.02)
    return devices


def _loops_of(state_dir: Path) -> list[Path]:
    return [device for device, file in loops.backing_files().items() if file.is_relative_to(state_dir)]
