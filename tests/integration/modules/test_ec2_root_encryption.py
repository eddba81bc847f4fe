# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module ec2_root_encryption on the local cloud."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import typing as t

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils._root_encryption import encrypting, locking
from support.account import take_inventory
from support.modules import Result, changes, run_module
from support.root_encryption import ROOT, Setting


def user_tags(resource: dict[str, t.Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in resource.get("Tags", []) if not tag["Key"].startswith("groundwork:")}


def test_keeps_everything_but_the_encryption(setting: Setting) -> None:
    instance_id = setting.launch()
    before, instance_before = setting.root(instance_id), setting.instance(instance_id)
    result = setting.run(instance_id)
    assert not result.get("failed"), result
    after, instance_after = setting.root(instance_id), setting.instance(instance_id)
    assert (after["Encrypted"], after["KmsKeyId"]) == (True, setting.key_arn)
    assert after["VolumeId"] != before["VolumeId"]
    for kept in ("Size", "VolumeType", "Iops", "Throughput", "AvailabilityZone", "DeleteOnTermination"):
        assert after[kept] == before[kept], kept
    assert user_tags(after) == user_tags(before) == {"Name": "web"}
    assert instance_after["State"]["Name"] == "running"
    data = [
        [m for m in one["BlockDeviceMappings"] if m["DeviceName"] == "/dev/sdf"]
        for one in (instance_before, instance_after)
    ]
    assert data[0] == data[1]
    (one,) = result["instances"]
    assert one["original_volume"]["id"] == before["VolumeId"]
    assert one["phase"] == "encrypted"
    assert one["downtime"] >= 1
    again = setting.run(instance_id)
    assert (again["changed"], again["instances"][0]["actions"]) == (False, [])


def test_rolls_back_and_leaves_no_trace(setting: Setting) -> None:
    instance_id = setting.launch()
    before, inventory = setting.root(instance_id), take_inventory(setting.cloud)
    setting.run(instance_id)
    result = setting.run(instance_id, state="rolled_back")
    assert not result.get("failed"), result
    after = setting.root(instance_id)
    assert {**after, "Attachments": []} == {**before, "Attachments": []}
    assert setting.instance(instance_id)["State"]["Name"] == "running"
    assert setting.instance(instance_id)["Tags"] == [{"Key": "Name", "Value": "web"}]
    assert take_inventory(setting.cloud) == inventory
    assert not setting.run(instance_id, state="rolled_back")["changed"]


def test_cleans_only_the_originals(setting: Setting) -> None:
    instance_id = setting.launch()
    inventory = take_inventory(setting.cloud)
    setting.run(instance_id)
    root = setting.root(instance_id)
    result = setting.run(instance_id, state="cleaned")
    assert not result.get("failed"), result
    assert setting.root(instance_id)["VolumeId"] == root["VolumeId"]
    assert (
        setting.root(instance_id)["Tags"] == setting.instance(instance_id)["Tags"] == [{"Key": "Name", "Value": "web"}]
    )
    after = take_inventory(setting.cloud)
    assert {kind: len(ids) for kind, ids in after.items()} == {kind: len(ids) for kind, ids in inventory.items()}
    assert not setting.run(instance_id, state="cleaned")["changed"]
    assert not setting.run(instance_id)["changed"], "the root stays known as encrypted without any notes"


def test_does_not_keep_the_originals_if_told_so(setting: Setting) -> None:
    instance_id = setting.launch()
    original = setting.root(instance_id)["VolumeId"]
    assert not setting.run(instance_id, keep_originals_days=0).get("failed")
    assert setting.root(instance_id)["Encrypted"]
    assert original not in take_inventory(setting.cloud)["Volumes"]
    assert setting.snapshots() == []


def test_a_stopped_instance_stays_stopped_and_is_not_cleaned_before_it_ran(setting: Setting) -> None:
    instance_id = setting.launch()
    ec2 = setting.cloud.client("ec2")
    ec2.stop_instances(InstanceIds=[instance_id])
    ec2.get_waiter("instance_stopped").wait(InstanceIds=[instance_id], WaiterConfig={"Delay": 1})
    result = setting.run(instance_id, copy_snapshot=True)
    assert setting.instance(instance_id)["State"]["Name"] == "stopped"
    assert setting.root(instance_id)["Encrypted"]
    assert result["instances"][0]["downtime"] == 0
    assert sorted(one["Encrypted"] for one in setting.snapshots()) == [False, True]
    refused = setting.run(instance_id, state="cleaned")
    assert "has not passed its status checks" in refused["msg"]
    ec2.start_instances(InstanceIds=[instance_id])
    ec2.get_waiter("instance_status_ok").wait(InstanceIds=[instance_id], WaiterConfig={"Delay": 1})
    assert not setting.run(instance_id, state="cleaned").get("failed")


def test_start_after_false_leaves_it_stopped(setting: Setting) -> None:
    instance_id = setting.launch()
    setting.run(instance_id, start_after=False)
    assert setting.instance(instance_id)["State"]["Name"] == "stopped"
    assert setting.root(instance_id)["Encrypted"]


def test_check_mode_says_what_comes_and_changes_nothing(setting: Setting) -> None:
    instance_id = setting.launch()
    seen = len(setting.cloud.calls())
    result = setting.run(instance_id, check=True)
    assert changes(setting.cloud.calls()[seen:]) == []
    assert result["changed"]
    assert result["instances"][0]["root_volume"]["encrypted"]
    assert not result["diff"]["before"][instance_id]["root_volume"]["encrypted"]
    assert result["instances"][0]["actions"][1] == f"stop {instance_id}"
    original = setting.root(instance_id)["VolumeId"]
    assert result["instances"][0]["original_volume"]["id"] == original
    removed = setting.run(instance_id, check=True, keep_originals_days=0)["instances"][0]
    assert (removed["original_volume"], removed["snapshot_ids"]) == (None, [])
    assert f"delete the volume {original}" in removed["actions"]


def warnings(result: Result) -> str:
    return " ".join(map(str, result.get("warnings", [])))


def test_warns_of_what_the_stop_loses_in_check_mode_too(setting: Setting) -> None:
    instance_id = setting.launch(InstanceType="m5d.large")
    for check in (True, False):
        said = warnings(setting.run(instance_id, check=check))
        assert f"{instance_id} has the public address" in said
        assert "75 GB of instance store (m5d.large)" in said
    assert "warnings" not in setting.run(instance_id), "nothing is to be stopped any more"


def test_an_elastic_ip_is_not_warned_of(setting: Setting) -> None:
    instance_id = setting.launch()
    ec2 = setting.cloud.client("ec2")
    allocation = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.associate_address(AllocationId=allocation, InstanceId=instance_id)
    assert "public address" not in warnings(setting.run(instance_id, check=True))


def _spot(setting: Setting) -> str:
    return setting.launch(InstanceMarketOptions={"MarketType": "spot"})


def _protected(setting: Setting) -> str:
    return setting.launch(DisableApiStop=True)


def _terminated(setting: Setting) -> str:
    instance_id = setting.launch()
    setting.cloud.client("ec2").terminate_instances(InstanceIds=[instance_id])
    return instance_id


def _key_off(setting: Setting) -> str:
    setting.cloud.client("kms").disable_key(KeyId=setting.key_arn)
    return setting.launch()


def _other_key(setting: Setting) -> str:
    other = setting.cloud.client("kms").create_key()["KeyMetadata"]["Arn"]
    ebs = {**t.cast("dict[str, t.Any]", ROOT["Ebs"]), "Encrypted": True, "KmsKeyId": other}
    return setting.launch(BlockDeviceMappings=[{**ROOT, "Ebs": ebs}])


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (_spot, "is a Spot Instance: launch a new one"),
        (_protected, "turn off DisableApiStop"),
        (_terminated, "take it off the list"),
        (_key_off, "in the state Disabled"),
        (_other_key, "set reencrypt to change the key"),
        (lambda setting: "i-0123456789abcdef0", "there is no instance i-0123456789abcdef0"),
    ],
)
def test_refuses_before_any_change(setting: Setting, prepare: t.Callable[[Setting], str], said: str) -> None:
    instance_id = prepare(setting)
    seen = len(setting.cloud.calls())
    result = setting.run(instance_id)
    assert result["failed"]
    assert said in result["msg"]
    assert changes(setting.cloud.calls()[seen:]) == []


