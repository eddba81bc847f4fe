# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""Who holds a lock: a name for this run, and whether the run behind another name is still alive."""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
from pathlib import Path


def _machine() -> str:
    """This machine until its next boot, as seen from this process namespace (a container has its own process ids)."""
    facts = [socket.gethostname()]
    boot, namespace = Path("/proc/sys/kernel/random/boot_id"), Path("/proc/self/ns/pid")
    if boot.exists() and namespace.is_symlink():
        facts += [boot.read_text().strip(), os.readlink(namespace)]
    return f"{facts[0][:60]}/{hashlib.sha256(' '.join(facts).encode()).hexdigest()[:12]}"


def new_run_id() -> str:
    """A name that no other run has: machine, process, and some chance."""
    return f"{_machine()}/{os.getpid()}/{secrets.token_hex(4)}"


def is_dead(holder: str, run_id: str) -> bool:
    """Whether ``holder`` is known to have ended: a process of this machine that is not there, or whose number is ours.

    A holder on another machine may live: only time can tell.
    """
    machine, _slash, process = holder.rpartition("/")[0].rpartition("/")
    if machine != _machine() or not process.isdigit() or holder == run_id:
        return False
    if int(process) == os.getpid():
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
