# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts of a cloud, brought into line with the picture of EC2 that the API gives.

Nothing is remembered across runs: a new controller removes what an earlier one has left and begins anew.
"""

from __future__ import annotations

import enum
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from ..world import Instance, World
from . import cleanup
from .cgroups import Group
from .host import Host, Phase, Site
from .image import build_image
from .metadata import MetadataService
from .network import Network
from .requirements import missing_requirements
from .role_credentials import RoleCredentials
from .shell import CommandFailed, run
from .volumes import VolumeStore

__all__ = ["HostController", "missing_requirements"]

WORKERS = 16
STOP_GRACE = 30.0  # seconds; StopInstances waits for the guest
TERMINATE_GRACE = 0.7  # seconds; TerminateInstances hardly does
logger = logging.getLogger(__name__)


class Action(enum.Enum):
    """What is to be done next for one instance."""

    NONE = "none"
    START = "start"
    REBOOT = "reboot"
    STOP = "stop"
    DISCARD = "discard"
    SYNC_DISKS = "sync disks"


def next_action(instance: Instance | None, host: Host | None, world: World) -> Action:
    """How to bring a host closer to what its instance should be. Pure."""
    if host is None:
        return Action.START if instance is not None and instance.state in ("pending", "running") else Action.NONE
    if instance is None or instance.state in ("shutting-down", "terminated"):
        return Action.DISCARD
    if instance.state in ("stopping", "stopped"):
        return Action.NONE if host.phase is Phase.OFF and not host.failure else Action.STOP
    if host.phase is Phase.OFF and not host.failure:
        return Action.START
    if host.boot_id != instance.boot_id:
        return Action.REBOOT
    return Action.SYNC_DISKS if host.phase is Phase.ON and host.disks_differ(instance, world) else Action.NONE


class HostController:
    """The hosts of the cloud in ``slot``, with their disks below ``state_dir`` and base images in ``image_dir``.

    ``on_guest_event(instance_id, "poweroff")`` is called, in another thread, when a guest has shut itself down.
    """

    def __init__(self, slot: int, state_dir: Path, image_dir: Path, on_guest_event: Callable[[str, str], None]) -> None:
        self._slot = slot
        self._state_dir = state_dir.resolve()
        self._image_dir = image_dir.resolve()
        self._on_guest_event = on_guest_event
        self._world = World()
        self._hosts: dict[str, Host] = {}
        self._busy: set[str] = set()
        self._lock = threading.Lock()
        self._closing = False
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="hosts")
        self._volumes: VolumeStore
        self._network: Network
        self._site: Site

    def start(self) -> None:
        """Clean up, build the base image if need be (a minute), and prepare for hosts. Raises CommandFailed."""
        cleanup.purge(self._slot, self._state_dir)
        image = build_image(self._image_dir, logger.info)
        hosts = self._state_dir / "hosts"
        hosts.mkdir(parents=True)
        # Shared, so that what is unmounted here is gone from mount namespaces that other programs have made meanwhile
        # (ip netns exec does): a root volume would be in use for as long as they run.
        run("mount", "--bind", "--make-shared", str(hosts), str(hosts))
        self._volumes = VolumeStore(self._state_dir)
        metadata = MetadataService(lambda: self._world, RoleCredentials())
        self._network = Network(self._slot, self._state_dir, metadata)
        self._network.start()
        self._site = Site(self._slot, self._state_dir, image, self._volumes, self._network)

    def stop(self) -> None:
        """Switch all hosts off and remove everything from the machine."""
        self._closing = True
        Group(f"gw{self._slot}").kill()
        self._pool.shutdown(cancel_futures=True)
        for host in self._hosts.values():
            with suppress(CommandFailed):  # what cannot be unmounted now is left to the purge
                host.power_off(grace=0)
        self._network.stop()
        cleanup.purge(self._slot, self._state_dir)

    def reconcile(self, world: World) -> None:
        """Bring the machine into line with ``world``, as far as it goes at once; hosts change in other threads.

        To be called again after every change, and now and then while anything differs. Raises CommandFailed if the
        networks could not be changed at all.
        """
        self._world = world
        self._volumes.reconcile(world)
        try:
            self._network.apply(world)
        finally:
            for instance_id in [*world.instances, *(set(self._hosts) - set(world.instances))]:
                self._begin(instance_id)

    def is_booted(self, instance_id: str) -> bool:
        """Whether the instance's host runs."""
        host = self._hosts.get(instance_id)
        return host is not None and host.phase is Phase.ON

    def is_off(self, instance_id: str) -> bool:
        """Whether the instance has no host that runs, and its disks are free."""
        host = self._hosts.get(instance_id)
        return instance_id not in self._busy and (host is None or host.phase is Phase.OFF)

    def has_volume(self, volume_id: str) -> bool:
        """Whether an attached volume is a disk of its host. That of a stopped instance is: it has no host."""
        volume = self._world.volumes.get(volume_id)
        instance = self._world.instances.get(volume.instance_id or "") if volume else None
        if instance is None:
            return False
        host = self._hosts.get(instance.id)
        if instance.state in ("stopping", "stopped"):
            return self.is_off(instance.id)
        return host is not None and host.phase is Phase.ON and volume_id in {*host.disks, host.root_volume_id}

    def released_volume(self, volume_id: str) -> bool:
        """Whether no host has the volume any more. A mounted one is not released before it is unmounted."""
        return self._volumes.device(volume_id) is None

    def has_interface(self, interface_id: str) -> bool:
        """Whether an attached network interface is in its host."""
        return self._network.has_interface(interface_id)

    def released_interface(self, interface_id: str) -> bool:
        """Whether no host has the network interface any more."""
        return self._network.released_interface(interface_id)

    def failure(self, instance_id: str) -> str | None:
        """Why the host of an instance could not be started."""
        host = self._hosts.get(instance_id)
        return host.failure if host else None

    def console(self, instance_id: str) -> str:
        """The last 64 KiB that the host has written to its console since it was started (GetConsoleOutput)."""
        host = self._hosts.get(instance_id)
        return host.console if host else ""

    def capture_snapshot(self, snapshot_id: str, volume_id: str) -> None:
        """Keep the content that a volume has now (CreateSnapshot). Raises CommandFailed if there is no room for it."""
        file_systems = [path for host in list(self._hosts.values()) for path in host.file_systems_on(volume_id)]
        self._volumes.capture(snapshot_id, volume_id, file_systems)

    def delete_snapshot(self, snapshot_id: str) -> None:
        """Forget the content of a snapshot (DeleteSnapshot)."""
        self._volumes.delete_snapshot(snapshot_id)

    def _begin(self, instance_id: str) -> None:
        """Let a thread work on an instance, if there is something to do and none works on it yet."""
        with self._lock:
            if self._closing or instance_id in self._busy or self._next(instance_id) is Action.NONE:
                return
            if instance_id not in self._hosts:
                self._hosts[instance_id] = Host(instance_id, self._site, self._powered_off)
            self._busy.add(instance_id)
            self._pool.submit(self._work, instance_id)

    def _work(self, instance_id: str) -> None:
        try:
            done = None
            while (action := self._next(instance_id)) not in (Action.NONE, done):
                self._perform(action, instance_id)
                done = action
        except Exception:
            # Tried again at the next reconciliation: what could not be unmounted, for one, may be free then.
            logger.exception("%s could not be brought into line", instance_id)
        finally:
            self._busy.discard(instance_id)

    def _next(self, instance_id: str) -> Action:
        world = self._world
        return next_action(world.instances.get(instance_id), self._hosts.get(instance_id), world)

    def _perform(self, action: Action, instance_id: str) -> None:
        host, world = self._hosts[instance_id], self._world
        instance = world.instances.get(instance_id)
        if action is Action.DISCARD:
            host.power_off(TERMINATE_GRACE)
            host.discard()
            del self._hosts[instance_id]
        elif action is Action.STOP:
            host.failure = None
            host.power_off(STOP_GRACE)
        elif instance is not None:
            self._keep_on(action, host, instance, world)

    def _keep_on(self, action: Action, host: Host, instance: Instance, world: World) -> None:
        if action is Action.SYNC_DISKS:
            host.sync_disks(instance, world)
            return
        try:
            (host.power_on if action is Action.START else host.reboot)(instance, world)
        except (OSError, RuntimeError, LookupError) as error:
            logger.warning("%s could not be started: %s", instance.id, error)
            host.failure = str(error)
            host.boot_id = instance.boot_id  # not again, unless it is asked for
        else:
            host.failure = None

    def _powered_off(self, instance_id: str) -> None:
        if not self._closing:
            self._on_guest_event(instance_id, "poweroff")
