# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a host: launch, reboot, stop, start, power off, crash, terminate."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest
from groundwork_local_cloud.hosts import loops
from groundwork_local_cloud.hosts.cgroups import Group, hierarchies
from groundwork_local_cloud.hosts.mounts import mounts_below
from groundwork_local_cloud.hosts.shell import run
from machine_room import MachineRoom

pytestmark = pytest.mark.hosts

COUNT_RUNS = "#!/bin/sh\nid -u >> /root/runs\n"


def test_launched_instance_is_a_debian_host_with_the_key_pair_and_name_of_its_launch(room: MachineRoom) -> None:
    instance = room.run()
    assert room.output(instance, "whoami") == "admin"
    assert room.output(instance, "sudo id -u") == "0"
    assert room.output(instance, "hostname -f") == room.world.instances[instance].private_dns_name
    assert room.output(instance, "findmnt -n -o FSTYPE /; systemctl is-system-running --wait").split() == [
        "overlay",
        "running",
    ]
    assert "Debian GNU/Linux 12" in room.hosts.console(instance)


def test_root_and_passwords_are_refused(room: MachineRoom) -> None:
    instance = room.run()
    # The answer comes at once, but sshd keeps the connection for another 10 s.
    with pytest.raises(subprocess.TimeoutExpired) as refused:
        room.ssh(instance, "id", user="root", timeout=5)
    assert b'Please login as the user "admin"' in (refused.value.stdout or b"")
    assert "passwordauthentication no" in room.output(instance, "sudo sshd -T")


def test_user_data_runs_once_as_root(room: MachineRoom) -> None:
    instance = room.run(COUNT_RUNS)
    room.output(instance, "cloud-init status --wait")
    assert room.output(instance, "sudo cat /root/runs") == "0"
    before = room.boot_mark(instance)
    room.ssh(instance, "sudo systemctl reboot")
    room.wait(lambda: room.boot_mark(instance) not in ("", before))
    room.output(instance, "cloud-init status --wait")
    assert room.output(instance, "sudo cat /root/runs") == "0", "user data ran again at the second boot"
    assert room.hosts.is_booted(instance)
    assert not room.events


def test_reboot_through_the_api_boots_the_host_again(room: MachineRoom) -> None:
    instance = room.run()
    before = room.boot_mark(instance)
    room.change(instance, boot_id=1)
    room.wait(lambda: room.boot_mark(instance) not in ("", before))
    room.hosts.reconcile(room.world)
    time.sleep(1)
    after = room.boot_mark(instance)
    assert after == room.boot_mark(instance) != before, "it boots once for one request"


def test_stopped_host_is_off_and_comes_back_with_its_files(room: MachineRoom) -> None:
    instance = room.run()
    room.output(instance, "echo kept > marker; sync")
    room.stop(instance)
    assert not _left_of(room, instance)
    assert room.ssh(instance, "true").returncode == 255
    room.start(instance)
    assert room.output(instance, "cat marker") == "kept"


def test_stop_lets_services_end(room: MachineRoom) -> None:
    instance = room.run()
    stop = "-p RemainAfterExit=yes -p ExecStop='/bin/sh -c \"echo done > /root/stopped\"'"
    room.output(instance, f"sudo systemd-run --unit=ends {stop} /bin/true")
    room.stop(instance)
    room.start(instance)
    assert room.output(instance, "sudo cat /root/stopped") == "done"


def test_terminated_host_leaves_nothing(room: MachineRoom) -> None:
    instance = room.run()
    assert _left_of(room, instance), "the test sees what a running host has"
    begin = time.monotonic()
    room.terminate(instance)
    took = time.monotonic() - begin
    room.wait(lambda: not list(room.state_dir.glob("volumes/*")))
    assert not _left_of(room, instance)
    assert not (room.state_dir / "hosts" / instance).exists()
    assert took < 5


def test_poweroff_in_the_guest_is_told_to_the_api(room: MachineRoom) -> None:
    instance = room.run()
    room.ssh(instance, "sudo poweroff")
    room.wait(lambda: room.events == [(instance, "poweroff")])
    assert not room.hosts.is_booted(instance)
    room.change(instance, state="stopping")
    room.wait(lambda: room.hosts.is_off(instance))
    assert not _left_of(room, instance)


def test_crashed_host_stays_down_until_it_is_rebooted(room: MachineRoom) -> None:
    instance = room.run()
    room.output(instance, "echo kept > marker; sync")
    os.kill(_process_1(room, instance), signal.SIGKILL)
    room.wait(lambda: not room.hosts.is_booted(instance))
    time.sleep(0.5)
    room.hosts.reconcile(room.world)
    assert not room.hosts.is_booted(instance)
    assert not room.events, "a crash is not a shutdown: the instance stays running on EC2"
    room.change(instance, boot_id=1)
    room.wait(lambda: room.hosts.is_booted(instance))
    room.await_ssh(instance)
    assert room.output(instance, "cat marker") == "kept"


