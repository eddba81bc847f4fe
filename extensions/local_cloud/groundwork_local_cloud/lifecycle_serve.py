# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server process: what ``start`` runs in the background and ``serve`` in the foreground."""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from .cloud import cloud
from .host_sync import HostSync
from .hosts import cleanup, public_api
from .hosts.addressing import Addressing
from .hosts.controller import HostController
from .hosts.requirements import missing_requirements
from .lifecycle import ServeOptions
from .problems import NoFreeSlot, NoHosts, PortUnusable
from .realism import document
from .server import Server
from .settings import DEFAULT_PORT
from .slots import claim
from .state_directory import Record, StateDirectory

log = logging.getLogger(__name__)


def serve(options: ServeOptions, ready: Callable[[Record], None]) -> None:
    """Serve until SIGTERM or SIGINT, then end the hosts and remove what was made.

    ``ready`` is called once the API answers.

    Raises:
        Locked: the state directory has a server already.
        NoHosts, PortUnusable, Unusable: the cloud cannot be started.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    state = StateDirectory(options.state_dir)
    state.prepare()
    with state.serving(), contextlib.ExitStack() as stack:
        slot, reasons = _slot(options, stack)
        record = stack.enter_context(_running(options, slot, reasons))
        document.apply(cloud, options.realism)
        state.write(record)
        ready(record)
        stop.wait()
        log.info("stopping")


def _slot(options: ServeOptions, stack: contextlib.ExitStack) -> tuple[int | None, tuple[str, ...]]:
    """The slot of a cloud with hosts, or why there are none."""
    if options.hosts == "no":
        return None, ("they were not wanted (--hosts no)",)
    reasons = tuple(missing_requirements())
    if not reasons:
        try:
            return stack.enter_context(claim(options.state_dir.absolute(), cleanup.purge)), ()
        except NoFreeSlot as error:
            reasons = (str(error),)
    if options.hosts == "yes":
        raise NoHosts("; ".join(reasons))
    return None, reasons


@contextlib.contextmanager
def _running(options: ServeOptions, slot: int | None, reasons: tuple[str, ...]) -> Iterator[Record]:
    hosts = listen_for_hosts = None
    if slot is not None:
        cloud.public_pool = Addressing(slot).public_network
        listen_for_hosts = functools.partial(public_api.listen, Addressing(slot))
        hosts = HostSync(cloud, lambda event: HostController(slot, options.state_dir, options.image_dir, event))
    described: dict[str, Any] = {}
    with _listening(options.port, lambda port: Server(port, hosts, lambda: described, listen_for_hosts)) as server:
        address = None if slot is None else Addressing(slot).operator
        record = Record(server.endpoint, os.getpid(), slot, address, reasons)
        described.update(asdict(record))
        yield record


def _listening(port: int | None, serve_on: Callable[[int], Server]) -> Server:
    if port is not None:
        return serve_on(port)
    try:
        return serve_on(DEFAULT_PORT)
    except PortUnusable:
        return serve_on(0)
