# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One host as a running system: a systemd-nspawn container, and the thread that waits for it to end."""

from __future__ import annotations

import enum
import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from .cgroups import Group

REBOOT_STATUS = 133  # of systemd-nspawn, when the system in it wants to boot again
INIT_TIMEOUT = 20.0  # seconds until the first process of the host must be systemd
POLL_INTERVAL = 0.01  # seconds
SIGNAL_INTERVAL = 0.5  # seconds; a systemd that is not up yet does not see a signal
# Signals that systemd, as process 1, takes as orders: see systemd(1).
POWEROFF = signal.SIGRTMIN + 4
REBOOT = signal.SIGRTMIN + 5
CONSOLE_LIMIT = 64 * 1024  # bytes that GetConsoleOutput returns
ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    # Each host has a network namespace of its own, so it may set net.* as it likes; the other sysctls are global.
    "SYSTEMD_NSPAWN_API_VFS_WRITABLE": "network",
    # /tmp is on the root volume, as on Debian.
    "SYSTEMD_NSPAWN_TMPFS_TMP": "0",
}
logger = logging.getLogger(__name__)


class Ending(enum.Enum):
    """How a host ended that nobody had asked to stop."""

    POWEROFF = "poweroff"
    CRASH = "crash"


class BootFailed(RuntimeError):
    """The host ended before its systemd ran. The message has what it wrote last."""


class Machine:
    """The container called ``name``, whose files are in ``directory`` (``root``, ``devices``, ``uuid``).

    ``before_reboot`` is called when the host has gone down to boot again. ``on_end`` is called when it ends by itself:
    powered off from inside, or crashed. Both are called in another thread.
    """

    def __init__(
        self,
        name: str,
        directory: Path,
        group: Group,
        before_reboot: Callable[[], None],
        on_end: Callable[[Ending], None],
    ) -> None:
        self._name = name
        self._directory = directory
        self._group = group
        self._before_reboot = before_reboot
        self._on_end = on_end
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._command: tuple[str, ...] = ()
        self._ended = threading.Event()
        self._ended.set()
        self._stopping = False
        self._reset = False
        self._boots = 0

    @property
    def is_alive(self) -> bool:
        """Whether the host runs, or is about to run again after a reboot."""
        return not self._ended.is_set()

    def boot(self, namespace: str, hostname: str) -> None:
        """Start the host in a network namespace and return once its systemd runs. Raises BootFailed."""
        self._command = self._group.entered(*self._nspawn(namespace, hostname))
        self._console.unlink(missing_ok=True)
        self._stopping = False
        self._ended.clear()
        self._spawn()
        threading.Thread(target=self._supervise, name=f"host {self._name}", daemon=True).start()
        self._await_init()

    def stop(self, grace: float) -> None:
        """Shut the host down; after ``grace`` seconds, switch it off. Raises TimeoutError if even that fails."""
        with self._lock:
            self._stopping = True
        deadline = time.monotonic() + grace
        while (left := deadline - time.monotonic()) > 0 and self.is_alive:
            self._signal(POWEROFF)
            self._ended.wait(min(left, SIGNAL_INTERVAL))
        self._group.kill()
        self._ended.wait()

    def reboot(self, grace: float) -> None:
        """Boot the running host again; after ``grace`` seconds, by a reset (RebootInstances)."""
        before = self._boots
        deadline = time.monotonic() + grace
        while time.monotonic() < deadline and self.is_alive and self._boots == before:
            self._signal(REBOOT)
            self._wait_for_boot(before, min(deadline, time.monotonic() + SIGNAL_INTERVAL))
        with self._lock:
            if self._boots != before or not self.is_alive:
                return
            self._reset = True
        self._group.kill()

    def leader(self) -> int | None:
        """The systemd of the host, once it runs. Before, process 1 may still have the machine's own file system."""
        found = (process for process in self._group.members() if _number_inside(process) == 1)
        return next((process for process in found if _command_name(process) == "systemd"), None)

    def console(self) -> str:
        """What the host has written to its console since it was started, the last 64 KiB of it."""
        try:
            return self._console.read_bytes()[-CONSOLE_LIMIT:].decode(errors="replace")
        except FileNotFoundError:
            return ""

    @property
    def _console(self) -> Path:
        return self._directory / "console.log"

    def _nspawn(self, namespace: str, hostname: str) -> tuple[str, ...]:
        return (
            "systemd-nspawn",
            "--quiet",
            "--boot",
            f"--directory={self._directory / 'root'}",
            f"--machine={self._name}",
            f"--hostname={hostname}",
            f"--network-namespace-path=/run/netns/{namespace}",
            # This machine need not run systemd: no registration, and no cgroup but the one that the process is in.
            "--register=no",
            "--keep-unit",
            "--link-journal=no",
            "--resolv-conf=off",
            "--timezone=off",
            "--console=read-only",
            f"--bind-ro={self._directory / 'devices'}:/run/host/devices",
            # By this file programs tell an EC2 instance from another machine: cloud-init, for one.
            f"--bind-ro={self._directory / 'uuid'}:/sys/hypervisor/uuid",
        )

    def _spawn(self) -> None:
        with self._console.open("ab") as console:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                env=ENVIRONMENT,
                start_new_session=True,
            )

    def _supervise(self) -> None:
        """Wait for the host to end, as often as it boots again."""
        status = 0
        try:
            while True:
                status = self._process.wait() if self._process else 0
                self._group.kill()
                with self._lock:
                    if self._stopping or not (status == REBOOT_STATUS or self._reset):
                        break
                    self._before_reboot()
                    self._reset = False
                    self._spawn()
                    self._boots += 1
        except (OSError, RuntimeError):
            logger.exception("%s has ended and cannot be started again", self._name)
        finally:
            self._ended.set()
        if not self._stopping:
            self._on_end(Ending.POWEROFF if status == 0 else Ending.CRASH)

    def _await_init(self) -> None:
        deadline = time.monotonic() + INIT_TIMEOUT
        while self.is_alive and time.monotonic() < deadline:
            if self.leader() is not None:
                return
            time.sleep(POLL_INTERVAL)
        raise BootFailed(f"the host did not boot; it wrote last: {self.console()[-500:].strip()}")

    def _wait_for_boot(self, before: int, deadline: float) -> None:
        while self._boots == before and self.is_alive and time.monotonic() < deadline:
            time.sleep(POLL_INTERVAL)

    def _signal(self, number: int) -> None:
        leader = self.leader()
        if leader is not None:
            with suppress(ProcessLookupError):
                os.kill(leader, number)


def _number_inside(process: int) -> int | None:
    """The number of a process in its own process namespace; None if that is the machine's, or it has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return None
    numbers = next(line.split()[1:] for line in lines if line.startswith("NSpid:"))
    return int(numbers[1]) if len(numbers) > 1 else None


def _command_name(process: int) -> str | None:
    try:
        return Path(f"/proc/{process}/comm").read_text().strip()
    except OSError:
        return None
