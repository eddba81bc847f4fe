# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting, stopping and looking at local clouds from outside their process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import slots
from .client import LocalCloud
from .hosts import cleanup
from .hosts.image import build_image
from .hosts.requirements import missing_requirements
from .problems import CannotStart
from .state_directory import Record, StateDirectory

START_TIMEOUT = 60.0  # seconds
STOP_TIMEOUT = 60.0
_POLL = 0.05
_LOG_LINES = 15

Say = Callable[[str], None]


@dataclass(frozen=True)
class ServeOptions:
    """What a cloud is started with. ``port`` None takes the default port, or a free one if that is in use.

    ``hosts`` is auto, yes or no. ``realism`` is a document of realism settings.
    """

    state_dir: Path
    image_dir: Path
    port: int | None = None
    hosts: str = "auto"
    realism: dict[str, Any] = field(default_factory=dict)


def start(options: ServeOptions, say: Say) -> Record:
    """Start the cloud of a state directory in the background, unless it runs, and wait until its API answers.

    Raises:
        CannotStart: the server has ended or does not answer.
        Unusable: the state directory cannot be used.
    """
    state = StateDirectory(options.state_dir)
    state.prepare()
    with state.command():
        running = _running(state)
        if running:
            say(f"The local cloud of {state.path} is running already.")
            return running
        if state.has_leftovers():
            say(f"Removing what a cloud that did not end properly has left in {state.path}")
            _remove_leftovers(state)
        if options.hosts != "no" and not missing_requirements():
            build_image(options.image_dir, say)
        say("Starting the local cloud")
        return _spawn(state, options)


def stop(state_dir: Path, say: Say) -> bool:
    """End the cloud of a state directory with its hosts and remove what it has made, in whatever state it is.

    Returns whether there was anything to end or remove.

    Raises:
        Unusable: the state directory cannot be used.
    """
    state = StateDirectory(state_dir)
    if not state.path.is_dir():
        return False
    with state.command():
        was_served = state.is_served()
        if was_served:
            say("Stopping the local cloud")
            _end_server(state, say)
        had_leftovers = state.has_leftovers()
        if had_leftovers and not was_served:
            say(f"Removing what a cloud that did not end properly has left in {state.path}")
        _remove_leftovers(state)
        state.remove()
    return was_served or had_leftovers


def status(state_dir: Path) -> tuple[Record, dict[str, Any]] | None:
    """The running cloud of a state directory and its hosts by instance id, or None.

    Raises:
        Unusable: the state directory cannot be read.
    """
    record = _running(StateDirectory(state_dir))
    return (record, LocalCloud(record.endpoint).control("GET", "/hosts")) if record else None


def purge(say: Say) -> None:
    """Remove from this machine whatever clouds that are dead have left, of whatever state directory."""
    if os.geteuid() != 0:
        say("Without root no cloud has made anything on this machine outside its state directory.")
        return
    purged = slots.purge_unused(cleanup.purge)
    for slot in purged:
        say(f"Removed what was left of slot {slot}")
    if not purged:
        say("There is nothing left of dead clouds.")


def _running(state: StateDirectory) -> Record | None:
    record = state.read()
    return record if record and state.is_served() and _answers(record) else None


def _answers(record: Record) -> bool:
    try:
        return bool(LocalCloud(record.endpoint).control("GET", "/status")["pid"] == record.pid)
    except (OSError, ValueError, KeyError):
        return False


def _spawn(state: StateDirectory, options: ServeOptions) -> Record:
    with state.log.open("w") as log:
        process = subprocess.Popen(
            _command(options),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": _python_path()},
        )
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline and process.poll() is None:
        record = state.read()
        if record and record.pid == process.pid and _answers(record):
            return record
        time.sleep(_POLL)
    why = _last_lines(state.log)
    _end_server(state, lambda _line: None)
    _remove_leftovers(state)
    raise CannotStart(why or f"the API does not answer after {START_TIMEOUT:.0f} s")


def _command(options: ServeOptions) -> list[str]:
    port = [] if options.port is None else ["--port", str(options.port)]
    return [
        sys.executable,
        "-m",
        "groundwork_local_cloud",
        "serve",
        f"--state-dir={options.state_dir.absolute()}",
        f"--image-cache={options.image_dir.absolute()}",
        f"--hosts={options.hosts}",
        f"--realism={json.dumps(options.realism)}",
        *port,
    ]


def _python_path() -> str:
    here = str(Path(__file__).resolve().parents[1])
    return os.pathsep.join([here, *filter(None, [os.environ.get("PYTHONPATH")])])


def _last_lines(path: Path) -> str:
    try:
        return "\n".join(path.read_text(errors="replace").strip().splitlines()[-_LOG_LINES:])
    except OSError:
        return ""


def _end_server(state: StateDirectory, say: Say) -> None:
    for number, seconds in ((signal.SIGTERM, STOP_TIMEOUT), (signal.SIGKILL, STOP_TIMEOUT)):
        pid = state.server_pid()
        if pid is None:
            return
        if number == signal.SIGKILL:
            say(f"It does not end by itself within {STOP_TIMEOUT:.0f} s: killing it")
        os.kill(pid, number)
        deadline = time.monotonic() + seconds
        while state.is_served() and time.monotonic() < deadline:
            time.sleep(_POLL)


def _remove_leftovers(state: StateDirectory) -> None:
    if os.geteuid() == 0:
        slots.purge_unused(cleanup.purge)
    state.clear()
