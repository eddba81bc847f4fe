# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""In which zone a node is added, and which node goes, so that the nodes stay spread over the zones. No I/O."""

from __future__ import annotations

import typing as t
from collections import Counter

from .cluster import Node

NEW = "(known after creation)"


def spread(zones: t.Sequence[str], count: int) -> list[str]:
    """The zones of ``count`` new nodes, one for each."""
    return [zones[number % len(zones)] for number in range(count)]


def zone_to_add(nodes: t.Sequence[Node], zones: t.Sequence[str]) -> str:
    """The zone of ``zones`` with the fewest nodes; of several such, the first."""
    counts = _counts(nodes)
    return min(zones, key=lambda zone: counts[zone])


def node_to_remove(nodes: t.Sequence[Node], zones: t.Sequence[str]) -> Node:
    """A node outside ``zones`` if there is one (no ``zones``: any will do), else one of the fullest zone.

    AWS does not tell which node is the primary. It is the first of a new cluster and stays it unless that node fails,
    so of several candidates the oldest goes last.
    """
    counts = _counts(nodes)
    first = oldest(nodes)

    def urgency(node: Node) -> tuple[t.Any, ...]:
        is_stray = bool(zones) and node.availability_zone not in zones
        return is_stray, counts[node.availability_zone], node != first, node.created, node.id

    return max(nodes, key=urgency)


def oldest(nodes: t.Sequence[Node]) -> Node:
    """The node that was created first, by its id where several were created together."""
    return min(nodes, key=lambda node: (node.created, node.id))


def resized(nodes: t.Sequence[Node], count: int, zones: t.Sequence[str]) -> list[Node]:
    """How ``nodes`` are once there are ``count`` of them, one step at a time."""
    after = list(nodes)
    while len(after) > count:
        after.remove(node_to_remove(after, zones))
    while len(after) < count:
        after.append(Node(NEW, zone_to_add(after, zones), created="~"))  # later than any time in ISO 8601
    return after


def _counts(nodes: t.Sequence[Node]) -> Counter[str]:
    return Counter(node.availability_zone for node in nodes)
