# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What RunInstances refuses, in the order of the checks: count, image, type, key pair, instance profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS, INSTANCE_TYPES
from moto.iam import iam_backends

from ..registry import Call, Forward, corrects
from . import errors

MOST_INSTANCES_PER_REQUEST = 1000
DEFAULT_INSTANCE_TYPE = "m1.small"


@corrects(
    "ec2",
    "RunInstances",
    id="run-instances-count",
    behaviour="MinCount and MaxCount are at least 1, MinCount is not greater, and a request launches up to 1000 "
    "instances.",
    errors=("InvalidParameterValue", "MissingParameter", "RequestResourceCountExceeded"),
)
def check_count(call: Call, forward: Forward) -> Any:
    for name in ("MinCount", "MaxCount"):
        if call.params.get(name) is None:
            raise errors.missing_parameter(name)
        if int(call.params[name]) < 1:
            raise errors.invalid_value(
                f"Value ({call.params[name]}) for parameter {name[0].lower() + name[1:]} is invalid. "
                "Expected a positive integer."
            )
    minimum, maximum = int(call.params["MinCount"]), int(call.params["MaxCount"])
    if minimum > maximum:
        raise errors.invalid_value(
            f"Value ({minimum}) for parameter minCount is invalid. It must not be greater than maxCount."
        )
    if maximum > MOST_INSTANCES_PER_REQUEST:
        raise errors.EC2ClientError(
            "RequestResourceCountExceeded",
            f"Up to {MOST_INSTANCES_PER_REQUEST} instances can be launched in a single request.",
        )
    return forward()


def find_image(backend: Any, image_id: str | None) -> Any:
    """Raises MissingParameter, InvalidAMIID.Malformed, InvalidAMIID.NotFound or InvalidAMIID.Unavailable."""
    if not image_id:
        raise errors.missing_parameter("ImageId")
    if not image_id.startswith("ami-"):
        raise errors.malformed("InvalidAMIID.Malformed", image_id, "ami")
    image = backend.amis.get(image_id)
    if image is None:
        raise errors.EC2ClientError("InvalidAMIID.NotFound", f"The image id '[{image_id}]' does not exist")
    if image.state != "available":
        raise errors.EC2ClientError("InvalidAMIID.Unavailable", f"The image id '[{image_id}]' is not available")
    return image


@corrects(
    "ec2",
    "RunInstances",
    id="run-instances-image",
    behaviour="The image has to exist.",
    errors=("MissingParameter", "InvalidAMIID.Malformed", "InvalidAMIID.NotFound", "InvalidAMIID.Unavailable"),
)
def check_image(call: Call, forward: Forward) -> Any:
    find_image(call.backend, call.params.get("ImageId"))
    return forward()


def check_type(backend: Any, instance_type: str, architecture: str) -> None:
    """Raises InvalidParameterValue for a type unknown in the region or of another architecture than the image."""
    facts = INSTANCE_TYPES.get(instance_type)
    offered = {item["InstanceType"] for item in INSTANCE_TYPE_OFFERINGS["region"].get(backend.region_name, [])}
    if facts is None or instance_type not in offered:
        raise errors.invalid_value(f"Invalid value '{instance_type}' for InstanceType.")
    supported = facts.get("ProcessorInfo", {}).get("SupportedArchitectures", [])
    if architecture not in supported:
        raise errors.invalid_value(
            f"The architecture '{','.join(supported)}' of the specified instance type does not match the architecture "
            f"'{architecture}' of the specified AMI. Specify an instance type and an AMI that have matching "
            "architectures, and try again. You can use 'describe-instance-types' or 'describe-images' to discover "
            "the architecture of the instance type or AMI."
        )


def zones_offering(backend: Any, instance_type: str) -> list[str]:
    """The availability zones of the region that have an instance type."""
    offerings = INSTANCE_TYPE_OFFERINGS["availability-zone"].get(backend.region_name, [])
    return sorted(item["Location"] for item in offerings if item["InstanceType"] == instance_type)


def check_offered(backend: Any, instance_type: str, zone: str) -> None:
    """Raises Unsupported for a type that the availability zone does not have, naming those that have it."""
    zones = zones_offering(backend, instance_type)
    if zone not in zones:
        raise errors.unsupported(
            f"Your requested instance type ({instance_type}) is not supported in your requested Availability Zone "
            f"({zone}). Please retry your request by not specifying an Availability Zone or choosing "
            f"{', '.join(zones)}."
        )


@corrects(
    "ec2",
    "RunInstances",
    id="run-instances-type",
    behaviour="The instance type has to exist in the region and to have the architecture of the image.",
    errors=("InvalidParameterValue",),
)
def check_instance_type(call: Call, forward: Forward) -> Any:
    image = call.backend.amis[call.params["ImageId"]]
    check_type(call.backend, call.params.get("InstanceType", DEFAULT_INSTANCE_TYPE), image.architecture)
    return forward()


@corrects(
    "ec2",
    "RunInstances",
    id="run-instances-key-pair",
    behaviour="The key pair has to exist.",
    errors=("InvalidKeyPair.NotFound",),
)
def check_key_pair(call: Call, forward: Forward) -> Any:
    name = call.params.get("KeyName")
    if name and name not in call.backend.key_pairs:
        raise errors.EC2ClientError("InvalidKeyPair.NotFound", f"The key pair '{name}' does not exist")
    return forward()


def find_profile(account_id: str, partition: str, asked: Mapping[str, str] | None) -> Any:
    """The instance profile of an IamInstanceProfile parameter, or None without one.

    Raises InvalidParameterValue for an unknown one, InvalidParameterCombination when both ARN and name are given.
    """
    if not asked or not (asked.get("Arn") or asked.get("Name")):
        return None
    if asked.get("Arn") and asked.get("Name"):
        raise errors.invalid_combination(
            "The parameter 'iamInstanceProfile.name' may not be used in combination with 'iamInstanceProfile.arn'"
        )
    for profile in iam_backends[account_id][partition].instance_profiles.values():
        if profile.arn == asked.get("Arn") or profile.name == asked.get("Name"):
            return profile
    key, label = ("arn", "ARN") if asked.get("Arn") else ("name", "name")
    raise errors.invalid_value(
        f"Value ({asked.get('Arn') or asked.get('Name')}) for parameter iamInstanceProfile.{key} is invalid. "
        f"Invalid IAM Instance Profile {label}"
    )


@corrects(
    "ec2",
    "RunInstances",
    id="run-instances-profile",
    behaviour="The instance profile has to exist.",
    errors=("InvalidParameterValue", "InvalidParameterCombination"),
)
def check_profile(call: Call, forward: Forward) -> Any:
    find_profile(call.account_id, call.response.partition, call.params.get("IamInstanceProfile"))
    return forward()
