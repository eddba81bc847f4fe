# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ec2_root_encryption is broken at every call, before and after its effect, on each of its three ways."""

from __future__ import annotations

import itertools
import re
import typing as t

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils._core.pace import Pace
from ansible_collections.groundwork.aws.plugins.module_utils._root_encryption import locking
from ansible_collections.groundwork.aws.plugins.module_utils._root_encryption.fleet import Fleet
from groundwork_local_cloud.client import LocalCloud
from support.modules import Result, changes, run_module

from crash.sweep import MOST_CALLS, Scenario, broken_from, clean_run

AMAZON_LINUX = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
TIMES = re.compile(r"(started|stopped|downtime|key)=[0-9a-f-]+")


class Start(t.NamedTuple):
    """The starting point of a run."""

    cloud: LocalCloud
    instance_id: str
    original_id: str
    key_arn: str


def launch(cloud: LocalCloud) -> Start:
    """An instance whose root is not encrypted, and a key."""
    ec2 = cloud.client("ec2")
    image_id = cloud.client("ssm").get_parameter(Name=AMAZON_LINUX)["Parameter"]["Value"]
    tags = [{"ResourceType": "volume", "Tags": [{"Key": "Name", "Value": "web"}]}]
    asked = {"ImageId": image_id, "InstanceType": "t3.micro", "TagSpecifications": tags}
    instance_id = ec2.run_instances(MinCount=1, MaxCount=1, **asked)["Instances"][0]["InstanceId"]
    ec2.get_waiter("instance_running").wait(InstanceIds=[instance_id], WaiterConfig={"Delay": 1})
    volume_id = ec2.describe_volumes()["Volumes"][0]["VolumeId"]
    return Start(cloud, instance_id, volume_id, cloud.client("kms").create_key()["KeyMetadata"]["Arn"])


def encrypt(start: Start, **options: t.Any) -> Result:
    return run_module("ec2_root_encryption", instance_id=start.instance_id, kms_key_id=start.key_arn, **options)


def roll_back(start: Start) -> Result:
    return run_module("ec2_root_encryption", instance_id=start.instance_id, state="rolled_back")


def clean(start: Start) -> Result:
    return run_module("ec2_root_encryption", instance_id=start.instance_id, state="cleaned")


def launch_and_encrypt(cloud: LocalCloud) -> Start:
    start = launch(cloud)
    assert not encrypt(start).get("failed")
    return start


def observe(cloud: LocalCloud) -> t.Any:
    """Instances, volumes and snapshots, without what differs from run to run: ids are numbered in order of creation."""
    ec2 = cloud.client("ec2")
    instances = [one for reservation in ec2.describe_instances()["Reservations"] for one in reservation["Instances"]]
    volumes = sorted(ec2.describe_volumes()["Volumes"], key=lambda one: (one["Encrypted"], one["CreateTime"]))
    snapshots = ec2.describe_snapshots(Filters=[{"Name": "tag-key", "Values": ["groundwork:root-encryption"]}])[
        "Snapshots"
    ]
    names = {one["InstanceId"]: "instance" for one in instances}
    names |= {one["VolumeId"]: f"volume {number}" for number, one in enumerate(volumes)}
    names |= {one["SnapshotId"]: "snapshot" for one in snapshots}
    keys = ("Encrypted", "Size", "VolumeType", "Iops", "State", "SnapshotId", "KmsKeyId")

    def named(value: object) -> str:
        text = TIMES.sub(r"\1=n", str(value))
        for id_, name in names.items():
            text = text.replace(id_, name)
        return re.sub(r"\b(snap|key)[-/][0-9a-f-]+", r"\1", text)

    def tags(one: dict[str, t.Any]) -> list[str]:
        return sorted(f"{tag['Key']}={named(tag['Value'])}" for tag in one.get("Tags", []))

    def mappings(one: dict[str, t.Any]) -> list[str]:
        found = [
            (m["DeviceName"], m["Ebs"]["VolumeId"], m["Ebs"]["DeleteOnTermination"]) for m in one["BlockDeviceMappings"]
        ]
        return [named(mapping) for mapping in found]

    return {
        "instances": [(one["State"]["Name"], mappings(one), tags(one)) for one in instances],
        "volumes": [([named(one.get(key)) for key in keys], tags(one)) for one in volumes],
        "snapshots": [(one["State"], one["Encrypted"], named(one["VolumeId"]), tags(one)) for one in snapshots],
    }


