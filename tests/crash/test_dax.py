# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules of DAX survive every fault at every one of their calls, whatever is under way in the cluster."""

from __future__ import annotations

import re
import typing as t

import pytest
from groundwork_local_cloud.client import LocalCloud
from groundwork_local_cloud.cloud import cloud as served
from groundwork_local_cloud.settings import ACCOUNT_ID
from groundwork_local_cloud.supplement.dax.state import State
from groundwork_local_cloud.supplement.ec2.common import store
from moto.dax.models import dax_backends
from support.dax import DaxSetting, make_setting
from support.modules import Result, run_module

from .sweep import KINDS, Check, Flow, Sweep

GROUPS = ("dax.describe_subnet_groups", "dax.describe_parameter_groups")
# Events tell of everything that was done twice.
CLUSTERS = (*GROUPS, "dax.describe_clusters", "dax.describe_events", "ec2.describe_network_interfaces")
TOKEN = re.compile(r"(?<=\.)[0-9a-f]{6}(?=\.)")

WINDOW = "sun:05:00-sun:06:00"  # AWS chooses one by lot
# How long a change of a cluster is under way, in looks at it. Two: after the first, AWS still refuses another change.
LOOKS_UNDER_WAY = 2
DURATIONS = ("dax-cluster.creating", "dax-cluster.modifying", "dax-cluster.deleting", "dax-node.rebooting")


def prepare(cloud: LocalCloud) -> DaxSetting:
    setting = make_setting(cloud)
    dax = cloud.client("dax")
    values = [{"ParameterName": "record-ttl-millis", "ParameterValue": "600000"}]
    dax.create_parameter_group(ParameterGroupName="slow")
    dax.update_parameter_group(ParameterGroupName="slow", ParameterNameValues=values)
    cloud.realism(durations=dict.fromkeys(DURATIONS, LOOKS_UNDER_WAY))
    return setting


def prepare_begun(cloud: LocalCloud, node_count: int = 2) -> DaxSetting:
    setting = prepare(cloud)
    cloud.client("dax").create_cluster(
        ClusterName="web",
        NodeType="dax.t3.small",
        ReplicationFactor=node_count,
        IamRoleArn=setting.role_arn,
        SubnetGroupName="web",
        SSESpecification={"Enabled": True},
        ClusterEndpointEncryptionType="TLS",
        PreferredMaintenanceWindow=WINDOW,
        Tags=[{"Key": "old", "Value": "1"}],
    )
    return setting


def prepare_cluster(cloud: LocalCloud, node_count: int = 2) -> DaxSetting:
    setting = prepare_begun(cloud, node_count)
    while setting.cluster()["Status"] != "available":
        pass
    return setting


def run_cluster(setting: DaxSetting, **options: t.Any) -> Result:
    return setting.run(**{"node_count": 2, "preferred_maintenance_window": WINDOW, **options})


def run_subnet_group(setting: DaxSetting, **options: t.Any) -> Result:
    return run_module("dax_subnet_group", **{"name": "web", "subnet_ids": setting.subnet_ids[:2], **options})


def run_parameter_group(_setting: DaxSetting, **options: t.Any) -> Result:
    return run_module("dax_parameter_group", **{"name": "slow", "query_ttl_millis": 0, **options})


def change_everything(setting: DaxSetting) -> Result:
    return run_cluster(setting, node_count=3, parameter_group="slow", description="new", tags={"new": "1"})


def one_node_at_a_time(_setting: DaxSetting) -> Check:
    """Whatever is being done, one node at most does not serve."""
    backend = dax_backends[ACCOUNT_ID]["us-east-1"]

    def check() -> None:
        for cluster in store(backend, "dax", State).clusters.values():
            if cluster.status not in ("creating", "deleting"):
                busy = [node.id for node in cluster.nodes if node.status != "available"]
                assert len(busy) <= 1, f"{busy} do not serve at the same time"

    return check


def group(name: str, run: t.Callable[..., Result], /, **options: t.Any) -> Flow:
    return Flow(name, prepare, lambda setting: run(setting, **options), GROUPS)


def cluster(what: str, start: t.Callable[[LocalCloud], DaxSetting], act: t.Callable[[DaxSetting], Result]) -> Flow:
    return Flow(f"dax_cluster {what}", start, act, CLUSTERS, watch=one_node_at_a_time, varies=(TOKEN,))


FLOWS = [
    group("dax_subnet_group created", run_subnet_group, name="new"),
    group("dax_subnet_group changed", run_subnet_group),
    group("dax_subnet_group deleted", run_subnet_group, state="absent"),
    group("dax_parameter_group created", run_parameter_group, name="new"),
    group("dax_parameter_group changed", run_parameter_group),
    group("dax_parameter_group deleted", run_parameter_group, state="absent"),
    cluster("created", prepare, run_cluster),
    cluster("awaited", prepare_begun, lambda _setting: run_module("dax_cluster", name="web")),
    cluster("changed in every way", prepare_cluster, change_everything),
    cluster("scaled in", lambda cloud: prepare_cluster(cloud, 3), lambda setting: run_cluster(setting, node_count=1)),
    cluster("deleted", prepare_cluster, lambda setting: run_cluster(setting, state="absent")),
    cluster("deleted while it is being created", prepare_begun, lambda setting: run_cluster(setting, state="absent")),
]


def looks() -> int:
    """How often the module has looked at the cluster; the sweep itself looks at all of them at once."""
    calls = served.recorder.since()
    return sum(1 for call in calls if call["operation"] == "DescribeClusters" and call["params"].get("ClusterNames"))


@pytest.fixture
def _time_is_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is under way ends after so many looks, so that each sweep is the same."""
    monkeypatch.setattr(served.transitions, "_clock", looks)


@pytest.mark.usefixtures("_time_is_looks")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_survives(swept: LocalCloud, record_property: t.Any, flow: Flow, kind: str) -> None:
    tally = Sweep(swept, flow, kind).run()
    record_property("crash_sweep", tally.as_row())
    assert not tally.problems, "\n".join(tally.problems)
