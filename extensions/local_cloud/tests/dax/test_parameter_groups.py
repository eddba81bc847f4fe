# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameter groups of DAX."""

from __future__ import annotations

from typing import Any

import pytest
from dax_account import DaxAccount
from groundwork_local_cloud.client import LocalCloud
from refusals import refused

DEFAULT = "default.dax1.0"


def _set(cloud: LocalCloud, group: str, **values: str) -> Any:
    named = [{"ParameterName": f"{name}-ttl-millis", "ParameterValue": value} for name, value in values.items()]
    return cloud.client("dax").update_parameter_group(ParameterGroupName=group, ParameterNameValues=named)


def _values(cloud: LocalCloud, group: str) -> dict[str, str]:
    parameters = cloud.client("dax").describe_parameters(ParameterGroupName=group)["Parameters"]
    return {one["ParameterName"]: one["ParameterValue"] for one in parameters}


@pytest.mark.correction("dax-create-parameter-group")
@pytest.mark.correction("dax-describe-parameter-groups")
def test_create_and_describe(cloud: LocalCloud) -> None:
    dax = cloud.client("dax")
    created = dax.create_parameter_group(ParameterGroupName="ttl", Description="short")["ParameterGroup"]
    assert created == {"ParameterGroupName": "ttl", "Description": "short"}
    groups = dax.describe_parameter_groups()["ParameterGroups"]
    assert groups == [{"ParameterGroupName": DEFAULT, "Description": "Default parameter group for dax1.0"}, created]
    assert dax.describe_parameter_groups(ParameterGroupNames=["ttl"])["ParameterGroups"] == [created]
    with refused("ParameterGroupNotFoundFault"):
        dax.describe_parameter_groups(ParameterGroupNames=["ttl", "other"])
    for name in ("ttl", DEFAULT):
        with refused("ParameterGroupAlreadyExistsFault"):
            dax.create_parameter_group(ParameterGroupName=name)
    for name in ("1st", "a.b", "a-", "a--b", ""):
        with refused("InvalidParameterValueException"):
            dax.create_parameter_group(ParameterGroupName=name)
    for number in range(19):
        dax.create_parameter_group(ParameterGroupName=f"g{number}")
    with refused("ParameterGroupQuotaExceededFault"):
        dax.create_parameter_group(ParameterGroupName="g19")


@pytest.mark.correction("dax-describe-parameters")
@pytest.mark.correction("dax-describe-default-parameters")
def test_parameters_as_aws_shows_them(cloud: LocalCloud) -> None:
    dax = cloud.client("dax")
    defaults = dax.describe_default_parameters()["Parameters"]
    assert defaults[0] == {
        "ParameterName": "query-ttl-millis",
        "ParameterType": "DEFAULT",
        "ParameterValue": "300000",
        "NodeTypeSpecificValues": [],
        "Description": "Duration in milliseconds for queries to remain cached",
        "Source": "user",
        "DataType": "integer",
        "AllowedValues": "0-",
        "IsModifiable": "TRUE",
        "ChangeType": "IMMEDIATE",
    }
    assert dax.describe_parameters(ParameterGroupName=DEFAULT)["Parameters"] == defaults
    assert dax.describe_parameters(ParameterGroupName=DEFAULT, Source="user")["Parameters"] == defaults
    assert dax.describe_parameters(ParameterGroupName=DEFAULT, Source="system")["Parameters"] == []
    with refused("ParameterGroupNotFoundFault"):
        dax.describe_parameters(ParameterGroupName="other")


@pytest.mark.correction("dax-update-parameter-group")
def test_update_changes_one_group_only(cloud: LocalCloud) -> None:
    dax = cloud.client("dax")
    dax.create_parameter_group(ParameterGroupName="ttl")
    assert _set(cloud, "ttl", query="180000")["ParameterGroup"]["ParameterGroupName"] == "ttl"
    assert _values(cloud, "ttl") == {"query-ttl-millis": "180000", "record-ttl-millis": "300000"}
    _set(cloud, "ttl", query="0", record="600000")
    assert _values(cloud, "ttl") == {"query-ttl-millis": "0", "record-ttl-millis": "600000"}
    assert _values(cloud, DEFAULT) == {"query-ttl-millis": "300000", "record-ttl-millis": "300000"}
    assert dax.describe_default_parameters()["Parameters"][0]["ParameterValue"] == "300000"


@pytest.mark.correction("dax-update-parameter-group")
def test_what_an_update_refuses(account: DaxAccount) -> None:
    cloud, dax = account.cloud, account.client
    dax.create_parameter_group(ParameterGroupName="ttl")
    for values in ({"query": "-1"}, {"query": "1.5"}, {"record": ""}, {"idle": "1"}, {}):
        with refused("InvalidParameterValueException"):
            _set(cloud, "ttl", **values)
    with refused("InvalidParameterGroupStateFault"):
        _set(cloud, DEFAULT, query="1")
    with refused("ParameterGroupNotFoundFault"):
        _set(cloud, "other", query="1")
    account.create(ParameterGroupName="ttl")
    with refused("InvalidParameterGroupStateFault"):
        _set(cloud, "ttl", query="1")
    assert _values(cloud, "ttl") == _values(cloud, DEFAULT)


@pytest.mark.correction("dax-delete-parameter-group")
def test_delete(account: DaxAccount) -> None:
    dax = account.client
    dax.create_parameter_group(ParameterGroupName="ttl")
    account.create(ParameterGroupName="ttl")
    account.describe()
    account.cloud.realism(durations={"dax-cluster.deleting": 60})
    dax.delete_cluster(ClusterName="cache")
    for name in ("ttl", DEFAULT):
        with refused("InvalidParameterGroupStateFault"):
            dax.delete_parameter_group(ParameterGroupName=name)
    with refused("ParameterGroupNotFoundFault"):
        dax.delete_parameter_group(ParameterGroupName="other")
    dax.create_parameter_group(ParameterGroupName="free")
    answer = dax.delete_parameter_group(ParameterGroupName="free")
    assert answer["DeletionMessage"] == "Parameter group free has been deleted."
    with refused("ParameterGroupNotFoundFault"):
        dax.delete_parameter_group(ParameterGroupName="free")
