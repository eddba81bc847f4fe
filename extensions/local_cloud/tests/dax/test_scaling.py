# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DAX clusters get more and fewer nodes."""

from __future__ import annotations

import pytest
from dax_account import ZONES, DaxAccount
from refusals import refused

SLOW = {"dax-cluster.modifying": 60.0}


@pytest.mark.correction("dax-increase-replication-factor")
def test_new_nodes_are_creating_first(account: DaxAccount) -> None:
    account.create(nodes=1)
    account.describe()
    account.cloud.realism(durations={"dax-cluster.modifying": 0.3})
    cluster = account.client.increase_replication_factor(ClusterName="Cache", NewReplicationFactor=3)["Cluster"]
    assert (cluster["Status"], cluster["TotalNodes"], cluster["ActiveNodes"]) == ("modifying", 3, 1)
    assert cluster["Nodes"][1:] == [
        {"NodeId": "cache-b", "NodeStatus": "creating"},
        {"NodeId": "cache-c", "NodeStatus": "creating"},
    ]
    with refused("InvalidClusterStateFault"):
        account.client.increase_replication_factor(ClusterName="cache", NewReplicationFactor=4)
    assert account.settle()["ActiveNodes"] == 3
    assert set(account.zones().values()) == set(ZONES)
    assert set(account.interfaces()) == {"DAX cache-a", "DAX cache-b", "DAX cache-c"}


@pytest.mark.correction("dax-increase-replication-factor")
def test_new_nodes_stand_where_asked(account: DaxAccount) -> None:
    account.create(nodes=1, AvailabilityZones=[ZONES[0]])
    wanted = [ZONES[0], ZONES[1]]
    account.client.increase_replication_factor(ClusterName="cache", NewReplicationFactor=3, AvailabilityZones=wanted)
    assert account.zones() == {"cache-a": ZONES[0], "cache-b": ZONES[0], "cache-c": ZONES[1]}


@pytest.mark.correction("dax-increase-replication-factor")
def test_what_an_increase_refuses(account: DaxAccount) -> None:
    account.create(nodes=3)
    zones = list(ZONES)
    for code, count, settings in (
        ("InvalidParameterValueException", 3, {}),
        ("InvalidParameterValueException", 2, {}),
        ("NodeQuotaForClusterExceededFault", 12, {}),
        ("InvalidParameterCombinationException", 5, {"AvailabilityZones": zones}),
        ("InvalidParameterValueException", 4, {"AvailabilityZones": ["us-east-1d"]}),
    ):
        with refused(code):
            account.client.increase_replication_factor(ClusterName="cache", NewReplicationFactor=count, **settings)
    with refused("ClusterNotFoundFault"):
        account.client.increase_replication_factor(ClusterName="other", NewReplicationFactor=4)
    assert account.describe()["TotalNodes"] == 3
    for name in ("c1", "c2", "c3", "c4"):
        account.create(name, nodes=11)
    with refused("NodeQuotaForCustomerExceededFault"):
        account.client.increase_replication_factor(ClusterName="cache", NewReplicationFactor=7)
    account.client.increase_replication_factor(ClusterName="cache", NewReplicationFactor=6)


@pytest.mark.correction("dax-increase-replication-factor")
def test_subnets_without_addresses(account: DaxAccount) -> None:
    block = {"VpcId": account.vpc_id, "CidrBlock": "10.20.99.0/28", "AvailabilityZone": ZONES[0]}
    small = account.cloud.client("ec2").create_subnet(**block)["Subnet"]["SubnetId"]
    account.client.create_subnet_group(SubnetGroupName="small", SubnetIds=[small])
    account.create("first", nodes=9, SubnetGroupName="small")
    account.create("second", nodes=1, SubnetGroupName="small")
    with refused("InvalidVPCNetworkStateFault"):
        account.client.increase_replication_factor(ClusterName="second", NewReplicationFactor=3)
    assert (account.describe("second")["Status"], account.describe("second")["TotalNodes"]) == ("available", 1)


