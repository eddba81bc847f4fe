# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ec2_root_encryption costs: the downtime of an instance, and the time of many. Prints the figures (make bench).

Every comparison is made in one run, on one cloud, so that the load of the machine is the same for both sides. The time
that AWS takes for a change is scaled down, all of it by one factor, which the output names.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
import typing as t
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils._core.pace import Pace
from ansible_collections.groundwork.aws.plugins.module_utils._root_encryption import locking
from ansible_collections.groundwork.aws.plugins.module_utils._root_encryption.fleet import Fleet
from groundwork_local_cloud.client import LocalCloud
from support.playbooks import run_playbook
from support.root_encryption import ROOT, Setting

# Seconds, as seen on AWS for a general purpose instance with a root of some GiB in use.
DURATIONS = {
    "instance.stopping": 30.0,
    "instance.pending": 20.0,
    "instance.initializing": 90.0,
    "volume.creating": 5.0,
    "volume.attaching": 3.0,
    "volume.detaching": 5.0,
}
WHOLE_SNAPSHOT, INCREMENTAL_SNAPSHOT = 180.0, 30.0
LATENCY = 0.05  # seconds for each call
MANY = 20
LEAST_GAIN = 5.0  # of one task for many over a loop


def scaled(factor: float, snapshot: float) -> dict[str, float]:
    """The durations of the local cloud; ``snapshot`` is what the next one takes on AWS."""
    return {kind: seconds * factor for kind, seconds in {**DURATIONS, "snapshot.pending": snapshot}.items()}


@contextlib.contextmanager
def snapshots_take(cloud: LocalCloud, factor: float, *seconds: float) -> Iterator[None]:
    """Let the snapshots to come take so long: the local cloud does not tell a whole one from an incremental one."""
    seen = len(cloud.calls())
    cloud.realism(durations=scaled(factor, seconds[0]), latency=LATENCY * factor)
    ended = threading.Event()

    def watch() -> None:
        for number, following in enumerate(seconds[1:], 1):
            while len(_snapshot_calls(cloud, seen)) < number:
                if ended.wait(0.05):
                    return
            cloud.realism(durations=scaled(factor, following))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
        cloud.realism(durations={}, latency={})


def _snapshot_calls(cloud: LocalCloud, since: int) -> list[dict[str, t.Any]]:
    made = [one for one in cloud.calls("ec2")[since:] if one["operation"] in ("CreateSnapshot", "CopySnapshot")]
    return [one for one in made if not one["params"].get("DryRun")]


def downtime(cloud: LocalCloud, instance_id: str, factor: float) -> float:
    """From the stop until it runs again, in seconds of AWS."""
    moments = {}
    for operation in ("StopInstances", "StartInstances"):
        made = [one for one in cloud.calls("ec2", operation) if not one["params"].get("DryRun")]
        (call,) = [one for one in made if one["params"]["InstanceIds"] == [instance_id]]
        moments[operation] = datetime.fromisoformat(call["time"]) + timedelta(seconds=call["duration"])
    stopped = (moments["StartInstances"] - moments["StopInstances"]).total_seconds()
    return stopped / factor + DURATIONS["instance.pending"]


def swap_by_hand(setting: Setting, instance_id: str, factor: float) -> None:
    """The source's way: everything after the stop, and the snapshot copied to encrypt it."""
    ec2 = setting.cloud.client("ec2")

    def wait(waiter: str, **what: t.Any) -> None:
        ec2.get_waiter(waiter).wait(**what, WaiterConfig={"Delay": factor, "MaxAttempts": 10000})

    root = setting.root(instance_id)
    ec2.stop_instances(InstanceIds=[instance_id])
    wait("instance_stopped", InstanceIds=[instance_id])
    ec2.detach_volume(VolumeId=root["VolumeId"])
    snapshot = ec2.create_snapshot(VolumeId=root["VolumeId"])["SnapshotId"]
    wait("snapshot_completed", SnapshotIds=[snapshot])
    key = {"Encrypted": True, "KmsKeyId": setting.key_arn}
    copy = ec2.copy_snapshot(SourceSnapshotId=snapshot, SourceRegion="us-east-1", **key)["SnapshotId"]
    wait("snapshot_completed", SnapshotIds=[copy])
    asked = {"AvailabilityZone": root["AvailabilityZone"], "SnapshotId": copy, "VolumeType": root["VolumeType"]}
    volume = ec2.create_volume(**asked)["VolumeId"]
    wait("volume_available", VolumeIds=[root["VolumeId"], volume])
    ec2.attach_volume(VolumeId=volume, InstanceId=instance_id, Device="/dev/xvda")
    wait("volume_in_use", VolumeIds=[volume])
    ec2.start_instances(InstanceIds=[instance_id])
    wait("instance_running", InstanceIds=[instance_id])


