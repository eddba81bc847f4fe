# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Security groups."""

from __future__ import annotations

from typing import Any

import pytest
from groundwork_local_cloud.client import LocalCloud
from networking import make_subnet, make_vpc
from refusals import refused


def _group(cloud: LocalCloud, vpc_id: str, name: str) -> str:
    group = cloud.client("ec2").create_security_group(GroupName=name, Description="d", VpcId=vpc_id)
    return str(group["GroupId"])


def _permission(port: int, **source: Any) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port} | source


@pytest.mark.correction("delete-security-group")
def test_group_in_use(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    vpc_id = make_vpc(cloud)
    subnet_id = make_subnet(cloud, vpc_id)
    web, database = _group(cloud, vpc_id, "web"), _group(cloud, vpc_id, "database")
    interface = ec2.create_network_interface(SubnetId=subnet_id, Groups=[web])["NetworkInterface"]
    with refused("DependencyViolation"):
        ec2.delete_security_group(GroupId=web)
    ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"])
    permission = [_permission(5432, UserIdGroupPairs=[{"GroupId": web}])]
    ec2.authorize_security_group_ingress(GroupId=database, IpPermissions=permission)
    with refused("DependencyViolation"):
        ec2.delete_security_group(GroupId=web)
    ec2.revoke_security_group_ingress(GroupId=database, IpPermissions=permission)
    ec2.delete_security_group(GroupId=web)
    with refused("InvalidGroup.NotFound"):
        ec2.delete_security_group(GroupId=web)
    default = ec2.describe_security_groups(
        Filters=[{"Name": "vpc-id", "Values": [vpc_id]}, {"Name": "group-name", "Values": ["default"]}]
    )["SecurityGroups"][0]["GroupId"]
    with refused("CannotDelete"):
        ec2.delete_security_group(GroupId=default)


def test_group_that_refers_to_itself_can_be_deleted(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    group_id = _group(cloud, make_vpc(cloud), "self")
    permission = [_permission(7000, UserIdGroupPairs=[{"GroupId": group_id}])]
    ec2.authorize_security_group_ingress(GroupId=group_id, IpPermissions=permission)
    ec2.delete_security_group(GroupId=group_id)


@pytest.mark.correction("authorize-security-group")
def test_every_rule_is_answered_with_its_description(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    vpc_id = make_vpc(cloud)
    web, database = _group(cloud, vpc_id, "web"), _group(cloud, vpc_id, "database")
    permissions = [
        _permission(22, IpRanges=[{"CidrIp": "10.0.0.0/8", "Description": "office"}]),
        _permission(80, IpRanges=[{"CidrIp": "10.0.0.0/8"}, {"CidrIp": "192.168.0.0/16", "Description": "lab"}]),
        _permission(5432, UserIdGroupPairs=[{"GroupId": web, "Description": "from web"}]),
    ]
    answer = ec2.authorize_security_group_ingress(GroupId=database, IpPermissions=permissions)
    rules = {(rule["FromPort"], rule.get("Description")) for rule in answer["SecurityGroupRules"]}
    expected = {(22, "office"), (80, None), (80, "lab"), (5432, "from web")}
    assert rules == expected
    described = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [database]}])
    ingress = [rule for rule in described["SecurityGroupRules"] if not rule["IsEgress"]]
    assert {(rule["FromPort"], rule.get("Description")) for rule in ingress} == expected


@pytest.mark.correction("authorize-security-group")
def test_all_rules_or_none(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    group_id = _group(cloud, make_vpc(cloud), "g")
    ssh = _permission(22, IpRanges=[{"CidrIp": "10.0.0.0/8"}])
    ec2.authorize_security_group_ingress(GroupId=group_id, IpPermissions=[ssh])
    https = _permission(443, IpRanges=[{"CidrIp": "10.0.0.0/8"}])
    with refused("InvalidPermission.Duplicate"):
        ec2.authorize_security_group_ingress(GroupId=group_id, IpPermissions=[https, ssh])
    group = ec2.describe_security_groups(GroupIds=[group_id])["SecurityGroups"][0]
    assert [one["FromPort"] for one in group["IpPermissions"]] == [22]


def test_description_does_not_make_a_rule_another_one(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    group_id = _group(cloud, make_vpc(cloud), "g")
    for source in (
        {"IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "a"}]},
        {"UserIdGroupPairs": [{"GroupId": group_id, "Description": "a"}]},
    ):
        ec2.authorize_security_group_ingress(GroupId=group_id, IpPermissions=[_permission(22, **source)])
        bare = {
            kind: [{key: value for key, value in one.items() if key != "Description"} for one in listed]
            for kind, listed in source.items()
        }
        with refused("InvalidPermission.Duplicate"):
            ec2.authorize_security_group_ingress(GroupId=group_id, IpPermissions=[_permission(22, **bare)])
        ec2.revoke_security_group_ingress(GroupId=group_id, IpPermissions=[_permission(22, **bare)])
    assert ec2.describe_security_groups(GroupIds=[group_id])["SecurityGroups"][0]["IpPermissions"] == []
