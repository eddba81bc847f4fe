# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The request budget: never more than EC2 takes, and no waiting for tokens that are there."""

from __future__ import annotations

import collections
import itertools
import threading
import typing as t

import boto3
import pytest
from ansible_collections.groundwork.aws.plugins.module_utils._core import request_limits
from ansible_collections.groundwork.aws.plugins.module_utils._core.budget import UNEVENNESS, Budget
from ansible_collections.groundwork.aws.plugins.module_utils._core.request_limits import Limit
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

FILTERED = {"Filter.1.Name": "vpc-id"}
# The figures of "Request throttling for the Amazon EC2 API".
DOCUMENTED = [
    ("DescribeVpcs", {}, Limit(100, 20)),
    ("DescribeInstances", {}, Limit(50, 10)),
    ("DescribeInstances", {"InstanceId.1": "i-1"}, Limit(50, 10)),
    ("DescribeInstances", FILTERED, Limit(100, 20)),
    ("DescribeVolumes", {"MaxResults": "500"}, Limit(100, 20)),
    ("DescribeVolumes", {"NextToken": "x"}, Limit(100, 20)),
    ("AttachVolume", {}, Limit(50, 5)),
    ("AttachNetworkInterface", {}, Limit(50, 5)),
    ("ModifyInstanceAttribute", {}, Limit(50, 5)),
    ("AuthorizeSecurityGroupIngress", {}, Limit(50, 5)),
    ("CopySnapshot", {}, Limit(50, 5)),
    ("RunInstances", {"MaxCount": "1"}, Limit(5, 2)),
    ("StartInstances", {"InstanceId.1": "i-1"}, Limit(5, 2)),
    ("StopInstances", {"InstanceId.1": "i-1"}, Limit(50, 5)),
    ("TerminateInstances", {"InstanceId.1": "i-1"}, Limit(100, 5)),
    ("CreateNetworkInterface", {}, Limit(100, 5)),
    ("CreateVolume", {}, Limit(100, 5)),
    ("CreateSnapshot", {}, Limit(100, 5)),
    ("CreateTags", {}, Limit(100, 10)),
    ("CopyImage", {}, Limit(100, 1)),
    ("CreateNatGateway", {}, Limit(10, 1)),
    ("CreateVpcEndpoint", {}, Limit(4, 0.3)),
    ("CreateDefaultVpc", {}, Limit(1, 1)),
]
OF_INSTANCES = {
    "RunInstances": Limit(1000, 2),
    "StartInstances": Limit(1000, 2),
    "StopInstances": Limit(1000, 20),
    "TerminateInstances": Limit(1000, 20),
}


class Time:
    """A clock that only sleeping, and the test, move on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


def make_budget() -> tuple[Budget, Time]:
    time = Time()
    return Budget(clock=time.clock, sleep=time.sleep), time


def usable(limit: Limit) -> float:
    """The tokens of a bucket that are used: some are left for calls that come early."""
    return max(limit.size - UNEVENNESS * limit.refill, 1)


def named(count: int) -> dict[str, t.Any]:
    return {f"InstanceId.{number}": f"i-{number}" for number in range(1, count + 1)}


@pytest.mark.parametrize(("operation", "parameters", "limit"), DOCUMENTED)
def test_spends_the_burst_at_once_and_then_waits_for_each_token(
    operation: str, parameters: dict[str, t.Any], limit: Limit
) -> None:
    budget, time = make_budget()
    burst = int(usable(limit))
    for _ in range(burst):
        budget.spend(operation, parameters)
    assert time.now == 1000.0, "nothing is waited for while there are tokens"
    for _ in range(10):
        budget.spend(operation, parameters)
    waited = (burst + 10 - usable(limit)) / limit.refill
    assert time.now == pytest.approx(1000.0 + waited)


@pytest.mark.parametrize("operation", OF_INSTANCES)
def test_counts_the_instances_of_a_call(operation: str) -> None:
    limit = OF_INSTANCES[operation]
    budget, time = make_budget()
    touched = {"MaxCount": "400"} if operation == "RunInstances" else named(400)
    budget.spend(operation, touched)
    budget.spend(operation, touched)
    assert time.now == 1000.0
    budget.spend(operation, touched)
    assert time.now == pytest.approx(1000.0 + (1200 - usable(limit)) / limit.refill)


def test_a_call_for_more_instances_than_the_bucket_holds_is_sent_when_it_is_full() -> None:
    budget, time = make_budget()
    budget.spend("TerminateInstances", named(1200))
    assert time.now == 1000.0
    budget.spend("TerminateInstances", named(1200))
    assert time.now == pytest.approx(1000.0 + usable(Limit(1000, 20)) / 20)


def test_operations_do_not_wait_for_each_other() -> None:
    budget, time = make_budget()
    for _ in range(3):
        budget.spend("StartInstances", named(1))
        budget.spend("RunInstances", {"MaxCount": "1"})
    for _ in range(40):
        budget.spend("DescribeInstances", {})
        budget.spend("DescribeInstances", FILTERED)
    assert time.now == 1000.0


CALLS = st.tuples(st.sampled_from([1, 3, 100, 600]), st.floats(0, 40))


@given(st.lists(CALLS, min_size=1, max_size=60))
def test_never_more_than_the_burst_and_what_has_come_back_and_never_later_than_that(
    calls: list[tuple[int, float]],
) -> None:
    """Against the definition: a call goes out at the first moment at which both of EC2's buckets have its tokens."""
    budget, time = make_budget()
    sent: list[tuple[float, int]] = []
    for instances, idle in calls:
        time.now += idle
        asked = time.now
        budget.spend("StartInstances", named(instances))
        sent.append((time.now, instances))
        waited = time.now - asked
        assert _fits(sent, Limit(5, 2), Limit(1000, 2))
        if waited > 0.01:
            earlier = [*sent[:-1], (time.now - 0.01, instances)]
            smaller = Limit(usable(Limit(5, 2)), 2), Limit(usable(Limit(1000, 2)), 2)
            assert not _fits(earlier, *smaller), "it has waited for tokens that were there"


