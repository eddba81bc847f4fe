# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attaching network interfaces to instances and detaching them."""

from __future__ import annotations

from typing import Any

from ...cloud import cloud
from ..registry import Call, Forward, corrects
from . import errors
from .common import refuse_dry_run
from .instances import instances_by_id
from .instances_model import Instance
from .interfaces import find_interface, unknown_attachment
from .launch_interfaces import (
    interface_in_use,
    most_addresses,
    most_interfaces,
    too_many_addresses,
    too_many_interfaces,
)


@corrects(
    "ec2",
    "AttachNetworkInterface",
    id="attach-network-interface",
    behaviour="An interface is attached once, in its own zone, at a free device index, within the type's limits, to an "
    "instance that is running or stopped; it is attaching before it is attached.",
    errors=(
        "AttachmentLimitExceeded",
        "IncorrectInstanceState",
        "InvalidNetworkInterface.InUse",
        "InvalidParameterCombination",
        "InvalidParameterValue",
        "PrivateIpAddressLimitExceeded",
    ),
)
def attach_network_interface(call: Call, forward: Forward) -> Any:
    del forward
    params = call.params
    interface = find_interface(call.backend, params["NetworkInterfaceId"])
    instance = instances_by_id(call.backend, [params["InstanceId"]])[0]
    index = int(params["DeviceIndex"])
    _check_attachable(interface, instance, index)
    refuse_dry_run(params)
    attachment_id = instance.attach_eni(interface, index)
    interface.delete_on_termination = False

    def finish() -> None:
        if interface.attachment_id == attachment_id:
            interface.attachment_status = "attached"

    cloud.transitions.begin("interface.attaching", interface.id, finish)
    return {"AttachmentId": attachment_id, "NetworkCardIndex": 0}


def _check_attachable(interface: Any, instance: Instance, index: int) -> None:
    if instance.state not in ("running", "stopped"):
        raise errors.incorrect_instance_state(
            f"Instance '{instance.id}' is not in a valid state for attaching a network interface: {instance.state}."
        )
    if interface.status != "available":
        raise interface_in_use(interface)
    if interface.availability_zone != instance.placement.zone:
        raise errors.invalid_combination(
            "You may not attach a network interface to an instance if they are not in the same availability zone"
        )
    if index in instance.nics:
        raise errors.invalid_value(
            f"Instance '{instance.id}' already has an interface attached at device index '{index}'."
        )
    count, instance_type = len(instance.nics) + 1, instance.instance_type
    if count > most_interfaces(instance_type):
        raise too_many_interfaces(count, instance_type)
    if len(interface.private_ip_addresses) > most_addresses(instance_type):
        raise too_many_addresses()


@corrects(
    "ec2",
    "DetachNetworkInterface",
    id="detach-network-interface",
    behaviour="The primary interface cannot be detached; others are detaching and then available. Force ends an "
    "attachment at once. A detached attachment does not exist any more.",
    errors=("InvalidAttachmentID.NotFound", "IncorrectState", "OperationNotPermitted"),
)
def detach_network_interface(call: Call, forward: Forward) -> Any:
    del forward
    attachment_id = call.params["AttachmentId"]
    interface = next((one for one in call.backend.enis.values() if one.attachment_id == attachment_id), None)
    if interface is None:
        raise unknown_attachment(attachment_id)
    if interface.device_index == 0:
        raise errors.operation_not_permitted("The network interface at device index 0 cannot be detached.")
    force = bool(call.params.get("Force"))
    if interface.attachment_status == "detaching" and not force:
        raise errors.incorrect_state(f"The attachment '{attachment_id}' is being detached already.")
    refuse_dry_run(call.params)
    cloud.transitions.cancel(interface.id)
    if force:
        interface.release()
        return

    def finish() -> None:
        if interface.attachment_id == attachment_id:
            interface.release()

    interface.attachment_status = "detaching"
    cloud.transitions.begin("interface.detaching", interface.id, finish)
