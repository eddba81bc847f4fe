# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API waits for the hosts, and hears of what happens there.

The machine stands for the real hosts, which need root and take seconds; it does as it is told by the test.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from groundwork_local_cloud import host_sync
from groundwork_local_cloud.client import LocalCloud
from groundwork_local_cloud.cloud import cloud as this_cloud
from groundwork_local_cloud.host_sync import HostSync
from groundwork_local_cloud.server import Server
from groundwork_local_cloud.world import World


class Machine:
    """A HostController whose hosts boot when ``boots`` says so."""

    def __init__(self, guest_event: Callable[[str, str], None]) -> None:
        self.guest_event = guest_event
        self.worlds: list[World] = []
        self.boots = True
        self.broken: str | None = None
        self.stopped = False

    def start(self) -> None:
        self.worlds.append(World())

    def stop(self) -> None:
        self.stopped = True

    def reconcile(self, world: World) -> None:
        self.worlds.append(world)

    def _state(self, instance_id: str) -> str:
        instance = self.worlds[-1].instances.get(instance_id)
        return instance.state if instance else "unknown"

    def is_booted(self, instance_id: str) -> bool:
        return self.boots and not self.broken and self._state(instance_id) in ("pending", "running")

    def is_off(self, instance_id: str) -> bool:
        return self._state(instance_id) not in ("pending", "running")

    def has_volume(self, volume_id: str) -> bool:
        volume = self.worlds[-1].volumes.get(volume_id)
        return bool(volume and volume.instance_id)

    def has_interface(self, interface_id: str) -> bool:
        return self.boots

    def released_volume(self, volume_id: str) -> bool:
        return not self.has_volume(volume_id)

    def released_interface(self, interface_id: str) -> bool:
        return True

    def failure(self, instance_id: str) -> str | None:
        return self.broken

    def console(self, instance_id: str) -> str:
        return f"console of {instance_id}"

    def capture_snapshot(self, snapshot_id: str, volume_id: str) -> None:
        """Nothing is written here."""

    delete_snapshot = console


class Rig:
    """A cloud with a machine, and an instance to watch."""

    def __init__(self, cloud: LocalCloud, machine: Machine) -> None:
        self.cloud, self.machine = cloud, machine
        self.ec2 = cloud.client("ec2")

    def launch(self, **parameters: Any) -> str:
        image_id = self.ec2.describe_images(Owners=["amazon"], MaxResults=5)["Images"][0]["ImageId"]
        arguments = {"ImageId": image_id, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, **parameters}
        return str(self.ec2.run_instances(**arguments)["Instances"][0]["InstanceId"])

    def describe(self, instance_id: str) -> dict[str, Any]:
        found = self.ec2.describe_instances(InstanceIds=[instance_id])["Reservations"][0]["Instances"][0]
        return dict(found)

    def state(self, instance_id: str) -> str:
        return str(self.describe(instance_id)["State"]["Name"])

    def wait_for(self, instance_id: str, state: str) -> None:
        deadline = time.monotonic() + 20
        while self.state(instance_id) != state:
            assert time.monotonic() < deadline, f"{instance_id} is {self.state(instance_id)} and not {state}"
            time.sleep(0.02)


