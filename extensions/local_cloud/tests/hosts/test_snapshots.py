# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snapshots of volumes in use, and hosts made from them."""

from __future__ import annotations

import pytest
from groundwork_local_cloud.hosts.shell import run
from groundwork_local_cloud.world import Snapshot
from machine_room import MachineRoom

pytestmark = pytest.mark.hosts

COUNT_RUNS = "#!/bin/sh\nhostname >> /root/runs\n"


def test_host_from_a_snapshot_of_a_running_root_volume_has_its_files_and_its_own_identity(room: MachineRoom) -> None:
    original = room.run(COUNT_RUNS)
    room.output(original, "cloud-init status --wait; echo kept > marker")
    room.hosts.capture_snapshot("snap-1", room.root_volume(original))
    room.put(Snapshot("snap-1", room.root_volume(original)))
    room.output(original, "echo later > marker")
    copy = room.run(COUNT_RUNS, snapshot_id="snap-1", image_id=None)
    room.output(copy, "cloud-init status --wait")
    assert room.output(copy, "cat marker") == "kept"
    names = [room.world.instances[each].private_dns_name.partition(".")[0] for each in (original, copy)]
    assert room.output(copy, "sudo cat /root/runs").split() == names, "user data runs once for each instance"
    assert room.output(copy, "hostname") == names[1]
    key = "cat /etc/ssh/ssh_host_ed25519_key.pub"
    assert room.output(copy, key) != room.output(original, key)


def test_snapshot_of_a_volume_that_is_written_to_is_of_one_moment(room: MachineRoom) -> None:
    instance, volume = room.run(), room.volume()
    room.attach(volume, instance)
    room.wait(lambda: room.hosts.has_volume(volume))
    room.output(instance, "sudo mkfs.ext4 -q /dev/sdf && sudo mount /dev/sdf /mnt")
    write = "while :; do for n in $(seq 50); do echo $n > /mnt/$n; done; rm /mnt/*[0-9]; done"
    room.output(instance, f"sudo systemd-run --unit=writer sh -c '{write}'")
    room.hosts.capture_snapshot("snap-1", volume)
    image = room.state_dir / "volumes" / "snap-1.img"
    run("e2fsck", "-f", "-n", str(image))
    assert "needs_recovery" not in run("dumpe2fs", "-h", str(image)), "the copy was made while the file system changed"
    assert room.output(instance, "systemctl is-active writer") == "active", "the writer goes on"
