# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control API refuses what it does not understand, says what is allowed, and changes nothing then."""

from __future__ import annotations

from typing import Any

import pytest
from groundwork_local_cloud.client import ControlError, LocalCloud


@pytest.mark.parametrize(
    ("method", "path", "body", "told"),
    [
        ("GET", "/nothing", None, "there is no GET /_local_cloud/nothing; there are GET /_local_cloud/status"),
        ("GET", "/calls?since=yesterday", None, "since must be the number of a call, not 'yesterday'"),
        ("PUT", "/realism", {"speed": 1}, "there is no speed"),
        ("PUT", "/realism", {"latency": -1}, "0 or more"),
        ("PUT", "/realism", {"latency": [2, 1]}, r"a range of seconds is \[lowest, highest\]"),
        ("PUT", "/realism", {"durations": {"instance": 1}}, "instance.pending"),
        ("PUT", "/realism", {"request_tokens": "yes"}, "true or false"),
        ("PUT", "/realism", {"permissions": [{"access_key": "a"}]}, "access_key, a string, and actions"),
        ("PUT", "/faults", {"kind": "throttle"}, "must be a list"),
        ("PUT", "/faults", [{"kind": "explosion"}], "error_before, error_after, throttle, cut_before, cut_after"),
        ("PUT", "/faults", [{"kind": "throttle", "at": 0}], "number of the matching call from 1"),
        ("PUT", "/faults", [{"kind": "throttle", "onwards": True}], "beside a number in at"),
        ("PUT", "/faults", [{"kind": "throttle", "match": {"region": "x"}}], "service, operation, access_key"),
        ("PUT", "/faults", [{"kind": "throttle", "status": 200}], "from 400 to 599"),
    ],
)
def test_bad_requests_are_explained(cloud: LocalCloud, method: str, path: str, body: Any, told: str) -> None:
    with pytest.raises(ControlError, match=told):
        cloud.control(method, path, body)


def test_nothing_is_changed_by_a_document_with_one_mistake(cloud: LocalCloud) -> None:
    with pytest.raises(ControlError):
        cloud.realism(request_tokens=True, latency="slow")
    assert cloud.control("GET", "/realism")["request_tokens"] is False


def test_settings_not_named_stay(cloud: LocalCloud) -> None:
    cloud.realism(latency={"default": 0.0, "ec2:RunInstances": [0.1, 0.2]})
    cloud.realism(durations={"instance.pending": 2})
    cloud.realism(permissions=[{"access_key": "AKIAREADER", "actions": ["ec2:Describe*"]}])
    assert cloud.control("GET", "/realism") == {
        "latency": {"default": [0.0, 0.0], "ec2:RunInstances": [0.1, 0.2]},
        "durations": {"instance.pending": 2.0},
        "eventual_consistency": 0.0,
        "request_tokens": False,
        "permissions": [{"access_key": "AKIAREADER", "actions": ["ec2:Describe*"]}],
    }


def test_delete_switches_realism_off(cloud: LocalCloud) -> None:
    off = cloud.control("GET", "/realism")
    cloud.realism(latency=0.2, eventual_consistency=5, request_tokens=True, durations={"volume.creating": 1})
    assert cloud.control("GET", "/realism") != off
    assert cloud.control("DELETE", "/realism") == off


def test_reset_removes_resources_and_settings(cloud: LocalCloud) -> None:
    cloud.client("ssm").put_parameter(Name="/size", Value="3", Type="String")
    cloud.realism(eventual_consistency=60)
    cloud.faults({"kind": "throttle"})
    cloud.reset()
    assert cloud.client("ssm").describe_parameters()["Parameters"] == []
    assert cloud.control("GET", "/realism")["eventual_consistency"] == 0
    assert cloud.control("GET", "/faults") == []


def test_what_the_cloud_lacks_is_an_aws_error_that_says_so(cloud: LocalCloud) -> None:
    client = cloud.client("ec2")
    with pytest.raises(client.exceptions.ClientError, match="does not have ec2:DescribeCapacityReservations") as caught:
        client.describe_capacity_reservations()
    assert caught.value.response["Error"]["Code"] == "NotImplemented"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
