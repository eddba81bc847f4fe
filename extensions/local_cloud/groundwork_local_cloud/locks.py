# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lock files: held by one process, let go when it ends in whatever way."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO


class Locked(Exception):
    """Another process holds the lock."""


@contextlib.contextmanager
def locked(path: Path, *, wait: bool = False) -> Iterator[IO[str]]:
    """Hold the lock of the file ``path``, which is made if need be; gives the open file.

    Raises:
        Locked: another process holds it, and ``wait`` is not set.
        OSError: the file cannot be opened.
    """
    file = _acquire(path, wait)
    try:
        yield file
    finally:
        file.close()


def _acquire(path: Path, wait: bool) -> IO[str]:
    while True:
        file = path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            file.close()
            raise Locked(str(path)) from error
        if _is_still(path, file):
            file.seek(0)
            return file
        file.close()  # its holder removed the file meanwhile: this is a lock that nobody else can find


def _is_still(path: Path, file: IO[str]) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def is_locked(path: Path) -> bool:
    """Whether a process holds the lock of ``path``."""
    if not path.exists():
        return False
    try:
        with locked(path):
            return False
    except Locked:
        return True


def rewrite(file: IO[str], text: str) -> None:
    """Put ``text`` in the place of the contents of an open lock file."""
    file.seek(0)
    file.truncate()
    file.write(text)
    file.flush()
