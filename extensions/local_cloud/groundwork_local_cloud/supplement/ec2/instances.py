# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start, stop, reboot and terminate: the states an instance may be in, and what the hosts tell the API.

``fail_launch`` and ``guest_poweroff`` are for the side that runs the hosts.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from moto.core.types import Base64EncodedString
from moto.ec2.models import ec2_backends
from moto.ec2.responses._base_response import EC2BaseResponse

from ...cloud import cloud
from ..registry import Call, Forward, corrects, provides
from . import errors
from .common import refuse_dry_run, select, split_filters
from .instances_model import GUEST_SHUTDOWN, Instance

TERMINATED_VISIBLE_SECONDS = 3600.0

# moto writes "pending" into every answer of RunInstances; a repeated one shows the present state.
EC2BaseResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER.pop("RunInstances.Reservation.Instances.Instance.State", None)


def _find(instance_id: str) -> Instance:
    for regions in ec2_backends.values():
        for backend in regions.values():
            found = backend.get_instance_by_id(instance_id)
            if found is not None:
                return found  # type: ignore[no-any-return]  # moto's lookup is untyped here
    raise LookupError(instance_id)


def fail_launch(instance_id: str, code: str, message: str) -> None:
    """End a launch that cannot succeed, as EC2 does: pending to terminated (to stopped, if it was a start).

    ``code`` is the StateReason's code: ``Server.InternalError`` when there is no host for the instance,
    ``Client.InternalError`` when the key of a volume cannot be used. Raises LookupError for an unknown instance.
    """
    with cloud.lock:
        instance = _find(instance_id)
        if instance.state == "pending":
            instance.fail(code, message)


def guest_poweroff(instance_id: str) -> None:
    """The guest has shut itself down: stop or terminate, as InstanceInitiatedShutdownBehavior says.

    Raises LookupError for an unknown instance.
    """
    with cloud.lock:
        instance = _find(instance_id)
        if instance.state not in ("pending", "running"):
            return
        if instance.instance_initiated_shutdown_behavior == "terminate":
            instance.terminate(GUEST_SHUTDOWN)
        else:
            instance.stop(GUEST_SHUTDOWN)


def all_instances(backend: Any) -> Iterator[Instance]:
    """Every instance of an account and region, terminated ones included."""
    for reservation in list(backend.reservations.values()):
        yield from reservation.instances


def named_instances(call: Call) -> list[Instance]:
    """The instances of InstanceIds. Raises InvalidInstanceID.NotFound or .Malformed, MissingParameter for none."""
    ids = call.params.get("InstanceIds") or []
    if not ids:
        raise errors.missing_parameter("InstanceId")
    return instances_by_id(call.backend, ids)


def instances_by_id(backend: Any, ids: Iterable[str]) -> list[Instance]:
    """The instances with these ids. Raises InvalidInstanceID.Malformed or InvalidInstanceID.NotFound."""
    by_id = {instance.id: instance for instance in all_instances(backend)}
    ids = list(ids)
    for instance_id in ids:
        if not instance_id.startswith("i-"):
            raise errors.malformed("InvalidInstanceID.Malformed", instance_id, "i")
    unknown = [instance_id for instance_id in ids if instance_id not in by_id]
    if len(unknown) == 1:
        raise errors.EC2ClientError("InvalidInstanceID.NotFound", f"The instance ID '{unknown[0]}' does not exist")
    if unknown:
        listed = ", ".join(unknown)
        raise errors.EC2ClientError("InvalidInstanceID.NotFound", f"The instance IDs '{listed}' do not exist")
    return [by_id[instance_id] for instance_id in dict.fromkeys(ids)]


def require_state(instance: Instance, allowed: Iterable[str], action: str) -> None:
    """Raises IncorrectInstanceState unless the instance is in one of the allowed states."""
    if instance.state not in allowed:
        raise errors.incorrect_instance_state(
            f"The instance '{instance.id}' is not in a state from which it can be {action}."
        )


def _changes(instances: Iterable[Instance], previous: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        {
            "InstanceId": instance.id,
            "CurrentState": {"Code": instance.state_code, "Name": instance.state},
            "PreviousState": {"Code": before.code, "Name": before.name},
        }
        for instance, before in zip(instances, previous, strict=True)
    ]


@corrects(
    "ec2",
    "StartInstances",
    id="start-instances-state",
    behaviour="A stopped instance goes to pending and then running; one that is stopping, shutting down or terminated, "
    "or has no root volume, cannot be started.",
    errors=("IncorrectInstanceState", "InvalidParameterValue"),
)
def start_instances(call: Call, forward: Forward) -> Any:
    del forward
    instances = named_instances(call)
    for instance in instances:
        require_state(instance, ("pending", "running", "stopped"), "started")
        if instance.root_device_name not in instance.block_device_mapping:
            raise errors.invalid_value(
                f"Invalid value '{instance.id}' for instanceId. "
                f"Instance does not have a volume attached at root ({instance.root_device_name})"
            )
    refuse_dry_run(call.params)
    return {"StartingInstances": _changes(instances, [instance.start() for instance in instances])}