@pytest.fixture
def rig(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    monkeypatch.setattr(host_sync, "RECONCILE_AGAIN", 0.05)
    monkeypatch.setattr(this_cloud, "changed", this_cloud.changed)
    machines: list[Machine] = []

    def make(guest_event: Callable[[str, str], None]) -> Any:
        machines.append(Machine(guest_event))
        return machines[0]

    with Server(hosts=HostSync(this_cloud, make)) as server:
        yield Rig(LocalCloud(server.endpoint), machines[0])
    assert machines[0].stopped
    assert this_cloud.hosts is None


def test_an_instance_is_pending_until_its_host_has_booted(rig: Rig) -> None:
    rig.machine.boots = False
    instance_id = rig.launch()
    time.sleep(0.3)
    assert rig.state(instance_id) == "pending"
    rig.machine.boots = True
    rig.wait_for(instance_id, "running")


def test_the_machine_is_given_the_picture_after_every_change(rig: Rig) -> None:
    instance_id = rig.launch()
    rig.wait_for(instance_id, "running")
    rig.ec2.terminate_instances(InstanceIds=[instance_id])
    rig.wait_for(instance_id, "terminated")
    states = [world.instances[instance_id].state for world in rig.machine.worlds if instance_id in world.instances]
    assert states[0] == "pending"
    assert "shutting-down" in states


def test_a_host_that_cannot_be_started_ends_the_launch(rig: Rig) -> None:
    rig.machine.broken = "the route 10.0.0.0/8 of this machine is in the way"
    instance_id = rig.launch()
    rig.wait_for(instance_id, "terminated")
    reason = rig.describe(instance_id)["StateReason"]
    assert reason["Code"] == "Server.InternalError"
    assert "the route 10.0.0.0/8 of this machine is in the way" in reason["Message"]


@pytest.mark.parametrize(("behavior", "state"), [("stop", "stopped"), ("terminate", "terminated")])
def test_a_guest_that_shuts_itself_down(rig: Rig, behavior: str, state: str) -> None:
    instance_id = rig.launch(InstanceInitiatedShutdownBehavior=behavior)
    rig.wait_for(instance_id, "running")
    rig.machine.guest_event(instance_id, "poweroff")
    rig.wait_for(instance_id, state)
    assert rig.describe(instance_id)["StateReason"]["Code"] == "Client.InstanceInitiatedShutdown"


def test_a_volume_is_attaching_until_the_host_has_it(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    instance_id = rig.launch()
    rig.wait_for(instance_id, "running")
    zone = rig.describe(instance_id)["Placement"]["AvailabilityZone"]
    volume_id = rig.ec2.create_volume(AvailabilityZone=zone, Size=1)["VolumeId"]
    rig.ec2.describe_volumes()
    gate = this_cloud.transitions.gates["volume.attaching"]
    monkeypatch.setitem(this_cloud.transitions.gates, "volume.attaching", lambda _volume_id: False)
    rig.ec2.attach_volume(VolumeId=volume_id, InstanceId=instance_id, Device="/dev/sdf")
    assert _attachment(rig, volume_id) == "attaching"
    monkeypatch.setitem(this_cloud.transitions.gates, "volume.attaching", gate)
    deadline = time.monotonic() + 20
    while _attachment(rig, volume_id) != "attached":
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_hosts_are_described_by_the_control_api(rig: Rig) -> None:
    instance_id = rig.launch(PrivateIpAddress="172.31.0.77", SubnetId=_default_subnet(rig))
    rig.wait_for(instance_id, "running")
    assert rig.cloud.control("GET", "/hosts")[instance_id] == {
        "booted": True,
        "address": "172.31.0.77",
        "failure": None,
        "console": f"console of {instance_id}",
    }


def test_a_machine_that_fails_once_is_asked_again(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    reconcile = rig.machine.reconcile
    failures = iter([True])

    def fail_once(world: World) -> None:
        if world.instances and next(failures, False):
            raise OSError("no loop device is free")
        reconcile(world)

    monkeypatch.setattr(rig.machine, "reconcile", fail_once)
    rig.wait_for(rig.launch(), "running")


def _attachment(rig: Rig, volume_id: str) -> str:
    return str(rig.ec2.describe_volumes(VolumeIds=[volume_id])["Volumes"][0]["Attachments"][0]["State"])


def _default_subnet(rig: Rig) -> str:
    subnets = rig.ec2.describe_subnets(Filters=[{"Name": "cidr-block", "Values": ["172.31.0.0/20"]}])["Subnets"]
    return str(subnets[0]["SubnetId"])
