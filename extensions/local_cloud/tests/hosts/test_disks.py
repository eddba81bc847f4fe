# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Data volumes of running hosts: attach, detach, names, growth."""

from __future__ import annotations

from dataclasses import replace

import pytest
from machine_room import MachineRoom

pytestmark = pytest.mark.hosts


def test_volume_moves_from_host_to_host_with_its_data(room: MachineRoom) -> None:
    first, second = room.run(), room.run()
    volume = room.volume()
    room.attach(volume, first)
    took = room.wait(lambda: room.hosts.has_volume(volume))
    assert took < 2
    room.output(first, "sudo mkfs.xfs -q /dev/sdf && sudo mount /dev/xvdf /mnt && echo kept | sudo tee /mnt/marker")
    room.output(first, "sudo umount /mnt")
    room.detach(volume)
    room.wait(lambda: room.hosts.released_volume(volume))
    assert room.ssh(first, "test -e /dev/nvme1n1 -o -e /dev/sdf -o -e /dev/xvdf").returncode == 1
    room.attach(volume, second, "/dev/xvdba")
    room.wait(lambda: room.hosts.has_volume(volume))
    room.output(second, "sudo mount /dev/sdba /mnt")
    assert room.output(second, "cat /mnt/marker") == "kept"


def test_device_has_the_names_it_has_on_ec2(room: MachineRoom) -> None:
    instance, volume = room.run(), room.volume()
    room.attach(volume, instance, "/dev/sdf")
    room.wait(lambda: room.hosts.has_volume(volume))
    by_id = f"/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_{volume.replace('-', '')}"
    for name in ("/dev/sdf", "/dev/xvdf", by_id):
        assert room.output(instance, f"readlink -f {name}") == "/dev/nvme1n1"
    assert room.output(instance, "stat -c '%F %a %U:%G' /dev/nvme1n1") == "block special file 660 root:disk"
    assert room.output(instance, "sudo blockdev --getsize64 /dev/sdf") == str(2**30)


def test_mounted_volume_is_not_released_until_it_is_unmounted(room: MachineRoom) -> None:
    instance, volume = room.run(), room.volume()
    room.attach(volume, instance)
    room.wait(lambda: room.hosts.has_volume(volume))
    room.output(instance, "sudo mkfs.ext4 -q /dev/sdf && sudo mount /dev/sdf /mnt")
    room.detach(volume)
    for _ in range(3):
        room.hosts.reconcile(room.world)
        assert not room.hosts.released_volume(volume)
    room.output(instance, "echo still there | sudo tee /mnt/marker; sudo umount /mnt")
    room.wait(lambda: room.hosts.released_volume(volume))


def test_volume_is_back_and_mounted_after_a_reboot(room: MachineRoom) -> None:
    instance, volume = room.run(), room.volume()
    room.attach(volume, instance)
    room.wait(lambda: room.hosts.has_volume(volume))
    fstab = 'echo "UUID=$(sudo blkid -s UUID -o value /dev/sdf) /srv ext4 defaults 0 2" | sudo tee -a /etc/fstab'
    room.output(
        instance, f"sudo mkfs.ext4 -q /dev/sdf && {fstab} && sudo mount /srv && echo kept | sudo tee /srv/marker"
    )
    before = room.boot_mark(instance)
    room.ssh(instance, "sudo systemctl reboot")
    room.wait(lambda: room.boot_mark(instance) not in ("", before))
    assert room.output(instance, "cat /srv/marker") == "kept"
    assert room.output(instance, "readlink -f /dev/xvdf") == "/dev/nvme1n1"
    by_uuid = "readlink -f /dev/disk/by-uuid/$(sudo blkid -s UUID -o value /dev/sdf)"
    assert room.output(instance, by_uuid) == "/dev/nvme1n1"


def test_volume_attached_while_stopped_is_there_at_the_next_start(room: MachineRoom) -> None:
    instance, volume = room.run(), room.volume()
    room.stop(instance)
    room.attach(volume, instance, "/dev/sdg")
    room.wait(lambda: room.hosts.has_volume(volume))
    room.start(instance)
    assert room.output(instance, "sudo blockdev --getsize64 /dev/xvdg") == str(2**30)


def test_growth_is_seen_by_the_running_host(room: MachineRoom) -> None:
    instance, volume = room.run(), room.volume(size=1)
    room.attach(volume, instance)
    room.wait(lambda: room.hosts.has_volume(volume))
    room.output(instance, "sudo mkfs.xfs -q /dev/sdf && sudo mount /dev/sdf /mnt")
    room.put(replace(room.world.volumes[volume], size=3))
    room.hosts.reconcile(room.world)
    assert room.output(instance, "sudo blockdev --getsize64 /dev/sdf") == str(3 * 2**30)
    room.output(instance, "sudo xfs_growfs /mnt")
    assert int(room.output(instance, "df --output=size -k /mnt | tail -1")) > 2.5 * 2**20


def test_grown_root_volume_is_used_after_the_next_start(room: MachineRoom) -> None:
    instance = room.run(size=2)
    room.output(instance, "echo kept > marker; sync")
    room.stop(instance)
    room.put(replace(room.world.volumes[room.root_volume(instance)], size=5))
    room.start(instance)
    assert room.output(instance, "cat marker") == "kept"
    assert int(room.output(instance, "df --output=size -k / | tail -1")) > 4.5 * 2**20


def test_more_volumes_than_a_machine_has_loop_devices_at_first(room: MachineRoom) -> None:
    instance = room.run()
    volumes = [room.volume() for _ in range(11)]
    for letter, volume in zip("fghijklmnop", volumes, strict=True):
        room.attach(volume, instance, f"/dev/sd{letter}")
    room.wait(lambda: all(map(room.hosts.has_volume, volumes)))
    assert room.output(instance, "ls /dev/nvme*n1 | wc -l") == "11"
    assert room.output(instance, "sudo blockdev --getsize64 /dev/sdp") == str(2**30)


def test_force_detached_volume_goes_elsewhere_only_when_it_is_free(room: MachineRoom) -> None:
    first, second = room.run(), room.run()
    volume = room.volume()
    room.attach(volume, first)
    room.wait(lambda: room.hosts.has_volume(volume))
    room.output(first, "sudo mkfs.ext4 -q /dev/sdf && sudo mount /dev/sdf /mnt && echo kept | sudo tee /mnt/marker")
    room.attach(volume, second)
    for _ in range(3):
        room.hosts.reconcile(room.world)
        assert not room.hosts.has_volume(volume), "two hosts must never write to one volume"
    room.terminate(first)
    room.wait(lambda: room.hosts.has_volume(volume))
    room.output(second, "sudo mount /dev/sdf /mnt")
    assert room.output(second, "cat /mnt/marker") == "kept"
