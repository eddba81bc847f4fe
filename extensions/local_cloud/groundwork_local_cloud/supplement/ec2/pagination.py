# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""MaxResults and NextToken for every EC2 operation that has them in botocore's model."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from moto.core.utils import camelcase_to_underscores, get_service_model
from moto.ec2.responses import EC2Response

from ..registry import Call, Forward, corrects
from . import errors
from .result_lists import content, listed

SMALLEST_PAGE = 5
LARGEST_PAGE = 1000
PROVIDED_BY_US = ("DescribeReplaceRootVolumeTasks",)
IDS_EXCLUDE_PAGES = {
    "DescribeInstanceCreditSpecifications": "InstanceIds",
    "DescribeInstanceStatus": "InstanceIds",
    "DescribeInstances": "InstanceIds",
    "DescribeNetworkInterfaces": "NetworkInterfaceIds",
}


@dataclass(frozen=True)
class Paging:
    """How an operation is paged: the keys of its answer's lists, and the documented size of a page."""

    keys: tuple[str, ...]
    smallest: int
    largest: int


@cache
def paged_operations() -> dict[str, Paging]:
    """Every operation of EC2 that moto carries out or the supplement may provide, and that is answered in pages."""
    model = get_service_model("ec2")
    found: dict[str, Paging] = {}
    for name in model.operation_names:
        operation = model.operation_model(name)
        asked = operation.input_shape.members if operation.input_shape else {}
        answered = operation.output_shape.members if operation.output_shape else {}
        keys = tuple(key for key, shape in answered.items() if shape.type_name == "list")
        if "MaxResults" in asked and "NextToken" in asked and "NextToken" in answered and keys:
            metadata = asked["MaxResults"].metadata
            found[name] = Paging(keys, metadata.get("min", SMALLEST_PAGE), metadata.get("max", LARGEST_PAGE))
    return found


def _implemented() -> list[str]:
    return [
        name
        for name in paged_operations()
        if name in PROVIDED_BY_US or hasattr(EC2Response, camelcase_to_underscores(name))
    ]


@corrects(
    "ec2",
    *_implemented(),
    id="describe-pagination",
    behaviour="MaxResults cuts the answer into pages; NextToken, opaque and bound to the request, continues it.",
    errors=("InvalidParameterValue", "InvalidParameterCombination", "InvalidNextToken"),
)
def paginate(call: Call, forward: Forward) -> Any:
    paging = paged_operations()[call.operation]
    token = call.params.pop("NextToken", None)
    asked = call.params.pop("MaxResults", None)
    size = _page_size(call, paging, asked)
    start = _start(call, token) if token else 0
    result = forward()
    answer = content(result)
    answer.pop("NextToken", None)
    total = 0
    for key in paging.keys:
        things = listed(result, key)
        total = max(total, len(things))
        answer[key] = things[start : start + size] if size else things[start:]
    if size and start + size < total:
        answer["NextToken"] = _token(call, start + size)
    return result


def _page_size(call: Call, paging: Paging, asked: Any) -> int | None:
    if asked is None:
        return None
    ids = IDS_EXCLUDE_PAGES.get(call.operation)
    if ids and call.params.get(ids):
        message = f"The parameter {ids[0].lower()}{ids[1:]} cannot be used with the parameter maxResults"
        raise errors.invalid_combination(message)
    if int(asked) < paging.smallest:
        message = (
            f"Value ( {asked} ) for parameter maxResults is invalid. Expecting a value greater than {paging.smallest}."
        )
        raise errors.invalid_value(message)
    return min(int(asked), paging.largest)


def _fingerprint(call: Call) -> str:
    asked = json.dumps(dict(call.params), sort_keys=True, default=str)
    return hashlib.sha256(f"{call.operation} {call.account_id} {call.region} {asked}".encode()).hexdigest()[:24]


def _token(call: Call, start: int) -> str:
    return base64.urlsafe_b64encode(f"{_fingerprint(call)}:{start}".encode()).decode()


def _start(call: Call, token: str) -> int:
    try:
        fingerprint, start = base64.urlsafe_b64decode(token.encode()).decode().split(":")
        position = int(start)
    except ValueError:
        fingerprint, position = "", 0
    if fingerprint != _fingerprint(call):
        raise errors.EC2ClientError("InvalidNextToken", "The token is not valid")
    return position