def assert_original_is_safe(start: Start) -> None:
    """However far a run has come: the original is there, and the instance has at most one root."""
    ec2 = start.cloud.client("ec2")
    volumes = ec2.describe_volumes()["Volumes"]
    assert start.original_id in [one["VolumeId"] for one in volumes]
    assert sum(bool(one["Attachments"]) for one in volumes) <= 1


WAYS = {
    "encrypted": Scenario(launch, encrypt, observe),
    "rolled_back": Scenario(launch_and_encrypt, roll_back, observe),
    "cleaned": Scenario(launch_and_encrypt, clean, observe),
}


def calls_of(cloud: LocalCloud, scenario: Scenario) -> list[str]:
    """The operations of a run that goes well, in order."""
    cloud.reset()
    start = scenario.prepare(cloud)
    seen = len(cloud.calls())
    assert not scenario.act(start).get("failed")
    return [call["operation"] for call in cloud.calls()[seen:]]


def break_and_finish(cloud: LocalCloud, scenario: Scenario, call: int, *, after_effect: bool) -> t.Any:
    """Lose the connection at ``call``, run again, and run a third time, which has to change nothing."""
    cloud.reset()
    start = scenario.prepare(cloud)
    cloud.faults(*broken_from(call, after_effect=after_effect))
    broken = scenario.act(start)
    cloud.faults()
    assert broken["failed"]
    if scenario.act is not clean:
        assert_original_is_safe(start)
    again = scenario.act(start)
    assert not again.get("failed"), again["msg"]
    left = scenario.observe(cloud)
    seen = len(cloud.calls())
    assert not scenario.act(start)["changed"]
    assert changes(cloud.calls()[seen:]) == []
    return left


@pytest.fixture
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    # botocore would make up for a cut connection by itself; here the whole process is to fail, as if it had died.
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setattr(locking, "SETTLE", 0.0)  # no second run is there to give way to
    monkeypatch.setattr(Fleet, "pace", Pace(first_delay=0.02))


def breaks_of(operations: list[str]) -> t.Iterator[tuple[int, bool]]:
    """Every point where a break can leave something else behind: the number of a call, and whether after its effect.

    Before and after every call that changes something; and of the calls that read, between which nothing happens, the
    first of each kind.
    """
    for number, operation in enumerate(operations, 1):
        if changes([{"operation": operation}]):
            yield from ((number, False), (number, True))
        elif operation not in operations[: number - 1]:
            yield number, False


@pytest.mark.usefixtures("_hasty")
@pytest.mark.parametrize("name", WAYS)
def test_survives_a_break_at_every_change(cloud: LocalCloud, name: str) -> None:
    scenario = WAYS[name]
    wanted = clean_run(cloud, scenario)
    operations = calls_of(cloud, scenario)
    assert len(operations) < MOST_CALLS
    survived = 0
    for number, after_effect in breaks_of(operations):
        left = break_and_finish(cloud, scenario, number, after_effect=after_effect)
        assert left == wanted, f"{operations[number - 1]}, call {number}, after its effect: {after_effect}"
        survived += 1
    assert survived > 2 * len(changes([{"operation": operation} for operation in operations]))


@pytest.mark.usefixtures("_hasty")
def test_survives_a_break_around_the_copy(cloud: LocalCloud) -> None:
    scenario = Scenario(launch, lambda start: encrypt(start, copy_snapshot=True), observe)
    wanted = clean_run(cloud, scenario)
    number = calls_of(cloud, scenario).index("CopySnapshot") + 1
    for after_effect in (False, True):
        assert break_and_finish(cloud, scenario, number, after_effect=after_effect) == wanted


@pytest.mark.usefixtures("_hasty")
@pytest.mark.parametrize("operation", ["CreateSnapshot", "CreateVolume", "AttachVolume", "StartInstances"])
def test_goes_back_from_wherever_it_broke(cloud: LocalCloud, operation: str) -> None:
    launch(cloud)
    untouched = observe(cloud)
    operations = calls_of(cloud, WAYS["encrypted"])
    at = [number for number, one in enumerate(operations, 1) if one == operation]
    for number, after_effect in itertools.product(at, (False, True)):
        cloud.reset()
        start = launch(cloud)
        cloud.faults(*broken_from(number, after_effect=after_effect))
        assert encrypt(start)["failed"]
        cloud.faults()
        result = roll_back(start)
        assert not result.get("failed"), result["msg"]
        assert observe(cloud) == untouched
