# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state directory of one local cloud: who runs it, where it answers, and its disks."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from .locks import is_locked, locked, rewrite
from .problems import Unusable

_PROBE_BYTES = 65536


@dataclass(frozen=True)
class Record:
    """What is known of a running cloud. ``no_hosts`` are the reasons why there are none, if there are none."""

    endpoint: str
    pid: int
    slot: int | None = None
    operator_address: str | None = None
    no_hosts: tuple[str, ...] = ()

    @property
    def has_hosts(self) -> bool:
        return self.slot is not None


class StateDirectory:
    """Paths and files of a state directory. Nothing in it but what is named here is ever touched."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.log = self.path / "cloud.log"
        self._record = self.path / "cloud.json"
        self._server_lock = self.path / "server.lock"
        self._command_lock = self.path / "command.lock"
        self._data = (self.path / "volumes", self.path / "hosts")

    def prepare(self) -> None:
        """Make the directory, and make sure that it can be written to.

        Raises:
            Unusable: it cannot be, or the disk is full.
        """
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            probe = self.path / "probe"
            try:
                probe.write_bytes(bytes(_PROBE_BYTES))
            finally:
                probe.unlink(missing_ok=True)
        except OSError as error:
            raise Unusable(f"cannot use the state directory {self.path}: {error.strerror}") from error

    @contextlib.contextmanager
    def command(self) -> Iterator[None]:
        """Let one command at a time work on this directory; others wait.

        Raises:
            Unusable: the directory cannot be written to.
        """
        try:
            lock = self._command_lock
            with locked(lock, wait=True):
                yield
        except PermissionError as error:
            raise Unusable(f"cannot use the state directory {self.path}: {error.strerror}") from error

    @contextlib.contextmanager
    def serving(self) -> Iterator[None]:
        """Be the server of this directory.

        Raises:
            Locked: there is one already.
        """
        with locked(self._server_lock) as file:
            rewrite(file, str(os.getpid()))
            try:
                yield
            finally:
                self._server_lock.unlink(missing_ok=True)
                self._record.unlink(missing_ok=True)

    def server_pid(self) -> int | None:
        """The process that serves this directory now, if any."""
        if not is_locked(self._server_lock):
            return None
        text = self._server_lock.read_text()
        return int(text) if text.isdecimal() else None

    def is_served(self) -> bool:
        """Whether a process serves this directory now."""
        return is_locked(self._server_lock)

    def read(self) -> Record | None:
        """What the server has written, or None. Says nothing on whether it still runs."""
        try:
            document = json.loads(self._record.read_text())
        except (FileNotFoundError, NotADirectoryError, ValueError):
            return None
        except PermissionError as error:
            raise Unusable(f"cannot read the state directory {self.path}: {error.strerror}") from error
        return Record(**{**document, "no_hosts": tuple(document["no_hosts"])})

    def write(self, record: Record) -> None:
        """Write what is known, readable by the owner only: all of it or, when the disk is full, none.

        Raises:
            Unusable: it could not be written.
        """
        unfinished = self._record.with_suffix(".unfinished")
        try:
            with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                json.dump(asdict(record), file)
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(self._record)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            raise Unusable(f"cannot write to the state directory {self.path}: {error.strerror}") from error

    def has_leftovers(self) -> bool:
        """Whether there is something that a cloud has left here."""
        return any(path.exists() for path in (self._record, self._server_lock, self.log, *self._data))

    def clear(self) -> None:
        """Remove everything of the cloud; the directory too, unless there is something else in it."""
        for path in (self._record, self._record.with_suffix(".unfinished"), self._server_lock, self.log):
            path.unlink(missing_ok=True)
        for directory in self._data:
            shutil.rmtree(directory, ignore_errors=True)

    def remove(self) -> None:
        """Remove the directory itself if nothing is left in it but the lock of the command that asks for this."""
        self._command_lock.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # there is something else in it
            self.path.rmdir()
