# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host of one instance: its disks, its root file system, its cgroup and its container, switched on and off."""

from __future__ import annotations

import enum
import hashlib
import logging
import os
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..world import Instance, Volume, World
from .addressing import dns_server, internal_domain
from .cgroups import Group
from .disks import Disk, add_nodes, file_system_names, free_number, remove_nodes
from .instance_types import memory_bytes
from .loops import is_claimed
from .machine import Ending, Machine
from .mounts import mounts
from .network import Network
from .rootfs import NotBootable, RootFileSystem, require_space
from .volumes import NoSuchVolume, VolumeStore

MINIMUM_SPACE = 128 * 1024 * 1024  # bytes that must be free for a host to boot
REBOOT_GRACE = 60.0  # seconds until a reboot becomes a reset
logger = logging.getLogger(__name__)


class NoNetwork(RuntimeError):
    """The instance cannot be reached: its VPC has a problem on this machine."""


class Phase(enum.Enum):
    """``ENDED``: it has powered itself off or crashed, and still has its disks."""

    OFF = "off"
    CHANGING = "changing"
    ON = "on"
    ENDED = "ended"


@dataclass(frozen=True)
class Site:
    """What all hosts of a cloud share. ``image`` is the base image of root volumes made from now on."""

    slot: int
    state_dir: Path
    image: Path
    volumes: VolumeStore
    network: Network