@corrects(
    "ec2",
    "StopInstances",
    id="stop-instances-state",
    behaviour="A running instance goes to stopping and then stopped, a stopped one stays so; others, and instances "
    "with stop protection, cannot be stopped. Force goes the same way.",
    errors=("IncorrectInstanceState", "OperationNotPermitted"),
)
def stop_instances(call: Call, forward: Forward) -> Any:
    del forward
    instances = named_instances(call)
    for instance in instances:
        require_state(instance, ("running", "stopping", "stopped"), "stopped")
        if instance.disable_api_stop:
            raise errors.operation_not_permitted(
                f"The instance '{instance.id}' may not be stopped. "
                "Modify its 'disableApiStop' instance attribute and try again."
            )
    refuse_dry_run(call.params)
    return {"StoppingInstances": _changes(instances, [instance.stop() for instance in instances])}


@corrects(
    "ec2",
    "TerminateInstances",
    id="terminate-instances-state",
    behaviour="An instance goes to shutting-down and then terminated, from whatever state; a second call changes "
    "nothing. Interfaces and volumes with DeleteOnTermination go with it, the others become available.",
    errors=("OperationNotPermitted",),
)
def terminate_instances(call: Call, forward: Forward) -> Any:
    instances = named_instances(call)
    for instance in instances:
        if instance.disable_api_termination and instance.state != "terminated":
            raise errors.operation_not_permitted(
                f"The instance '{instance.id}' may not be terminated. "
                "Modify its 'disableApiTermination' instance attribute and try again."
            )
    refuse_dry_run(call.params)
    previous = [instance.instance_state for instance in instances]
    forward()  # moto also tells Auto Scaling and load balancers
    return {"TerminatingInstances": _changes(instances, previous)}


@corrects(
    "ec2",
    "RebootInstances",
    id="reboot-instances-state",
    behaviour="Only a running instance can be rebooted; it stays running and boots again.",
    errors=("IncorrectInstanceState",),
)
def reboot_instances(call: Call, forward: Forward) -> Any:
    for instance in named_instances(call):
        require_state(instance, ("running",), "rebooted")
    return forward()


def forget_terminated(backend: Any) -> None:
    """Remove the instances that were terminated an hour ago, with their tags."""
    limit = time.monotonic() - TERMINATED_VISIBLE_SECONDS
    for reservation in list(backend.reservations.values()):
        for instance in list(reservation.instances):
            if instance.terminated_at is not None and instance.terminated_at < limit:
                reservation.instances.remove(instance)
                backend.tags.pop(instance.id, None)
        if not reservation.instances:
            del backend.reservations[reservation.id]


_STATUS_FILTERS = {
    "availability-zone": lambda instance: instance.placement.zone,
    "event.code": lambda instance: None,
    "event.description": lambda instance: None,
    "event.instance-event-id": lambda instance: None,
    "event.not-after": lambda instance: None,
    "event.not-before": lambda instance: None,
    "event.not-before-deadline": lambda instance: None,
    "instance-state-code": lambda instance: instance.state_code,
    "instance-state-name": lambda instance: instance.state,
    "instance-status.reachability": lambda instance: _reachability(instance.instance_status),
    "instance-status.status": lambda instance: instance.instance_status["Status"],
    "system-status.reachability": lambda instance: _reachability(instance.system_status),
    "system-status.status": lambda instance: instance.system_status["Status"],
}


def _reachability(status: dict[str, Any]) -> str | None:
    details = status.get("Details")
    return details[0]["Status"] if details else None


@corrects(
    "ec2",
    "DescribeInstanceStatus",
    id="instance-status-initializing",
    behaviour="Status checks are initializing after every start before they are ok; without IncludeAllInstances only "
    "running instances are described.",
    errors=("InvalidInstanceID.NotFound", "InvalidParameterValue"),
)
def describe_instance_status(call: Call, forward: Forward) -> Any:
    del forward
    ids = call.params.get("InstanceIds") or []
    instances = instances_by_id(call.backend, ids) if ids else list(all_instances(call.backend))
    if not call.params.get("IncludeAllInstances"):
        instances = [instance for instance in instances if instance.is_running()]
    instances = select(split_filters(call.params), instances, _STATUS_FILTERS)
    refuse_dry_run(call.params)
    return {"InstanceStatuses": [_status(instance) for instance in instances]}


def _status(instance: Instance) -> dict[str, Any]:
    return {
        "AvailabilityZone": instance.placement.zone,
        "AvailabilityZoneId": instance.placement.zone_id,
        "InstanceId": instance.id,
        "InstanceState": {"Code": instance.state_code, "Name": instance.state},
        "InstanceStatus": instance.instance_status,
        "SystemStatus": instance.system_status,
        "Events": [],
    }


@provides(
    "ec2",
    "GetConsoleOutput",
    id="console-output",
    behaviour="The output is what the instance's host has written to its console; none when there is no host.",
    errors=("InvalidInstanceID.NotFound",),
)
def get_console_output(call: Call) -> Any:
    instance = instances_by_id(call.backend, [call.params["InstanceId"]])[0]
    refuse_dry_run(call.params)
    return {
        "InstanceId": instance.id,
        "Timestamp": datetime.now(UTC),
        "Output": Base64EncodedString.from_raw_string(cloud.console(instance.id)),
    }
