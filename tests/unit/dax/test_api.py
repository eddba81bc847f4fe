# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the calls make of the answers of AWS. A stub gives the answers: the local cloud knows a role at once."""

from __future__ import annotations

import datetime
import time
import typing as t

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils._core.errors import AwsCallError
from ansible_collections.groundwork.aws.plugins.module_utils._dax import api
from ansible_collections.groundwork.aws.plugins.module_utils._dax.cluster import cluster_of
from botocore.exceptions import ClientError


class Forgetful:
    """A DAX that does not know the role for the first calls."""

    def __init__(self, refusals: int, code: str = "InvalidParameterValueException") -> None:
        self.refusals = refusals
        self.code = code
        self.calls = 0

    def create_cluster(self, **_arguments: t.Any) -> None:
        self.calls += 1
        if self.calls <= self.refusals:
            error = {"Error": {"Code": self.code, "Message": "No permission to assume role"}}
            raise ClientError(t.cast(t.Any, error), "CreateCluster")


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


def test_a_creation_waits_until_a_new_role_is_known(pauses: list[float]) -> None:
    client = Forgetful(2)
    api.create_cluster(client, ClusterName="web")
    assert (client.calls, len(pauses)) == (3, 2)


def test_a_creation_does_not_wait_for_ever(pauses: list[float]) -> None:
    client = Forgetful(99)
    with pytest.raises(AwsCallError, match=r"create the cluster web.*No permission to assume role"):
        api.create_cluster(client, ClusterName="web")
    assert 0 < sum(pauses) < 90


def test_other_errors_are_not_waited_for(pauses: list[float]) -> None:
    client = Forgetful(1, "NodeQuotaForClusterExceededFault")
    with pytest.raises(AwsCallError):
        api.create_cluster(client, ClusterName="web")
    assert (client.calls, pauses) == (1, [])


def test_that_the_cluster_exists_means_that_an_answer_was_lost() -> None:
    api.create_cluster(Forgetful(1, "ClusterAlreadyExistsFault"), ClusterName="web")


def test_an_answer_without_a_status_is_of_a_cluster_that_is_being_deleted() -> None:
    assert cluster_of({"ClusterName": "web"}).is_deleting


def test_an_inactive_topic_and_a_group_that_is_leaving_are_none() -> None:
    found = cluster_of(
        {
            "ClusterName": "web",
            "Status": "available",
            "NotificationConfiguration": {"TopicArn": "arn", "TopicStatus": "inactive"},
            "SecurityGroups": [
                {"SecurityGroupIdentifier": "sg-2", "Status": "adding"},
                {"SecurityGroupIdentifier": "sg-1", "Status": "removing"},
            ],
        }
    )
    assert (found.notification_topic_arn, found.security_group_ids) == ("", ("sg-2",))


def test_a_node_is_read_whole_and_one_in_the_making_too() -> None:
    created = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    nodes = [
        {"NodeId": "web-b", "NodeStatus": "creating"},
        {
            "NodeId": "web-a",
            "NodeStatus": "available",
            "AvailabilityZone": "us-east-1a",
            "NodeCreateTime": created,
            "Endpoint": {"Address": "a.example", "Port": 9111},
        },
    ]
    first, second = cluster_of({"ClusterName": "web", "Nodes": nodes}).nodes
    assert (first.id, first.created, first.availability_zone) == ("web-a", "2026-01-01T00:00:00+00:00", "us-east-1a")
    assert first.endpoint
    assert (first.endpoint.port, second.endpoint, second.created) == (9111, None, "")