def test_changes_the_key_if_asked(setting: Setting) -> None:
    instance_id = _other_key(setting)
    assert not setting.run(instance_id, reencrypt=True).get("failed")
    assert setting.root(instance_id)["KmsKeyId"] == setting.key_arn


def test_gives_way_to_a_run_that_lives_and_takes_over_from_one_that_is_silent(setting: Setting) -> None:
    instance_id = setting.launch()
    setting.tag_instance(instance_id, lock=f"elsewhere/0123456789ab/7/00000000 {int(time.time()) - 300}")
    busy = setting.run(instance_id)
    assert busy["failed"]
    assert "Another run works on" in busy["msg"]
    assert not setting.root(instance_id)["Encrypted"]
    setting.tag_instance(instance_id, lock=f"elsewhere/0123456789ab/7/00000000 {int(time.time()) - 901}")
    assert not setting.run(instance_id).get("failed")
    assert setting.root(instance_id)["Encrypted"]


def test_stops_when_another_run_writes_over_the_lock(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    instance_id = setting.launch()
    plain = locking.hold

    def hold_late(state: t.Any, lock_timeout: int) -> t.Any:
        found = plain(state, lock_timeout)
        if found == ((), ("the lock on " + instance_id + " to settle",)):
            setting.tag_instance(instance_id, lock=f"elsewhere/0123456789ab/7/00000000 {int(time.time())}")
        return found

    # The other run comes at the one moment that counts: both have seen the lock free.
    monkeypatch.setattr(locking, "SETTLE", 2.0)
    monkeypatch.setattr("ansible_collections.groundwork.aws.plugins.module_utils._root_encryption.plan.hold", hold_late)
    result = setting.run(instance_id)
    assert "Another run works on" in result["msg"]
    assert setting.snapshots() == []


def test_a_snapshot_from_before_the_latest_start_is_not_used(setting: Setting) -> None:
    """A run dies after its final snapshot; somebody starts the instance, works on it and stops it: data has changed."""
    instance_id = setting.launch()
    ec2 = setting.cloud.client("ec2")
    setting.cloud.faults(
        {"kind": "error_before", "match": {"operation": "CreateVolume"}, "code": "VolumeLimitExceeded"}
    )
    assert "VolumeLimitExceeded" in setting.run(instance_id)["msg"]
    setting.cloud.faults()
    old = {one["SnapshotId"] for one in setting.snapshots()}
    time.sleep(1.1)  # EC2 shows times in whole seconds
    ec2.start_instances(InstanceIds=[instance_id])
    ec2.get_waiter("instance_running").wait(InstanceIds=[instance_id], WaiterConfig={"Delay": 1})
    ec2.stop_instances(InstanceIds=[instance_id])
    ec2.get_waiter("instance_stopped").wait(InstanceIds=[instance_id], WaiterConfig={"Delay": 1})
    result = setting.run(instance_id)
    assert not result.get("failed"), result
    assert result["instances"][0]["resumed_at"].startswith("delete the snapshot")
    assert setting.root(instance_id)["SnapshotId"] not in old


def test_several_at_once_and_one_that_cannot(setting: Setting) -> None:
    good, bad = [setting.launch() for _ in range(3)], _protected(setting)
    seen = len(setting.cloud.calls())
    result = setting.run([good[0], bad, *good[1:]])
    assert result["failed"]
    assert [one["failed"] for one in result["instances"]] == [False, True, False, False]
    assert result["msg"].startswith(f"1 of 4 instances failed. {bad}: ")
    assert all(setting.root(instance_id)["Encrypted"] for instance_id in good)
    assert not setting.root(bad)["Encrypted"]
    reads = [call for call in setting.cloud.calls()[seen:] if call["operation"] == "DescribeInstances"]
    assert len(reads) < 40, "three wait for the price of one"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"instance_ids": ["i-1", "i-1"]}, "named twice"),
        ({"instance_ids": ["vol-1"]}, "the id of an instance"),
        ({"kms_key_id": None}, "kms_key_id"),
        ({"keep_originals_days": -1}, "0 or more"),
        ({"lock_timeout": 10}, "at least 180"),
    ],
)
def test_bad_input_is_refused_before_any_call(setting: Setting, options: dict[str, t.Any], said: str) -> None:
    seen = len(setting.cloud.calls())
    result = run_module("ec2_root_encryption", **{"instance_ids": ["i-1"], "kms_key_id": "alias/x", **options})
    assert result["failed"]
    assert said in result["msg"]
    assert setting.cloud.calls()[seen:] == []


