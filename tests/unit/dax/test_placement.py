# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where nodes are added and which are removed."""

from __future__ import annotations

from collections import Counter

from ansible_collections.groundwork.aws.plugins.module_utils._dax import placement
from ansible_collections.groundwork.aws.plugins.module_utils._dax.cluster import Node
from hypothesis import given
from hypothesis import strategies as st

ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")


def node(id_: str, zone: str = "us-east-1a", created: str = "2026-01-01") -> Node:
    return Node(id_, zone, created=created)


def nodes_in(*zones: str) -> list[Node]:
    return [node(f"web-{number}", zone, f"2026-01-{number:02}") for number, zone in enumerate(zones, 1)]


def counts(nodes: list[Node]) -> Counter[str]:
    return Counter(one.availability_zone for one in nodes)


def test_new_nodes_take_the_zones_in_turn() -> None:
    assert placement.spread(ZONES, 4) == ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1a"]
    assert placement.spread(ZONES, 2) == ["us-east-1a", "us-east-1b"]


def test_a_node_is_added_where_there_are_fewest() -> None:
    assert placement.zone_to_add(nodes_in("us-east-1a", "us-east-1c"), ZONES) == "us-east-1b"
    assert placement.zone_to_add([], ZONES) == "us-east-1a"


def test_a_node_is_removed_where_there_are_most_and_the_youngest_of_these() -> None:
    nodes = nodes_in("us-east-1a", "us-east-1b", "us-east-1b", "us-east-1c")
    assert placement.node_to_remove(nodes, ()).id == "web-3"


def test_the_oldest_goes_last_even_where_all_are_as_old() -> None:
    nodes = [node("web-a", "us-east-1a"), node("web-b", "us-east-1b"), node("web-c", "us-east-1c")]
    assert placement.node_to_remove(nodes, ()).id == "web-c"
    assert [one.id for one in placement.resized(nodes, 1, ())] == ["web-a"]


def test_nodes_outside_the_zones_go_first() -> None:
    nodes = nodes_in("us-east-1c", "us-east-1a", "us-east-1a", "us-east-1b")
    assert placement.node_to_remove(nodes, ("us-east-1a", "us-east-1b")).id == "web-1"


places = st.lists(st.sampled_from(ZONES), min_size=1, max_size=11)


@given(places, st.integers(1, 11), st.sampled_from([ZONES, ZONES[:2], ZONES[:1]]))
def test_from_any_start_zones_end_as_even_as_the_start_allows(
    start: list[str], wanted: int, zones: tuple[str, ...]
) -> None:
    before = nodes_in(*start)
    after = placement.resized(before, wanted, zones)
    assert len(after) == wanted
    had, has = counts(before), counts(after)
    grown = [zone for zone in zones if has[zone] > had[zone]]
    assert set(has) - set(had) <= set(zones), "nodes are added in the zones asked for only"
    assert all(has[zone] <= 1 + min(has[other] for other in zones) for zone in grown), "no zone grew past another"
    shrunk = [zone for zone in zones if has[zone] < had[zone]]
    assert all(has[zone] >= max(has[other] for other in zones) - 1 for zone in shrunk), "no zone shrank below another"
    if shrunk:
        assert set(has) <= set(zones), "nodes outside the zones went first"


@given(places, st.integers(1, 11))
def test_the_oldest_node_always_stays(start: list[str], wanted: int) -> None:
    before = nodes_in(*start)
    assert before[0] in placement.resized(before, wanted, ZONES)
