# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stateful_fleet costs: time, calls and memory for 3, 30 and 300 nodes. Prints the figures (make bench).

The local cloud is a process of its own, with EC2's token buckets, 50 ms for each call, and state changes that take
their time. The comparison with amazon.aws is made in one run on one cloud, so that the load of the machine is the same
for both sides.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import typing as t
from collections.abc import Iterator
from pathlib import Path

import pytest
from groundwork_local_cloud.client import ACCESS_KEY, SECRET_KEY, LocalCloud
from support.playbooks import ROOT, run_playbook
from support.stateful_fleet import Setting, setting_in

from .bound import DURATIONS, LATENCY, creation

HERE = Path(__file__).parent
ZONES = 3
MOST_OF_BOUND = 1.25
MOST_MEMORY = 200.0  # MiB
READS = 6  # calls of a run that changes nothing
LEAST_GAIN = {"create": 25.0, "no change": 60.0, "create, with state changes": 5.0}


@pytest.fixture
def own_cloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalCloud]:
    """A local cloud without hosts, in another process, to which this process and its children connect by default."""
    command = [sys.executable, "-m", "groundwork_local_cloud"]
    where = ["--state-dir", str(tmp_path / "cloud")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "extensions" / "local_cloud")}
    subprocess.run([*command, "start", *where, "--port", "0", "--hosts", "no"], env=environment, check=True)
    try:
        cloud = LocalCloud(json.loads((tmp_path / "cloud" / "cloud.json").read_text())["endpoint"])
        monkeypatch.setenv("AWS_ENDPOINT_URL", cloud.endpoint)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        yield cloud
    finally:
        subprocess.run([*command, "stop", *where], env=environment, check=True)


class Figures(t.NamedTuple):
    """Of one run: seconds of the whole process, MiB at most, calls by operation."""

    seconds: float
    memory: float
    calls: dict[str, int]
    result: dict[str, t.Any]


def run(setting: Setting, rows: int) -> Figures:
    """A run of the module in a process of its own."""
    seen = setting.cloud.calls()[-1]["number"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (ROOT / "tests", ROOT / ".cache" / "dev")))}
    started = time.monotonic()
    options = json.dumps({**setting.options, "rows": rows})
    found = subprocess.run(
        [sys.executable, str(HERE / "one_run.py")],
        input=options,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    seconds = time.monotonic() - started
    told = json.loads(found.stdout)
    assert not told["result"].get("failed"), told["result"]["msg"]
    calls: dict[str, int] = {}
    for call in setting.cloud.calls(since=seen):
        assert call["error"] != "RequestLimitExceeded", f"{call['operation']} goes beyond the request limits"
        calls[call["operation"]] = calls.get(call["operation"], 0) + 1
    return Figures(seconds, told["memory"], calls, told["result"])


@pytest.mark.parametrize("nodes", [3, 30, 300])
def test_creation_and_a_run_that_changes_nothing(own_cloud: LocalCloud, nodes: int) -> None:
    setting = setting_in(own_cloud, prefix=22)
    own_cloud.realism(latency=LATENCY, durations=DURATIONS, request_tokens=True)
    created = run(setting, nodes // ZONES)
    assert {node["state"] for node in created.result["nodes"]} == {"healthy"}
    bound = creation(nodes, DURATIONS)
    again = run(setting, nodes // ZONES)
    assert not again.result["changed"]
    print(f"\n{nodes} nodes, {LATENCY:g} s a call, {DURATIONS}, EC2's request limits in force:")
    print(
        f"  created in {created.seconds:.1f} s, at least {bound:.1f} s ({created.seconds / bound:.2f} times), "
        f"{sum(created.calls.values())} calls, {created.calls['RunInstances']} launches, {created.memory:.0f} MiB"
    )
    print(f"  nothing to do: {again.seconds:.1f} s, {sum(again.calls.values())} calls, {again.memory:.0f} MiB")
    assert created.calls["RunInstances"] == ZONES
    assert sum(again.calls.values()) == READS
    assert max(created.memory, again.memory) < MOST_MEMORY
    assert created.seconds < MOST_OF_BOUND * bound


def variables(setting: Setting, nodes: int) -> str:
    """What both playbooks are given."""
    zones = "abc"
    slots = [
        {
            "number": number + 1,
            "subnet_id": setting.subnet_ids[number % ZONES],
            "zone": f"us-east-1{zones[number % ZONES]}",
            "address": f"10.0.{4 * (number % ZONES)}.{100 + number // ZONES}",
        }
        for number in range(nodes)
    ]
    given = {"nodes": slots, "rows": nodes // ZONES, "subnet_ids": setting.subnet_ids}
    return json.dumps({**given, "image_id": setting.image_id, "group_id": setting.group_id})


def played(name: str, extra: str) -> float:
    started = time.monotonic()
    run = run_playbook(HERE / f"{name}.yml", "-e", extra)
    assert run.failed == 0, run.output[-3000:]
    return time.monotonic() - started


def test_thirty_nodes_against_amazon_aws(own_cloud: LocalCloud) -> None:
    taken: dict[str, dict[str, float]] = {}
    for what, durations in (("", {}), (", with state changes", DURATIONS)):
        own_cloud.reset()
        setting = setting_in(own_cloud)
        extra = variables(setting, 30)
        own_cloud.realism(latency=LATENCY, durations=durations, request_tokens=True)
        for name in ("with_stateful_fleet", "with_amazon_aws"):
            taken.setdefault(f"create{what}", {})[name] = played(name, extra)
            taken.setdefault(f"no change{what}", {})[name] = played(name, extra)
        assert len(setting.living()) == 60
    print(f"\n30 nodes, {LATENCY:g} s a call, EC2's request limits in force, one playbook each:")
    gains = {what: times["with_amazon_aws"] / times["with_stateful_fleet"] for what, times in taken.items()}
    for what, times in taken.items():
        ours, theirs = times["with_stateful_fleet"], times["with_amazon_aws"]
        print(f"  {what}: {ours:.1f} s against {theirs:.1f} s, {gains[what]:.1f} times")
    assert {what: gains[what] for what, least in LEAST_GAIN.items() if gains[what] < least} == {}
