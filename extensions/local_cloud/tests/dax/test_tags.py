# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags of DAX clusters."""

from __future__ import annotations

import pytest
from dax_account import DaxAccount
from refusals import refused

ARN = "arn:aws:dax:us-east-1:123456789012:cache/cache"


def _tags(tags: list[dict[str, str]]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags}


@pytest.mark.correction("dax-list-tags")
@pytest.mark.correction("dax-tag-resource")
@pytest.mark.correction("dax-untag-resource")
def test_tags_are_set_listed_and_removed(account: DaxAccount) -> None:
    account.create(Tags=[{"Key": "Name", "Value": "cache"}, {"Key": "env", "Value": "test"}])
    client = account.client
    assert _tags(client.list_tags(ResourceName=ARN)["Tags"]) == {"Name": "cache", "env": "test"}
    answer = client.tag_resource(ResourceName=ARN, Tags=[{"Key": "env", "Value": ""}, {"Key": "a", "Value": "b"}])
    wanted = {"Name": "cache", "env": "", "a": "b"}
    assert _tags(answer["Tags"]) == _tags(client.list_tags(ResourceName=ARN)["Tags"]) == wanted
    answer = client.untag_resource(ResourceName=ARN, TagKeys=["env", "a"])
    assert _tags(answer["Tags"]) == _tags(client.list_tags(ResourceName=ARN)["Tags"]) == {"Name": "cache"}


@pytest.mark.correction("dax-tag-resource")
@pytest.mark.correction("dax-untag-resource")
def test_what_is_refused(account: DaxAccount) -> None:
    account.create(Tags=[{"Key": f"k{number}", "Value": ""} for number in range(50)])
    client = account.client
    for code, key, value in (
        ("TagQuotaPerResourceExceeded", "new", ""),
        ("InvalidParameterValueException", "aws:new", ""),
        ("InvalidParameterValueException", "", ""),
        ("InvalidParameterValueException", "k" * 129, ""),
        ("InvalidParameterValueException", "k0", "v" * 257),
    ):
        with refused(code):
            client.tag_resource(ResourceName=ARN, Tags=[{"Key": key, "Value": value}])
    client.tag_resource(ResourceName=ARN, Tags=[{"Key": "k0", "Value": "v" * 256}])
    with refused("TagNotFoundFault"):
        client.untag_resource(ResourceName=ARN, TagKeys=["k1", "new"])
    assert len(client.list_tags(ResourceName=ARN)["Tags"]) == 50


@pytest.mark.correction("dax-list-tags")
@pytest.mark.correction("dax-tag-resource")
@pytest.mark.correction("dax-untag-resource")
def test_the_cluster_must_be_there_and_available(account: DaxAccount) -> None:
    client = account.client
    account.cloud.realism(durations={"dax-cluster.creating": 60})
    account.create()
    other_region = ARN.replace("us-east-1", "eu-west-1")
    for code, name in (
        ("InvalidARNFault", "cache"),
        ("InvalidARNFault", "arn:aws:dynamodb:us-east-1:123456789012:table/cache"),
        ("ClusterNotFoundFault", f"{ARN}s"),
        ("ClusterNotFoundFault", other_region),
        ("InvalidClusterStateFault", ARN),
    ):
        with refused(code):
            client.list_tags(ResourceName=name)
        with refused(code):
            client.tag_resource(ResourceName=name, Tags=[{"Key": "a", "Value": "b"}])
        with refused(code):
            client.untag_resource(ResourceName=name, TagKeys=["a"])
