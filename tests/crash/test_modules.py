# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every module survives a lost connection at any of its calls, before and after the call's effect."""

from __future__ import annotations

import typing as t

import pytest
from groundwork_local_cloud.client import LocalCloud
from support.modules import run_module

from crash.sweep import Scenario, sweep

BUCKET = "arn:aws:s3:::flow-log-archive"


def make_vpc(cloud: LocalCloud) -> str:
    cloud.client("s3").create_bucket(Bucket="flow-log-archive")
    return str(cloud.client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"])


def make_vpc_with_flow_log(cloud: LocalCloud) -> str:
    vpc_id = make_vpc(cloud)
    run_flow_log(vpc_id)
    return vpc_id


def run_flow_log(vpc_id: str, **options: t.Any) -> dict[str, t.Any]:
    given = {"log_destination_type": "s3", "log_destination_arn": BUCKET, **options}
    return run_module("ec2_flow_log", name="web", resource_ids=[vpc_id], **given)


def flow_logs(cloud: LocalCloud) -> list[t.Any]:
    found = cloud.client("ec2").describe_flow_logs()["FlowLogs"]
    return [(log["LogDestination"], log["MaxAggregationInterval"], log["Tags"]) for log in found]


def make_key(cloud: LocalCloud) -> str:
    return str(cloud.client("kms").create_key()["KeyMetadata"]["Arn"])


def encryption_is_on(cloud: LocalCloud) -> t.Any:
    return cloud.client("ec2").get_ebs_encryption_by_default()["EbsEncryptionByDefault"]


SCENARIOS = {
    "ebs_encryption_default": Scenario(
        make_key, lambda key: run_module("ebs_encryption_default", kms_key_id=key), encryption_is_on
    ),
    "ec2_flow_log created": Scenario(make_vpc, run_flow_log, flow_logs),
    "ec2_flow_log replaced, new one first": Scenario(
        make_vpc_with_flow_log, lambda vpc_id: run_flow_log(vpc_id, log_destination_arn=f"{BUCKET}/web"), flow_logs
    ),
    "ec2_flow_log replaced, old one first": Scenario(
        make_vpc_with_flow_log, lambda vpc_id: run_flow_log(vpc_id, max_aggregation_interval=60), flow_logs
    ),
    "ec2_flow_log tagged": Scenario(
        make_vpc_with_flow_log, lambda vpc_id: run_flow_log(vpc_id, tags={"a": "1"}), flow_logs
    ),
    "ec2_flow_log deleted": Scenario(
        make_vpc_with_flow_log, lambda vpc_id: run_flow_log(vpc_id, state="absent"), flow_logs
    ),
}


@pytest.mark.parametrize("after_effect", [False, True], ids=["before the effect", "after the effect"])
@pytest.mark.parametrize("name", SCENARIOS)
def test_survives_a_break_at_every_call(
    cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch, name: str, after_effect: bool
) -> None:
    # botocore would make up for a cut connection by itself; here the whole process is to fail, as if it had died.
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    assert sweep(cloud, SCENARIOS[name], after_effect=after_effect) >= 3
