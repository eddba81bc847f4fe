# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The root file system of a host: a layer on its root volume over the base image that all hosts share.

The root volume carries an ext4 file system with the layer, so it is what a root volume is on EC2: a snapshot of it is a
copy of the host, and a volume made from the snapshot boots again.
"""

from __future__ import annotations

import os
import shutil
import struct
from pathlib import Path

from .mounts import mounts_below, unmount
from .shell import run

BLANK = 128 * 1024  # bytes at the beginning of a volume that every file system writes to
# See "The Super Block" in the kernel's documentation of ext4.
SUPERBLOCK = 1024  # its offset and its size
EXT4_MAGIC = 0xEF53
MINIMUM_GROWTH = 1024 * 1024  # bytes
LOGIN_USER = """#cloud-config
# The default user of the image that this root volume was made from.
system_info:
  default_user:
    name: {name}
    gecos: {name}
    lock_passwd: true
    groups: [adm, sudo]
    sudo: ["ALL=(ALL) NOPASSWD:ALL"]
    shell: /bin/bash
"""


class NotBootable(RuntimeError):
    """A root volume has nothing on it to boot from."""


class RootFileSystem:
    """The mounts of one host, below its ``directory``. ``image_dir`` is the cache of base images."""

    def __init__(self, directory: Path, image_dir: Path) -> None:
        self._image_dir = image_dir
        self._layer = directory / "volume"
        self.path = directory / "root"

    @property
    def volume_path(self) -> Path:
        """Where the root volume's own file system is mounted."""
        return self._layer

    def mount(self, device: Path, image: Path | None, login_user: str) -> None:
        """Mount the root volume ``device`` and the image that it was made from.

        A blank volume is first made one of ``image``, with ``login_user`` as its default user. Raises NotBootable for
        a volume without an operating system, CommandFailed if it cannot be made or mounted.
        """
        for directory in (self._layer, self.path):
            directory.mkdir(parents=True, exist_ok=True)
        fresh = _is_blank(device)
        if fresh:
            if image is None:
                raise NotBootable("the root volume is empty")
            run("mkfs.ext4", "-q", "-E", "nodiscard,lazy_itable_init=1,lazy_journal_init=1", str(device))
        elif _has_grown(device):
            # As an instance does at boot. Not while it is mounted: that takes a privilege which containers often lack.
            run("e2fsck", "-f", "-p", str(device))
            run("resize2fs", str(device))
        run("mount", "-o", "noatime", str(device), str(self._layer))
        if fresh and image is not None:
            (self._layer / "image").write_text(image.name)
            for name in ("upper", "work"):
                (self._layer / name).mkdir()
        self._mount_overlay()
        if fresh:
            self.write("etc/cloud/cloud.cfg.d/60_default_user.cfg", LOGIN_USER.format(name=login_user))

    def unmount(self) -> None:
        """Unmount whatever of it is mounted. Raises CommandFailed while it is in use."""
        unmount(self.path)
        unmount(self._layer)

    def is_mounted(self) -> bool:
        """Whether any of it is mounted."""
        return bool(mounts_below(self.path) or mounts_below(self._layer))

    def write(self, name: str, text: str) -> None:
        """Replace a file of the host. Not through a link that stands in its place: that could point out of the host."""
        path = self.path / name
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)

    def _mount_overlay(self) -> None:
        try:
            image = self._image_dir / (self._layer / "image").read_text()
        except FileNotFoundError as error:
            raise NotBootable("there is no operating system on the root volume") from error
        if not image.is_dir():
            raise NotBootable(f"the base image that the root volume was made from is no longer there: {image}")
        layers = {"lowerdir": image, "upperdir": self._layer / "upper", "workdir": self._layer / "work"}
        options = ",".join(f"{name}={_escaped(path)}" for name, path in layers.items())
        run("mount", "-t", "overlay", "-o", options, "overlay", str(self.path))


def require_space(directory: Path, minimum: int) -> None:
    """Raise OSError unless the file system of ``directory`` has ``minimum`` bytes left."""
    free = shutil.disk_usage(directory).free
    if free < minimum:
        mebibytes = 2**20
        raise OSError(f"the disk of {directory} has {free // mebibytes} MiB left, a host needs {minimum // mebibytes}")


def _is_blank(device: Path) -> bool:
    with device.open("rb") as file:
        return not any(file.read(BLANK))


def _has_grown(device: Path) -> bool:
    """Whether the device is larger than the ext4 file system on it (there is another: not)."""
    with device.open("rb") as file:
        file.seek(SUPERBLOCK)
        block = file.read(SUPERBLOCK)
        size = file.seek(0, os.SEEK_END)
    blocks, exponent, magic = (
        struct.unpack_from(form, block, at)[0] for form, at in (("<I", 4), ("<I", 24), ("<H", 56))
    )
    return bool(magic == EXT4_MAGIC and size - blocks * (1024 << exponent) >= MINIMUM_GROWTH)


def _escaped(path: Path) -> str:
    text = str(path)
    for character in "\\:,":
        text = text.replace(character, "\\" + character)
    return text
