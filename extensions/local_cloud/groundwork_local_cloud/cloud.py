# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one cloud of this process: what every layer shares."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.model_instances import reset_model_data

from .realism.faults import Faults
from .realism.latency import Latency
from .realism.permissions import Permissions
from .realism.request_tokens import RequestTokens
from .realism.transitions import Transitions
from .realism.visibility import Visibility
from .recorder import Recorder

if TYPE_CHECKING:
    from .hosts.controller import HostController


def _nothing() -> None:
    """Nobody wants to know."""


@dataclass
class Cloud:
    """Shared state of the API and the hosts. ``lock`` is held while one call is carried out, never while it waits.

    ``hosts`` is None where instances are not backed by hosts; then public addresses come from the network for
    benchmarks (RFC 2544), which leads nowhere. ``changed`` is called, with the lock held, after every call that may
    have changed something; ``watch`` after every call of the AWS API that was carried out.
    """

    lock: threading.RLock = field(default_factory=threading.RLock)
    recorder: Recorder = field(default_factory=Recorder)
    faults: Faults = field(default_factory=Faults)
    latency: Latency = field(default_factory=Latency)
    permissions: Permissions = field(default_factory=Permissions)
    request_tokens: RequestTokens = field(default_factory=RequestTokens)
    visibility: Visibility = field(default_factory=Visibility)
    transitions: Transitions = field(init=False)
    hosts: HostController | None = None
    public_pool: IPv4Network = field(default_factory=lambda: IPv4Network("198.18.0.0/20"))
    changed: Callable[[], None] = _nothing
    watch: Callable[[], None] = _nothing

    def __post_init__(self) -> None:
        self.transitions = Transitions(self.lock)

    def console(self, instance_id: str) -> str:
        """What the host of an instance has written to its console; empty when there is no host."""
        return self.hosts.console(instance_id) if self.hosts else ""

    def reset(self) -> None:
        """Start over: no resources, no recorded calls, no realism, no faults. Hosts go with their instances."""
        with self.lock:
            _forget_resources()
            self.transitions.reset()
            self.reset_realism()
            self.faults.replace([])
            self.recorder.clear()
            self.changed()

    def reset_realism(self) -> None:
        """Switch off everything that makes the cloud slow, late or strict."""
        self.latency.ranges = {}
        self.permissions.allowed = {}
        self.request_tokens.reset()
        self.visibility.reset()
        self.transitions.durations.clear()


def _forget_resources() -> None:
    """Drop all state of moto. Its own reset would make every backend anew before it drops it, which takes seconds."""
    for backends in BackendDict._instances:
        for regions in backends.values():
            for backend in regions.values():
                if type(backend).reset is not BaseBackend.reset:  # it lets go of files or processes
                    backend.reset()
        backends.clear()
    BackendDict._instances.clear()
    reset_model_data()


cloud = Cloud()
