# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DAX clusters: creation, description and deletion."""

from __future__ import annotations

import re
from typing import Any

import pytest
from dax_account import ZONES, DaxAccount, make_role
from groundwork_local_cloud.client import LocalCloud
from networking import make_vpc
from refusals import refused

UNKNOWN_ROLE = "arn:aws:iam::123456789012:role/other"
TOPIC = "arn:aws:sns:us-east-1:123456789012:events"


def _security_group(cloud: LocalCloud, vpc_id: str) -> str:
    group = cloud.client("ec2").create_security_group(GroupName="dax", Description="dax", VpcId=vpc_id)
    return str(group["GroupId"])


@pytest.mark.correction("dax-create-cluster")
@pytest.mark.correction("dax-describe-clusters")
def test_a_cluster_is_created_as_asked(account: DaxAccount) -> None:
    cloud = account.cloud
    group_id = _security_group(cloud, account.vpc_id)
    cloud.client("sns").create_topic(Name="events")
    account.client.create_parameter_group(ParameterGroupName="ttl")
    created = account.create(
        "MyCache",
        Description="of Widgets",
        SecurityGroupIds=[group_id],
        PreferredMaintenanceWindow="Sun:23:30-Mon:00:30",
        NotificationTopicArn=TOPIC,
        ParameterGroupName="ttl",
        SSESpecification={"Enabled": True},
        ClusterEndpointEncryptionType="TLS",
    )
    assert (created["Status"], created["TotalNodes"], created["ActiveNodes"]) == ("creating", 3, 0)
    assert created["ClusterDiscoveryEndpoint"] == {"Port": 9111}
    assert "Nodes" not in created
    cluster = account.describe("mycache")
    unchanged = set(created) - {"Status", "ActiveNodes", "ClusterDiscoveryEndpoint"}
    assert {name: cluster[name] for name in unchanged} == {name: created[name] for name in unchanged}
    assert (cluster["ClusterName"], cluster["Description"]) == ("mycache", "of Widgets")
    assert cluster["ClusterArn"] == "arn:aws:dax:us-east-1:123456789012:cache/mycache"
    assert (cluster["Status"], cluster["TotalNodes"], cluster["ActiveNodes"]) == ("available", 3, 3)
    assert cluster["SecurityGroups"] == [{"SecurityGroupIdentifier": group_id, "Status": "active"}]
    assert cluster["PreferredMaintenanceWindow"] == "sun:23:30-mon:00:30"
    assert cluster["NotificationConfiguration"] == {"TopicArn": TOPIC, "TopicStatus": "active"}
    assert (cluster["SubnetGroup"], cluster["IamRoleArn"]) == ("private", account.role_arn)
    assert (cluster["SSEDescription"], cluster["NetworkType"]) == ({"Status": "ENABLED"}, "ipv4")
    assert cluster["ParameterGroup"] == {
        "ParameterGroupName": "ttl",
        "ParameterApplyStatus": "in-sync",
        "NodeIdsToReboot": [],
    }
    endpoint = cluster["ClusterDiscoveryEndpoint"]
    assert re.fullmatch(r"mycache\.\w{6}\.dax-clusters\.us-east-1\.amazonaws\.com", endpoint["Address"])
    assert (endpoint["Port"], endpoint["URL"]) == (9111, f"daxs://{endpoint['Address']}")
    node = cluster["Nodes"][0]
    assert (node["NodeId"], node["NodeStatus"], node["ParameterGroupStatus"]) == ("mycache-a", "available", "in-sync")
    assert re.fullmatch(
        r"mycache-a\.\w{6}\.nodes\.dax-clusters\.us-east-1\.amazonaws\.com", node["Endpoint"]["Address"]
    )
    assert node["Endpoint"]["Port"] == 9111


@pytest.mark.correction("dax-create-cluster")
def test_a_cluster_that_asks_for_little(cloud: LocalCloud) -> None:
    dax = cloud.client("dax")
    role = make_role(cloud, "dax")
    asked = {"ClusterName": "c", "NodeType": "dax.t3.small", "ReplicationFactor": 1, "IamRoleArn": role}
    dax.create_cluster(**asked)
    cluster = dax.describe_clusters()["Clusters"][0]
    assert (cluster["SubnetGroup"], cluster["ParameterGroup"]["ParameterGroupName"]) == ("default", "default.dax1.0")
    assert cluster["SSEDescription"] == {"Status": "DISABLED"}
    endpoint = cluster["ClusterDiscoveryEndpoint"]
    assert (cluster["ClusterEndpointEncryptionType"], endpoint["Port"]) == ("NONE", 8111)
    assert endpoint["URL"] == f"dax://{endpoint['Address']}"
    assert not {"Description", "NotificationConfiguration", "NodeIdsToRemove"} & set(cluster)
    vpc_id = dax.describe_subnet_groups(SubnetGroupNames=["default"])["SubnetGroups"][0]["VpcId"]
    filters = [{"Name": "vpc-id", "Values": [vpc_id]}, {"Name": "group-name", "Values": ["default"]}]
    group = cloud.client("ec2").describe_security_groups(Filters=filters)["SecurityGroups"][0]
    assert cluster["SecurityGroups"][0]["SecurityGroupIdentifier"] == group["GroupId"]
    start, end = re.findall(r"(\d\d):(\d\d)", cluster["PreferredMaintenanceWindow"])
    minutes = [int(hour) * 60 + int(minute) for hour, minute in (start, end)]
    assert minutes[1] - minutes[0] == 60
    assert minutes[0] >= 3 * 60
    assert minutes[1] <= 11 * 60


