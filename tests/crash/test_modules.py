# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules survive every fault at every one of their calls."""

from __future__ import annotations

import typing as t

import pytest
from groundwork_local_cloud.client import LocalCloud
from support.modules import Result, run_module

from .sweep import Flow, Sweep, cases

BUCKET = "arn:aws:s3:::flow-log-archive"
FLOW_LOGS = ("ec2.describe_flow_logs",)
ENCRYPTION = ("ec2.get_ebs_encryption_by_default", "ec2.get_ebs_default_kms_key_id")


def make_vpc(cloud: LocalCloud) -> str:
    cloud.client("s3").create_bucket(Bucket="flow-log-archive")
    return str(cloud.client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"])


def make_vpc_with_flow_log(cloud: LocalCloud) -> str:
    vpc_id = make_vpc(cloud)
    assert not run_flow_log(vpc_id).get("failed")
    return vpc_id


def run_flow_log(vpc_id: str, **options: t.Any) -> Result:
    given = {"log_destination_type": "s3", "log_destination_arn": BUCKET, **options}
    return run_module("ec2_flow_log", name="web", resource_ids=[vpc_id], **given)


def flow_log(what: str, **options: t.Any) -> Flow:
    """The flow log that is there is brought into another state."""
    return Flow(
        f"ec2_flow_log {what}", make_vpc_with_flow_log, lambda vpc_id: run_flow_log(vpc_id, **options), FLOW_LOGS
    )


def make_key(cloud: LocalCloud) -> str:
    return str(cloud.client("kms").create_key()["KeyMetadata"]["Arn"])


def make_key_in_use(cloud: LocalCloud) -> str:
    key = make_key(cloud)
    assert not encrypt_by_default(key).get("failed")
    return key


def encrypt_by_default(key: str) -> Result:
    return run_module("ebs_encryption_default", kms_key_id=key)


FLOWS = [
    Flow("ebs_encryption_default on", make_key, encrypt_by_default, ENCRYPTION),
    Flow(
        "ebs_encryption_default off",
        make_key_in_use,
        lambda _key: run_module("ebs_encryption_default", state="disabled"),
        ENCRYPTION,
    ),
    Flow("ec2_flow_log created", make_vpc, run_flow_log, FLOW_LOGS),
    flow_log("replaced, new one first", log_destination_arn=f"{BUCKET}/web"),
    flow_log("replaced, old one first", max_aggregation_interval=60),
    flow_log("tagged", tags={"a": "1"}),
    flow_log("deleted", state="absent"),
]


@pytest.mark.parametrize(("flow", "kind"), cases(FLOWS))
def test_survives(swept: LocalCloud, record_property: t.Any, flow: Flow, kind: str) -> None:
    tally = Sweep(swept, flow, kind).run()
    record_property("crash_sweep", tally.as_row())
    assert not tally.problems, tally.report()
