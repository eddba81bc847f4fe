# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults strike the chosen call, in the form that an AWS client understands, before or after the effect."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError
from groundwork_local_cloud.client import LocalCloud


def _put(cloud: LocalCloud, name: str, **client: Any) -> None:
    cloud.client("ssm", **client).put_parameter(Name=name, Value="x", Type="String")


def _names(cloud: LocalCloud) -> list[str]:
    return [parameter["Name"] for parameter in cloud.client("ssm").describe_parameters()["Parameters"]]


def test_the_kth_matching_call_fails_and_the_others_do_not(cloud: LocalCloud) -> None:
    cloud.faults({"kind": "error_before", "match": {"operation": "PutParameter"}, "at": 2})
    _put(cloud, "/1")
    assert _names(cloud) == ["/1"]
    with pytest.raises(ClientError):
        _put(cloud, "/2")
    _put(cloud, "/3")
    assert _names(cloud) == ["/1", "/3"]


def test_an_error_after_the_effect_leaves_the_effect(cloud: LocalCloud) -> None:
    cloud.faults({"kind": "error_after", "match": {"operation": "PutParameter"}})
    with pytest.raises(ClientError):
        _put(cloud, "/1")
    assert _names(cloud) == ["/1"]


@pytest.mark.parametrize(("kind", "effect"), [("cut_before", []), ("cut_after", ["/1"])])
def test_a_cut_connection(cloud: LocalCloud, kind: str, effect: list[str]) -> None:
    cloud.faults({"kind": kind, "match": {"operation": "PutParameter"}})
    with pytest.raises(ConnectionClosedError):
        _put(cloud, "/1")
    assert _names(cloud) == effect
    (call,) = cloud.calls("ssm", "PutParameter")
    assert (call["status"], call["error"]) == (0, None)


def test_the_client_gets_over_a_fault_by_trying_again(cloud: LocalCloud) -> None:
    cloud.faults({"kind": "cut_before", "at": 1}, {"kind": "error_before", "at": 2})
    _put(cloud, "/1", attempts=3)
    assert [call["status"] for call in cloud.calls("ssm", "PutParameter")] == [0, 500, 200]


def test_from_the_kth_call_onwards_every_call_fails(cloud: LocalCloud) -> None:
    cloud.faults({"kind": "cut_before", "match": {"operation": "PutParameter"}, "at": 2, "onwards": True})
    _put(cloud, "/1")
    for name in ("/2", "/3"):
        with pytest.raises(ConnectionClosedError):
            _put(cloud, name)
    assert _names(cloud) == ["/1"]


def test_a_late_change_has_its_effect_and_does_not_show_for_three_reads(cloud: LocalCloud) -> None:
    _put(cloud, "/1")
    cloud.faults({"kind": "late", "match": {"operation": "PutParameter"}, "at": 1})
    assert _names(cloud) == ["/1"]
    _put(cloud, "/2")
    assert [_names(cloud) for _ in range(4)] == [["/1"], ["/1"], ["/1"], ["/1", "/2"]]


def test_only_calls_that_match_are_counted(cloud: LocalCloud) -> None:
    match = {"service": "ssm", "operation": "Put*", "access_key": "AKIABOB"}
    cloud.faults({"kind": "throttle", "match": match, "at": 1})
    _put(cloud, "/1")
    assert _names(cloud) == ["/1"]
    with pytest.raises(ClientError):
        _put(cloud, "/2", access_key="AKIABOB")
    (rule,) = cloud.control("GET", "/faults")
    assert rule["matched"] == 1


def test_code_message_and_status_can_be_chosen(cloud: LocalCloud) -> None:
    cloud.faults({"kind": "error_before", "code": "ExpiredToken", "message": "The token has expired", "status": 403})
    with pytest.raises(ClientError) as caught:
        cloud.client("sts").get_caller_identity()
    error = caught.value.response["Error"]
    assert (error["Code"], error["Message"]) == ("ExpiredToken", "The token has expired")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


@pytest.mark.parametrize(
    ("service", "operation", "throttled", "failed"),
    [
        ("ec2", "describe_vpcs", ("RequestLimitExceeded", 503), ("InternalError", 500)),
        ("sts", "get_caller_identity", ("Throttling", 400), ("InternalFailure", 500)),
        ("kms", "list_keys", ("ThrottlingException", 400), ("InternalFailure", 500)),
        ("sqs", "list_queues", ("ThrottlingException", 400), ("InternalFailure", 500)),
        ("efs", "describe_file_systems", ("ThrottlingException", 400), ("InternalFailure", 500)),
        ("route53", "list_hosted_zones", ("Throttling", 400), ("InternalFailure", 500)),
        ("s3", "list_buckets", ("SlowDown", 503), ("InternalError", 500)),
    ],
)
def test_errors_are_written_in_the_protocol_of_the_service(
    cloud: LocalCloud, service: str, operation: str, throttled: tuple[str, int], failed: tuple[str, int]
) -> None:
    for kind, expected in (("throttle", throttled), ("error_before", failed)):
        cloud.faults({"kind": kind, "message": "a < b & c"})
        with pytest.raises(ClientError, match="a < b & c") as caught:
            getattr(cloud.client(service), operation)()
        status = caught.value.response["ResponseMetadata"]["HTTPStatusCode"]
        assert (caught.value.response["Error"]["Code"], status) == expected
        assert cloud.calls(service)[-1]["error"] == expected[0]


def test_faults_end_when_they_are_deleted(cloud: LocalCloud) -> None:
    cloud.faults({"kind": "throttle"})
    cloud.control("DELETE", "/faults")
    cloud.client("sts").get_caller_identity()
