# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module stateful_fleet_info on the local cloud."""

from __future__ import annotations

import pytest
from groundwork_local_cloud.client import LocalCloud
from support.modules import changes, run_module
from support.stateful_fleet import Setting, setting_in


@pytest.fixture
def fleet(cloud: LocalCloud) -> Setting:
    return setting_in(cloud)


def test_there_are_no_fleets_at_first(fleet: Setting) -> None:
    assert run_module("stateful_fleet_info")["fleets"] == []


def test_reads_every_fleet_as_the_module_returns_it(fleet: Setting) -> None:
    events = fleet.run(tags={"a": "1"})
    other = fleet.run(name="other", first_host=20)
    fleet.run(name="gone", first_host=30)
    fleet.remove(name="gone")
    seen = len(fleet.cloud.calls())
    fleets = run_module("stateful_fleet_info", check=True)["fleets"]
    assert changes(fleet.cloud.calls()[seen:]) == []
    assert [one["name"] for one in fleets] == ["events", "gone", "other"]
    expected = [[{**node} for node in result["nodes"]] for result in (events, other)]
    for node in (node for nodes in expected for node in nodes):
        del node["outdated"]
    assert [fleets[0]["nodes"], fleets[2]["nodes"]] == expected
    assert (fleets[1]["nodes"], len(fleets[1]["kept_volumes"])) == ([], 3)


def test_reads_only_those_that_are_asked_for(fleet: Setting) -> None:
    fleet.run()
    fleet.run(name="other", first_host=20)
    assert [one["name"] for one in run_module("stateful_fleet_info", names=["other", "none"])["fleets"]] == ["other"]
    assert run_module("stateful_fleet_info", names=[])["fleets"] == []


def test_tells_losses(fleet: Setting) -> None:
    node = fleet.run()["nodes"][0]
    fleet.ec2.terminate_instances(InstanceIds=[node["instance_id"]])
    (found,) = run_module("stateful_fleet_info")["fleets"]
    assert [one["state"] for one in found["nodes"]] == ["missing", "healthy", "healthy"]


def test_a_failure_says_what_was_being_done(fleet: Setting) -> None:
    fleet.cloud.faults(
        {
            "kind": "error_before",
            "match": {"operation": "DescribeVolumes"},
            "code": "UnauthorizedOperation",
            "status": 403,
        }
    )
    assert "describe the volumes of the fleet" in run_module("stateful_fleet_info")["msg"]