def test_downtime_of_one(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    factor = 0.1
    monkeypatch.setattr(locking, "SETTLE", locking.SETTLE * factor)
    pace = Fleet.pace
    monkeypatch.setattr(Fleet, "pace", Pace(pace.first_delay * factor, pace.growth, pace.longest * factor, pace.jitter))
    ways: dict[str, tuple[tuple[float, ...], t.Callable[[str], t.Any]]] = {
        "this module": (
            (WHOLE_SNAPSHOT, INCREMENTAL_SNAPSHOT),
            lambda instance_id: setting.run(instance_id),
        ),
        "with copy_snapshot": (
            (WHOLE_SNAPSHOT, INCREMENTAL_SNAPSHOT, WHOLE_SNAPSHOT),
            lambda instance_id: setting.run(instance_id, copy_snapshot=True),
        ),
        "the source's way": (
            (WHOLE_SNAPSHOT, WHOLE_SNAPSHOT),
            lambda instance_id: swap_by_hand(setting, instance_id, factor),
        ),
    }
    found: dict[str, float] = {}
    print(f"\nDowntime in seconds of AWS; durations {DURATIONS}, a snapshot {WHOLE_SNAPSHOT:g},")
    print(f"an incremental one {INCREMENTAL_SNAPSHOT:g}, a call {LATENCY:g}; these and the pauses times {factor:g}:")
    for name, (snapshots, act) in ways.items():
        instance_id = setting.launch(BlockDeviceMappings=[ROOT])
        with snapshots_take(setting.cloud, factor, *snapshots):
            result = act(instance_id)
        assert setting.root(instance_id)["Encrypted"], result
        found[name] = downtime(setting.cloud, instance_id, factor)
        reported = f", the module reports {result['instances'][0]['downtime'] / factor:.0f}" if result else ""
        print(f"  {name}: {found[name]:.0f}{reported} ({found[name] / found['this module']:.1f} times)")
        if result:
            assert result["instances"][0]["downtime"] == pytest.approx(found[name] * factor, abs=2.0)
    assert found["the source's way"] > 2 * found["this module"]
    assert found["with copy_snapshot"] > found["this module"]


ONE_TASK = """
- hosts: localhost
  gather_facts: false
  tasks:
    - name: Encrypt all
      groundwork.aws.ec2_root_encryption:
        instance_ids: {ids}
        kms_key_id: {key}
"""
LOOP = """
- hosts: localhost
  gather_facts: false
  tasks:
    - name: Encrypt one after the other
      groundwork.aws.ec2_root_encryption:
        instance_id: "{{{{ item }}}}"
        kms_key_id: {key}
      loop: {ids}
"""


def test_many_in_one_task_and_in_a_loop(setting: Setting, tmp_path: Path) -> None:
    factor = 0.005
    taken: dict[str, float] = {}
    for name, text in {"one task": ONE_TASK, "a loop": LOOP}.items():
        ids = setting.launch_many(MANY, BlockDeviceMappings=[ROOT])
        playbook = tmp_path / f"{name}.yml"
        playbook.write_text(text.format(ids=json.dumps(ids), key=setting.key_arn))
        setting.cloud.realism(durations=scaled(factor, WHOLE_SNAPSHOT), latency=LATENCY, request_tokens=True)
        seen = len(setting.cloud.calls())
        start = time.monotonic()
        run = run_playbook(playbook)
        taken[name] = time.monotonic() - start
        assert run.failed == 0, run.output
        setting.cloud.realism(durations={}, latency={}, request_tokens=False)
        assert all(setting.root(instance_id)["Encrypted"] for instance_id in ids)
        refused = [one for one in setting.cloud.calls()[seen:] if one["error"] == "RequestLimitExceeded"]
        assert refused == [], "neither goes beyond the request limits"
    gain = taken["a loop"] / taken["one task"]
    print(f"\n{MANY} instances, durations times {factor:g}, {LATENCY:g} s a call, EC2's request limits in force:")
    print(f"  {taken['one task']:.1f} s in one task, {taken['a loop']:.1f} s in a loop: {gain:.1f} times")
    assert gain > LEAST_GAIN