def test_host_that_does_not_react_is_switched_off(room: MachineRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groundwork_local_cloud.hosts.controller.STOP_GRACE", 1.0)
    instance = room.run()
    os.kill(_process_1(room, instance), signal.SIGSTOP)
    room.stop(instance)
    assert not _left_of(room, instance)


def test_memory_is_that_of_the_instance_type(room: MachineRoom) -> None:
    instance = room.run(instance_type="t3.nano")
    allocate = "python3 -c 'print(len(bytearray({} * 2**20)))'"
    assert room.ssh(instance, allocate.format(200)).returncode == 0
    killed = room.ssh(instance, allocate.format(700))
    assert killed.returncode != 0, "a t3.nano has 512 MiB"
    assert room.output(instance, "echo alive") == "alive"


def test_guest_cannot_reach_disks_that_are_not_attached_to_it(room: MachineRoom) -> None:
    if not any(hierarchy.version == 1 and "devices" in hierarchy.controllers for hierarchy in hierarchies()):
        pytest.skip("cgroup v2 restricts devices by BPF programs only")
    instance, volume = room.run(), room.volume()
    room.hosts.reconcile(room.world)
    device = loops.attach(room.state_dir / "volumes" / f"{volume}.img")
    number = device.stat().st_rdev
    read = f"sudo mknod /root/disk b {os.major(number)} {os.minor(number)}; sudo head -c 1 /root/disk"
    assert "Operation not permitted" in room.ssh(instance, read).stderr
    loops.detach(device)


def test_guest_may_set_network_sysctls_but_not_those_of_the_machine(room: MachineRoom) -> None:
    instance = room.run()
    assert room.output(instance, "sudo sysctl -w net.ipv4.tcp_keepalive_time=77") == "net.ipv4.tcp_keepalive_time = 77"
    assert Path("/proc/sys/net/ipv4/tcp_keepalive_time").read_text().strip() != "77"
    assert room.ssh(instance, "sudo sysctl -w vm.swappiness=7").returncode != 0


def test_several_launches_at_once_all_come_up(room: MachineRoom) -> None:
    instances = [room.launch() for _ in range(3)]
    room.wait(lambda: all(map(room.hosts.is_booted, instances)))
    for instance in instances:
        room.await_ssh(instance)
    assert len({room.output(instance, "cat /etc/machine-id") for instance in instances}) == 3
    assert len({room.output(instance, "cat /etc/ssh/ssh_host_ed25519_key.pub") for instance in instances}) == 3


def test_instance_without_root_volume_fails_with_the_reason(room: MachineRoom) -> None:
    instance = room.launch()
    room.remove("volumes", lambda volume: volume.instance_id == instance)
    room.wait(lambda: room.hosts.failure(instance) is not None)
    assert f"no volume is attached to {instance} as /dev/xvda" in str(room.hosts.failure(instance))
    assert room.hosts.is_off(instance)


def test_empty_root_volume_fails_with_the_reason(room: MachineRoom) -> None:
    instance = room.launch(image_id=None)
    room.wait(lambda: room.hosts.failure(instance) is not None)
    assert "root volume is empty" in str(room.hosts.failure(instance))
    assert not _left_of(room, instance)


def test_vpc_without_network_fails_with_the_reason(room: MachineRoom) -> None:
    instance = room.launch()
    part = f"{room.address(instance)}/32"
    route = ("unreachable", part)
    run("ip", "route", "add", *route)
    try:
        room.wait(lambda: room.hosts.failure(instance) is not None)
    finally:
        run("ip", "route", "delete", *route)
    assert "vpc-1 has no network on this machine" in str(room.hosts.failure(instance))
    assert part.removesuffix("/32") in str(room.hosts.failure(instance))


def _process_1(room: MachineRoom, instance: str) -> int:
    for process in Group(f"gw{room.slot}/{instance}").members():
        with suppress(FileNotFoundError):  # one that has just ended
            status = Path(f"/proc/{process}/status").read_text()
            if any(line.split()[2:] == ["1"] for line in status.splitlines() if line.startswith("NSpid:")):
                return process
    raise AssertionError("the host does not run")


def _left_of(room: MachineRoom, instance: str) -> list[object]:
    """What a host holds on this machine: processes, mounts, loop devices, cgroups."""
    directory = room.state_dir / "hosts" / instance
    return [
        *Group(f"gw{room.slot}/{instance}").members(),
        *mounts_below(directory),
        *(file for file in loops.backing_files().values() if file.is_relative_to(room.state_dir)),
        *Path("/sys/fs/cgroup").glob(f"**/gw{room.slot}/{instance}"),
    ]
