# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""RunInstances: everything is checked first, then interfaces, instances and volumes are made.

The imports below are in the order of the checks; each of these modules puts its own around the launch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.instances import Reservation
from moto.ec2.utils import parse_user_data, random_reservation_id

from ..registry import Call, Forward, corrects
from . import launch_tags

# isort: split
from . import launch_templates

# isort: split
from . import launch_checks

# isort: split
from . import instances_attributes

# isort: split
from . import launch_interfaces

# isort: split
from . import launch_block_devices, launch_placement
from .common import refuse_dry_run, requested_tags
from .encryption import key_problem
from .instances_model import Instance

__all__ = ["instances_attributes", "launch_tags", "launch_templates", "run_instances"]

_STRUCTURES = {
    "CapacityReservationSpecification": "capacity_reservation_specification",
    "EnclaveOptions": "enclave_options",
    "MaintenanceOptions": "maintenance_options",
    "PrivateDnsNameOptions": "private_dns_name_options",
}


@corrects(
    "ec2",
    "RunInstances",
    id="run-instances-launch",
    behaviour="Placement, CPU, credit, metadata, DNS name, enclave and maintenance options are kept; every instance "
    "gets the profile; a volume under a key that cannot be used ends the launch with Client.InternalError.",
    errors=("DryRunOperation",),
)
def run_instances(call: Call, forward: Forward) -> Any:
    del forward
    return ActionResult(launch_instances(call.backend, call.params))


def launch_instances(backend: Any, params: Mapping[str, Any]) -> Reservation:
    """Launch what the parameters of RunInstances say (without its checks that no plan depends on).

    Raises what ``plan_volumes`` and ``plan_interfaces`` raise, and DryRunOperation.
    """
    image = backend.amis[params["ImageId"]]
    volumes = launch_block_devices.plan_volumes(backend, image, params.get("BlockDeviceMappings") or [])
    interfaces = launch_interfaces.plan_interfaces(backend, params)
    refuse_dry_run(params)
    reservation = Reservation(random_reservation_id(), backend.account_id)
    backend.reservations[reservation.id] = reservation
    for index in range(int(params["MaxCount"])):
        tags = requested_tags(params, "network-interface")
        made = [(one, launch_interfaces.make_interface(backend, one, tags)) for one in interfaces]
        instance = _make_instance(backend, params, index, made)
        reservation.instances.append(instance)
        instance.add_tags(requested_tags(params, "instance"))
        launch_block_devices.make_volumes(backend, instance, volumes, requested_tags(params, "volume"))
        launch_placement.place(backend, instance, params.get("Placement") or {})
        _give_profile(backend, instance, params.get("IamInstanceProfile"))
    problem = next(filter(None, (key_problem(backend, volume.kms_key_id) for volume in volumes)), None)
    if problem:
        for instance in reservation.instances:
            instance.doom("Client.InternalError", "Client.InternalError: Client error on launch")
    return reservation


def _make_instance(
    backend: Any,
    params: Mapping[str, Any],
    index: int,
    interfaces: Sequence[tuple[launch_interfaces.PlannedInterface, Any]],
) -> Instance:
    user_data = params.get("UserData")
    instance = Instance(
        backend,
        params["ImageId"],
        parse_user_data(user_data) if isinstance(user_data, str) else user_data,
        [],
        nics=[{"NetworkInterfaceId": made.id, "DeviceIndex": one.device_index} for one, made in interfaces],
        ami_launch_index=index,
        client_token=params.get("ClientToken", ""),
        disable_api_stop=params.get("DisableApiStop", False),
        disable_api_termination=params.get("DisableApiTermination", False),
        ebs_optimized=params.get("EbsOptimized", False),
        hibernation_options=params.get("HibernationOptions") or {"Configured": False},
        instance_initiated_shutdown_behavior=params.get("InstanceInitiatedShutdownBehavior"),
        instance_type=params.get("InstanceType", launch_checks.DEFAULT_INSTANCE_TYPE),
        key_name=params.get("KeyName"),
        lifecycle=(params.get("InstanceMarketOptions") or {}).get("MarketType"),
        metadata_options=params.get("MetadataOptions") or {},
        monitoring_state="enabled" if (params.get("Monitoring") or {}).get("Enabled") else "disabled",
        placement=interfaces[0][0].subnet.availability_zone,
        region_name=backend.region_name,
    )
    for one, made in interfaces:
        # moto takes the public address of the interfaces it is handed.
        made.public_ip_auto_assign = one.public
        made.delete_on_termination = one.delete_on_termination
    _set_options(instance, params)
    return instance


def _set_options(instance: Instance, params: Mapping[str, Any]) -> None:
    instance.cpu_options.update(params.get("CpuOptions") or {})
    instance.cpu_credits = (params.get("CreditSpecification") or {}).get("CpuCredits")
    for name, attribute in _STRUCTURES.items():
        getattr(instance, attribute).update(params.get(name) or {})


def _give_profile(backend: Any, instance: Instance, asked: Mapping[str, str] | None) -> None:
    profile = launch_checks.find_profile(backend.account_id, backend.partition, asked)
    if profile is not None:
        backend.associate_iam_instance_profile(instance.id, iam_instance_profile_arn=profile.arn)
        instance.iam_instance_profile = {"Arn": profile.arn, "Id": profile.id}