RUN = """
import json, sys
sys.path[:0] = json.loads(sys.argv[1])
from support.modules import run_module
print(json.dumps(run_module("ec2_root_encryption", instance_id=sys.argv[2], kms_key_id=sys.argv[3])))
"""


def test_of_two_processes_at_once_one_wins(setting: Setting) -> None:
    instance_id = setting.launch()
    setting.cloud.realism(durations={"snapshot.pending": 4.0})
    command = [sys.executable, "-c", RUN, json.dumps(sys.path[:3]), instance_id, setting.key_arn]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    results = [json.loads(run.communicate(timeout=120)[0].splitlines()[-1]) for run in runs]
    loser, winner = sorted(results, key=lambda result: not result.get("failed"))
    assert not winner.get("failed"), winner
    assert "Another run works on" in loser["msg"]
    assert setting.root(instance_id)["Encrypted"]
    assert len(setting.snapshots()) == 1


def test_a_volume_that_aws_does_not_show_yet_is_not_created_twice(setting: Setting) -> None:
    """A run dies after CreateVolume, and the next one does not see the volume: the client token makes it the same."""
    instance_id = setting.launch()
    refused = {"match": {"operation": "CreateVolume"}, "code": "VolumeLimitExceeded", "status": 400}
    setting.cloud.faults({"kind": "error_before", **refused})
    assert setting.run(instance_id)["failed"]
    setting.cloud.realism(eventual_consistency=8.0)  # only now: the snapshots are there already
    setting.cloud.faults({"kind": "error_after", **refused})
    assert setting.run(instance_id)["failed"]
    setting.cloud.faults()
    assert not setting.run(instance_id).get("failed")
    asked = changes(setting.cloud.calls("ec2", "CreateVolume"))
    assert len(asked) == 3, "the last run has not seen the volume and asked again"
    volumes = setting.cloud.client("ec2").describe_volumes()["Volumes"]
    assert sorted((one["Encrypted"], one["Size"]) for one in volumes) == [(False, 4), (False, 12), (True, 12)]


def test_a_volume_deleted_by_hand_before_it_was_attached_is_made_anew(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance_id = setting.launch()
    refused = {"match": {"operation": "DetachVolume"}, "code": "IncorrectState", "status": 400}
    setting.cloud.faults({"kind": "error_before", **refused})
    assert "IncorrectState" in setting.run(instance_id)["msg"]
    setting.cloud.faults()
    ec2 = setting.cloud.client("ec2")
    (new,) = ec2.describe_volumes(Filters=[{"Name": "encrypted", "Values": ["true"]}])["Volumes"]
    ec2.delete_volume(VolumeId=new["VolumeId"])
    monkeypatch.setattr(encrypting, "UNSEEN", 3)
    result = setting.run(instance_id)
    assert not result.get("failed"), result
    assert any("in the place of one that has vanished" in action for action in result["instances"][0]["actions"])
    assert setting.root(instance_id)["Encrypted"]
    assert len(ec2.describe_volumes()["Volumes"]) == 3, "original, encrypted and data volume"
