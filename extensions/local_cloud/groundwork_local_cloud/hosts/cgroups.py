# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cgroup of a host: its limits, and the one reliable answer to "which processes belong to it".

Linux may offer one hierarchy (cgroup v2), one per controller (v1), or both at once ("hybrid"); a host gets a group of
the same name in each hierarchy that matters.
"""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

WANTED = {"name=systemd", "memory", "devices"}
KILL_TIMEOUT = 10.0  # seconds until processes that ignore SIGKILL (stuck in the kernel) are given up


@dataclass(frozen=True)
class Hierarchy:
    """A mounted cgroup file system. ``version`` is 1 or 2."""

    mountpoint: Path
    version: int
    controllers: frozenset[str]


def hierarchies() -> list[Hierarchy]:
    """The hierarchies that hosts use: cgroup2, and of cgroup v1 systemd's own, memory and devices."""
    found = []
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        place, _, source = line.partition(" - ")
        kind, _, options = source.split(" ")[:3]
        mountpoint = Path(place.split(" ")[4])
        if kind == "cgroup2":
            # With only this hierarchy (no v1 beside it) it is the one that has the controllers.
            controllers = frozenset((mountpoint / "cgroup.controllers").read_text().split())
            found.append(Hierarchy(mountpoint, 2, controllers))
        elif kind == "cgroup" and (controllers := frozenset(options.split(",")) & WANTED):
            found.append(Hierarchy(mountpoint, 1, controllers))
    return found


class Group:
    """The group ``path`` (such as ``gw0/i-0123``) in every hierarchy. Making the object makes nothing."""

    def __init__(self, path: str) -> None:
        self._hierarchies = hierarchies()
        self._directories = [hierarchy.mountpoint / path for hierarchy in self._hierarchies]

    def create(self, memory: int) -> None:
        """Make the group, with a limit of ``memory`` bytes and without access to any block device."""
        for hierarchy, directory in zip(self._hierarchies, self._directories, strict=True):
            directory.mkdir(parents=True, exist_ok=True)
            if "memory" in hierarchy.controllers:
                _limit_memory(hierarchy, directory, memory)
            if hierarchy.version == 1 and "devices" in hierarchy.controllers:
                # A mistyped device name in a guest must not reach the machine's disks. cgroup v2 has no file for it
                # (it takes a BPF program), so there the guest's /dev is the only barrier.
                (directory / "devices.deny").write_text("a")
                (directory / "devices.allow").write_text("c *:* rwm")

    def allow_block_device(self, device: int) -> None:
        """Let the group use the block device with this number (``st_rdev``)."""
        self._devices("devices.allow", device)

    def deny_block_device(self, device: int) -> None:
        """Take back what :meth:`allow_block_device` gave."""
        self._devices("devices.deny", device)

    def entered(self, *command: str) -> tuple[str, ...]:
        """``command``, made to run in the group from its first instruction on."""
        files = [str(directory / "cgroup.procs") for directory in self._directories]
        enter = 'while [ "$1" != -- ]; do echo $$ > "$1" || exit 1; shift; done; shift; exec "$@"'
        return ("/bin/sh", "-c", enter, "sh", *files, "--", *command)

    def members(self) -> set[int]:
        """The ids of all processes in the group and the groups below it."""
        return {process for directory in self._directories for path in _tree(directory) for process in _processes(path)}

    def kill(self) -> None:
        """Kill every process in the group and wait until it is empty. Raises TimeoutError if one will not die."""
        deadline = time.monotonic() + KILL_TIMEOUT
        while members := self.members():
            for process in members:
                _kill(process)
            if time.monotonic() > deadline:
                raise TimeoutError(f"processes {sorted(members)} do not end although they were killed")
            time.sleep(0.01)

    def remove(self) -> None:
        """Remove the group and the groups below it. They must be empty of processes."""
        for directory in self._directories:
            for path in reversed(_tree(directory)):
                path.rmdir()

    def _devices(self, file: str, device: int) -> None:
        for hierarchy, directory in zip(self._hierarchies, self._directories, strict=True):
            if hierarchy.version == 1 and "devices" in hierarchy.controllers:
                (directory / file).write_text(f"b {os.major(device)}:{os.minor(device)} rwm")


def _limit_memory(hierarchy: Hierarchy, directory: Path, memory: int) -> None:
    if hierarchy.version == 1:
        (directory / "memory.limit_in_bytes").write_text(str(memory))
        return
    # cgroup v2 hands a controller down level by level. Written for machines with cgroup v2 only, tried on none yet.
    for parent in (hierarchy.mountpoint, directory.parent):
        (parent / "cgroup.subtree_control").write_text("+memory")
    (directory / "memory.max").write_text(str(memory))


def _tree(directory: Path) -> list[Path]:
    """The directory and all below it, parents first. Empty if it does not exist."""
    return [Path(path) for path, _, _ in os.walk(directory)]


def _processes(directory: Path) -> set[int]:
    try:
        return {int(line) for line in (directory / "cgroup.procs").read_text().split()} - {0}
    except OSError:
        return set()  # the group was removed while it was looked at


def _kill(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
