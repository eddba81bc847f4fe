# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small cloud without its API: a world that tests edit, the controller that follows it, and SSH to the hosts."""

from __future__ import annotations

import itertools
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

from groundwork_local_cloud.hosts.controller import HostController
from groundwork_local_cloud.world import (
    AclEntry,
    Instance,
    Interface,
    MetadataOptions,
    Route,
    Rule,
    SecurityGroup,
    Snapshot,
    Subnet,
    Volume,
    Vpc,
    World,
)

RECONCILE_INTERVAL = 0.1  # seconds
OPEN = Rule("-1", None, None, ("0.0.0.0/0",))
ALLOW_ALL = tuple(AclEntry(100, egress, True, "-1", None, None, "0.0.0.0/0") for egress in (False, True))
Completed: TypeAlias = subprocess.CompletedProcess[str]
SSH = (
    "ssh",
    "-o", "StrictHostKeyChecking=no",
    "-o", "UserKnownHostsFile=/dev/null",
    "-o", "LogLevel=ERROR",
    "-o", "ConnectTimeout=1",
    "-o", "BatchMode=yes",
)  # fmt: skip


class MachineRoom:
    """``world`` is replaced as a whole at every change, as the API does."""

    def __init__(self, slot: int, state_dir: Path, image_dir: Path, key: Path) -> None:
        self.slot = slot
        self.state_dir = state_dir
        self.key = key
        self.events: list[tuple[str, str]] = []
        self.hosts = HostController(slot, state_dir, image_dir, lambda *event: self.events.append(event))
        self._numbers = itertools.count(4)
        self._network = f"10.213.{slot}"  # no two slots may have the same: both are routed on this machine
        cidr = f"{self._network}.0/24"
        self.world = World(
            vpcs={"vpc-1": Vpc("vpc-1", "us-east-1", (cidr,))},
            subnets={
                "subnet-1": Subnet("subnet-1", "vpc-1", cidr, "us-east-1a", ALLOW_ALL, (Route(cidr, "local"),)),
            },
            groups={"sg-1": SecurityGroup("sg-1", "vpc-1", (OPEN,), (OPEN,))},
        )

    def launch(self, user_data: str = "", instance_type: str = "t3.small", size: int = 2, **options: Any) -> str:
        """RunInstances. Returns the id; ``options`` are further fields of the root volume."""
        number = next(self._numbers)
        address, instance_id = f"{self._network}.{number}", f"i-{number:017x}"
        instance = Instance(
            id=instance_id,
            region="us-east-1",
            state="pending",
            image_id="ami-1",
            instance_type=instance_type,
            availability_zone="us-east-1a",
            private_dns_name=f"ip-{address.replace('.', '-')}.ec2.internal",
            root_device="/dev/xvda",
            launch_index=0,
            boot_id=0,
            user_data=user_data.encode(),
            key_name="key",
            public_key=self.key.with_suffix(".pub").read_text(),
            login_user="admin",
            tags=(),
            metadata=MetadataOptions(tokens_required=True),
            role_name=None,
            instance_profile_arn=None,
        )
        interface = Interface(
            id=f"eni-{number:017x}",
            mac=f"02:00:00:00:00:{number:02x}",
            vpc_id="vpc-1",
            subnet_id="subnet-1",
            private_ips=(address,),
            public_ips=(),
            group_ids=("sg-1",),
            source_dest_check=True,
            instance_id=instance_id,
            device_index=0,
        )
        self.put(instance, interface)
        self.volume(instance_id=instance_id, device="/dev/xvda", size=size, **{"image_id": "ami-1", **options})
        return instance_id

    def volume(self, size: int = 1, **fields: Any) -> str:
        """CreateVolume. Returns the id."""
        volume_id = f"vol-{next(self._numbers):017x}"
        self.put(
            Volume(
                **{"id": volume_id, "snapshot_id": None, "image_id": None, "encrypted": False, "size": size, **fields}
            )
        )
        return volume_id

    def root_volume(self, instance_id: str) -> str:
        volumes = self.world.volumes.values()
        return next(one.id for one in volumes if one.instance_id == instance_id and one.device == "/dev/xvda")

    def attach(self, volume_id: str, instance_id: str, device: str = "/dev/sdf") -> None:
        self.put(replace(self.world.volumes[volume_id], instance_id=instance_id, device=device))

    def detach(self, volume_id: str) -> None:
        self.put(replace(self.world.volumes[volume_id], instance_id=None, device=None))

    def change(self, instance_id: str, **fields: Any) -> None:
        """Change fields of an instance: its state, say."""
        self.put(replace(self.world.instances[instance_id], **fields))

    def terminate(self, instance_id: str) -> None:
        """TerminateInstances: its primary interface and its root volume go with it."""
        self.change(instance_id, state="shutting-down")
        self.wait(lambda: self.hosts.is_off(instance_id))
        self.change(instance_id, state="terminated")
        self.remove("interfaces", lambda one: one.instance_id == instance_id)
        self.remove("volumes", lambda one: one.instance_id == instance_id and one.device == "/dev/xvda")

    def put(self, *things: Instance | Interface | Volume | Snapshot) -> None:
        """Add or replace things of the world."""
        for thing in things:
            kind = {Instance: "instances", Interface: "interfaces", Volume: "volumes", Snapshot: "snapshots"}[
                type(thing)
            ]
            self.world = replace(self.world, **{kind: {**getattr(self.world, kind), thing.id: thing}})

    def remove(self, kind: str, match: Callable[[Any], bool]) -> None:
        kept = {key: one for key, one in getattr(self.world, kind).items() if not match(one)}
        self.world = replace(self.world, **{kind: kept})

    def wait(self, condition: Callable[[], bool], timeout: float = 30) -> float:
        """Let the controller work until ``condition`` holds. Returns the seconds that took."""
        begin = time.monotonic()
        while True:
            self.hosts.reconcile(self.world)
            if condition():
                return time.monotonic() - begin
            assert time.monotonic() < begin + timeout, f"not after {timeout} s; {self.complaints()}"
            time.sleep(RECONCILE_INTERVAL)

    def run(self, user_data: str = "", **options: Any) -> str:
        """Launch an instance and wait until it is running and answers."""
        instance_id = self.launch(user_data, **options)
        self.wait(lambda: self.hosts.is_booted(instance_id))
        self.change(instance_id, state="running")
        self.await_ssh(instance_id)
        return instance_id

    def stop(self, instance_id: str) -> None:
        """StopInstances, and wait."""
        self.change(instance_id, state="stopping")
        self.wait(lambda: self.hosts.is_off(instance_id))
        self.change(instance_id, state="stopped")

    def start(self, instance_id: str) -> None:
        """StartInstances, and wait until it answers."""
        self.change(instance_id, state="pending")
        self.wait(lambda: self.hosts.is_booted(instance_id))
        self.change(instance_id, state="running")
        self.await_ssh(instance_id)

    def address(self, instance_id: str) -> str:
        return next(one.private_ips[0] for one in self.world.interfaces.values() if one.instance_id == instance_id)

    def await_ssh(self, instance_id: str, timeout: float = 30) -> float:
        """Wait until a command runs in the host. Returns the seconds that took."""
        return self.wait(lambda: self.ssh(instance_id, "true").returncode == 0, timeout)

    def ssh(self, instance_id: str, command: str, user: str = "admin", timeout: float = 60) -> Completed:
        target = f"{user}@{self.address(instance_id)}"
        call = (*SSH, "-i", str(self.key), target, command)
        return subprocess.run(call, capture_output=True, text=True, timeout=timeout, check=False)

    def output(self, instance_id: str, command: str) -> str:
        """What a command that must succeed writes."""
        done = self.ssh(instance_id, command)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout.strip()

    def boot_mark(self, instance_id: str) -> str:
        """Text that is another one after every boot of the host; empty while it does not answer."""
        return self.ssh(instance_id, "systemctl show -P UserspaceTimestampMonotonic").stdout.strip()

    def complaints(self) -> str:
        failures = {name: self.hosts.failure(name) for name in self.world.instances}
        consoles = [self.hosts.console(name)[-1000:] for name in self.world.instances]
        return f"failures: {failures}\n" + "\n".join(consoles)