def _fits(sent: list[tuple[float, int]], requests: Limit, instances: Limit) -> bool:
    """Whether in no span of time more was sent than a full bucket holds and gets back."""
    last = len(sent) - 1
    for first in range(len(sent)):
        seconds = sent[last][0] - sent[first][0] + 1e-6
        if last - first + 1 > requests.size + requests.refill * seconds:
            return False
        if sum(count for _at, count in sent[first:]) > instances.size + instances.refill * seconds:
            return False
    return True


def test_threads_share_it() -> None:
    """Every thread waits its own time; together they keep to the limit."""
    waits: list[float] = []
    mine = threading.local()

    def sleep(seconds: float) -> None:
        mine.slept = seconds

    budget = Budget(clock=lambda: 1000.0, sleep=sleep)

    def work() -> None:
        for _ in range(10):
            mine.slept = 0.0
            budget.spend("StartInstances", named(1))
            waits.append(mine.slept)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = [max(number - 2, 0) / 2 for number in range(80)]
    assert sorted(waits) == pytest.approx(expected)


class Wire:
    """Answers in the place of EC2, so that what botocore makes of a budget is seen: the first ``refusals`` calls are
    refused.
    """

    def __init__(self, refusals: int) -> None:
        self.refusals = refusals
        self.sent: collections.Counter[str] = collections.Counter()
        self.signed: list[str] = []

    def __call__(self, request: t.Any, **_rest: t.Any) -> AWSResponse:
        self.sent[dict(part.split("=") for part in request.body.split("&"))["Action"]] += 1
        self.signed.append(request.headers["Authorization"])
        if sum(self.sent.values()) <= self.refusals:
            error = "<Error><Code>RequestLimitExceeded</Code><Message>no</Message></Error>"
            return _answer(503, f"<Response><Errors>{error}</Errors><RequestID>r</RequestID></Response>")
        return _answer(200, "<StopInstancesResponse/>")


def _answer(status: int, body: str) -> AWSResponse:
    raw = t.cast(t.Any, type("Raw", (), {"stream": lambda _self: iter([body.encode()])})())
    return AWSResponse("https://ec2", status, {}, raw)


def make_client(wire: Wire, time: Time, monkeypatch: pytest.MonkeyPatch) -> t.Any:
    monkeypatch.setattr("botocore.endpoint.time.sleep", time.sleep)
    client = boto3.client("ec2", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="s")
    client.meta.events.register_first("before-send.ec2", wire)
    return Budget(clock=time.clock, sleep=time.sleep).attach(client)


def test_every_call_of_a_client_waits_for_its_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    wire, time = Wire(refusals=0), Time()
    client = make_client(wire, time, monkeypatch)
    for _ in range(50):
        client.stop_instances(InstanceIds=["i-1", "i-2"])
    assert wire.sent == {"StopInstances": 50}
    assert time.now == pytest.approx(1000.0 + (50 - 45) / 5)
    assert all(wire.signed), "the call is signed after it has waited"


def test_a_refusal_is_a_lesson_and_its_retry_waits_too(monkeypatch: pytest.MonkeyPatch) -> None:
    wire, time = Wire(refusals=2), Time()
    client = make_client(wire, time, monkeypatch)
    client.stop_instances(InstanceIds=["i-1"])
    assert wire.sent == {"StopInstances": 3}
    start = time.now
    for _ in range(40):
        client.stop_instances(InstanceIds=["i-1"])
    assert time.now - start > 1.0, "the bucket was taken for empty, although little was sent from here"


def test_it_gives_up_as_botocore_does(monkeypatch: pytest.MonkeyPatch) -> None:
    client = make_client(Wire(refusals=1000), Time(), monkeypatch)
    with pytest.raises(ClientError, match="RequestLimitExceeded"):
        client.stop_instances(InstanceIds=["i-1"])


def test_no_operation_has_two_limits() -> None:
    listed = list(itertools.chain.from_iterable(request_limits._BY_LIMIT.values()))
    assert len(listed) == len(set(listed))
