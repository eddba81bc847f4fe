# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loop devices: files as block devices."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import threading
from pathlib import Path

from .shell import CommandFailed, run

CONTROL = Path("/dev/loop-control")
LOOP_CTL_GET_FREE = 0x4C82  # <linux/loop.h>
MAJOR = 7
ATTEMPTS = 20
_lock = threading.Lock()


def attach(file: Path) -> Path:
    """Make ``file`` a block device and return the device's path. Raises CommandFailed."""
    with _lock:
        for attempt in range(ATTEMPTS):
            device = _free_device()
            try:
                run("losetup", str(device), str(file))
            except CommandFailed:
                # Another process may have taken the device since it was found free.
                if attempt == ATTEMPTS - 1:
                    raise
            else:
                return device
    raise AssertionError("the loop above returns or raises")


def detach(device: Path) -> None:
    """Let go of a loop device. While something has it open, the kernel keeps it until that is closed."""
    try:
        run("losetup", "--detach", str(device))
    except CommandFailed:
        if device in backing_files():
            raise


def grow(device: Path) -> None:
    """Make the device as large as its file has become."""
    run("losetup", "--set-capacity", str(device))


def backing_files() -> dict[Path, Path]:
    """The loop devices in use and their files (a deleted file keeps its name here)."""
    found = {}
    for path in Path("/sys/block").glob("loop*/loop/backing_file"):
        try:
            file = path.read_text().strip().removesuffix(" (deleted)")
        except OSError:
            continue  # let go of while it was looked at
        found[Path("/dev") / path.parts[3]] = Path(file)
    return found


def devices_of(file: Path) -> list[Path]:
    """The devices that show ``file``."""
    return [device for device, backing in backing_files().items() if backing == file]


def is_claimed(device: Path) -> bool:
    """Whether its file system is mounted, in whatever mount namespace, or a program holds the device exclusively."""
    try:
        os.close(os.open(device, os.O_RDONLY | os.O_EXCL))
    except OSError as error:
        if error.errno == errno.EBUSY:
            return True
        raise
    return False


def _free_device() -> Path:
    control = os.open(CONTROL, os.O_RDWR | os.O_CLOEXEC)
    try:
        number = fcntl.ioctl(control, LOOP_CTL_GET_FREE)
    finally:
        os.close(control)
    device = Path(f"/dev/loop{number}")
    if not device.exists():
        # A /dev without devtmpfs has nodes for the first eight only.
        os.mknod(device, stat.S_IFBLK | 0o660, os.makedev(MAJOR, number))
    return device
