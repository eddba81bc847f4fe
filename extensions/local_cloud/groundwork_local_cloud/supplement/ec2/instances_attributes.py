# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ModifyInstanceAttribute and DescribeInstanceAttribute, credit specifications, metadata options, profiles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from moto.core.types import Base64EncodedString
from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.ec2.utils import parse_user_data

from ..registry import Call, Forward, corrects, provides
from . import errors
from .common import refuse_dry_run
from .instances import instances_by_id, require_state
from .instances_model import Instance
from .launch_checks import check_offered, check_type
from .security_group_choice import checked_groups

_SHUTDOWN_BEHAVIORS = ("stop", "terminate")
_HOP_LIMITS = range(1, 65)
_ONLY_WHEN_STOPPED = {
    "InstanceType",
    "Kernel",
    "Ramdisk",
    "UserData",
    "EbsOptimized",
    "EnaSupport",
    "SriovNetSupport",
    "EnclaveOptions",
}
_METADATA_VALUES = {
    "HttpTokens": ("http_tokens", ("optional", "required")),
    "HttpEndpoint": ("http_endpoint", ("disabled", "enabled")),
    "HttpProtocolIpv6": ("http_protocol_ipv6", ("disabled", "enabled")),
    "InstanceMetadataTags": ("instance_metadata_tags", ("disabled", "enabled")),
}


def _set_instance_type(instance: Instance, value: str) -> None:
    check_type(instance.ec2_backend, value, instance.architecture)
    check_offered(instance.ec2_backend, value, str(instance.placement.zone))
    instance.change_type(value)


def _set_user_data(instance: Instance, value: str | bytes) -> None:
    instance.user_data = (
        Base64EncodedString.from_raw_bytes(value) if isinstance(value, bytes) else parse_user_data(value)
    )


def _set_shutdown_behavior(instance: Instance, value: str) -> None:
    if value not in _SHUTDOWN_BEHAVIORS:
        raise errors.EC2ClientError(
            "InvalidInstanceAttributeValue", f"The value '{value}' is invalid for InstanceInitiatedShutdownBehavior."
        )
    instance.instance_initiated_shutdown_behavior = value


def _set_source_dest_check(instance: Instance, value: Any) -> None:
    _refuse_several_interfaces(instance)
    instance.source_dest_check = _is_true(value)


def _boolean(attribute: str) -> Callable[[Instance, Any], None]:
    return lambda instance, value: setattr(instance, attribute, _is_true(value))


def _is_true(value: Any) -> bool:
    return str(value).lower() == "true"


_SETTERS: dict[str, Callable[[Instance, Any], None]] = {
    "DisableApiStop": _boolean("disable_api_stop"),
    "DisableApiTermination": _boolean("disable_api_termination"),
    "EbsOptimized": _boolean("ebs_optimized"),
    "EnaSupport": _boolean("ena_support"),
    "InstanceInitiatedShutdownBehavior": _set_shutdown_behavior,
    "InstanceType": _set_instance_type,
    "Kernel": lambda instance, value: setattr(instance, "kernel", value),
    "Ramdisk": lambda instance, value: setattr(instance, "ramdisk", value),
    "SourceDestCheck": _set_source_dest_check,
    "SriovNetSupport": lambda instance, value: setattr(instance, "sriov_net_support", value),
    "UserData": _set_user_data,
}


def _refuse_several_interfaces(instance: Instance) -> None:
    if len(instance.nics) > 1:
        raise errors.EC2ClientError(
            "InvalidInstanceID",
            f"There are multiple interfaces attached to instance '{instance.id}'. "
            "Please specify an interface ID for the operation instead.",
        )


