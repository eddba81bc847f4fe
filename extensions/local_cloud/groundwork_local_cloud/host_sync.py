# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the hosts in line with the API, and the API with the hosts."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import world_from_moto
from .cloud import Cloud
from .supplement.ec2.instances import fail_launch, guest_poweroff
from .world import World

if TYPE_CHECKING:
    from .hosts.controller import HostController

log = logging.getLogger(__name__)

TICK = 0.05  # seconds between two looks at the transitions under way
RECONCILE_AGAIN = 1.0  # seconds until hosts that are not yet as they should be are looked at again
CONSOLE_SHOWN = 16384  # characters


class Ticker:
    """Ends transitions when they are due, for as long as any are under way."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="transitions", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def kick(self) -> None:
        """Something may have begun."""
        self._wake.set()

    def stop(self) -> None:
        self._stopping = True
        self._wake.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping:
            self._wake.wait()
            self._wake.clear()
            while self._cloud.transitions.under_way and not self._stopping:
                self._tick()
                time.sleep(TICK)

    def _tick(self) -> None:
        with self._cloud.lock:
            try:
                if self._cloud.transitions.tick():
                    self._cloud.changed()
            except Exception:  # the one transition is lost, the others must still end
                log.exception("a transition could not be ended")


class HostSync:
    """Brings the hosts into line after every change, from a thread of its own, and tells the API what happens there.

    The picture of the cloud is taken in the thread of the call, with the lock held, so that no state is missed in
    which something was seen for the first time.
    """

    def __init__(self, cloud: Cloud, make_controller: Callable[[Callable[[str, str], None]], HostController]) -> None:
        self._cloud = cloud
        self._controller = make_controller(self.guest_event)
        self._wanted = World()
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="hosts", daemon=True)

    def start(self) -> None:
        self._controller.start()
        self._cloud.hosts = self._controller
        self._cloud.transitions.gates.update(self._gates())
        self._thread.start()

    def kick(self) -> None:
        """The API's state has changed (the cloud's lock is held)."""
        try:
            self._wanted = world_from_moto.build()
        except Exception:  # the call that changed it has succeeded nevertheless
            log.exception("the state of the API could not be read")
        self._wake.set()

    def stop(self) -> None:
        """End the hosts."""
        self._stopping = True
        self._wake.set()
        self._thread.join()
        self._cloud.hosts = None
        self._cloud.transitions.gates.clear()
        self._controller.stop()

    def guest_event(self, instance_id: str, event: str) -> None:
        """A guest has done something by itself; ``poweroff`` is all that concerns the API."""
        if event == "poweroff":
            with self._cloud.lock:
                guest_poweroff(instance_id)
                self._cloud.changed()

    def describe(self) -> dict[str, Any]:
        """What the hosts are doing, by instance id."""
        return {name: self._describe(name) for name in self._wanted.instances}

    def _describe(self, instance_id: str) -> dict[str, Any]:
        addresses = [
            interface.private_ips[0]
            for interface in self._wanted.interfaces.values()
            if interface.instance_id == instance_id and interface.device_index == 0
        ]
        return {
            "booted": self._controller.is_booted(instance_id),
            "address": addresses[0] if addresses else None,
            "failure": self._controller.failure(instance_id),
            "console": self._controller.console(instance_id)[-CONSOLE_SHOWN:],
        }

    def _gates(self) -> dict[str, Any]:
        hosts = self._controller
        return {
            "instance.pending": hosts.is_booted,
            "instance.stopping": hosts.is_off,
            "instance.shutting-down": hosts.is_off,
            "volume.attaching": hosts.has_volume,
            "volume.detaching": hosts.released_volume,
            "interface.attaching": hosts.has_interface,
            "interface.detaching": hosts.released_interface,
        }

    def _run(self) -> None:
        while not self._stopping:
            self._wake.wait(None if self._in_line(self._wanted) else RECONCILE_AGAIN)
            self._wake.clear()
            world = self._wanted
            try:
                self._controller.reconcile(world)
            except Exception:  # whatever went wrong on the machine must not end the thread that can set it right
                log.exception("the hosts could not be brought into line")
            self._end_failed_launches(world)

    def _in_line(self, world: World) -> bool:
        hosts = self._controller
        instances = (
            hosts.is_booted(one.id) if one.state in ("pending", "running") else hosts.is_off(one.id)
            for one in world.instances.values()
        )
        volumes = (hosts.has_volume(one.id) for one in world.volumes.values() if one.instance_id)
        interfaces = (hosts.has_interface(one.id) for one in world.interfaces.values() if one.instance_id)
        return all(instances) and all(volumes) and all(interfaces)

    def _end_failed_launches(self, world: World) -> None:
        for instance in world.instances.values():
            failure = self._controller.failure(instance.id) if instance.state == "pending" else None
            if failure:
                log.warning("%s has no host: %s", instance.id, failure)
                with self._cloud.lock:
                    fail_launch(instance.id, "Server.InternalError", failure)
                    self._cloud.changed()