class Host:
    """The host of the instance ``id``. One thread at a time may change it; the properties may be read by any."""

    def __init__(self, instance_id: str, site: Site, on_poweroff: Callable[[str], None]) -> None:
        self.id = instance_id
        self.phase = Phase.OFF
        self.failure: str | None = None
        self.boot_id: int | None = None
        self.disks: dict[str, Disk] = {}
        self.root_volume_id: str | None = None
        self._site = site
        self._on_poweroff = on_poweroff
        self._directory = site.state_dir / "hosts" / instance_id
        self._group = Group(f"gw{site.slot}/{instance_id}")
        self._root = RootFileSystem(self._directory, site.image.parent)
        self._machine = Machine(instance_id, self._directory, self._group, self._between_boots, self._ended)

    @property
    def console(self) -> str:
        """What the host has written to its console (GetConsoleOutput)."""
        return self._machine.console()

    def power_on(self, instance: Instance, world: World) -> None:
        """Boot the host with the volumes attached to it; return when its systemd runs.

        Raises an error that says what is missing; the host is then off again.
        """
        self.phase = Phase.CHANGING
        try:
            self._prepare(instance, world)
            hostname = instance.private_dns_name.partition(".")[0]
            self._machine.boot(self._site.network.namespace_of(self.id), hostname)
        except Exception:
            self.power_off(grace=0)
            raise
        self.boot_id = instance.boot_id
        # It may have ended already, in another thread.
        self.phase = Phase.ON if self._machine.is_alive else Phase.ENDED

    def power_off(self, grace: float) -> None:
        """Shut the host down, after ``grace`` seconds by switching it off, and let go of its disks."""
        self.phase = Phase.CHANGING
        self._machine.stop(grace)
        self._root.unmount()
        self._group.remove()
        for volume_id in (*self.disks, *([self.root_volume_id] if self.root_volume_id else [])):
            self._site.volumes.release(volume_id)
        self.disks = {}
        self.root_volume_id = None
        self.boot_id = None
        self.phase = Phase.OFF

    def reboot(self, instance: Instance, world: World) -> None:
        """Boot the host again, also one that has crashed (RebootInstances)."""
        if self.phase is Phase.ON:
            self._machine.reboot(REBOOT_GRACE)
            self.boot_id = instance.boot_id
        else:
            self.power_off(grace=0)
            self.power_on(instance, world)

    def discard(self) -> None:
        """Remove what a host that is off has left on this machine."""
        if not self._root.is_mounted():
            shutil.rmtree(self._directory, ignore_errors=True)

    def disks_differ(self, instance: Instance, world: World) -> bool:
        """Whether volumes have been attached or detached since :meth:`sync_disks`."""
        wanted = {volume.id: volume.device for volume in _data_volumes(instance, world)}
        return wanted != {disk.volume_id: disk.name for disk in self.disks.values()}

    def sync_disks(self, instance: Instance, world: World) -> None:
        """Give the running host the volumes that are attached to it, and take away those that are not.

        A volume that is mounted in the host stays until it is unmounted, as on EC2.
        """
        wanted = {volume.id: volume for volume in _data_volumes(instance, world)}
        for disk in list(self.disks.values()):
            if disk.volume_id not in wanted or wanted[disk.volume_id].device != disk.name:
                self._remove_disk(disk)
        for volume in wanted.values():
            if volume.id not in self.disks:
                self._add_disk(volume)

    def file_systems_on(self, volume_id: str) -> list[Path]:
        """Where the file system on a volume of this host is mounted, as this process reaches it. At most one path."""
        if volume_id == self.root_volume_id:
            return [self._root.volume_path] if self._root.is_mounted() else []
        disk, leader = self.disks.get(volume_id), self._machine.leader()
        if disk is None or leader is None:
            return []
        inside = [mount.path for mount in mounts(leader) if mount.device == disk.device]
        return [Path(f"/proc/{leader}/root{path}") for path in inside[:1]]

    def _prepare(self, instance: Instance, world: World) -> None:
        self._check_network(world)
        require_space(self._site.state_dir, MINIMUM_SPACE)
        (self._directory / "devices").mkdir(parents=True, exist_ok=True)
        (self._directory / "uuid").write_text(f"{_hypervisor_uuid(self.id)}\n")
        volume = _root_volume(instance, world)
        device = self._site.volumes.open(volume.id)
        self.root_volume_id = volume.id
        self._root.mount(device, self._site.image if volume.image_id else None, instance.login_user)
        self._root.write("etc/resolv.conf", self._resolver(instance, world))
        self._group.create(memory_bytes(instance.instance_type))
        for data_volume in _data_volumes(instance, world):
            self._add_disk(data_volume)

    def _check_network(self, world: World) -> None:
        vpc_id = _vpc_id(self.id, world)
        problem = self._site.network.problem(vpc_id)
        if problem:
            raise NoNetwork(f"{vpc_id} has no network on this machine: {problem}")

    def _resolver(self, instance: Instance, world: World) -> str:
        """What DHCP tells an instance at each boot."""
        vpc = world.vpcs[_vpc_id(self.id, world)]
        return f"search {internal_domain(instance.region)}\nnameserver {dns_server(vpc)}\n"

    def _add_disk(self, volume: Volume) -> None:
        if self._site.volumes.device(volume.id) is not None:
            return  # the host that had it before has not let go of it yet
        if self._site.volumes.problem(volume.id):
            raise NoSuchVolume(f"{volume.id}: {self._site.volumes.problem(volume.id)}")
        device = self._site.volumes.open(volume.id)
        number = free_number({disk.number for disk in self.disks.values()})
        disk = Disk(volume.id, volume.device or "", number, os.stat(device).st_rdev)
        self.disks[volume.id] = disk
        try:
            self._group.allow_block_device(disk.device)
            for dev in self._dev_directories():
                add_nodes(dev, disk, file_system_names(device))
        except OSError:
            self._remove_disk(disk)
            raise

    def _remove_disk(self, disk: Disk) -> None:
        device = self._site.volumes.device(disk.volume_id)
        if device is not None and is_claimed(device):
            return
        for dev in self._dev_directories():
            remove_nodes(dev, disk)
        self._group.deny_block_device(disk.device)
        self._site.volumes.release(disk.volume_id)
        del self.disks[disk.volume_id]

    def _dev_directories(self) -> list[Path]:
        """The directory that the host copies to its /dev when it boots and, if it runs, its /dev."""
        leader = self._machine.leader()
        running = [Path(f"/proc/{leader}/root/dev")] if leader is not None else []
        return [self._directory / "devices", *running]

    def _between_boots(self) -> None:
        self._site.network.renew(self.id)
        for disk in list(self.disks.values()):
            device = self._site.volumes.device(disk.volume_id)
            if device is not None:
                add_nodes(self._directory / "devices", disk, file_system_names(device))

    def _ended(self, ending: Ending) -> None:
        logger.info("%s has ended by itself: %s", self.id, ending.value)
        if self.phase is Phase.ON:
            self.phase = Phase.ENDED
        if ending is Ending.POWEROFF:
            self._on_poweroff(self.id)


def _vpc_id(instance_id: str, world: World) -> str:
    for interface in world.interfaces.values():
        if interface.instance_id == instance_id and interface.device_index == 0:
            return interface.vpc_id
    raise NoNetwork(f"{instance_id} has no primary network interface")


def _root_volume(instance: Instance, world: World) -> Volume:
    for volume in world.volumes.values():
        if volume.instance_id == instance.id and volume.device == instance.root_device:
            return volume
    raise NotBootable(f"no volume is attached to {instance.id} as {instance.root_device}")


def _data_volumes(instance: Instance, world: World) -> list[Volume]:
    """The volumes attached to an instance besides its root volume, by device name."""
    attached = (volume for volume in world.volumes.values() if volume.instance_id == instance.id)
    return sorted(
        (volume for volume in attached if volume.device != instance.root_device), key=lambda one: one.device or ""
    )


def _hypervisor_uuid(instance_id: str) -> uuid.UUID:
    """A UUID that begins with ``ec2``, by which AWS says that an instance can be told; always the same for one id."""
    return uuid.UUID("ec2" + hashlib.sha256(instance_id.encode()).hexdigest()[:29])
