# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Subnet groups of DAX."""

from __future__ import annotations

import pytest
from dax_account import ZONES, DaxAccount
from groundwork_local_cloud.client import LocalCloud
from networking import make_subnet, make_vpc
from refusals import refused

UNKNOWN = "subnet-0123456789abcdef0"


@pytest.mark.correction("dax-create-subnet-group")
@pytest.mark.correction("dax-describe-subnet-groups")
def test_a_group_tells_its_vpc_and_zones(account: DaxAccount) -> None:
    created = account.client.create_subnet_group(
        SubnetGroupName="MyGroup", Description="two", SubnetIds=list(account.subnet_ids[:2])
    )["SubnetGroup"]
    assert (created["SubnetGroupName"], created["Description"]) == ("mygroup", "two")
    assert created["VpcId"] == account.vpc_id
    zones = {subnet["SubnetIdentifier"]: subnet["SubnetAvailabilityZone"] for subnet in created["Subnets"]}
    assert zones == dict(zip(account.subnet_ids[:2], ZONES, strict=False))
    assert created["SupportedNetworkTypes"] == ["ipv4"]
    assert account.client.describe_subnet_groups(SubnetGroupNames=["MYGROUP"])["SubnetGroups"] == [created]
    listed = account.client.describe_subnet_groups()["SubnetGroups"]
    assert {group["SubnetGroupName"] for group in listed} == {"default", "mygroup", "private"}


@pytest.mark.correction("dax-create-subnet-group")
def test_what_a_group_cannot_be_made_of(account: DaxAccount) -> None:
    other = make_subnet(account.cloud, make_vpc(account.cloud, "10.30.0.0/16"), "10.30.0.0/24")
    for code, subnet_ids in (
        ("InvalidSubnet", []),
        ("InvalidSubnet", [UNKNOWN]),
        ("InvalidSubnet", [account.subnet_ids[0], other]),
        ("SubnetQuotaExceededFault", [UNKNOWN] * 21),
    ):
        with refused(code):
            account.client.create_subnet_group(SubnetGroupName="new", SubnetIds=subnet_ids)
    with refused("SubnetGroupAlreadyExistsFault"):
        account.client.create_subnet_group(SubnetGroupName="PRIVATE", SubnetIds=list(account.subnet_ids))
    for number in range(49):
        account.client.create_subnet_group(SubnetGroupName=f"g{number}", SubnetIds=[account.subnet_ids[0]])
    with refused("SubnetGroupQuotaExceededFault"):
        account.client.create_subnet_group(SubnetGroupName="new", SubnetIds=[account.subnet_ids[0]])


@pytest.mark.correction("dax-create-subnet-group")
def test_subnets_need_a_network_type_in_common(account: DaxAccount) -> None:
    ec2 = account.cloud.client("ec2")
    associated = ec2.associate_vpc_cidr_block(VpcId=account.vpc_id, AmazonProvidedIpv6CidrBlock=True)
    block = str(associated["Ipv6CidrBlockAssociation"]["Ipv6CidrBlock"]).replace("::/56", "::/64")
    native = ec2.create_subnet(VpcId=account.vpc_id, Ipv6CidrBlock=block, Ipv6Native=True)["Subnet"]["SubnetId"]
    with refused("SubnetNotAllowedFault"):
        account.client.create_subnet_group(SubnetGroupName="mixed", SubnetIds=[account.subnet_ids[0], native])


@pytest.mark.correction("dax-describe-subnet-groups")
def test_the_default_group_has_the_default_subnets(cloud: LocalCloud) -> None:
    default = cloud.client("dax").describe_subnet_groups(SubnetGroupNames=["default"])["SubnetGroups"][0]
    filters = [{"Name": "default-for-az", "Values": ["true"]}, {"Name": "vpc-id", "Values": [default["VpcId"]]}]
    subnets = cloud.client("ec2").describe_subnets(Filters=filters)["Subnets"]
    assert {one["SubnetIdentifier"] for one in default["Subnets"]} == {one["SubnetId"] for one in subnets}
    with refused("SubnetGroupInUseFault"):
        cloud.client("dax").delete_subnet_group(SubnetGroupName="default")
    with refused("SubnetGroupNotFoundFault"):
        cloud.client("dax").describe_subnet_groups(SubnetGroupNames=["default", "other"])


@pytest.mark.correction("dax-update-subnet-group")
def test_update(account: DaxAccount) -> None:
    first, second, third = account.subnet_ids
    account.create(nodes=1, AvailabilityZones=[ZONES[0]])
    client = account.client
    updated = client.update_subnet_group(SubnetGroupName="Private", Description="new", SubnetIds=[first, third])
    assert [one["SubnetIdentifier"] for one in updated["SubnetGroup"]["Subnets"]] == [first, third]
    assert client.update_subnet_group(SubnetGroupName="private")["SubnetGroup"] == updated["SubnetGroup"]
    other = make_subnet(account.cloud, make_vpc(account.cloud, "10.30.0.0/16"), "10.30.0.0/24")
    for code, subnet_ids in (
        ("SubnetInUse", [second]),
        ("InvalidSubnet", [UNKNOWN]),
        ("InvalidSubnet", [other]),
        ("SubnetQuotaExceededFault", [first] * 21),
    ):
        with refused(code):
            client.update_subnet_group(SubnetGroupName="private", SubnetIds=subnet_ids)
    assert client.describe_subnet_groups(SubnetGroupNames=["private"])["SubnetGroups"] == [updated["SubnetGroup"]]
    with refused("SubnetGroupNotFoundFault"):
        client.update_subnet_group(SubnetGroupName="other", Description="x")


@pytest.mark.correction("dax-delete-subnet-group")
def test_a_group_in_use_stays_until_the_cluster_is_gone(account: DaxAccount) -> None:
    account.create()
    account.describe()
    account.cloud.realism(durations={"dax-cluster.deleting": 60})
    for act in (lambda: None, lambda: account.client.delete_cluster(ClusterName="cache")):
        act()
        with refused("SubnetGroupInUseFault"):
            account.client.delete_subnet_group(SubnetGroupName="private")
    assert account.describe()["Status"] == "deleting"


@pytest.mark.correction("dax-delete-subnet-group")
def test_delete(account: DaxAccount) -> None:
    answer = account.client.delete_subnet_group(SubnetGroupName="Private")
    assert answer["DeletionMessage"] == "Subnet group private has been deleted."
    with refused("SubnetGroupNotFoundFault"):
        account.client.delete_subnet_group(SubnetGroupName="private")
