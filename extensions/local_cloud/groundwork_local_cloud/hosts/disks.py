# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data volumes of a host: which device names they have in it, and the nodes behind the names."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from .shell import CommandFailed, run

DISK_GROUP = 6  # ``disk`` on Debian
LINK_DIRECTORIES = ("by-id", "by-uuid", "by-label")  # below /dev/disk
PLAIN = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True)
class Disk:
    """A volume as a host sees it: the NVMe device ``number``, and the device ``name`` of the attachment."""

    volume_id: str
    name: str  # /dev/sdf
    number: int
    device: int  # of the loop device, as in st_rdev

    @property
    def node(self) -> str:
        """The name of the block device in /dev, as on instances with NVMe."""
        return f"nvme{self.number}n1"

    @property
    def names(self) -> set[str]:
        """The attachment's name below /dev in both spellings: sdf and xvdf."""
        name = self.name.removeprefix("/dev/")
        suffix = name.removeprefix("xvd").removeprefix("sd")
        return {f"sd{suffix}", f"xvd{suffix}"} if suffix != name else {name}

    @property
    def by_id(self) -> str:
        """The name below /dev/disk/by-id that udev derives from the serial number."""
        return f"nvme-Amazon_Elastic_Block_Store_{self.volume_id.replace('-', '')}"


def file_system_names(device: Path) -> dict[str, str]:
    """The names below /dev/disk that udev gives to the file system on a device: by-uuid and by-label."""
    try:
        found = dict(
            line.split("=", 1)
            for line in run("blkid", "--probe", "--output", "export", str(device)).split("\n")
            if line
        )
    except CommandFailed:
        return {}  # there is no file system on it
    names = {"by-uuid": found.get("UUID", ""), "by-label": found.get("LABEL", "")}
    return {directory: name for directory, name in names.items() if PLAIN.fullmatch(name)}


def add_nodes(dev: Path, disk: Disk, names: dict[str, str]) -> None:
    """Make the node and links of a disk in the directory ``dev``. What stands in their place is replaced.

    ``names`` are those of its file system (:func:`file_system_names`).
    """
    remove_nodes(dev, disk)
    with _opened(dev) as top:
        os.mknod(disk.node, stat.S_IFBLK, disk.device, dir_fd=top)
        os.chmod(disk.node, 0o660, dir_fd=top)
        os.chown(disk.node, 0, DISK_GROUP, dir_fd=top)
        for name in disk.names:
            _link(top, name, disk.node)
        _make_directory(top, "disk")
        for directory, name in {"by-id": disk.by_id, **names}.items():
            _make_directory(top, f"disk/{directory}")
            _link(top, f"disk/{directory}/{name}", f"../../{disk.node}")


def remove_nodes(dev: Path, disk: Disk) -> None:
    """Remove the node of a disk and the links to it from the directory ``dev``, as far as they are there."""
    with _opened(dev) as top:
        _remove_links(top, disk.node)
        for name in LINK_DIRECTORIES:
            with suppress(FileNotFoundError), _opened(Path("disk", name), top) as directory:
                _remove_links(directory, f"../../{disk.node}")
        with suppress(FileNotFoundError):
            os.unlink(disk.node, dir_fd=top)


def free_number(taken: set[int]) -> int:
    """The lowest number for another disk. 0 is the root volume's."""
    return next(number for number in range(1, len(taken) + 2) if number not in taken)


@contextmanager
def _opened(path: Path, directory: int | None = None) -> Iterator[int]:
    # The directory may be a guest's: what is done in it must not follow a link that the guest has put there.
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=directory)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _make_directory(directory: int, name: str) -> None:
    with suppress(FileExistsError):
        os.mkdir(name, dir_fd=directory)


def _link(directory: int, name: str, target: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=directory)
    os.symlink(target, name, dir_fd=directory)


def _remove_links(directory: int, target: str) -> None:
    for name in os.listdir(directory):
        with suppress(OSError):  # not a link
            if os.readlink(name, dir_fd=directory) == target:
                os.unlink(name, dir_fd=directory)