@pytest.mark.correction("dax-create-cluster")
def test_nodes_are_spread_over_the_zones_or_stand_where_asked(account: DaxAccount) -> None:
    account.create(nodes=5)
    counts = [list(account.zones().values()).count(zone) for zone in ZONES]
    assert sorted(counts) == [1, 2, 2]
    account.create("placed", nodes=2, AvailabilityZones=[ZONES[2], ZONES[2]])
    assert account.zones("placed") == {"placed-a": ZONES[2], "placed-b": ZONES[2]}


@pytest.mark.correction("dax-create-cluster")
def test_each_node_has_an_interface_that_holds_subnet_and_group(account: DaxAccount) -> None:
    group_id = _security_group(account.cloud, account.vpc_id)
    account.create(SecurityGroupIds=[group_id])
    zones = account.zones()
    for node_id, zone in zones.items():
        interface = account.interfaces()[f"DAX {node_id}"]
        assert (interface["AvailabilityZone"], interface["RequesterManaged"]) == (zone, True)
        assert interface["Groups"][0]["GroupId"] == group_id
    ec2 = account.cloud.client("ec2")
    with refused("DependencyViolation"):
        ec2.delete_security_group(GroupId=group_id)
    with refused("DependencyViolation"):
        ec2.delete_subnet(SubnetId=account.subnet_ids[0])
    account.client.delete_cluster(ClusterName="cache")
    ec2.delete_security_group(GroupId=group_id)
    ec2.delete_subnet(SubnetId=account.subnet_ids[0])


REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("ClusterAlreadyExistsFault", {"ClusterName": "TAKEN"}),
    ("InvalidParameterValueException", {"ClusterName": "a" * 21}),
    ("InvalidParameterValueException", {"ClusterName": ""}),
    ("InvalidParameterValueException", {"ClusterName": "1st"}),
    ("InvalidParameterValueException", {"ClusterName": "my_cache"}),
    ("InvalidParameterValueException", {"ClusterName": "cache-"}),
    ("InvalidParameterValueException", {"ClusterName": "my--cache"}),
    ("InvalidParameterValueException", {"ClusterName": "sudocluster"}),
    ("InvalidParameterValueException", {"NodeType": "dax.r5.huge"}),
    ("InvalidParameterCombinationException", {"NodeType": "dax.r3.large", "SSESpecification": {"Enabled": True}}),
    ("InvalidParameterValueException", {"ReplicationFactor": 0}),
    ("NodeQuotaForClusterExceededFault", {"ReplicationFactor": 12}),
    ("InvalidParameterCombinationException", {"AvailabilityZones": list(ZONES[:2])}),
    ("InvalidParameterValueException", {"AvailabilityZones": [*ZONES[:2], "us-east-1d"]}),
    ("SubnetGroupNotFoundFault", {"SubnetGroupName": "other"}),
    ("ParameterGroupNotFoundFault", {"ParameterGroupName": "other"}),
    ("InvalidParameterValueException", {"SecurityGroupIds": ["sg-0123456789abcdef0"]}),
    ("InvalidParameterValueException", {"PreferredMaintenanceWindow": "sunday"}),
    ("InvalidParameterValueException", {"PreferredMaintenanceWindow": "sun:05:00-sun:05:59"}),
    ("InvalidParameterValueException", {"PreferredMaintenanceWindow": "sun:05:00-mon:05:01"}),
    ("InvalidParameterValueException", {"NotificationTopicArn": TOPIC}),
    ("InvalidParameterValueException", {"IamRoleArn": "dax"}),
    ("InvalidParameterValueException", {"IamRoleArn": UNKNOWN_ROLE}),
    ("InvalidParameterValueException", {"ClusterEndpointEncryptionType": "SSL"}),
    ("InvalidParameterValueException", {"NetworkType": "dual_stack"}),
    ("InvalidParameterValueException", {"NetworkType": "ipx"}),
    ("InvalidParameterValueException", {"Tags": [{"Key": "aws:x", "Value": "y"}]}),
    ("TagQuotaPerResourceExceeded", {"Tags": [{"Key": f"k{number}", "Value": ""} for number in range(51)]}),
]


