# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The networks of the cloud on this machine, brought into line with the world."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ..world import World
from . import namespaces
from .addressing import MAX_LINKS, Addressing
from .dns import DnsServer
from .links import Router, add_router
from .metadata import MetadataService
from .plan import NetworkPlan, Port, VpcPlan, plan
from .routes import MachineRoutes, in_the_way, uplink_mtu
from .shell import CommandFailed, run


@dataclass
class _Network:
    """One VPC as it stands on this machine."""

    link: int
    router: Router
    dns: DnsServer
    cidrs: frozenset[str] = frozenset()
    ruleset: str = ""


class Network:
    """All networks of one slot. Every public method may be called from any thread."""

    def __init__(self, slot: int, state_dir: Path, metadata: MetadataService) -> None:
        self._addressing = Addressing(slot)
        self._slot = slot
        self._log_dir = state_dir / "hosts"
        self._metadata = metadata
        self._lock = threading.RLock()
        self._forget()

    def _forget(self) -> None:
        self._world = World()
        self._applied: NetworkPlan | None = None
        self._networks: dict[str, _Network] = {}
        self._problems: dict[str, str] = {}
        self._instances: set[str] = set()  # those that have a namespace
        self._used: set[str] = set()  # those of them whose namespace has had interfaces
        self._routes = MachineRoutes(self._addressing)

    def start(self) -> None:
        """Remove what an earlier cloud of this slot has left, and prepare the machine. Raises CommandFailed."""
        with self._lock:
            namespaces.purge(self._slot)
            self._forget()
            namespaces.enable_forwarding(self._slot)
            self._routes.start()

    def stop(self) -> None:
        """Remove everything from the machine."""
        with self._lock:
            self._metadata.stop()
            for network in self._networks.values():
                network.dns.stop()
            namespaces.purge(self._slot)
            self._forget()

    def apply(self, world: World) -> None:
        """Bring the machine into line with the world. Costs next to nothing when nothing has changed.

        What fails in one VPC is its ``problem``, leaves the others alone, and is tried again the next time; so is an
        interface that could not be given to its host, which ``has_interface`` denies.
        """
        with self._lock:
            desired = plan(world, self._addressing)
            self._world = world
            if desired != self._applied or self._problems or self._lacks_ports(desired):
                self._applied = None  # until all of it has been done
                self._add_instances(desired)
                self._remove_networks(desired)
                self._problems = dict(self._failures(desired))
                self._remove_instances(desired)
                self._applied = desired
            for vpc_id, network in self._networks.items():
                network.dns.update(desired.vpcs[vpc_id].names)

    def _lacks_ports(self, desired: NetworkPlan) -> bool:
        return any(
            len(network.router.ports) < len(desired.vpcs[vpc_id].ports)
            for vpc_id, network in self._networks.items()
            if vpc_id in desired.vpcs
        )

    def _add_instances(self, desired: NetworkPlan) -> None:
        missing = {id_: name for id_, name in desired.namespaces.items() if id_ not in self._instances}
        half_made = set(namespaces.existing(self._addressing)) & set(missing.values())
        for name in half_made:
            namespaces.remove(name)
        namespaces.add(missing.values())
        self._instances.update(missing)

    def _remove_networks(self, desired: NetworkPlan) -> None:
        for vpc_id in self._networks.keys() - desired.vpcs.keys():
            network = self._networks.pop(vpc_id)
            name = network.router.namespace
            network.dns.stop()
            self._metadata.stop(name)
            namespaces.remove(name)
            self._routes.forget(network.link)

    def _failures(self, desired: NetworkPlan) -> Iterator[tuple[str, str]]:
        """Do what each VPC needs. Yields those for which something has failed, with the reason."""
        for vpc_id, wanted in desired.vpcs.items():
            try:
                reason = self._vpc(wanted)
            except (CommandFailed, OSError) as error:
                reason = str(error)
            if reason:
                yield vpc_id, reason

    def _vpc(self, wanted: VpcPlan) -> str | None:
        network = self._networks.get(wanted.id)
        reason = in_the_way(set(wanted.cidrs) - (network.cidrs if network else set()))
        if network is None:
            if reason:
                return reason
            network = self._add_network(wanted)
        if not reason:
            network.cidrs = frozenset(wanted.cidrs)
        self._bring_into_line(network, wanted)
        return reason

    def _bring_into_line(self, network: _Network, wanted: VpcPlan) -> None:
        network.router.drop_ports(wanted.ports)
        network.router.update(wanted)
        if network.ruleset != wanted.ruleset:
            namespaces.call_inside(wanted.namespace, lambda: run("nft", "-f", "-", stdin=wanted.ruleset))
            network.ruleset = wanted.ruleset
        self._metadata.start(wanted.namespace, wanted.id)
        self._used.update(port.instance_id for port in wanted.ports)
        self._routes.update(network.link, [*network.cidrs, *wanted.public_addresses])
        network.router.add_ports(wanted.ports)

    def _add_network(self, wanted: VpcPlan) -> _Network:
        taken = {network.link for network in self._networks.values()}
        link = next(number for number in range(1, MAX_LINKS + 1) if number not in taken)
        try:
            add_router(wanted, self._addressing, link, uplink_mtu())
        except CommandFailed:
            with suppress(CommandFailed):
                namespaces.remove(wanted.namespace)
            raise
        dns = DnsServer(self._addressing, wanted, self._log_dir)
        self._networks[wanted.id] = _Network(link, Router(wanted.namespace), dns)
        return self._networks[wanted.id]

    def _remove_instances(self, desired: NetworkPlan) -> None:
        """Remove the namespaces of instances that are gone; leave a fresh one to those that have been stopped."""
        for instance_id in self._instances - desired.namespaces.keys():
            self._remove_instance(instance_id)
        for instance_id in desired.stopped & self._used:
            self._remove_instance(instance_id)
        self._add_instances(desired)

    def _remove_instance(self, instance_id: str) -> None:
        namespaces.remove(self.namespace_of(instance_id))
        self._instances.discard(instance_id)
        self._used.discard(instance_id)

    def renew(self, instance_id: str) -> None:
        """Give an instance a fresh namespace of the same name, as a restart of the machine gives it a fresh network.

        To be called between two boots of a host, when none of its processes is left.
        """
        with self._lock:
            if instance_id in self._instances:
                self._remove_instance(instance_id)
                self._applied = None
                self.apply(self._world)

    def namespace_of(self, instance_id: str) -> str:
        """The name of the instance's network namespace."""
        return self._addressing.namespace(instance_id)

    def problem(self, vpc_id: str) -> str | None:
        """Why instances of this VPC cannot have a network, as of the last ``apply``."""
        with self._lock:
            return self._problems.get(vpc_id)

    def has_interface(self, interface_id: str) -> bool:
        """Whether an attached interface is where it belongs. That of a stopped instance is: it has no host."""
        with self._lock:
            interface = self._world.interfaces.get(interface_id)
            if interface is None or interface.instance_id is None:
                return False
            if self._applied is not None and interface.instance_id in self._applied.stopped:
                return True
            return any(port.instance_id == interface.instance_id for port in self._ports(interface_id))

    def released_interface(self, interface_id: str) -> bool:
        """Whether no host has the interface any more."""
        with self._lock:
            return not any(True for _ in self._ports(interface_id))

    def _ports(self, interface_id: str) -> Iterator[Port]:
        for network in self._networks.values():
            yield from (port for port in network.router.ports.values() if port.interface_id == interface_id)
