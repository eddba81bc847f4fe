# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module dax_cluster_info on the local cloud."""

from __future__ import annotations

import pytest
from groundwork_local_cloud.client import LocalCloud
from support.dax import DaxSetting, make_setting
from support.modules import run_module


@pytest.fixture
def setting(cloud: LocalCloud) -> DaxSetting:
    made = make_setting(cloud)
    made.run(name="web", tags={"Environment": "production", "n": "1"})
    made.run(name="api", node_count=1, tags={"Environment": "production"})
    made.run(name="test", node_count=1)
    return made


def names(**options: object) -> list[str]:
    return [cluster["name"] for cluster in run_module("dax_cluster_info", **options)["clusters"]]


def test_reads_all_clusters_like_dax_cluster(setting: DaxSetting) -> None:
    changed = setting.changes_since()
    result = run_module("dax_cluster_info")
    assert not result["changed"]
    assert [cluster["name"] for cluster in result["clusters"]] == ["api", "test", "web"]
    assert result["clusters"][2] == run_module("dax_cluster", name="web")["cluster"]
    assert changed() == []


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"names": ["web", "none", "api"]}, ["api", "web"]),
        ({"names": ["none"]}, []),
        ({"names": []}, []),
        ({"tags": {"Environment": "production"}}, ["api", "web"]),
        ({"tags": {"Environment": "production", "n": 1}}, ["web"]),
        ({"tags": {"Environment": "test"}}, []),
        ({"names": ["web", "test"], "tags": {"n": "1"}}, ["web"]),
    ],
)
def test_finds_by_name_and_tags(setting: DaxSetting, options: dict[str, object], found: list[str]) -> None:
    assert names(**options) == found
    assert names(check=True, **options) == found


def test_reads_the_tags_of_no_more_clusters_than_it_has_to(setting: DaxSetting) -> None:
    calls = setting.operations_since()
    names(names=["web"])
    assert calls() == ["DescribeClusters", "ListTags"]
    calls = setting.operations_since()
    names()
    assert calls() == ["DescribeClusters", *["ListTags"] * 3]


def test_reads_one_that_is_coming_and_one_that_is_going(setting: DaxSetting) -> None:
    setting.cloud.realism(durations={"dax-cluster.creating": 60.0, "dax-cluster.deleting": 60.0})
    setting.run(name="new", wait=False)
    setting.run(name="api", state="absent", wait=False)
    found = {cluster["name"]: cluster for cluster in run_module("dax_cluster_info")["clusters"]}
    assert (found["new"]["status"], found["new"]["nodes"], found["new"]["tags"]) == ("creating", [], None)
    assert (found["api"]["status"], found["api"]["tags"]) == ("deleting", None)


def test_an_error_tells_what_was_being_done(setting: DaxSetting) -> None:
    setting.cloud.faults({"kind": "error_before", "code": "AccessDeniedException", "match": {"service": "dax"}})
    result = run_module("dax_cluster_info")
    assert "Failed to describe the clusters. AWS answered AccessDeniedException" in result["msg"]
    assert result["error"]["code"] == "AccessDeniedException"


def test_many_clusters_are_read_page_by_page(setting: DaxSetting) -> None:
    client = setting.cloud.client("dax")
    asked = {"NodeType": "dax.t3.small", "ReplicationFactor": 1, "SubnetGroupName": "web"}
    for number in range(20):
        client.create_cluster(ClusterName=f"many-{number}", IamRoleArn=setting.role_arn, **asked)
    assert len(names()) == 23
