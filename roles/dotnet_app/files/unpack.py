# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Unpack a zip or tar archive into a directory that appears complete or not at all.

Usage: unpack.py ARCHIVE SHA256 DESTINATION STRIP GROUP. The first STRIP directories of every name are dropped. The
files belong to root and can be read by GROUP only; "-" lets everybody read them. Standard library only: it runs on the
host.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple

PIECE = 1 << 20  # bytes


class Member(NamedTuple):
    """A file of an archive; a symbolic link has a ``target`` instead of content."""

    name: str
    executable: bool
    content: BinaryIO | None
    target: str = ""


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def members(path: Path) -> Iterator[Member]:
    """The files of a zip or tar archive. Raises ValueError for another file."""
    if zipfile.is_zipfile(path):
        yield from _zip_members(path)
    elif tarfile.is_tarfile(path):
        yield from _tar_members(path)
    else:
        raise ValueError("it is neither a zip nor a tar archive")


def _zip_members(path: Path) -> Iterator[Member]:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            mode = info.external_attr >> 16
            if stat.S_ISLNK(mode):
                yield Member(info.filename, False, None, archive.read(info).decode())
            elif not info.is_dir():
                with archive.open(info) as content:
                    yield Member(info.filename, bool(mode & 0o100), content)  # type: ignore[arg-type]  # it has read()


def _tar_members(path: Path) -> Iterator[Member]:
    with tarfile.open(path) as archive:
        for info in archive:
            if info.issym():
                yield Member(info.name, False, None, info.linkname)
            elif info.isfile() or info.islnk():
                yield Member(info.name, bool(info.mode & 0o100), archive.extractfile(info))  # type: ignore[arg-type]  # a file
            elif not info.isdir():
                raise ValueError(f"{info.name} is neither a file, a directory nor a link")


def place(member: Member, strip: int) -> PurePosixPath | None:
    """Where a member goes, below the destination; None if it is dropped. Raises ValueError if it would be outside."""
    path = PurePosixPath(member.name.replace("\\", "/"))
    target = PurePosixPath(path.parent, member.target)
    if path.is_absolute() or ".." in path.parts or PurePosixPath(member.target).is_absolute():
        raise ValueError(f"{member.name} leads out of the archive")
    if os.path.normpath(target).split("/")[0] == "..":
        raise ValueError(f"the link {member.name} leads out of the archive")
    kept = path.parts[strip:]
    return PurePosixPath(*kept) if kept else None


def unpack(archive: Path, directory: Path, strip: int, private: bool) -> int:
    """Unpack into a directory that is there. Returns the number of files."""
    count = 0
    for member in members(archive):
        name = place(member, strip)
        if name is None:
            continue
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.parent.resolve().is_relative_to(directory.resolve()):
            raise ValueError(f"{member.name} leads out of the archive")
        if member.content is None:
            path.symlink_to(member.target)
        else:
            with path.open("xb") as file:
                shutil.copyfileobj(member.content, file, PIECE)
            path.chmod((0o750 if member.executable else 0o640) if private else (0o755 if member.executable else 0o644))
        count += 1
    return count


def main() -> None:
    archive, expected, destination, strip, group = sys.argv[1:]
    found = sha256(Path(archive))
    if found != expected:
        sys.exit(f"The archive has the SHA-256 sum {found}, not {expected}.")
    final = Path(destination)
    draft = final.with_name(f".{final.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    private = group != "-"
    try:
        os.umask(0o027 if private else 0o022)
        if not unpack(Path(archive), draft, int(strip), private):
            raise ValueError(f"nothing is left of it when {strip} directories are dropped")
        for directory, _directories, files in os.walk(draft):
            os.chmod(directory, 0o750 if private else 0o755)
            for name in [directory, *(os.path.join(directory, one) for one in files)] if private else []:
                shutil.chown(name, group=group) if not os.path.islink(name) else None
        draft.rename(final)
    except (ValueError, OSError, tarfile.TarError, zipfile.BadZipFile) as error:
        shutil.rmtree(draft, ignore_errors=True)
        sys.exit(f"The archive cannot be unpacked: {error}")


if __name__ == "__main__":
    main()
