# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Differences between tags."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils._core.tags import (
    from_aws,
    tag_changes,
    tag_problems,
    tags_after,
    to_aws,
)
from hypothesis import given
from hypothesis import strategies as st

tag_sets = st.dictionaries(st.text("abc", min_size=1, max_size=3), st.text("xyz", max_size=3))


@given(tag_sets, tag_sets)
def test_with_purge_the_tags_become_the_wanted_ones(current: dict[str, str], wanted: dict[str, str]) -> None:
    assert tags_after(current, tag_changes(current, wanted, purge=True)) == wanted


@given(tag_sets, tag_sets)
def test_without_purge_other_tags_stay(current: dict[str, str], wanted: dict[str, str]) -> None:
    assert tags_after(current, tag_changes(current, wanted, purge=False)) == {**current, **wanted}


@given(tag_sets)
def test_nothing_wanted_leaves_tags_alone(current: dict[str, str]) -> None:
    changes = tag_changes(current, None, purge=True)
    assert (changes.to_set, changes.to_remove) == ({}, ())


def test_tags_of_aws_are_never_removed() -> None:
    changes = tag_changes({"aws:cloudformation:stack-name": "s", "b": "1"}, {}, purge=True)
    assert changes.to_remove == ("b",)


@given(tag_sets)
def test_to_aws_and_back(tags: dict[str, str]) -> None:
    assert from_aws(to_aws(tags)) == tags


@pytest.mark.parametrize(
    ("tags", "problem"),
    [
        ({f"k{number}": "" for number in range(51)}, "51 tags were given"),
        ({"k" * 129: ""}, "129 characters"),
        ({"": "v"}, "0 characters"),
        ({"aws:x": "v"}, "reserved"),
        ({"k": "v" * 257}, "257 characters"),
    ],
)
def test_problems_are_named(tags: dict[str, str], problem: str) -> None:
    assert problem in " ".join(tag_problems(tags))


def test_the_limits_themselves_are_fine() -> None:
    assert tag_problems({**{f"k{number}": "" for number in range(48)}, "k" * 128: "", "v": "v" * 256}) == []
    assert tag_problems(None) == []
