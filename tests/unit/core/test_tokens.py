# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Client tokens: the same for the same creation, another for any other."""

from __future__ import annotations

import string

from ansible_collections.groundwork.aws.plugins.module_utils._core.tokens import client_token
from hypothesis import given
from hypothesis import strategies as st

creations = st.tuples(
    st.text(max_size=3),
    st.text(max_size=3),
    st.integers(0, 3),
    st.dictionaries(st.sampled_from(["type", "size", "zone"]), st.integers(0, 2) | st.text(max_size=2)),
)


@given(creations, creations)
def test_two_creations_share_a_token_only_if_they_are_the_same(one: tuple, other: tuple) -> None:
    assert (client_token(*one) == client_token(*other)) == (one == other)


def test_the_order_of_a_specification_does_not_matter() -> None:
    assert client_token("fleet", "a-0", 1, {"type": "m7i.large", "zone": "a"}) == client_token(
        "fleet", "a-0", 1, {"zone": "a", "type": "m7i.large"}
    )


def test_a_token_is_what_aws_takes() -> None:
    token = client_token("fleet", "a-0", 1, {"type": "m7i.large"})
    assert len(token) == 64
    assert set(token) <= set(string.hexdigits.lower())
