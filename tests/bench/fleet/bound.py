# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the creation of a fleet takes at least: what EC2's token buckets and its state changes allow.

Whoever makes it, in whatever order: instances could be launched at once, before there is anything to attach. Each slot
needs an interface and a volume that exist and an instance that runs, then one call for each attachment.
"""

from __future__ import annotations

import typing as t

# Seconds of state changes, of the order that AWS takes for a general purpose instance and an empty volume.
DURATIONS = {
    "instance.pending": 20.0,
    "volume.creating": 3.0,
    "volume.attaching": 3.0,
    "interface.attaching": 2.0,
}
LATENCY = 0.05  # seconds for each call


class Bucket(t.NamedTuple):
    size: float
    refill: float


INTERFACES = VOLUMES = Bucket(100, 5)  # CreateNetworkInterface, CreateVolume
ATTACHMENTS = Bucket(50, 5)  # AttachNetworkInterface, AttachVolume: one bucket each


def taken_at(bucket: Bucket, ready: t.Iterable[float]) -> list[float]:
    """When calls that are ready at given times get their tokens, each as early as possible."""
    tokens, clock, times = bucket.size, 0.0, []
    for moment in sorted(ready):
        now = max(moment, clock)
        tokens = min(bucket.size, tokens + (now - clock) * bucket.refill)
        wait = max(0.0, 1 - tokens) / bucket.refill
        clock, tokens = now + wait, tokens + wait * bucket.refill - 1
        times.append(clock)
    return times


def creation(nodes: int, durations: t.Mapping[str, float]) -> float:
    """The least number of seconds for a fleet of so many nodes, each with an interface and one data volume."""
    running = LATENCY + durations["instance.pending"]
    ends = []
    for bucket, made, attached in (
        (INTERFACES, 0.0, durations["interface.attaching"]),
        (VOLUMES, durations["volume.creating"], durations["volume.attaching"]),
    ):
        exist = [moment + LATENCY + made for moment in taken_at(bucket, [0.0] * nodes)]
        attach = taken_at(ATTACHMENTS, [max(moment, running) for moment in exist])
        ends.append(attach[-1] + LATENCY + attached)
    return max(ends)