@corrects(
    "ec2",
    "ModifyInstanceAttribute",
    id="modify-instance-attribute",
    behaviour="Type, user data, kernel and optimisations change on a stopped instance only; groups and the check of "
    "source and destination only with one interface; a mapping is of a device that exists; values are checked.",
    errors=(
        "IncorrectInstanceState",
        "InvalidInstanceAttributeValue",
        "InvalidInstanceID",
        "InvalidParameterValue",
        "InvalidParameterCombination",
    ),
)
def modify_instance_attribute(call: Call, forward: Forward) -> Any:
    del forward
    params = call.params
    instance = instances_by_id(call.backend, [params["InstanceId"]])[0]
    require_state(instance, ("pending", "running", "stopping", "stopped"), "modified")
    changes = _changes(params)
    if len(changes) + bool(params.get("Groups")) + bool(params.get("BlockDeviceMappings")) > 1:
        raise errors.invalid_combination("Fields for multiple attribute types specified")
    refuse_dry_run(params)
    for name, value in changes.items():
        if name in _ONLY_WHEN_STOPPED and instance.state != "stopped":
            raise errors.incorrect_instance_state(f"The instance '{instance.id}' is not in the 'stopped' state.")
        _SETTERS[name](instance, value)
    if params.get("Groups"):
        _refuse_several_interfaces(instance)
        instance.security_groups = checked_groups(call.backend, params["Groups"], instance.primary.subnet)
    for mapping in params.get("BlockDeviceMappings") or []:
        _modify_device(instance, mapping)


def _changes(params: Mapping[str, Any]) -> dict[str, Any]:
    """The changed attributes by name. Raises InvalidParameterValue for an attribute that does not exist."""
    changes = {name: params[name]["Value"] for name in _SETTERS if "Value" in (params.get(name) or {})}
    attribute = params.get("Attribute")
    if attribute and "Value" in params:
        name = attribute[0].upper() + attribute[1:]
        if name not in _SETTERS:
            raise errors.invalid_value(f"Value ({attribute}) for parameter attribute is invalid. Unknown attribute.")
        changes[name] = params["Value"]
    return changes


def _modify_device(instance: Instance, mapping: Mapping[str, Any]) -> None:
    device = mapping.get("DeviceName")
    if device not in instance.block_device_mapping:
        raise errors.EC2ClientError("InvalidInstanceAttributeValue", f"No device is currently mapped at {device}")
    delete = (mapping.get("Ebs") or {}).get("DeleteOnTermination")
    if delete is not None:
        instance.block_device_mapping[device].delete_on_termination = _is_true(delete)


@corrects(
    "ec2",
    "DescribeInstanceAttribute",
    id="describe-instance-attribute",
    behaviour="The attributes enaSupport and enclaveOptions are described, and the mappings of block devices in full.",
    errors=("InvalidInstanceID.NotFound",),
)
def describe_instance_attribute(call: Call, forward: Forward) -> Any:
    instance = instances_by_id(call.backend, [call.params["InstanceId"]])[0]
    special = {
        "enaSupport": ("EnaSupport", {"Value": instance.ena_support}),
        "enclaveOptions": ("EnclaveOptions", instance.enclave_options),
        "blockDeviceMapping": ("BlockDeviceMappings", instance.block_device_mappings),
    }
    if call.params.get("Attribute") not in special:
        return forward()
    refuse_dry_run(call.params)
    key, value = special[call.params["Attribute"]]
    return {"InstanceId": instance.id, key: value}


def _is_burstable(instance: Instance) -> bool:
    return bool(INSTANCE_TYPES.get(instance.instance_type, {}).get("BurstablePerformanceSupported"))


def _credits(instance: Instance) -> str:
    default = "standard" if instance.instance_type.startswith("t2.") else "unlimited"
    return instance.cpu_credits or default


@corrects(
    "ec2",
    "DescribeInstanceCreditSpecifications",
    id="describe-credit-specifications",
    behaviour="Burstable instances are unlimited unless they are T2 or said otherwise; others have no credit option.",
    errors=("InvalidInstanceID.NotFound",),
)
def describe_credit_specifications(call: Call, forward: Forward) -> Any:
    del forward
    instances = instances_by_id(call.backend, call.params.get("InstanceIds") or [])
    refuse_dry_run(call.params)
    return {
        "InstanceCreditSpecifications": [
            {"InstanceId": instance.id, "CpuCredits": _credits(instance)}
            for instance in instances
            if _is_burstable(instance)
        ]
    }


