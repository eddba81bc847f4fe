# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a call takes before it is carried out."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

DEFAULT = "default"


@dataclass
class Latency:
    """Seconds per call as ``(lowest, highest)``, by ``service:Operation``, by ``service`` or by ``default``."""

    ranges: dict[str, tuple[float, float]] = field(default_factory=dict)

    def of(self, service: str, operation: str) -> float:
        """The latency of one call in seconds, drawn evenly from the range of the most specific key."""
        for key in (f"{service}:{operation}", service, DEFAULT):
            if key in self.ranges:
                return random.uniform(*self.ranges[key])  # noqa: S311  # not for cryptography
        return 0.0
