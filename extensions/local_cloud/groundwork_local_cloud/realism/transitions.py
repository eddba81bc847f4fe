# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""State changes that take time: what AWS does between ``pending`` and ``running``.

A transition is begun when a call sets it off and ends when its duration has passed *and* its gate is open. Durations
are settings of the cloud (0 by default: the next look sees the end state); gates belong to the hosts, so that an
instance is ``running`` only once its host has been started, and a volume ``attached`` only once the host has the disk.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

Gate = Callable[[str], bool]


@dataclass(order=True)
class _Pending:
    due: float
    order: int
    kind: str = field(compare=False)
    resource_id: str = field(compare=False)
    finish: Callable[[], None] = field(compare=False)


class Transitions:
    """The transitions under way. Kinds are written ``resource.state``: ``instance.pending``, ``volume.attaching``."""

    def __init__(self, lock: threading.RLock, clock: Callable[[], float] = time.monotonic) -> None:
        self._lock = lock
        self._clock = clock
        self._pending: list[_Pending] = []
        self._order = itertools.count()
        self.durations: dict[str, float] = {}
        self.gates: dict[str, Gate] = {}

    def begin(self, kind: str, resource_id: str, finish: Callable[[], None]) -> None:
        """Call ``finish`` once ``kind`` has taken its time for ``resource_id``. At the earliest at the next tick."""
        with self._lock:
            due = self._clock() + self.durations.get(kind, 0.0)
            self._pending.append(_Pending(due, next(self._order), kind, resource_id, finish))

    @property
    def under_way(self) -> bool:
        """Whether any transition has yet to end."""
        return bool(self._pending)

    def cancel(self, resource_id: str) -> None:
        """Forget what is under way for a resource (it is going away, or was turned round)."""
        with self._lock:
            self._pending = [pending for pending in self._pending if pending.resource_id != resource_id]

    def tick(self) -> int:
        """End every transition that is due and whose gate is open. Returns how many were ended."""
        with self._lock:
            ready = [pending for pending in sorted(self._pending) if self._is_ready(pending)]
            self._pending = [pending for pending in self._pending if pending not in ready]
            for pending in ready:
                pending.finish()
            return len(ready)

    def _is_ready(self, pending: _Pending) -> bool:
        gate = self.gates.get(pending.kind)
        return pending.due <= self._clock() and (gate is None or gate(pending.resource_id))

    def reset(self) -> None:
        """Forget everything under way; durations and gates stay."""
        with self._lock:
            self._pending.clear()
