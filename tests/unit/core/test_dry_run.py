# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an answer to a dry run means. A stub answers; real answers are tried on the local cloud, with the modules."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils._core.dry_run import denial
from ansible_collections.groundwork.aws.plugins.module_utils._core.errors import AwsCallError
from botocore.exceptions import ClientError, EndpointConnectionError


@dataclasses.dataclass
class Client:
    """Answers StopInstances with an error, as AWS answers every dry run."""

    error: Exception
    asked: list[dict[str, t.Any]] = dataclasses.field(default_factory=list)

    def stop_instances(self, **arguments: t.Any) -> None:
        self.asked.append(arguments)
        raise self.error


def refusal(code: str, message: str = "No.") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "StopInstances")


@pytest.mark.parametrize("code", ["DryRunOperation", "DryRunOperationException", "IncorrectState"])
def test_what_is_no_refusal_of_rights_is_none(code: str) -> None:
    client = Client(refusal(code))
    assert denial(client, "stop_instances", {"InstanceIds": ["i-1"]}) == ""
    assert client.asked == [{"InstanceIds": ["i-1"], "DryRun": True}]


@pytest.mark.parametrize("code", ["UnauthorizedOperation", "AccessDeniedException"])
def test_a_denial_is_told_without_its_unreadable_part(code: str) -> None:
    said = "User: u is not authorized to perform: ec2:StopInstances. Encoded authorization failure message: gXk3"
    expected = "User: u is not authorized to perform: ec2:StopInstances"
    assert denial(Client(refusal(code, said)), "stop_instances", {}) == expected


@pytest.mark.parametrize("error", [refusal("ExpiredToken"), EndpointConnectionError(endpoint_url="https://ec2")])
def test_no_answer_is_an_error(error: Exception) -> None:
    with pytest.raises(AwsCallError, match="Failed to try stop_instances without effect"):
        denial(Client(error), "stop_instances", {})
