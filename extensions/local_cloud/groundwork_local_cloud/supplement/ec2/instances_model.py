# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The instance: moto's, with EC2's life cycle and the attributes that moto drops.

It takes the place of moto's class, so that instances launched by other services (Auto Scaling, fleets) are the same.

Life cycle: pending, running, stopping, stopped, shutting-down, terminated. The states in between last as long as the
transitions ``instance.pending``, ``instance.stopping`` and ``instance.shutting-down`` take.
"""

from __future__ import annotations

import copy
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from moto.core.utils import utcnow
from moto.ec2.models import instances as moto_instances
from moto.ec2.models.amis import AmiBackend
from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.ec2.models.instances import InstanceState, StateReason

from ...cloud import cloud
from .common import tags_of
from .public_addresses import private_dns_name, public_dns_name

CODES = {"pending": 0, "running": 16, "shutting-down": 32, "terminated": 48, "stopping": 64, "stopped": 80}
USER_SHUTDOWN = "Client.UserInitiatedShutdown"
GUEST_SHUTDOWN = "Client.InstanceInitiatedShutdown"
_SHUTDOWN_MESSAGES = {
    USER_SHUTDOWN: f"{USER_SHUTDOWN}: User initiated shutdown",
    GUEST_SHUTDOWN: f"{GUEST_SHUTDOWN}: Instance initiated shutdown",
}


@dataclass
class Placement:
    """Where an instance runs. ``zone`` is the name that moto's own code reads."""

    zone: str | None = None
    zone_id: str | None = None
    group_name: str = ""
    group_id: str | None = None
    partition_number: int | None = None
    tenancy: str = "default"
    affinity: str | None = None
    host_id: str | None = None

    @property
    def availability_zone(self) -> str | None:
        return self.zone

    @property
    def availability_zone_id(self) -> str | None:
        return self.zone_id