@pytest.mark.correction("dax-decrease-replication-factor")
def test_nodes_are_counted_until_they_are_gone(account: DaxAccount) -> None:
    account.create(nodes=3)
    account.describe()
    account.cloud.realism(durations={"dax-cluster.modifying": 0.3})
    cluster = account.client.decrease_replication_factor(
        ClusterName="Cache", NewReplicationFactor=2, NodeIdsToRemove=["cache-b"]
    )["Cluster"]
    assert (cluster["Status"], cluster["TotalNodes"], cluster["ActiveNodes"]) == ("modifying", 3, 2)
    assert cluster["NodeIdsToRemove"] == ["cache-b"]
    leaving = cluster["Nodes"][1]
    assert (leaving["NodeId"], leaving["NodeStatus"], "Endpoint" in leaving) == ("cache-b", "deleting", False)
    assert "DAX cache-b" in account.interfaces()
    cluster = account.settle()
    assert (cluster["TotalNodes"], "NodeIdsToRemove" in cluster) == (2, False)
    assert set(account.interfaces()) == {"DAX cache-a", "DAX cache-c"}
    account.client.increase_replication_factor(ClusterName="cache", NewReplicationFactor=3)
    assert {node["NodeId"] for node in account.settle()["Nodes"]} == {"cache-a", "cache-b", "cache-c"}


@pytest.mark.correction("dax-decrease-replication-factor")
def test_zones_stay_balanced_or_lose_what_is_asked(account: DaxAccount) -> None:
    account.create(nodes=6)
    account.client.decrease_replication_factor(ClusterName="cache", NewReplicationFactor=3)
    assert sorted(account.zones().values()) == list(ZONES)
    account.client.decrease_replication_factor(
        ClusterName="cache", NewReplicationFactor=1, AvailabilityZones=[ZONES[0], ZONES[2]]
    )
    assert list(account.zones().values()) == [ZONES[1]]
    account.create("lopsided", nodes=3, AvailabilityZones=[ZONES[0], ZONES[0], ZONES[1]])
    account.client.decrease_replication_factor(ClusterName="lopsided", NewReplicationFactor=2)
    assert account.zones("lopsided") == {"lopsided-a": ZONES[0], "lopsided-c": ZONES[1]}


@pytest.mark.correction("dax-decrease-replication-factor")
def test_what_a_decrease_refuses(account: DaxAccount) -> None:
    account.create(nodes=3)
    decrease = account.client.decrease_replication_factor
    for code, count, settings in (
        ("InvalidParameterValueException", 0, {}),
        ("InvalidParameterValueException", 3, {}),
        ("InvalidParameterValueException", 4, {}),
        ("NodeNotFoundFault", 2, {"NodeIdsToRemove": ["cache-z"]}),
        ("InvalidParameterCombinationException", 2, {"NodeIdsToRemove": ["cache-a", "cache-b"]}),
        ("InvalidParameterCombinationException", 1, {"NodeIdsToRemove": ["cache-a", "cache-a"]}),
        ("InvalidParameterCombinationException", 2, {"AvailabilityZones": list(ZONES)}),
        ("InvalidParameterValueException", 1, {"AvailabilityZones": [ZONES[0], ZONES[0]]}),
        ("InvalidParameterCombinationException", 2, {"NodeIdsToRemove": ["cache-a"], "AvailabilityZones": [ZONES[0]]}),
    ):
        with refused(code):
            decrease(ClusterName="cache", NewReplicationFactor=count, **settings)
    with refused("ClusterNotFoundFault"):
        decrease(ClusterName="other", NewReplicationFactor=1)
    assert (account.describe()["Status"], account.describe()["TotalNodes"]) == ("available", 3)
    account.cloud.realism(durations=SLOW)
    decrease(ClusterName="cache", NewReplicationFactor=2)
    with refused("InvalidClusterStateFault"):
        decrease(ClusterName="cache", NewReplicationFactor=1)
