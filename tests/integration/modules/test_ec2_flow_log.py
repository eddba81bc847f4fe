# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module ec2_flow_log on the local cloud."""

from __future__ import annotations

import dataclasses
import json
import typing as t

import pytest
from groundwork_local_cloud.client import LocalCloud
from support.modules import Result, changes, run_module

MODULE = "ec2_flow_log"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "vpc-flow-logs.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}


@dataclasses.dataclass
class Setting:
    """A VPC with two subnets, and somewhere for the records to go."""

    cloud: LocalCloud
    vpc_id: str
    subnet_ids: list[str]
    role_arn: str

    def run(self, **options: t.Any) -> Result:
        given = {
            "name": "web",
            "resource_ids": [self.vpc_id],
            "log_group_name": "/vpc/web",
            "deliver_logs_permission_arn": self.role_arn,
            **options,
        }
        return run_module(MODULE, **given)

    def existing(self) -> list[dict[str, t.Any]]:
        return list(self.cloud.client("ec2").describe_flow_logs()["FlowLogs"])


@pytest.fixture
def setting(cloud: LocalCloud) -> Setting:
    ec2 = cloud.client("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [ec2.create_subnet(VpcId=vpc_id, CidrBlock=f"10.0.{n}.0/24")["Subnet"]["SubnetId"] for n in (1, 2)]
    cloud.client("logs").create_log_group(logGroupName="/vpc/web")
    cloud.client("s3").create_bucket(Bucket="flow-log-archive")
    role = cloud.client("iam").create_role(RoleName="web-flow-logs", AssumeRolePolicyDocument=json.dumps(TRUST))
    return Setting(cloud, vpc_id, subnets, role["Role"]["Arn"])


def since_now(cloud: LocalCloud) -> t.Callable[[], list[str]]:
    """Call what is returned for the operations since then that changed something."""
    seen = len(cloud.calls())
    return lambda: changes(cloud.calls()[seen:])


def test_creates_once_with_its_tags(setting: Setting) -> None:
    changed_since = since_now(setting.cloud)
    first = setting.run(tags={"Environment": "production"})
    assert first["changed"]
    assert changed_since() == ["CreateFlowLogs"], "tags come with the creation"
    (flow_log,) = first["flow_logs"]
    assert flow_log["id"] == setting.existing()[0]["FlowLogId"]
    assert flow_log["tags"] == {"Name": "web", "Environment": "production"}
    assert (flow_log["destination"], flow_log["traffic_type"]) == ("/vpc/web", "ALL")
    assert not setting.run(tags={"Environment": "production"})["changed"]
    assert changed_since() == ["CreateFlowLogs"]


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ({"traffic_type": "reject"}, "TrafficType", "REJECT"),
        ({"max_aggregation_interval": 60}, "MaxAggregationInterval", 60),
        ({"log_format": "${srcaddr} ${dstaddr}"}, "LogFormat", "${srcaddr} ${dstaddr}"),
        (
            {"log_destination_type": "s3", "log_destination_arn": "arn:aws:s3:::flow-log-archive"},
            "LogDestination",
            "arn:aws:s3:::flow-log-archive",
        ),
    ],
)
def test_each_change_alone_replaces_the_flow_log(
    setting: Setting, change: dict[str, t.Any], field: str, value: object
) -> None:
    before = setting.run()["flow_logs"][0]["id"]
    predicted = setting.run(**change, check=True)
    result = setting.run(**change)
    (after,) = setting.existing()
    assert after[field] == value
    assert after["FlowLogId"] != before
    assert predicted["changed"]
    strip = lambda log: {key: log[key] for key in log if key != "id"}  # noqa: E731  # the id alone cannot be foretold
    assert [strip(log) for log in predicted["flow_logs"]] == [strip(log) for log in result["flow_logs"]]
    assert not setting.run(**change)["changed"]


def test_tags_change_in_place(setting: Setting) -> None:
    first = setting.run(tags={"a": "1", "b": "1"})["flow_logs"][0]
    changed_since = since_now(setting.cloud)
    second = setting.run(tags={"a": "2"})["flow_logs"][0]
    assert second == {**first, "tags": {"Name": "web", "a": "2"}}
    assert changed_since() == ["CreateTags", "DeleteTags"]
    assert not setting.run()["changed"], "tags that are not mentioned stay"
    assert not setting.run(tags={}, purge_tags=False)["changed"]


def test_watches_several_subnets(setting: Setting) -> None:
    both = setting.run(resource_ids=setting.subnet_ids)
    assert [log["resource_id"] for log in both["flow_logs"]] == setting.subnet_ids
    assert not setting.run(resource_ids=setting.subnet_ids)["changed"]
    changed_since = since_now(setting.cloud)
    setting.cloud.client("ec2").delete_flow_logs(FlowLogIds=[both["flow_logs"][1]["id"]])
    setting.run(resource_ids=setting.subnet_ids)
    assert changed_since() == ["DeleteFlowLogs", "CreateFlowLogs"], "only the one that was gone is made"


def test_deletes_and_deletes_again_and_leaves_others_alone(setting: Setting) -> None:
    setting.run()
    setting.run(name="other", traffic_type="accept", log_group_name="/vpc/other")
    gone = setting.run(state="absent")
    assert (gone["changed"], gone["flow_logs"]) == (True, [])
    assert not setting.run(state="absent")["changed"]
    assert [log["TrafficType"] for log in setting.existing()] == ["ACCEPT"]


@pytest.mark.parametrize("state", ["present", "absent"])
def test_check_mode_makes_no_mutating_call(setting: Setting, state: str) -> None:
    if state == "absent":
        setting.run()
    changed_since = since_now(setting.cloud)
    assert setting.run(state=state, check=True)["changed"]
    assert changed_since() == []


def test_diff_shows_both_sides(setting: Setting) -> None:
    diff = setting.run(check=True)["diff"]
    assert diff["before"] == {"flow_logs": []}
    assert diff["after"]["flow_logs"][0]["id"] == "(known after creation)"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"log_group_name": None}, "also needs log_group_name"),
        ({"log_destination_type": "s3"}, "also needs log_destination_arn"),
        ({"resource_ids": ["i-1"]}, "the id of a VPC, a subnet or a network interface"),
        ({"tags": {"aws:x": "1"}}, "reserved"),
        ({"max_aggregation_interval": 61}, "must be one of: 60, 600"),
    ],
)
def test_bad_input_is_refused_before_any_call(setting: Setting, options: dict[str, t.Any], said: str) -> None:
    seen = len(setting.cloud.calls())
    result = setting.run(**options)
    assert result["failed"]
    assert said in result["msg"]
    assert setting.cloud.calls()[seen:] == []


def test_what_aws_refuses_for_a_resource_is_reported(setting: Setting) -> None:
    result = setting.run(resource_ids=["vpc-0123456789abcdef0"])
    assert result["failed"]
    assert "vpc-0123456789abcdef0" in result["msg"]
    assert setting.existing() == []


def test_waits_until_aws_shows_a_new_flow_log(setting: Setting) -> None:
    setting.cloud.realism(eventual_consistency=2.0)
    changed_since = since_now(setting.cloud)
    assert setting.run()["flow_logs"][0]["id"].startswith("fl-")
    assert changed_since() == ["CreateFlowLogs"]
