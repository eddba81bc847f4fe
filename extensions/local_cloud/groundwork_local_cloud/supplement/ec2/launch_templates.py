# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Launch templates: versions that build on each other and can be deleted, and the merge with a request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from moto.ec2.exceptions import (
    InvalidLaunchTemplateNameNotFoundWithNameError,
    InvalidLaunchTemplateVersionNotFound,
)
from moto.ec2.models import launch_templates as moto_templates
from moto.ec2.models.launch_templates import LaunchTemplateVersion
from moto.ec2.utils import parse_user_data

from ..registry import Call, Forward, corrects, provides
from . import errors
from .common import FilterTable, refuse_dry_run, select, split_filters, tags_of

_NAME = re.compile(r"[a-zA-Z0-9().\-/_]{3,128}")
_MOST_VERSIONS_TO_DELETE = 200
# Parameters of a template that RunInstances calls by another name or does not have.
_RENAMED = {"RamDiskId": "RamdiskId"}
_NOT_FOR_A_LAUNCH = {"InstanceRequirements", "ElasticGpuSpecifications"}


class LaunchTemplate(moto_templates.LaunchTemplate):
    """A launch template some of whose versions may have been deleted; their numbers are not given again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.deleted: set[int] = set()
        super().__init__(*args, **kwargs)

    def present_versions(self) -> list[LaunchTemplateVersion]:
        return [version for version in self.versions if version.number not in self.deleted]

    def get_version(self, num: Any) -> LaunchTemplateVersion:
        """A version by number, $Latest or $Default. Raises InvalidLaunchTemplateId.VersionNotFound."""
        aliases = {"$latest": self.latest_version().number, "$default": self.default_version_number}
        wanted = str(aliases.get(str(num).lower(), num))
        for version in self.present_versions():
            if str(version.number) == wanted:
                return version
        raise InvalidLaunchTemplateVersionNotFound(template_id=self.id, version=num)

    def latest_version(self) -> LaunchTemplateVersion:
        return self.present_versions()[-1]

    def default_version(self) -> LaunchTemplateVersion:
        return self.versions[self.default_version_number - 1]


moto_templates.LaunchTemplate = LaunchTemplate  # every template is made through this name


def find_template(backend: Any, params: Mapping[str, Any]) -> LaunchTemplate:
    """The template of LaunchTemplateId or LaunchTemplateName.

    Raises InvalidLaunchTemplateId.NotFound, InvalidLaunchTemplateName.NotFoundException, MissingParameter, and
    InvalidParameterCombination when both are given.
    """
    template_id, name = params.get("LaunchTemplateId"), params.get("LaunchTemplateName")
    if template_id and name:
        raise errors.invalid_combination(
            "Either a launch template ID or a launch template name can be given, not both."
        )
    if template_id:
        return backend.get_launch_template(template_id)  # type: ignore[no-any-return]  # moto's backend is Any here
    if name:
        return backend.get_launch_template_by_name(name)  # type: ignore[no-any-return]  # as above
    raise errors.missing_parameter("LaunchTemplateId or LaunchTemplateName")


def merge(template: Mapping[str, Any], request: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a launch: the template's, each replaced by the request's where the request has it.

    Block device mappings are merged by device, tags by resource type and key.
    """
    inherited = {_RENAMED.get(name, name): value for name, value in template.items() if value is not None}
    inherited = {name: value for name, value in inherited.items() if name not in _NOT_FOR_A_LAUNCH}
    if "SecurityGroups" in request or "SecurityGroupIds" in request:
        inherited.pop("SecurityGroups", None)
        inherited.pop("SecurityGroupIds", None)
    merged = {**inherited, **request}
    for name, combine in (("BlockDeviceMappings", _merge_devices), ("TagSpecifications", _merge_tags)):
        if name in inherited or name in request:
            merged[name] = combine(inherited.get(name) or [], request.get(name) or [])
    return merged


def _merge_devices(template: list[dict[str, Any]], request: list[dict[str, Any]]) -> list[dict[str, Any]]:
    mappings = {mapping.get("DeviceName"): mapping for mapping in template}
    for mapping in request:
        below = mappings.get(mapping.get("DeviceName"), {})
        if "Ebs" in below and "Ebs" in mapping:
            mapping = {**mapping, "Ebs": {**below["Ebs"], **mapping["Ebs"]}}
        mappings[mapping.get("DeviceName")] = mapping
    return list(mappings.values())


