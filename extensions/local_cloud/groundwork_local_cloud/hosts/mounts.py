# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mounted file systems: which there are, in this process's view or in a host's, and how to hold one still."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from .shell import run

# Numbers of <linux/fs.h>.
FIFREEZE = 0xC0045877
FITHAW = 0xC0045878


@dataclass(frozen=True)
class Mount:
    """``path`` as a process sees it; ``device`` is the number of the block device (as in ``st_dev``)."""

    path: Path
    device: int


def mounts(process: int | str = "self") -> list[Mount]:
    """What is mounted in the mount namespace of a process, in the order of mounting. Empty if the process has ended."""
    try:
        lines = Path(f"/proc/{process}/mountinfo").read_text().splitlines()
    except OSError:
        return []
    return [_parsed(line) for line in lines]


def _parsed(line: str) -> Mount:
    _, _, device, _, path, *_ = line.split(" ")
    major, minor = map(int, device.split(":"))
    return Mount(Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), path)), os.makedev(major, minor))


def mounts_below(directory: Path) -> list[Path]:
    """The mount points at or below ``directory``, those mounted last first: the order in which to unmount them."""
    return [mount.path for mount in reversed(mounts()) if mount.path.is_relative_to(directory)]


def unmount(path: Path) -> None:
    """Unmount what is mounted at ``path``, if anything is. Raises CommandFailed while it is in use."""
    if path in mounts_below(path):
        run("umount", str(path))


@contextmanager
def frozen(directories: Iterable[Path]) -> Iterator[None]:
    """Hold the file systems at ``directories`` still and complete on their disks; writers wait until it ends."""
    with ExitStack() as stack:
        for directory in directories:
            descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
            stack.callback(os.close, descriptor)
            fcntl.ioctl(descriptor, FIFREEZE, 0)
            stack.callback(fcntl.ioctl, descriptor, FITHAW, 0)
        yield


def thaw(directory: Path) -> None:
    """Let go of a file system that a killed process may have left frozen. Fine if it is not."""
    with suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.ioctl(descriptor, FITHAW, 0)
        finally:
            os.close(descriptor)