class Instance(moto_instances.Instance):
    """An EC2 instance. ``boot_count`` grows with every RebootInstances, and only then."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.nics: dict[int, Any] = {}
        self._launch_groups: list[Any] = []
        self._source_dest_check = True
        super().__init__(*args, **kwargs)
        self.boot_count = 0
        self.has_run = False
        self.initializing = False
        self.terminated_at: float | None = None
        zone = self.placement.zone
        self._placement = Placement(zone, self._zone_id(zone), host_id=self.placement.host_id)
        self.cpu_options: dict[str, Any] = _default_cpu_options(self.instance_type)
        self.cpu_credits: str | None = None
        self.private_dns_name_options: dict[str, Any] = {
            "HostnameType": "ip-name",
            "EnableResourceNameDnsARecord": False,
            "EnableResourceNameDnsAAAARecord": False,
        }
        self.enclave_options: dict[str, Any] = {"Enabled": False}
        self.maintenance_options: dict[str, Any] = {"AutoRecovery": "default", "RebootMigration": "default"}
        self.capacity_reservation_specification: dict[str, Any] = {"CapacityReservationPreference": "open"}
        self.ena_support = True
        self.platform_details = "Windows" if self.platform == "windows" else "Linux/UNIX"
        self.usage_operation = "RunInstances"
        self.begin_pending()

    def _zone_id(self, zone: str | None) -> str | None:
        return next(
            (known.zone_id for known in self.ec2_backend.describe_availability_zones() if known.name == zone), None
        )

    @property
    def instance_id(self) -> str:
        return str(self.id)

    @property
    def reservation_id(self) -> str | None:
        reservations = self.ec2_backend.reservations.values()
        return next((reservation.id for reservation in reservations if self in reservation.instances), None)

    @property
    def primary(self) -> Any:
        """The primary network interface (device index 0); None on a terminated instance."""
        return self.nics.get(0)

    @property
    def security_groups(self) -> list[Any]:
        """The groups of the primary network interface, which are those of the instance."""
        return list(self.primary.group_set) if self.primary else self._launch_groups

    @security_groups.setter
    def security_groups(self, groups: list[Any]) -> None:
        self._launch_groups = list(groups)
        if self.primary:
            self.primary._group_set = list(groups)

    @property
    def source_dest_check(self) -> bool:
        return bool(self.primary.source_dest_check) if self.primary else self._source_dest_check

    @source_dest_check.setter
    def source_dest_check(self, value: bool) -> None:
        self._source_dest_check = bool(value)
        if self.primary:
            self.primary.source_dest_check = bool(value)

    @property
    def subnet_id(self) -> str | None:
        return str(self.primary.subnet.id) if self.primary else self._subnet_id

    @property
    def vpc_id(self) -> str | None:
        subnet_id = self.subnet_id
        return self.ec2_backend.get_subnet(subnet_id).vpc_id if subnet_id else None

    @property
    def private_ip(self) -> str | None:
        return self.primary.private_ip_address if self.primary else None

    @property
    def private_ip_address(self) -> str | None:
        return self.private_ip

    @property
    def private_dns_name(self) -> str:
        return private_dns_name(self.region_name, self.private_ip) if self.private_ip else ""

    @property
    def public_ip(self) -> str | None:
        return self.primary.public_ip if self.primary else None

    @property
    def public_ip_address(self) -> str | None:
        return self.public_ip

    @property
    def public_dns_name(self) -> str:
        return public_dns_name(self.region_name, self.public_ip) if self.public_ip else ""

    @property
    def network_interfaces(self) -> list[Any]:
        return [interface for _, interface in sorted(self.nics.items())]

    @property
    def instance_status(self) -> dict[str, Any]:
        return self._status_check()

    @property
    def system_status(self) -> dict[str, Any]:
        return self._status_check()

    def _status_check(self) -> dict[str, Any]:
        if not self.is_running():
            return {"Status": "not-applicable"}
        if self.initializing:
            return {"Status": "initializing", "Details": [{"Name": "reachability", "Status": "initializing"}]}
        return {"Status": "ok", "Details": [{"Name": "reachability", "Status": "passed"}]}

    def get_tags(self) -> list[dict[str, str]]:
        return [{"key": key, "value": value} for key, value in tags_of(self).items()]

    def attach_eni(self, eni: Any, device_index: int) -> str:
        """Attach at once, as ``attaching``; whoever calls it begins the transition to ``attached``."""
        attachment_id: str = super().attach_eni(eni, device_index)
        eni.attachment_status = "attaching"
        return attachment_id

    def set_state(self, name: str) -> None:
        self._state = InstanceState(name, CODES[name])

    def change_type(self, instance_type: str) -> None:
        """Take another instance type, with its default CPU options."""
        self.instance_type = instance_type
        self.cpu_options = _default_cpu_options(instance_type)

    def begin_pending(self) -> None:
        """Launch or start: ``running`` once the transition ``instance.pending`` has ended."""
        self.set_state("pending")
        self._reason = ""
        self.state_reason = None
        cloud.transitions.begin("instance.pending", self.id, self._become_running)

    def _become_running(self) -> None:
        self.set_state("running")
        self.has_run = True
        self.initializing = True
        for interface in self.nics.values():
            interface.attachment_status = "attached"
        cloud.transitions.begin("instance.initializing", self.id, self._pass_status_checks)

    def _pass_status_checks(self) -> None:
        self.initializing = False

    def start(self) -> InstanceState:
        """StartInstances. An instance that is already on its way or there stays as it is."""
        previous = copy.copy(self._state)
        if self.state in ("pending", "running"):
            return previous
        self.launch_time = utcnow()
        for interface in self.nics.values():
            interface.start()
        self.begin_pending()
        return previous

    def stop(self, cause: str = USER_SHUTDOWN) -> InstanceState:
        """StopInstances, or a shutdown from within (``cause``)."""
        previous = copy.copy(self._state)
        if self.state not in ("stopping", "stopped"):
            self._shut_down("stopping", cause)
            cloud.transitions.begin("instance.stopping", self.id, self._become_stopped)
        return previous

    def _become_stopped(self) -> None:
        self.set_state("stopped")
        for interface in self.nics.values():
            interface.stop()

    def terminate(self, cause: str = USER_SHUTDOWN) -> InstanceState:
        """TerminateInstances, or a shutdown from within when the instance terminates on shutdown."""
        previous = copy.copy(self._state)
        if self.state not in ("shutting-down", "terminated"):
            self._shut_down("shutting-down", cause)
            cloud.transitions.begin("instance.shutting-down", self.id, self.become_terminated)
        return previous

    def _shut_down(self, state: str, cause: str) -> None:
        cloud.transitions.cancel(self.id)
        self.set_state(state)
        self.initializing = False
        self.state_reason = StateReason(_SHUTDOWN_MESSAGES[cause], cause)
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S GMT")
        self._reason = f"User initiated ({now})" if cause == USER_SHUTDOWN else f"{cause} ({now})"

    def doom(self, code: str, message: str) -> None:
        """Let the launch under way end in failure instead of ``running``."""
        cloud.transitions.cancel(self.id)
        cloud.transitions.begin("instance.failing", self.id, lambda: self.fail(code, message))

    def fail(self, code: str, message: str) -> None:
        """End a launch that cannot succeed: terminated, or stopped again for an instance that had run before."""
        cloud.transitions.cancel(self.id)
        self.initializing = False
        self._reason = code
        self.state_reason = StateReason(message if message.startswith(code) else f"{code}: {message}", code)
        if self.has_run:
            self._become_stopped()
        else:
            self.become_terminated()

    def become_terminated(self) -> None:
        """Let go of interfaces and volumes. Those with DeleteOnTermination are deleted, the others become available."""
        reason, state_reason = self._reason, self.state_reason
        for interface in list(self.nics.values()):
            delete = interface.delete_on_termination
            interface.release()
            if delete:
                interface.delete()
        for device in list(self.block_device_mapping):
            self._release_volume(device)
        self._subnet_id = None
        super().terminate()  # moto's bookkeeping of fleets and instance profiles
        self._reason, self.state_reason = reason, state_reason
        self.set_state("terminated")
        self.terminated_at = time.monotonic()

    def _release_volume(self, device: str) -> None:
        mapping = self.block_device_mapping[device]
        cloud.transitions.cancel(mapping.volume_id)
        volume = self.ec2_backend.volumes[mapping.volume_id]
        self.ec2_backend.detach_volume(volume.id, self.id, device)
        if mapping.delete_on_termination and not volume.attachments:
            self.ec2_backend.delete_volume(volume.id)
            self.ec2_backend.tags.pop(volume.id, None)

    def reboot(self) -> None:
        """RebootInstances: the state stays ``running``; hosts boot again because ``boot_count`` has changed."""
        self.boot_count += 1


def _default_cpu_options(instance_type: str) -> dict[str, Any]:
    processors = INSTANCE_TYPES.get(instance_type, {}).get("VCpuInfo", {})
    return {
        "CoreCount": processors.get("DefaultCores", 1),
        "ThreadsPerCore": processors.get("DefaultThreadsPerCore", 1),
    }


_describe_images = AmiBackend.describe_images


def _find_image(backend: Any, ami_ids: Any = None, filters: Any = None, *others: Any, **settings: Any) -> list[Any]:
    """moto looks for the image of every new instance by filtering all of the region's; that took most of a launch."""
    wanted = filters.get("image-id") if isinstance(filters, dict) and len(filters) == 1 else None
    if isinstance(wanted, str) and wanted in backend.amis:
        return [backend.amis[wanted]]
    found: list[Any] = _describe_images(backend, ami_ids, filters, *others, **settings)
    return found


AmiBackend.describe_images = _find_image
moto_instances.Instance = Instance  # every instance is made through this name
