# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The DNS server of a VPC: private DNS names both ways, everything else by the machine's own resolver."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

from .addressing import RESOLVER_ADDRESS, Addressing
from .namespaces import call_inside, runtime
from .plan import VpcPlan
from .routes import resolvers

_STOP_TIMEOUT = 5  # seconds


class DnsServer:
    """A dnsmasq in the namespace of a VPC. It serves the names of the last ``update``."""

    def __init__(self, addressing: Addressing, vpc: VpcPlan, log_dir: Path) -> None:
        self._log = log_dir / f"dns-{vpc.id}.log"
        self._directory = runtime(addressing) / "dns"
        self._hosts = self._directory / f"{vpc.id}.hosts"
        self._namespace = vpc.namespace
        self._command = _command(addressing, vpc, str(self._hosts))
        self._process: subprocess.Popen[bytes] | None = None
        self._names = ""

    def update(self, names: str) -> None:
        """Serve these lines of a hosts file from now on. Starts the server when it does not run."""
        changed = names != self._names
        if changed:
            self._write(names)
        if self._process is None or self._process.poll() is not None:
            self._start()
        elif changed:
            self._process.send_signal(signal.SIGHUP)

    def _write(self, names: str) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        draft = self._hosts.with_suffix(".new")
        draft.write_text(names)
        draft.chmod(0o644)  # dnsmasq reads it again after it has given up root
        draft.replace(self._hosts)
        self._names = names

    def _start(self) -> None:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self._process = call_inside(
                self._namespace,
                lambda: subprocess.Popen(self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log),
            )

    def stop(self) -> None:
        """End the server and wait for its end."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(_STOP_TIMEOUT)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None


def _command(addressing: Addressing, vpc: VpcPlan, hosts: str) -> list[str]:
    return [
        "dnsmasq",
        "--keep-in-foreground",
        "--conf-file=/dev/null",
        "--pid-file=",
        "--log-facility=-",
        "--user=nobody",
        "--group=nogroup",
        "--bind-interfaces",
        f"--listen-address={vpc.dns_server},{RESOLVER_ADDRESS}",
        "--except-interface=lo",
        "--no-hosts",
        f"--addn-hosts={hosts}",
        f"--local=/{vpc.domain}/",
        # Nothing of a host's business with AWS leaves the machine. The names of other instances are in the hosts file.
        f"--address=/amazonaws.com/{addressing.api}",
        f"--local=/amazonaws.com/{vpc.public_domain}/",
        "--bogus-priv",
        "--local-ttl=60",
        "--no-resolv",
        *(f"--server={address}" for address in resolvers()),
    ]
