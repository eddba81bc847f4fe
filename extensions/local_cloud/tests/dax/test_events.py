# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events of DAX."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dax_account import DaxAccount
from refusals import refused


def _messages(account: DaxAccount, **settings: Any) -> list[str]:
    return [event["Message"] for event in account.client.describe_events(**settings)["Events"]]


@pytest.mark.correction("dax-describe-events")
def test_the_life_of_a_cluster_the_newest_first(account: DaxAccount) -> None:
    account.create(nodes=2)
    account.describe()
    account.client.increase_replication_factor(ClusterName="cache", NewReplicationFactor=3)
    account.describe()
    account.client.delete_cluster(ClusterName="cache")
    account.client.create_parameter_group(ParameterGroupName="cache")
    assert _messages(account, SourceType="CLUSTER", SourceName="cache") == [
        "Cluster deleted.",
        "Removed node cache-a.",
        "Removed node cache-b.",
        "Removed node cache-c.",
        "Added node cache-c.",
        "Cluster created.",
    ]
    assert _messages(account, SourceType="PARAMETER_GROUP") == ["Parameter group created."]
    assert _messages(account, SourceType="SUBNET_GROUP", SourceName="private") == ["Subnet group created."]
    assert len(_messages(account, SourceName="cache")) == 7
    assert len(_messages(account)) == 8
    event = account.client.describe_events(SourceType="PARAMETER_GROUP")["Events"][0]
    assert (event["SourceName"], event["SourceType"]) == ("cache", "PARAMETER_GROUP")
    assert abs(event["Date"] - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.correction("dax-describe-events")
def test_the_time_asked_for(account: DaxAccount) -> None:
    now = datetime.now(UTC)
    hour = timedelta(hours=1)
    assert _messages(account, Duration=1) == ["Subnet group created."]
    assert _messages(account, StartTime=now - hour) == ["Subnet group created."]
    assert _messages(account, StartTime=now - 2 * hour, EndTime=now - hour) == []
    assert _messages(account, StartTime=now - 2 * hour, Duration=60) == []
    assert _messages(account, StartTime=now - 2 * hour, Duration=180) == ["Subnet group created."]
    assert _messages(account, EndTime=now - hour, Duration=60) == []
    for code, settings in (
        ("InvalidParameterCombinationException", {"StartTime": now, "EndTime": now - hour}),
        ("InvalidParameterValueException", {"StartTime": now - timedelta(days=15)}),
        ("InvalidParameterValueException", {"Duration": 20161}),
        ("InvalidParameterValueException", {"Duration": 0}),
        ("InvalidParameterValueException", {"SourceType": "NODE"}),
    ):
        with refused(code):
            account.client.describe_events(**settings)
