# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags: the documented limits, on whatever resource, and the names that EC2 gives to the types of resource."""

from __future__ import annotations

from collections import Counter
from typing import Any

from moto.core.utils import camelcase_to_underscores, get_service_model
from moto.ec2.models.core import TaggedEC2Resource
from moto.ec2.responses import EC2Response
from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE, get_prefix

from ..registry import Call, Forward, corrects
from . import errors
from .tagged_resources import refuse_unknown

MOST_TAGS = 50
LONGEST_KEY = 128
LONGEST_VALUE = 256

# What DescribeTags calls them, where moto says otherwise.
EC2_PREFIX_TO_RESOURCE.update(
    {
        "eipalloc": "elastic-ip",
        "fl": "vpc-flow-log",
        "h": "dedicated-host",
        "nat": "natgateway",
        "pg": "placement-group",
        "pl": "prefix-list",
        "sir": "spot-instances-request",
    }
)


def _get_tags(resource: Any) -> list[dict[str, str]]:
    """The tags of one resource, found by its id; moto goes through all tags of the region for each resource."""
    kind = EC2_PREFIX_TO_RESOURCE.get(get_prefix(resource.id) or "", "")
    tags = resource.ec2_backend.tags.get(resource.id, {})
    return [
        {"resource_id": resource.id, "key": key, "value": value, "resource_type": kind} for key, value in tags.items()
    ]


setattr(TaggedEC2Resource, "get_tags", _get_tags)  # noqa: B010  # an assignment would be refused by the type checker


def _with_tag_specifications() -> list[str]:
    model = get_service_model("ec2")
    asked = {name: model.operation_model(name).input_shape for name in model.operation_names}
    return [
        name
        for name, shape in asked.items()
        if shape and "TagSpecifications" in shape.members and hasattr(EC2Response, camelcase_to_underscores(name))
    ]


@corrects(
    "ec2",
    *_with_tag_specifications(),
    id="tag-specification-limits",
    behaviour="Tags given at creation are held to the limits of tags.",
    errors=("InvalidParameterValue", "TagLimitExceeded"),
)
def check_tag_specifications(call: Call, forward: Forward) -> Any:
    for specification in call.params.get("TagSpecifications") or []:
        check_tags(specification.get("Tags") or [])
    return forward()


@corrects(
    "ec2",
    "CreateTags",
    id="create-tags",
    behaviour="CreateTags finds every resource first, and holds key, value and number of tags to the limits.",
    errors=("InvalidParameterValue", "TagLimitExceeded", "Invalid...ID.NotFound", "InvalidID"),
)
def create_tags(call: Call, forward: Forward) -> Any:
    tags = call.params.get("Tags") or []
    check_tags(tags)
    for resource_id in call.params.get("Resources") or []:
        refuse_unknown(call.backend, resource_id)
    for tag in tags:
        tag.setdefault("Value", "")
    return forward()


@corrects(
    "ec2",
    "DeleteTags",
    id="delete-tags",
    behaviour="A tag whose key starts with aws: cannot be deleted; without Tags all others are deleted.",
    errors=("InvalidParameterValue",),
)
def delete_tags(call: Call, forward: Forward) -> Any:
    tags = call.params.get("Tags") or []
    _refuse_reserved(tags)
    if not tags:
        present = {key for one in call.params.get("Resources") or [] for key in call.backend.tags.get(one, {})}
        call.params["Tags"] = [{"Key": key} for key in sorted(present) if not key.startswith("aws:")]
    return forward()


_DELETED_BY = {
    "DeleteDhcpOptions": "DhcpOptionsId",
    "DeleteInternetGateway": "InternetGatewayId",
    "DeleteKeyPair": "KeyPairId",
    "DeleteNetworkAcl": "NetworkAclId",
    "DeleteNetworkInterface": "NetworkInterfaceId",
    "DeleteRouteTable": "RouteTableId",
    "DeleteSecurityGroup": "GroupId",
    "DeleteSnapshot": "SnapshotId",
    "DeleteSubnet": "SubnetId",
    "DeleteVolume": "VolumeId",
    "DeleteVpc": "VpcId",
    "DeregisterImage": "ImageId",
    "ReleaseAddress": "AllocationId",
}


@corrects(
    "ec2",
    *_DELETED_BY,
    id="tags-of-deleted-resources",
    behaviour="The tags of a resource go with it.",
)
def forget_tags(call: Call, forward: Forward) -> Any:
    result = forward()
    call.backend.tags.pop(call.params.get(_DELETED_BY[call.operation]), None)
    return result


def check_tags(tags: list[dict[str, str]]) -> None:
    """Hold the tags of one request to EC2's limits.

    Raises:
        EC2ClientError: InvalidParameterValue (reserved prefix, length, the same key twice), TagLimitExceeded.
    """
    _refuse_reserved(tags)
    for tag in tags:
        if not tag.get("Key") or len(tag["Key"]) > LONGEST_KEY:
            raise errors.invalid_value(f"Tag key exceeds the maximum length of {LONGEST_KEY} characters, or is empty.")
        if len(tag.get("Value") or "") > LONGEST_VALUE:
            raise errors.invalid_value(f"Tag value exceeds the maximum length of {LONGEST_VALUE} characters.")
    key, count = next(iter(Counter(tag["Key"] for tag in tags).most_common(1)), ("", 0))
    if count > 1:
        raise errors.invalid_value(f"Duplicate tag key '{key}' specified.")
    if len(tags) > MOST_TAGS:
        raise errors.EC2ClientError(
            "TagLimitExceeded", "The maximum number of Tags for a resource has been reached: " + str(MOST_TAGS)
        )


def _refuse_reserved(tags: list[dict[str, str]]) -> None:
    for tag in tags:
        if str(tag.get("Key", "")).lower().startswith("aws:"):
            message = f"Value ( {tag['Key']} ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved"
            raise errors.invalid_value(f"{message} for internal use")