@pytest.mark.correction("dax-create-cluster")
def test_what_is_refused_leaves_nothing_behind(account: DaxAccount) -> None:
    account.create("taken", nodes=1)
    before = account.interfaces()
    for code, settings in REFUSED:
        with refused(code):
            account.create(**settings)
    assert len(account.client.describe_clusters()["Clusters"]) == 1
    assert account.interfaces() == before


@pytest.mark.correction("dax-create-cluster")
def test_resources_of_others_are_refused(account: DaxAccount) -> None:
    for service in ("ec2.amazonaws.com", "dynamodb.amazonaws.com"):
        with refused("InvalidParameterValueException"):
            account.create(IamRoleArn=make_role(account.cloud, service.partition(".")[0], service))
    group_id = _security_group(account.cloud, make_vpc(account.cloud, "10.30.0.0/16"))
    with refused("InvalidParameterValueException"):
        account.create(SecurityGroupIds=[group_id])


@pytest.mark.correction("dax-create-cluster")
def test_the_first_cluster_makes_the_service_linked_role(account: DaxAccount) -> None:
    iam = account.cloud.client("iam")
    for name in ("one", "two"):
        account.create(name, nodes=1)
        roles = [role for role in iam.list_roles()["Roles"] if role["Path"] == "/aws-service-role/dax.amazonaws.com/"]
        assert [role["RoleName"] for role in roles] == ["AWSServiceRoleForDAX"]


@pytest.mark.correction("dax-create-cluster")
def test_an_account_has_50_nodes(account: DaxAccount) -> None:
    for number in range(4):
        account.create(f"c{number}", nodes=11)
    with refused("NodeQuotaForCustomerExceededFault"):
        account.create("c4", nodes=7)
    account.create("c4", nodes=6)
    assert account.describe("c4")["TotalNodes"] == 6


@pytest.mark.correction("dax-create-cluster")
def test_subnets_without_addresses(account: DaxAccount) -> None:
    ec2 = account.cloud.client("ec2")
    block = {"VpcId": account.vpc_id, "CidrBlock": "10.20.99.0/28", "AvailabilityZone": ZONES[0]}
    small = ec2.create_subnet(**block)["Subnet"]["SubnetId"]
    account.client.create_subnet_group(SubnetGroupName="small", SubnetIds=[small])
    account.create("first", nodes=9, SubnetGroupName="small")
    before = account.interfaces()
    with refused("InvalidVPCNetworkStateFault"):
        account.create("second", nodes=3, SubnetGroupName="small")
    assert account.interfaces() == before
    account.create("third", nodes=2, SubnetGroupName="small")


@pytest.mark.correction("dax-describe-clusters")
def test_clusters_by_name(account: DaxAccount) -> None:
    for name in ("one", "two"):
        account.create(name, nodes=1)
    client = account.client
    assert [one["ClusterName"] for one in client.describe_clusters()["Clusters"]] == ["one", "two"]
    assert [one["ClusterName"] for one in client.describe_clusters(ClusterNames=["TWO"])["Clusters"]] == ["two"]
    with refused("ClusterNotFoundFault"):
        client.describe_clusters(ClusterNames=["one", "three"])
    with refused("InvalidParameterValueException"):
        client.describe_clusters(ClusterNames=["no--name"])


@pytest.mark.correction("dax-delete-cluster")
def test_deletion_takes_its_time_and_frees_the_name(account: DaxAccount) -> None:
    account.cloud.realism(durations={"dax-cluster.creating": 0.3, "dax-cluster.deleting": 60})
    account.create()
    with refused("InvalidClusterStateFault"):
        account.client.delete_cluster(ClusterName="cache")
    account.settle()
    deleting = account.client.delete_cluster(ClusterName="Cache")["Cluster"]
    assert (deleting["Status"], deleting["ActiveNodes"], deleting["TotalNodes"]) == ("deleting", 0, 3)
    assert "Nodes" not in deleting
    assert deleting["ClusterDiscoveryEndpoint"]["Address"].startswith("cache.")
    with refused("InvalidClusterStateFault"):
        account.client.delete_cluster(ClusterName="cache")
    with refused("ClusterAlreadyExistsFault"):
        account.create()
    with refused("ClusterNotFoundFault"):
        account.client.delete_cluster(ClusterName="other")


@pytest.mark.correction("dax-delete-cluster")
def test_after_its_deletion_nothing_is_left(account: DaxAccount) -> None:
    account.create(nodes=2)
    account.client.delete_cluster(ClusterName="cache")
    with refused("ClusterNotFoundFault"):
        account.describe()
    assert account.interfaces() == {}
    account.create(nodes=1)
    assert account.describe()["TotalNodes"] == 1
