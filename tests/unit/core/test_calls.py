# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One boto3 call: retries, absence, and errors that say what was being done.

botocore's ClientError is raised by hand here: what AWS would answer is the given, not what is tested.
"""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils._core.calls import aws_call
from ansible_collections.groundwork.aws.plugins.module_utils._core.errors import AwsCallError
from botocore.exceptions import ClientError, EndpointConnectionError

Answers = list[t.Any]


@aws_call("delete the thing {name}", absent=("ThingNotFound",), absent_answer="gone", transient=("ThingBusy",))
def delete_thing(client: Answers, *, name: str) -> t.Any:
    answer = client.pop(0)
    if isinstance(answer, Exception):
        raise answer
    return answer


def refusal(code: str, message: str = "No.") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "DeleteThing")


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)


def test_a_throttled_call_is_made_again() -> None:
    answers: Answers = [refusal("RequestLimitExceeded"), refusal("Throttling"), "done"]
    assert delete_thing(answers, name="a") == "done"
    assert answers == []


def test_a_call_that_comes_too_early_is_made_again() -> None:
    answers: Answers = [refusal("ThingBusy"), refusal("ThingBusy"), "done"]
    assert delete_thing(answers, name="a") == "done"
    assert answers == []


def test_what_is_gone_already_is_a_success() -> None:
    assert delete_thing([refusal("ThingNotFound")], name="a") == "gone"


def test_a_refusal_says_what_was_being_done_to_what() -> None:
    with pytest.raises(
        AwsCallError, match=r"Failed to delete the thing a\. AWS answered DependencyViolation: In use\."
    ) as e:
        delete_thing([refusal("DependencyViolation", "In use.")], name="a")
    assert e.value.code == "DependencyViolation"


def test_no_answer_at_all_has_no_code() -> None:
    with pytest.raises(AwsCallError, match="Could not connect to the endpoint URL") as e:
        delete_thing([EndpointConnectionError(endpoint_url="https://ec2.example")], name="a")
    assert e.value.code == ""