@provides(
    "ec2",
    "ModifyInstanceCreditSpecification",
    id="modify-credit-specification",
    behaviour="Changes the credit option of burstable instances; reports each instance whose option cannot be changed.",
    errors=("InvalidParameterValue",),
)
def modify_credit_specification(call: Call) -> Any:
    refuse_dry_run(call.params)
    done: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    for item in call.params.get("InstanceCreditSpecifications") or []:
        if item.get("CpuCredits") not in ("standard", "unlimited"):
            raise errors.invalid_value(f"Value ({item.get('CpuCredits')}) for parameter cpuCredits is invalid.")
        instance = call.backend.get_instance_by_id(item["InstanceId"])
        problem = _credit_problem(instance, item["InstanceId"])
        if problem:
            failed.append({"InstanceId": item["InstanceId"], "Error": {"Code": problem[0], "Message": problem[1]}})
        else:
            instance.cpu_credits = item["CpuCredits"]
            done.append({"InstanceId": instance.id})
    return {"SuccessfulInstanceCreditSpecifications": done, "UnsuccessfulInstanceCreditSpecifications": failed}


def _credit_problem(instance: Instance | None, instance_id: str) -> tuple[str, str] | None:
    if instance is None:
        return "InvalidInstanceID.NotFound", f"The instance ID '{instance_id}' does not exist"
    if instance.state in ("shutting-down", "terminated"):
        return "IncorrectInstanceState", f"The instance '{instance_id}' is {instance.state}."
    if not _is_burstable(instance):
        return (
            "InstanceCreditSpecification.NotSupported",
            f"The instance '{instance_id}' does not support credit specifications.",
        )
    return None


@corrects(
    "ec2",
    "ModifyInstanceMetadataOptions",
    id="modify-metadata-options",
    behaviour="What the request does not name stays as it is; values are checked; the instance exists still.",
    errors=("InvalidParameterValue", "IncorrectInstanceState"),
)
def modify_metadata_options(call: Call, forward: Forward) -> Any:
    del forward
    params = call.params
    instance = instances_by_id(call.backend, [params["InstanceId"]])[0]
    require_state(instance, ("pending", "running", "stopping", "stopped"), "modified")
    check_metadata_options(params)
    refuse_dry_run(params)
    options = instance.metadata_options
    for name, (attribute, _) in _METADATA_VALUES.items():
        setattr(options, attribute, params.get(name) or getattr(options, attribute))
    if params.get("HttpPutResponseHopLimit") is not None:
        options.http_put_response_hop_limit = int(params["HttpPutResponseHopLimit"])
    return {"InstanceId": instance.id, "InstanceMetadataOptions": options}


def check_metadata_options(params: Mapping[str, Any]) -> None:
    """Raises InvalidParameterValue for metadata options that EC2 does not have."""
    for name, (_, allowed) in _METADATA_VALUES.items():
        if params.get(name) not in (None, *allowed):
            raise errors.invalid_value(f"Value ({params[name]}) for parameter {name[0].lower()}{name[1:]} is invalid.")
    limit = params.get("HttpPutResponseHopLimit")
    if limit is not None and int(limit) not in _HOP_LIMITS:
        raise errors.invalid_value(f"Value ({limit}) for parameter httpPutResponseHopLimit is invalid.")


@corrects(
    "ec2",
    "RunInstances",
    id="run-instances-metadata-options",
    behaviour="Metadata options of a launch are checked as those of ModifyInstanceMetadataOptions are.",
    errors=("InvalidParameterValue",),
)
def check_launch_metadata_options(call: Call, forward: Forward) -> Any:
    check_metadata_options(call.params.get("MetadataOptions") or {})
    return forward()