def _merge_tags(template: list[dict[str, Any]], request: list[dict[str, Any]]) -> list[dict[str, Any]]:
    tags: dict[str, dict[str, str]] = {}
    for specification in [*template, *request]:
        of_type = tags.setdefault(specification["ResourceType"], {})
        of_type.update({tag["Key"]: tag.get("Value", "") for tag in specification.get("Tags") or []})
    return [
        {"ResourceType": kind, "Tags": [{"Key": key, "Value": value} for key, value in of_type.items()]}
        for kind, of_type in tags.items()
    ]


@corrects(
    "ec2",
    "RunInstances",
    id="run-instances-launch-template",
    behaviour="A launch takes everything from the template (interfaces, profile, metadata options, placement and the "
    "rest included) that the request does not say itself, and its instances are tagged with the template.",
    errors=("InvalidLaunchTemplateId.NotFound", "InvalidLaunchTemplateId.VersionNotFound"),
)
def apply_launch_template(call: Call, forward: Forward) -> Any:
    given = call.params.pop("LaunchTemplate", None)
    if given:
        template = find_template(call.backend, given)
        version = template.get_version(given.get("Version") or "$Default")
        origin = {"aws:ec2launchtemplate:id": template.id, "aws:ec2launchtemplate:version": str(version.number)}
        tags = [{"Key": key, "Value": value} for key, value in origin.items()]
        merged = merge(version.data, call.params)
        specifications = [*merged.get("TagSpecifications", []), {"ResourceType": "instance", "Tags": tags}]
        call.params.update(merged, TagSpecifications=specifications)
    return forward()


@corrects(
    "ec2",
    "CreateLaunchTemplate",
    id="create-launch-template",
    behaviour="A template's own tags are not part of the launches it describes; its name has 3 to 128 characters.",
    errors=("InvalidLaunchTemplateName.MalformedException",),
)
def create_launch_template(call: Call, forward: Forward) -> Any:
    name = call.params.get("LaunchTemplateName") or ""
    if not _NAME.fullmatch(name):
        raise errors.EC2ClientError(
            "InvalidLaunchTemplateName.MalformedException",
            "A launch template name must be between 3 and 128 characters, "
            "and may contain letters, numbers, and the following characters: - ( ) . / _.",
        )
    _check_data(call.params)
    result = forward()
    data = call.backend.get_launch_template_by_name(name).versions[0].data
    own = [item for item in data.get("TagSpecifications", []) if item["ResourceType"] != "launch-template"]
    data.pop("TagSpecifications", None)
    if own:
        data["TagSpecifications"] = own
    return result


def _check_data(params: Mapping[str, Any]) -> None:
    if not params.get("LaunchTemplateData"):
        raise errors.missing_parameter("LaunchTemplateData")


@corrects(
    "ec2",
    "CreateLaunchTemplateVersion",
    id="launch-template-source-version",
    behaviour="A version made from a SourceVersion inherits what the new data does not say.",
    errors=("InvalidLaunchTemplateId.VersionNotFound",),
)
def create_launch_template_version(call: Call, forward: Forward) -> Any:
    _check_data(call.params)
    data = call.params["LaunchTemplateData"]
    data["UserData"] = parse_user_data(data.get("UserData"))
    source = call.params.get("SourceVersion")
    template = find_template(call.backend, call.params)
    if source:
        said = {name: value for name, value in data.items() if value is not None}
        call.params["LaunchTemplateData"] = {**template.get_version(source).data, **said}
    return forward()


@corrects(
    "ec2",
    "ModifyLaunchTemplate",
    id="launch-template-default-version",
    behaviour="Only a version that exists can become the default.",
    errors=("InvalidLaunchTemplateId.VersionNotFound",),
)
def modify_launch_template(call: Call, forward: Forward) -> Any:
    template = find_template(call.backend, call.params)
    if call.params.get("DefaultVersion"):
        call.params["DefaultVersion"] = str(template.get_version(call.params["DefaultVersion"]).number)
    return forward()


