# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flow logs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from groundwork_local_cloud.client import LocalCloud
from networking import make_vpc
from refusals import refused

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "vpc-flow-logs.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}


def _create(cloud: LocalCloud, vpc_id: str, **settings: Any) -> str:
    asked = {"ResourceType": "VPC", "ResourceIds": [vpc_id], "TrafficType": "ALL", "LogGroupName": "flows"} | settings
    return str(cloud.client("ec2").create_flow_logs(**asked)["FlowLogIds"][0])


def _role(cloud: LocalCloud) -> str:
    role = cloud.client("iam").create_role(RoleName="flows", AssumeRolePolicyDocument=json.dumps(TRUST))
    return str(role["Role"]["Arn"])


@pytest.mark.correction("create-flow-logs")
def test_delivery(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    vpc_id = make_vpc(cloud)
    tags = [{"ResourceType": "vpc-flow-log", "Tags": [{"Key": "a", "Value": "b"}]}]
    good = _create(cloud, vpc_id, DeliverLogsPermissionArn=_role(cloud), TagSpecifications=tags)
    absent = "arn:aws:iam::123456789012:role/absent"
    bad = _create(cloud, vpc_id, DeliverLogsPermissionArn=absent, LogGroupName="others")
    logs = {one["FlowLogId"]: one for one in ec2.describe_flow_logs()["FlowLogs"]}
    assert logs[good]["DeliverLogsStatus"] == "SUCCESS"
    assert (logs[bad]["DeliverLogsStatus"], logs[bad]["DeliverLogsErrorMessage"]) == ("FAILED", "Access error")
    groups = cloud.client("logs").describe_log_groups()["logGroups"]
    assert [group["logGroupName"] for group in groups] == ["flows"]
    for name, value in (("deliver-log-status", "SUCCESS"), ("tag:a", "b"), ("log-group-name", "flows")):
        found = ec2.describe_flow_logs(Filter=[{"Name": name, "Values": [value]}])["FlowLogs"]
        assert [one["FlowLogId"] for one in found] == [good], name
    described = ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [good]}])["Tags"]
    assert [tag["ResourceType"] for tag in described] == ["vpc-flow-log"]
    with refused("FlowLogAlreadyExists"):
        _create(cloud, vpc_id, DeliverLogsPermissionArn=absent)


@pytest.mark.correction("create-flow-logs")
def test_what_is_refused(cloud: LocalCloud) -> None:
    vpc_id = make_vpc(cloud)
    role = _role(cloud)
    with refused("MissingParameter"):
        cloud.client("ec2").create_flow_logs(
            ResourceType="VPC", ResourceIds=[vpc_id], LogGroupName="flows", DeliverLogsPermissionArn=role
        )
    with refused("InvalidVpcID.NotFound"):
        _create(cloud, "vpc-0123456789abcdef0", DeliverLogsPermissionArn=role)
    with refused("InvalidParameterValue"):
        _create(cloud, vpc_id, DeliverLogsPermissionArn=role, TrafficType="SOME")


@pytest.mark.correction("delete-flow-logs")
def test_deletion_goes_on_after_an_unknown_id(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    made = _create(cloud, make_vpc(cloud), DeliverLogsPermissionArn=_role(cloud))
    answer = ec2.delete_flow_logs(FlowLogIds=["fl-0123456789abcdef0", made])
    assert [one["ResourceId"] for one in answer["Unsuccessful"]] == ["fl-0123456789abcdef0"]
    assert answer["Unsuccessful"][0]["Error"]["Code"] == "InvalidFlowLogId.NotFound"
    assert ec2.describe_flow_logs()["FlowLogs"] == []


@pytest.mark.correction("create-flow-logs")
def test_a_bucket_may_be_followed_by_a_folder(cloud: LocalCloud) -> None:
    vpc_id = make_vpc(cloud)
    cloud.client("s3").create_bucket(Bucket="archive")
    bucket = {"LogDestinationType": "s3", "LogDestination": "arn:aws:s3:::archive"}
    in_folder = bucket | {"LogDestination": "arn:aws:s3:::archive/web"}
    _create_in_bucket(cloud, vpc_id, bucket)
    made = _create_in_bucket(cloud, vpc_id, in_folder)
    (found,) = cloud.client("ec2").describe_flow_logs(FlowLogIds=[made])["FlowLogs"]
    assert found["LogDestination"] == "arn:aws:s3:::archive/web"
    with refused("FlowLogAlreadyExists"):
        _create_in_bucket(cloud, vpc_id, in_folder)


def _create_in_bucket(cloud: LocalCloud, vpc_id: str, destination: dict[str, Any]) -> str:
    asked = {"ResourceType": "VPC", "ResourceIds": [vpc_id], "TrafficType": "ALL", **destination}
    return str(cloud.client("ec2").create_flow_logs(**asked)["FlowLogIds"][0])
