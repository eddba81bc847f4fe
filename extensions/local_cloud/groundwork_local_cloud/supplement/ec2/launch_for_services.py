# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Launches by other services (Auto Scaling, fleets, Batch, EMR): through the same door as RunInstances.

moto's implementations of these services call its backend directly; without this their instances would have a root
volume under another name, and interfaces and volumes that nobody deletes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from moto.ec2.models.instances import InstanceBackend, Reservation

from .launch import launch_instances
from .launch_checks import DEFAULT_INSTANCE_TYPE
from .launch_templates import find_template, merge


def _run_instances(
    backend: Any,
    image_id: str | None,
    count: int,
    user_data: Any,
    security_group_names: Iterable[str],
    **settings: Any,
) -> Reservation:
    """Takes the place of moto's ``run_instances``, with its parameters."""
    request = {
        "ImageId": image_id or None,
        "InstanceType": None if settings.get("is_instance_type_default") else settings.get("instance_type"),
        "KeyName": settings.get("key_name"),
        "UserData": user_data,
        "TagSpecifications": _tag_specifications(settings.get("tags") or {}),
        "BlockDeviceMappings": _devices(settings.get("launch_config")),
    }
    request = {name: value for name, value in request.items() if value}
    template = settings.get("launch_template")
    if template:
        version = find_template(backend, _only_identity(template)).get_version(template.get("Version") or "$Default")
        request = merge(version.data, request)
        origin = {"aws:ec2launchtemplate:id": version.template.id, "aws:ec2launchtemplate:version": str(version.number)}
        request.setdefault("TagSpecifications", []).extend(_tag_specifications({"instance": origin}))
    request |= {"MinCount": count, "MaxCount": count}
    request.setdefault("InstanceType", DEFAULT_INSTANCE_TYPE)
    if not request.get("NetworkInterfaces"):
        request |= _network(backend, request, security_group_names, settings)
    reservation = launch_instances(backend, request)
    for instance in reservation.instances:
        instance._spot_fleet_id, instance._fleet_id = settings.get("spot_fleet_id"), settings.get("fleet_id")
        instance.lifecycle = settings.get("lifecycle") or instance.lifecycle
    return reservation


def _only_identity(template: Mapping[str, Any]) -> dict[str, Any]:
    name = "LaunchTemplateId" if template.get("LaunchTemplateId") else "LaunchTemplateName"
    return {name: template[name]}


def _tag_specifications(tags: Mapping[str, Mapping[str, str]]) -> list[dict[str, Any]]:
    return [
        {"ResourceType": kind, "Tags": [{"Key": key, "Value": value} for key, value in of_kind.items()]}
        for kind, of_kind in tags.items()
    ]


def _devices(launch_configuration: Any) -> list[dict[str, Any]]:
    mappings = launch_configuration.block_device_mapping_dict if launch_configuration else None
    return [
        {
            "DeviceName": mapping["DeviceName"],
            "Ebs": {name: value for name, value in mapping["Ebs"].items() if value is not None},
        }
        for mapping in mappings or []
        if mapping.get("Ebs")
    ]


def _network(
    backend: Any, request: Mapping[str, Any], group_names: Iterable[str], settings: Mapping[str, Any]
) -> dict[str, Any]:
    """One interface, in the subnet or the zone asked for, with the groups given by name, id or as moto's objects."""
    given = [*(group_names or []), *(settings.get("security_group_ids") or [])]
    groups = [backend.get_security_group_by_name_or_id(one) if isinstance(one, str) else one for one in given]
    interface: dict[str, Any] = {"DeviceIndex": 0, "Groups": [group.id for group in groups if group]}
    interface["Groups"] = interface["Groups"] or request.get("SecurityGroupIds", [])
    if settings.get("associate_public_ip") is not None:
        interface["AssociatePublicIpAddress"] = bool(settings["associate_public_ip"])
    network: dict[str, Any] = {"NetworkInterfaces": [interface], "SecurityGroupIds": [], "SecurityGroups": []}
    if settings.get("subnet_id"):
        interface["SubnetId"] = settings["subnet_id"]
    elif settings.get("placement"):
        network["Placement"] = {**(request.get("Placement") or {}), "AvailabilityZone": settings["placement"]}
    return network


InstanceBackend.run_instances = _run_instances