@provides(
    "ec2",
    "DeleteLaunchTemplateVersions",
    id="delete-launch-template-versions",
    behaviour="Versions other than the default are deleted; each that cannot be is reported, the others go.",
    errors=("InvalidLaunchTemplateId.NotFound", "InvalidParameterValue"),
)
def delete_launch_template_versions(call: Call) -> Any:
    template = find_template(call.backend, call.params)
    versions = call.params.get("Versions") or []
    if len(versions) > _MOST_VERSIONS_TO_DELETE:
        raise errors.invalid_value(f"Up to {_MOST_VERSIONS_TO_DELETE} versions can be deleted in a single request.")
    refuse_dry_run(call.params)
    deleted, kept = [], []
    for number in versions:
        item = {"LaunchTemplateId": template.id, "LaunchTemplateName": template.name, "VersionNumber": int(number)}
        problem = _why_kept(template, int(number))
        if problem:
            kept.append({**item, "ResponseError": {"Code": problem[0], "Message": problem[1]}})
        else:
            template.deleted.add(int(number))
            deleted.append(item)
    return {
        "SuccessfullyDeletedLaunchTemplateVersions": deleted,
        "UnsuccessfullyDeletedLaunchTemplateVersions": kept,
    }


def _why_kept(template: LaunchTemplate, number: int) -> tuple[str, str] | None:
    if number not in {version.number for version in template.present_versions()}:
        return "launchTemplateVersionDoesNotExist", f"The version {number} does not exist."
    if number == template.default_version_number:
        return "unexpectedError", "The default version of a launch template cannot be deleted."
    return None


_TEMPLATE_FILTERS: FilterTable = {
    "create-time": lambda template: template.create_time,
    "launch-template-name": lambda template: template.name,
}


@corrects(
    "ec2",
    "DescribeLaunchTemplates",
    id="describe-launch-templates",
    behaviour="An unknown id or name is an error; the documented filters work.",
    errors=(
        "InvalidLaunchTemplateId.NotFound",
        "InvalidLaunchTemplateName.NotFoundException",
        "InvalidParameterValue",
    ),
)
def describe_launch_templates(call: Call, forward: Forward) -> Any:
    del forward
    backend = call.backend
    templates = [backend.get_launch_template(one) for one in call.params.get("LaunchTemplateIds") or []]
    for name in call.params.get("LaunchTemplateNames") or []:
        if name not in backend.launch_template_name_to_ids:
            raise InvalidLaunchTemplateNameNotFoundWithNameError(name)
        templates.append(backend.get_launch_template_by_name(name))
    asked = call.params.get("LaunchTemplateIds") or call.params.get("LaunchTemplateNames")
    found = select(
        split_filters(call.params), templates if asked else backend.launch_templates.values(), _TEMPLATE_FILTERS
    )
    refuse_dry_run(call.params)
    return {"LaunchTemplates": [_described(call, template) for template in found]}


def _described(call: Call, template: LaunchTemplate) -> dict[str, Any]:
    return {
        "CreateTime": template.create_time,
        "CreatedBy": f"arn:{call.response.partition}:iam::{call.account_id}:root",
        "DefaultVersionNumber": template.default_version_number,
        "LatestVersionNumber": template.latest_version_number,
        "LaunchTemplateId": template.id,
        "LaunchTemplateName": template.name,
        "Tags": [{"Key": key, "Value": value} for key, value in tags_of(template).items()],
    }


_VERSION_FILTERS: FilterTable = {
    "create-time": lambda item: item["CreateTime"],
    "ebs-optimized": lambda item: item["LaunchTemplateData"].get("EbsOptimized"),
    "host-recovery": lambda item: None,
    "iam-instance-profile": lambda item: list((item["LaunchTemplateData"].get("IamInstanceProfile") or {}).values()),
    "image-id": lambda item: item["LaunchTemplateData"].get("ImageId"),
    "instance-type": lambda item: item["LaunchTemplateData"].get("InstanceType"),
    "is-default-version": lambda item: item["DefaultVersion"],
    "kernel-id": lambda item: item["LaunchTemplateData"].get("KernelId"),
    "license-configuration-arn": lambda item: None,
    "network-card-index": lambda item: None,
    "ram-disk-id": lambda item: item["LaunchTemplateData"].get("RamDiskId"),
}


@corrects(
    "ec2",
    "DescribeLaunchTemplateVersions",
    id="describe-launch-template-versions",
    behaviour="Deleted versions are not described; the documented filters work.",
    errors=("InvalidLaunchTemplateId.VersionNotFound", "InvalidParameterValue"),
)
def describe_launch_template_versions(call: Call, forward: Forward) -> Any:
    filters = split_filters(call.params)
    select(filters, [], _VERSION_FILTERS)
    versions = [
        item
        for item in forward().result["LaunchTemplateVersions"]
        if item["VersionNumber"] not in call.backend.launch_templates[item["LaunchTemplateId"]].deleted
    ]
    return {"LaunchTemplateVersions": select(filters, versions, _VERSION_FILTERS)}
