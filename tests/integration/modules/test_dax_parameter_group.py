# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module dax_parameter_group on the local cloud."""

from __future__ import annotations

import typing as t

import pytest
from groundwork_local_cloud.client import LocalCloud
from support.dax import DaxSetting, make_setting
from support.modules import Result, run_module

OPTIONS = {"name": "slow", "description": "first", "record_ttl_millis": 600_000, "query_ttl_millis": 180_000}


@pytest.fixture
def setting(cloud: LocalCloud) -> DaxSetting:
    return make_setting(cloud)


def run(**options: t.Any) -> Result:
    return run_module("dax_parameter_group", **{**OPTIONS, **options})


def names(setting: DaxSetting) -> list[str]:
    groups = setting.cloud.client("dax").describe_parameter_groups()["ParameterGroups"]
    return [group["ParameterGroupName"] for group in groups]


def test_creates_once(setting: DaxSetting) -> None:
    changed = setting.changes_since()
    predicted = run(check=True)
    result = run()
    assert result["parameter_group"] == predicted["parameter_group"] == OPTIONS
    assert changed() == ["CreateParameterGroup", "UpdateParameterGroup"]
    calls = setting.operations_since()
    assert not run()["changed"]
    assert calls() == ["DescribeParameterGroups", "DescribeParameters"], "AWS tells the values by a call of their own"


def test_an_answer_that_is_lost_on_the_way_does_no_harm(setting: DaxSetting) -> None:
    setting.cloud.faults({"kind": "cut_after", "at": 1, "match": {"operation": "CreateParameterGroup"}})
    changed = setting.changes_since()
    assert run()["parameter_group"] == OPTIONS
    assert changed() == [*["CreateParameterGroup"] * 2, "UpdateParameterGroup"], "botocore asks again"


def test_without_values_it_has_those_of_aws(setting: DaxSetting) -> None:
    changed = setting.changes_since()
    group = run_module("dax_parameter_group", name="plain")["parameter_group"]
    assert (group["record_ttl_millis"], group["query_ttl_millis"], group["description"]) == (300_000, 300_000, "")
    assert changed() == ["CreateParameterGroup"]


@pytest.mark.parametrize("option", ["record_ttl_millis", "query_ttl_millis"])
@pytest.mark.parametrize("value", [0, 1000])
def test_each_change_alone(setting: DaxSetting, option: str, value: int) -> None:
    run()
    predicted = run(check=True, **{option: value})
    changed = setting.changes_since()
    result = run(**{option: value})
    assert result["parameter_group"] == predicted["parameter_group"] == {**OPTIONS, option: value}
    assert changed() == ["UpdateParameterGroup"]
    assert not run(**{option: value})["changed"]
    assert not run_module("dax_parameter_group", name="slow")["changed"], "what is not mentioned stays"


def test_deletes_and_deletes_again_and_leaves_others_alone(setting: DaxSetting) -> None:
    run()
    run(name="other")
    gone = run(state="absent")
    assert (gone["changed"], gone["parameter_group"]) == (True, None)
    calls = setting.operations_since()
    assert not run(state="absent")["changed"]
    assert calls() == ["DescribeParameterGroups"]
    assert sorted(names(setting)) == ["default.dax1.0", "other"]


@pytest.mark.parametrize("state", ["present", "absent"])
def test_check_mode_makes_no_mutating_call(setting: DaxSetting, state: str) -> None:
    if state == "absent":
        run()
    changed = setting.changes_since()
    assert run(state=state, check=True)["changed"]
    assert changed() == []


def test_diff_shows_both_sides(setting: DaxSetting) -> None:
    run()
    diff = run(query_ttl_millis=1, check=True)["diff"]
    assert [diff[side]["parameter_group"]["query_ttl_millis"] for side in ("before", "after")] == [180_000, 1]


@pytest.mark.parametrize("state", ["present", "absent"])
def test_bad_input_is_refused_whole_and_before_any_call(setting: DaxSetting, state: str) -> None:
    calls = setting.operations_since()
    result = run(name="default.dax1.0", record_ttl_millis=-1, query_ttl_millis=-1, state=state)
    assert result["failed"]
    for said in ("a parameter group of AWS", "record_ttl_millis: it has to be", "query_ttl_millis: it has to be"):
        assert said in result["msg"]
    assert calls() == []


def test_the_description_cannot_be_changed(setting: DaxSetting) -> None:
    run()
    changed = setting.changes_since()
    assert "description: AWS cannot change that" in run(description="second", query_ttl_millis=1)["msg"]
    assert changed() == []


def test_a_group_in_use_is_neither_changed_nor_deleted(setting: DaxSetting) -> None:
    run()
    setting.run(parameter_group="slow")
    assert not run()["changed"]
    changed = setting.changes_since()
    result = run(record_ttl_millis=1)
    assert "record_ttl_millis: the parameter group slow is used by the cluster web" in result["msg"]
    assert "is used by the cluster web" in run(state="absent")["msg"]
    assert changed() == []
    setting.cloud.realism(durations={"dax-cluster.deleting": 1.5})
    setting.run(state="absent", wait=False)
    assert run(state="absent")["actions"] == ["delete the parameter group slow"]
    assert "slow" not in names(setting)
