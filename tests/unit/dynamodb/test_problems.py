# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with a request for a table, whatever there is."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils._dynamodb.problems import problems
from ansible_collections.groundwork.aws.plugins.module_utils._dynamodb.wanted import wanted_of
from ansible_collections.groundwork.aws.plugins.modules.dynamodb_table import _argument_spec

SORTED_KEYS = {"hash_key_name": "pk", "range_key_name": "sk"}
LIMITS = {"target_utilization": 70, "scale_in_cooldown": 0, "scale_out_cooldown": 0}


def given(**options: t.Any) -> dict[str, t.Any]:
    """A module's parameters: the options, and the defaults of all others."""
    defaults = {name: one.get("default") for name, one in _argument_spec().items()}
    return {**defaults, "name": "Widgets", **options}


def index(name: str, **more: t.Any) -> dict[str, t.Any]:
    spec = _argument_spec()["global_secondary_indexes"]["options"]
    return {**{option: one.get("default") for option, one in spec.items()}, "name": name, "hash_key_name": "a", **more}


def local(name: str, attribute: str = "b") -> dict[str, t.Any]:
    spec = _argument_spec()["local_secondary_indexes"]["options"]
    return {**{option: one.get("default") for option, one in spec.items()}, "name": name, "range_key_name": attribute}


def scaling(**limits: t.Any) -> dict[str, t.Any]:
    return {"read": {**LIMITS, **limits}, "write": None}


def test_a_reasonable_request_has_none() -> None:
    indexes = [index("by-a", projection_type="INCLUDE", non_key_attributes=["x"])]
    more = {"global_secondary_indexes": indexes, "local_secondary_indexes": [local("by-b")], **SORTED_KEYS}
    assert (
        problems(wanted_of(given(**more, tags={"a": "1"}, autoscaling=scaling(min_capacity=1, max_capacity=2)))) == []
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"name": "ab"}, "name: 'ab' has to be 3 to 255"),
        ({"name": "a b c"}, "name: 'a b c' has to be"),
        ({"range_key_name": "sk"}, "range_key_name: also needs hash_key_name"),
        ({"hash_key_name": "pk", "range_key_name": "pk"}, "has to differ from hash_key_name"),
        ({"hash_key_name": ""}, "1 to 255 characters, this one 0"),
        (
            {"hash_key_name": "a", "hash_key_type": "NUMBER", "global_secondary_indexes": [index("by-a")]},
            "a: an attribute has one type in all keys, here N and S",
        ),
        ({"read_capacity": 0}, "read_capacity: has to be at least 1"),
        ({"billing_mode": "PAY_PER_REQUEST", "write_capacity": 5}, "write_capacity: cannot be set with billing_mode"),
        (
            {"billing_mode": "PAY_PER_REQUEST", "global_secondary_indexes": [index("by-a", read_capacity=1)]},
            "the index by-a: read_capacity: cannot be set",
        ),
        ({"autoscaling": scaling(min_capacity=0, max_capacity=1)}, "autoscaling.read.min_capacity: has to be"),
        ({"autoscaling": scaling(min_capacity=2, max_capacity=1)}, "autoscaling.read.max_capacity: 1 is less"),
        (
            {"autoscaling": scaling(min_capacity=1, max_capacity=2, target_utilization=91)},
            "91 is not from 20 to 90 percent",
        ),
        (
            {"autoscaling": scaling(min_capacity=1, max_capacity=2, scale_in_cooldown=-1)},
            "scale_in_cooldown, scale_out_cooldown: cannot be negative",
        ),
        ({"global_secondary_indexes": [index("ab")]}, "the index name 'ab'"),
        ({"global_secondary_indexes": [index("by-a"), index("by-a")]}, "by-a: two indexes have this name"),
        ({"global_secondary_indexes": [index("by-a", projection_type="INCLUDE")]}, "need each other"),
        ({"global_secondary_indexes": [index("by-a", non_key_attributes=["x"])]}, "need each other"),
        (
            {"global_secondary_indexes": [index("by-a", projection_type="INCLUDE", non_key_attributes=["x", "x"])]},
            "an attribute stands twice",
        ),
        (
            {
                "global_secondary_indexes": [
                    index("by-a", projection_type="INCLUDE", non_key_attributes=[str(n) for n in range(21)])
                ]
            },
            "AWS allows 20 non_key_attributes, here are 21",
        ),
        (
            {
                "global_secondary_indexes": [
                    index(f"by-{one}", projection_type="INCLUDE", non_key_attributes=[str(n) for n in range(20)])
                    for one in range(6)
                ]
            },
            "AWS allows 100 in all indexes together, here are 120",
        ),
        (
            {"local_secondary_indexes": [local(f"by-{one}") for one in range(6)]},
            "local_secondary_indexes: AWS allows 5, here are 6",
        ),
        ({"sse_enabled": False, "kms_key_id": "alias/data"}, "kms_key_id: cannot be set with sse_enabled=false"),
        ({"recovery_period_in_days": 7}, "also needs point_in_time_recovery=true"),
        ({"point_in_time_recovery": True, "recovery_period_in_days": 36}, "36 is not from 1 to 35"),
        ({"ttl_attribute": "x" * 256}, "ttl_attribute: has more than 255 characters"),
        ({"tags": {"aws:x": "1"}}, "reserved"),
    ],
)
def test_a_bad_request_is_named(options: dict[str, t.Any], said: str) -> None:
    assert said in " ".join(problems(wanted_of(given(**options))))


def test_all_problems_are_named_at_once() -> None:
    assert len(problems(wanted_of(given(read_capacity=0, recovery_period_in_days=0, range_key_name="sk")))) == 4
