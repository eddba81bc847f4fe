# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""EC2's documented token buckets."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from botocore.exceptions import ClientError
from groundwork_local_cloud.client import LocalCloud
from groundwork_local_cloud.cloud import cloud as this_cloud
from groundwork_local_cloud.errors import ApiError
from groundwork_local_cloud.identify import ApiRequest
from groundwork_local_cloud.realism.request_tokens import RequestTokens

# The figures of "Request throttling for the Amazon EC2 API": burst, refill per second.
DOCUMENTED = [
    ("DescribeVpcs", {}, 100, 20),
    ("DescribeInstances", {}, 50, 10),
    ("DescribeInstances", {"MaxResults": 5}, 100, 20),
    ("DescribeInstances", {"Filters": [{"Name": "vpc-id", "Values": ["vpc-1"]}]}, 100, 20),
    ("DescribeVolumes", {}, 50, 10),
    ("DescribeVolumes", {"VolumeIds": ["vol-1"]}, 100, 20),
    ("AttachNetworkInterface", {}, 50, 5),
    ("AttachVolume", {}, 50, 5),
    ("RunInstances", {"MaxCount": 1}, 5, 2),
    ("StartInstances", {"InstanceIds": ["i-1"]}, 5, 2),
    ("StopInstances", {"InstanceIds": ["i-1"]}, 50, 5),
    ("TerminateInstances", {"InstanceIds": ["i-1"]}, 100, 5),
    ("CreateNetworkInterface", {}, 100, 5),
    ("CreateVolume", {}, 100, 5),
    ("CreateTags", {}, 100, 10),
    ("CopyImage", {}, 100, 1),
    ("CreateVpcEndpoint", {}, 4, 0.3),
]


class Clock:
    """A clock that stands still until told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def _tokens() -> tuple[RequestTokens, Clock]:
    clock = Clock()
    tokens = RequestTokens(clock)
    tokens.enabled = True
    return tokens, clock


def _admitted(tokens: RequestTokens, operation: str, params: dict[str, Any], region: str = "us-east-1") -> int:
    """How many of many calls at one moment are let through."""
    request = ApiRequest("ec2", operation, region, "key", params)
    for count in itertools.count():
        if not _takes(tokens, request):
            return count
    raise AssertionError("there is a limit")


def _takes(tokens: RequestTokens, request: ApiRequest) -> bool:
    try:
        tokens.take(request)
    except ApiError as error:
        return (error.code, error.status) != ("RequestLimitExceeded", 503)
    return True


@pytest.mark.parametrize(("operation", "params", "burst", "refill"), DOCUMENTED)
def test_burst_and_refill(operation: str, params: dict[str, Any], burst: int, refill: float) -> None:
    tokens, clock = _tokens()
    assert _admitted(tokens, operation, params) == burst
    clock.now += 10
    assert _admitted(tokens, operation, params) == min(burst, 10 * refill)


def test_each_api_and_region_has_its_own_bucket() -> None:
    tokens, _clock = _tokens()
    assert _admitted(tokens, "RunInstances", {"MaxCount": 1}) == 5
    assert _admitted(tokens, "StartInstances", {"InstanceIds": ["i-1"]}) == 5
    assert _admitted(tokens, "RunInstances", {"MaxCount": 1}, "eu-west-1") == 5


def test_launches_take_a_resource_token_for_each_instance() -> None:
    tokens, clock = _tokens()
    assert _admitted(tokens, "RunInstances", {"MaxCount": 400}) == 2
    clock.now += 60
    assert _admitted(tokens, "RunInstances", {"MaxCount": 321}) == 0
    assert _admitted(tokens, "RunInstances", {"MaxCount": 320}) == 1


def test_a_refused_call_takes_no_tokens() -> None:
    tokens, _clock = _tokens()
    with pytest.raises(ApiError, match="resource request rate limit"):
        tokens.take(ApiRequest("ec2", "RunInstances", "us-east-1", "key", {"MaxCount": 1001}))
    assert _admitted(tokens, "RunInstances", {"MaxCount": 1}) == 5


def test_other_services_are_not_throttled() -> None:
    tokens, _clock = _tokens()
    for _ in range(200):
        tokens.take(ApiRequest("kms", "ListKeys", "us-east-1", "key"))


def test_the_client_sees_the_documented_error(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    ec2 = cloud.client("ec2")
    monkeypatch.setattr(this_cloud.request_tokens, "_clock", Clock())
    cloud.realism(request_tokens=True)
    outcomes = []
    for _ in range(6):
        with pytest.raises(ClientError) as caught:
            ec2.start_instances(InstanceIds=["i-00000000000000000"])
        outcomes.append(caught.value.response["Error"]["Code"])
    assert outcomes == ["InvalidInstanceID.NotFound"] * 5 + ["RequestLimitExceeded"]
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
    assert caught.value.response["Error"]["Message"] == (
        "Request limit exceeded. Account 123456789012 has been throttled on ec2:StartInstances "
        "because it exceeded its request rate limit."
    )


def test_a_client_that_retries_gets_through(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    ec2 = cloud.client("ec2", attempts=5)
    looks = itertools.count()  # a clock that goes on by 0.1 s at every look: 5 tokens are spent faster than they come
    monkeypatch.setattr(this_cloud.request_tokens, "_clock", lambda: next(looks) / 10)
    cloud.realism(request_tokens=True)
    for _ in range(10):
        with pytest.raises(ClientError, match=r"InvalidInstanceID\.NotFound"):
            ec2.start_instances(InstanceIds=["i-00000000000000000"])
    assert "RequestLimitExceeded" in [call["error"] for call in cloud.calls("ec2", "StartInstances")]
