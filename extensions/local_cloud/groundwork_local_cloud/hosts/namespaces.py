# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Network namespaces: commands in them, sockets of them, and the removal of all that a slot has made."""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import signal
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from .addressing import Addressing
from .shell import CommandFailed, run

NAMESPACES = Path("/run/netns")
RUNTIME = Path("/run/groundwork-local-cloud")
_IP_FORWARD = Path("/proc/sys/net/ipv4/ip_forward")
_FORWARDING_BEFORE = RUNTIME / "forwarding-before"  # what was set when the first slot came
_CLONE_NEWNET = 0x40000000
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 1

T = TypeVar("T")


def ip_batch(namespace: str | None, lines: Iterable[str]) -> None:
    """Carry out ``ip`` commands in a namespace (None: the machine's own), all in one process. No lines, no process."""
    _batch("ip", namespace, lines)


def bridge_batch(namespace: str, lines: Iterable[str]) -> None:
    """The same for ``bridge`` commands."""
    _batch("bridge", namespace, lines)


def ip_remove(namespace: str | None, lines: Iterable[str]) -> None:
    """Carry out ``ip`` commands that delete something. What is gone already is fine."""
    with suppress(CommandFailed):
        _batch("ip", namespace, lines, "-force")


def _batch(tool: str, namespace: str | None, lines: Iterable[str], *options: str) -> None:
    text = "".join(f"{line}\n" for line in lines)
    if text:
        run(tool, *(["-n", namespace] if namespace else []), *options, "-batch", "-", stdin=text)


def set_kernel(namespace: str, settings: dict[str, str]) -> None:
    """Write settings below ``/proc/sys/net`` of a namespace. One that this kernel does not know is left out."""

    def write() -> None:
        for name, value in settings.items():
            path = Path("/proc/sys/net", name)
            if path.exists():
                path.write_text(value)

    call_inside(namespace, write)


def call_inside(namespace: str, function: Callable[[], T]) -> T:
    """Call ``function`` in a thread that has entered the namespace: its sockets and processes belong there for good.

    Raises what the function raises, and OSError if the namespace cannot be entered.
    """
    results: list[T] = []
    errors: list[BaseException] = []

    def enter_and_call() -> None:
        try:
            _enter(namespace)
            results.append(function())
        except BaseException as error:  # it is raised again in the caller's thread
            errors.append(error)

    thread = threading.Thread(target=enter_and_call, name=f"in {namespace}")
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]


def _enter(namespace: str) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = os.open(NAMESPACES / namespace, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if libc.setns(descriptor, _CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"cannot enter the network namespace {namespace}")
    finally:
        os.close(descriptor)


def existing(addressing: Addressing) -> list[str]:
    """The namespaces of a slot on this machine."""
    return sorted(path.name for path in NAMESPACES.glob(f"{addressing.prefix}-*"))


def add(names: Iterable[str]) -> None:
    """Make namespaces with their loopback interfaces up."""
    new = list(names)
    ip_batch(None, (f"netns add {name}" for name in new))
    for name in new:
        call_inside(name, _raise_loopback)


def _raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP))


def remove(name: str) -> None:
    """Remove a namespace and the links in it, also while a socket or process still holds on to it. Gone is fine."""
    ip_remove(name, (f"link delete {link}" for link in _links_or_none(name)))
    ip_remove(None, [f"netns delete {name}"])


def links(namespace: str | None) -> list[str]:
    """The names of the virtual Ethernet links in a namespace (None: the machine's own)."""
    where = ["-n", namespace] if namespace else []
    return [
        line.split()[0].split("@")[0] for line in run("ip", *where, "-br", "link", "show", "type", "veth").splitlines()
    ]


def _links_or_none(namespace: str) -> list[str]:
    try:
        return links(namespace)
    except CommandFailed:  # the name is there, the namespace is not
        return []


def enable_forwarding(slot: int) -> None:
    """Let the machine forward packets for a slot. What it did before is kept until the last slot is purged."""
    RUNTIME.mkdir(parents=True, exist_ok=True)
    with _locked(RUNTIME):
        if not _FORWARDING_BEFORE.exists():
            _FORWARDING_BEFORE.write_text(_IP_FORWARD.read_text())
        _forwarding_user(slot).touch()
        _IP_FORWARD.write_text("1\n")


def _restore_forwarding(slot: int) -> None:
    if not RUNTIME.exists():
        return
    with _locked(RUNTIME):
        _forwarding_user(slot).unlink(missing_ok=True)
        if _FORWARDING_BEFORE.exists() and not any(RUNTIME.glob(_forwarding_user("*").name)):
            _IP_FORWARD.write_text(_FORWARDING_BEFORE.read_text())
            _FORWARDING_BEFORE.unlink()


def _forwarding_user(slot: int | str) -> Path:
    return RUNTIME / f"forwarding-slot-{slot}"


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """Keep other clouds of this machine out meanwhile."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def purge(slot: int) -> None:
    """Remove every namespace, link, route and nftables table of a slot, whatever state they are in.

    The machine's ``ip_forward`` is restored when no other slot is left. What is not there is fine.
    """
    addressing = Addressing(slot)
    names = existing(addressing)
    for name in names:
        if name.startswith(addressing.namespace("vpc-")):
            _kill_processes(name)
            ip_remove(name, (f"link delete {link}" for link in _links_or_none(name)))
    ip_remove(None, (f"netns delete {name}" for name in names))
    for link in links(None):
        if link.startswith(f"{addressing.prefix}v"):
            _try("ip", "link", "delete", link)
    _try("ip", "route", "delete", "unreachable", str(addressing.public_network))
    _try("nft", "delete", "table", "inet", addressing.prefix)
    shutil.rmtree(runtime(addressing), ignore_errors=True)
    _restore_forwarding(slot)


def runtime(addressing: Addressing) -> Path:
    """The directory for what must not outlive the machine's uptime."""
    return RUNTIME / addressing.prefix


def _kill_processes(namespace: str) -> None:
    """End what serves a VPC. The processes in an instance's namespace are its host, which is not ours to end."""
    with suppress(CommandFailed):  # the name may be there without a namespace
        for process in run("ip", "netns", "pids", namespace).split():
            with suppress(ProcessLookupError):
                os.kill(int(process), signal.SIGKILL)


def _try(*command: str) -> None:
    with suppress(CommandFailed):
        run(*command)
