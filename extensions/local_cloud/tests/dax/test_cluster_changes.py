# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be changed on a DAX cluster, and what a reboot takes over."""

from __future__ import annotations

from typing import Any

import pytest
from dax_account import DaxAccount
from groundwork_local_cloud.client import LocalCloud
from refusals import refused

DEFAULT = "default.dax1.0"


def _topic(cloud: LocalCloud, name: str) -> str:
    return str(cloud.client("sns").create_topic(Name=name)["TopicArn"])


def _parameter_group(account: DaxAccount, name: str, **values: str) -> None:
    account.client.create_parameter_group(ParameterGroupName=name)
    named = [{"ParameterName": f"{key}-ttl-millis", "ParameterValue": value} for key, value in values.items()]
    if named:
        account.client.update_parameter_group(ParameterGroupName=name, ParameterNameValues=named)


def _update(account: DaxAccount, **settings: Any) -> dict[str, Any]:
    cluster: dict[str, Any] = account.client.update_cluster(ClusterName="Cache", **settings)["Cluster"]
    return cluster


@pytest.mark.correction("dax-update-cluster")
def test_settings_change_one_by_one(account: DaxAccount) -> None:
    account.create(Description="old")
    before = account.describe()
    assert _update(account, Description="new")["Status"] == "modifying"
    assert account.describe() == before | {"Description": "new"}
    _update(account, PreferredMaintenanceWindow="TUE:01:00-TUE:03:00")
    assert account.describe()["PreferredMaintenanceWindow"] == "tue:01:00-tue:03:00"
    first, second = _topic(account.cloud, "first"), _topic(account.cloud, "second")
    _update(account, NotificationTopicArn=first)
    assert account.describe()["NotificationConfiguration"] == {"TopicArn": first, "TopicStatus": "active"}
    _update(account, NotificationTopicArn="", NotificationTopicStatus="inactive")
    assert account.describe()["NotificationConfiguration"] == {"TopicArn": first, "TopicStatus": "inactive"}
    _update(account, NotificationTopicArn=second)
    assert account.describe()["NotificationConfiguration"] == {"TopicArn": second, "TopicStatus": "active"}
    assert account.describe()["Description"] == "new"


@pytest.mark.correction("dax-update-cluster")
def test_security_groups_of_the_interfaces_change_along(account: DaxAccount) -> None:
    ec2 = account.cloud.client("ec2")
    old, new = (
        ec2.create_security_group(GroupName=name, Description=name, VpcId=account.vpc_id)["GroupId"]
        for name in ("old", "new")
    )
    account.create(SecurityGroupIds=[old])
    _update(account, SecurityGroupIds=[new])
    assert account.describe()["SecurityGroups"] == [{"SecurityGroupIdentifier": new, "Status": "active"}]
    groups = {group["GroupId"] for one in account.interfaces().values() for group in one["Groups"]}
    assert groups == {new}
    ec2.delete_security_group(GroupId=old)
    with refused("DependencyViolation"):
        ec2.delete_security_group(GroupId=new)


@pytest.mark.correction("dax-update-cluster")
@pytest.mark.correction("dax-reboot-node")
def test_nodes_take_a_new_parameter_group_over_by_a_reboot(account: DaxAccount) -> None:
    _parameter_group(account, "ttl", query="1000")
    account.create(nodes=2)
    account.describe()
    changed = _update(account, ParameterGroupName="ttl")["ParameterGroup"]
    assert changed == {
        "ParameterGroupName": "ttl",
        "ParameterApplyStatus": "pending-reboot",
        "NodeIdsToReboot": ["cache-a", "cache-b"],
    }
    assert {one["ParameterGroupStatus"] for one in account.describe()["Nodes"]} == {"pending-reboot"}
    account.client.reboot_node(ClusterName="cache", NodeId="cache-a")
    cluster = account.describe()
    assert [node["ParameterGroupStatus"] for node in cluster["Nodes"]] == ["in-sync", "pending-reboot"]
    assert cluster["ParameterGroup"]["NodeIdsToReboot"] == ["cache-b"]
    account.client.increase_replication_factor(ClusterName="cache", NewReplicationFactor=3)
    assert account.describe()["ParameterGroup"]["NodeIdsToReboot"] == ["cache-b"]
    account.client.reboot_node(ClusterName="cache", NodeId="cache-b")
    in_sync = {"ParameterGroupName": "ttl", "ParameterApplyStatus": "in-sync", "NodeIdsToReboot": []}
    assert account.describe()["ParameterGroup"] == in_sync


@pytest.mark.correction("dax-update-cluster")
def test_a_parameter_group_of_the_same_values_needs_no_reboot(account: DaxAccount) -> None:
    _parameter_group(account, "same")
    account.create()
    account.describe()
    changed = _update(account, ParameterGroupName="same")["ParameterGroup"]
    assert (changed["ParameterGroupName"], changed["NodeIdsToReboot"]) == ("same", [])
    _update(account, ParameterGroupName=DEFAULT)
    account.client.delete_parameter_group(ParameterGroupName="same")


@pytest.mark.correction("dax-update-cluster")
def test_what_an_update_refuses(account: DaxAccount) -> None:
    account.create()
    before = account.describe()
    unknown_topic = "arn:aws:sns:us-east-1:123456789012:other"
    for code, settings in (
        ("InvalidParameterCombinationException", {}),
        ("InvalidParameterValueException", {"Description": "x", "PreferredMaintenanceWindow": "sun:05:00-sun:05:30"}),
        ("InvalidParameterValueException", {"Description": "x", "NotificationTopicArn": unknown_topic}),
        ("InvalidParameterValueException", {"Description": "x", "NotificationTopicStatus": "off"}),
        ("InvalidParameterCombinationException", {"Description": "x", "NotificationTopicStatus": "inactive"}),
        ("ParameterGroupNotFoundFault", {"Description": "x", "ParameterGroupName": "other"}),
        ("InvalidParameterValueException", {"Description": "x", "SecurityGroupIds": ["sg-0123456789abcdef0"]}),
    ):
        with refused(code):
            _update(account, **settings)
    with refused("ClusterNotFoundFault"):
        account.client.update_cluster(ClusterName="other", Description="x")
    assert account.describe() == before
    account.cloud.realism(durations={"dax-cluster.modifying": 60})
    _update(account, Description="x")
    with refused("InvalidClusterStateFault"):
        _update(account, Description="y")


@pytest.mark.correction("dax-reboot-node")
def test_one_node_reboots_at_a_time(account: DaxAccount) -> None:
    account.create()
    account.describe()
    with refused("NodeNotFoundFault"):
        account.client.reboot_node(ClusterName="cache", NodeId="cache-z")
    with refused("ClusterNotFoundFault"):
        account.client.reboot_node(ClusterName="other", NodeId="cache-a")
    account.cloud.realism(durations={"dax-node.rebooting": 0.3})
    cluster = account.client.reboot_node(ClusterName="Cache", NodeId="cache-b")["Cluster"]
    assert [node["NodeStatus"] for node in cluster["Nodes"]] == ["available", "rebooting", "available"]
    assert (cluster["Status"], cluster["ActiveNodes"], cluster["TotalNodes"]) == ("modifying", 2, 3)
    with refused("InvalidClusterStateFault"):
        account.client.reboot_node(ClusterName="cache", NodeId="cache-a")
    assert {node["NodeStatus"] for node in account.settle()["Nodes"]} == {"available"}
