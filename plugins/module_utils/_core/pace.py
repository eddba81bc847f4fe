# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""Waiting: a first delay, then a growing interval with jitter, under one deadline for the whole module run."""

from __future__ import annotations

import dataclasses
import random
import time
import typing as t

from .errors import DeadlineExceeded


@dataclasses.dataclass(frozen=True)
class Pace:
    """How often to look again, in seconds. ``jitter`` is the share of an interval that is left to chance."""

    first_delay: float = 1.0
    growth: float = 1.5
    longest: float = 15.0
    jitter: float = 0.2

    def interval(self, turn: int, chance: float) -> float:
        """Seconds to wait before look number ``turn`` (0 is the first); ``chance`` is between 0 and 1."""
        planned = min(self.first_delay * self.growth**turn, self.longest)
        return planned * (1 - self.jitter + 2 * self.jitter * chance)


class Deadline:
    """The end of a run's patience: ``timeout`` seconds after it was made."""

    def __init__(
        self,
        timeout: float,
        pace: Pace,
        *,
        clock: t.Callable[[], float] = time.monotonic,
        sleep: t.Callable[[float], None] = time.sleep,
        chance: t.Callable[[], float] = random.random,
    ) -> None:
        self._timeout = timeout
        self._pace = pace
        self._clock = clock
        self._sleep = sleep
        self._chance = chance
        self._end = clock() + timeout
        self._turn = 0

    def progress(self) -> None:
        """Something moved: look again soon."""
        self._turn = 0

    def pause(self, waiting_for: t.Sequence[str]) -> None:
        """Wait before the next look.

        Raises DeadlineExceeded with ``waiting_for`` when no time is left. The last look falls on the deadline itself.
        """
        left = self._end - self._clock()
        if left <= 0:
            raise DeadlineExceeded(self._timeout, waiting_for)
        self._sleep(min(self._pace.interval(self._turn, self._chance()), left))
        self._turn += 1
