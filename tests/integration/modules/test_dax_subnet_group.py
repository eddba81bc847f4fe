# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module dax_subnet_group on the local cloud."""

from __future__ import annotations

import typing as t

import pytest
from groundwork_local_cloud.client import LocalCloud
from support.dax import DaxSetting, make_setting, make_subnet
from support.modules import Result, run_module


@pytest.fixture
def setting(cloud: LocalCloud) -> DaxSetting:
    return make_setting(cloud)


def run(setting: DaxSetting, **options: t.Any) -> Result:
    given = {"name": "cache", "description": "first", "subnet_ids": setting.subnet_ids, **options}
    return run_module("dax_subnet_group", **given)


def names(setting: DaxSetting) -> list[str]:
    return [group["SubnetGroupName"] for group in setting.cloud.client("dax").describe_subnet_groups()["SubnetGroups"]]


def test_creates_once(setting: DaxSetting) -> None:
    changed = setting.changes_since()
    result = run(setting)
    assert (result["changed"], result["actions"]) == (True, ["create the subnet group cache"])
    assert result["subnet_group"] == {
        "name": "cache",
        "description": "first",
        "vpc_id": setting.vpc_id,
        "subnets": [
            {"id": id_, "availability_zone": f"us-east-1{letter}"}
            for id_, letter in zip(setting.subnet_ids, "abc", strict=True)
        ],
    }
    assert changed() == ["CreateSubnetGroup"]
    calls = setting.operations_since()
    assert not run(setting)["changed"]
    assert calls() == ["DescribeSubnetGroups"], "one call finds that nothing is to do"


def test_an_answer_that_is_lost_on_the_way_does_no_harm(setting: DaxSetting) -> None:
    setting.cloud.faults({"kind": "cut_after", "at": 1, "match": {"operation": "CreateSubnetGroup"}})
    changed = setting.changes_since()
    assert run(setting)["subnet_group"]["name"] == "cache"
    assert changed() == ["CreateSubnetGroup"] * 2, "botocore asks again"


@pytest.mark.parametrize("change", ["description", "subnet_ids"])
def test_each_change_alone(setting: DaxSetting, change: str) -> None:
    first = run(setting)["subnet_group"]
    options: dict[str, t.Any] = {
        "description": {"description": "second"},
        "subnet_ids": {"subnet_ids": setting.subnet_ids[:2]},
    }[change]
    predicted = run(setting, check=True, **options)
    changed = setting.changes_since()
    result = run(setting, **options)
    assert changed() == ["UpdateSubnetGroup"]
    assert result["subnet_group"] != first
    assert predicted["subnet_group"] == result["subnet_group"]
    assert predicted["changed"]
    assert not run(setting, **options)["changed"]
    assert not run(setting, **{**options, "description": None})["changed"], "what is not mentioned stays"


def test_deletes_and_deletes_again_and_leaves_others_alone(setting: DaxSetting) -> None:
    run(setting)
    gone = run(setting, state="absent")
    assert (gone["changed"], gone["subnet_group"]) == (True, None)
    calls = setting.operations_since()
    assert not run(setting, state="absent")["changed"]
    assert calls() == ["DescribeSubnetGroups"]
    assert "cache" not in names(setting)
    assert "web" in names(setting)


@pytest.mark.parametrize("state", ["present", "absent"])
def test_check_mode_makes_no_mutating_call(setting: DaxSetting, state: str) -> None:
    if state == "absent":
        run(setting)
    changed = setting.changes_since()
    assert run(setting, state=state, check=True)["changed"]
    assert changed() == []


def test_diff_shows_both_sides(setting: DaxSetting) -> None:
    run(setting)
    diff = run(setting, description="second", check=True)["diff"]
    assert [diff[side]["subnet_group"]["description"] for side in ("before", "after")] == ["first", "second"]


def test_bad_input_is_refused_whole_and_before_any_call(setting: DaxSetting) -> None:
    calls = setting.operations_since()
    result = run(setting, name="Cache", subnet_ids=["vpc-1", "vpc-1"])
    assert result["failed"]
    for said in ("lower case", "'vpc-1' is not the id of a subnet", "named twice"):
        assert said in result["msg"]
    assert "subnet_ids: at least one" in run(setting, subnet_ids=None)["msg"]
    assert calls() == []


def test_subnets_that_cannot_be_one_group_are_refused_before_any_change(setting: DaxSetting) -> None:
    ec2 = setting.cloud.client("ec2")
    other_vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    elsewhere = make_subnet(setting.cloud, other_vpc, 9)
    changed = setting.changes_since()
    result = run(setting, subnet_ids=[*setting.subnet_ids, elsewhere, "subnet-0123456789abcdef0"])
    assert "there is no subnet subnet-0123456789abcdef0" in result["msg"]
    assert "have to be in one VPC" in result["msg"]
    assert changed() == []
    run(setting)
    assert f"the group stays in {setting.vpc_id}" in run(setting, subnet_ids=[elsewhere])["msg"]


def test_the_subnets_of_nodes_stay(setting: DaxSetting) -> None:
    setting.run()
    changed = setting.changes_since()
    result = run(setting, name="web", subnet_ids=setting.subnet_ids[:2])
    assert "no subnet is left in us-east-1c, where the cluster web has nodes" in result["msg"]
    assert changed() == []
    more = [*setting.subnet_ids, make_subnet(setting.cloud, setting.vpc_id, 9)]
    assert len(run(setting, name="web", subnet_ids=more)["subnet_group"]["subnets"]) == 4


def test_a_group_in_use_is_not_deleted_but_one_whose_cluster_is_going_is(setting: DaxSetting) -> None:
    setting.run()
    assert "is used by the cluster web" in run(setting, name="web", state="absent")["msg"]
    setting.cloud.realism(durations={"dax-cluster.deleting": 1.5})
    assert setting.run(state="absent", wait=False)["cluster"]["status"] == "deleting"
    result = run(setting, name="web", state="absent")
    assert result["actions"] == ["delete the subnet group web"]
    assert "web" not in names(setting)
