# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for all operations of DAX: pages, the errors they may answer with, permissions, regions."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError
from dax_account import DaxAccount
from groundwork_local_cloud.client import LocalCloud
from groundwork_local_cloud.iam_actions import iam_actions
from groundwork_local_cloud.supplement import loader
from groundwork_local_cloud.supplement.registry import corrections
from moto.core.utils import get_service_model
from refusals import refused


def test_every_operation_is_there_and_has_no_error_but_its_own() -> None:
    loader.load()
    model = get_service_model("dax")
    ours = [one for one in corrections() if one.service == "dax"]
    assert sorted(name for one in ours for name in one.operations) == sorted(model.operation_names)
    for correction in ours:
        for operation in correction.operations:
            documented = {shape.name for shape in model.operation_model(operation).error_shapes}
            assert set(correction.errors) <= documented, operation


@pytest.mark.correction("dax-describe-subnet-groups")
def test_pages(account: DaxAccount) -> None:
    client = account.client
    for number in range(24):
        client.create_subnet_group(SubnetGroupName=f"g{number:02}", SubnetIds=[account.subnet_ids[0]])
    pages = list(client.get_paginator("describe_subnet_groups").paginate(PaginationConfig={"PageSize": 20}))
    assert [len(page["SubnetGroups"]) for page in pages] == [20, 6]
    names = [group["SubnetGroupName"] for page in pages for group in page["SubnetGroups"]]
    assert len(set(names)) == 26
    assert len(client.describe_subnet_groups(MaxResults=1)["SubnetGroups"]) == 20


@pytest.mark.correction("dax-describe-events")
@pytest.mark.correction("dax-describe-clusters")
def test_page_sizes_and_tokens(account: DaxAccount) -> None:
    client = account.client
    for number in range(24):
        client.create_subnet_group(SubnetGroupName=f"g{number:02}", SubnetIds=[account.subnet_ids[0]])
    token = client.describe_events(MaxResults=20)["NextToken"]
    assert len(client.describe_events(MaxResults=20, NextToken=token)["Events"]) == 5
    for list_some in (
        client.describe_clusters,
        client.describe_default_parameters,
        client.describe_events,
        client.describe_parameter_groups,
    ):
        for size in (19, 101):
            with refused("InvalidParameterValueException"):
                list_some(MaxResults=size)
        with refused("InvalidParameterValueException"):
            list_some(NextToken="next")
    with refused("InvalidParameterValueException"):
        client.describe_clusters(NextToken=token)


def test_creation_needs_the_actions_that_go_with_it(account: DaxAccount) -> None:
    asked = {"IamRoleArn": account.role_arn, "Tags": [{"Key": "a", "Value": "b"}]}
    needed = iam_actions("dax", "CreateCluster", asked)
    assert set(needed) == {"dax:CreateCluster", "dax:TagResource", "iam:CreateServiceLinkedRole", "iam:PassRole"}
    client = account.cloud.client("dax", access_key="AKIAROBOT")
    account.cloud.realism(permissions=[{"access_key": "AKIAROBOT", "actions": ["dax:*", "iam:Create*"]}])
    with pytest.raises(ClientError, match="iam:PassRole"):
        client.create_cluster(ClusterName="c", NodeType="dax.t3.small", ReplicationFactor=1, **asked)


def test_regions_and_resets_keep_clusters_apart(account: DaxAccount, cloud: LocalCloud) -> None:
    account.create()
    assert cloud.client("dax", region="eu-west-1").describe_clusters()["Clusters"] == []
    cloud.reset()
    assert account.client.describe_clusters()["Clusters"] == []
    names = [group["ParameterGroupName"] for group in account.client.describe_parameter_groups()["ParameterGroups"]]
    assert names == ["default.dax1.0"]
