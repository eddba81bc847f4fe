# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tags of tables."""

from __future__ import annotations

from typing import Any

from moto.core.responses import EmptyResult
from moto.dynamodb.models import Table

from ..registry import Call, Forward, corrects
from . import errors
from .state import state_of

MOST_TAGS = 50


def _find(call: Call) -> Table:
    """The table with the ARN of the call. Raises ResourceNotFoundException."""
    arn = call.params["ResourceArn"]
    found: list[Table] = [table for table in call.backend.tables.values() if table.table_arn == arn]
    if not found:
        raise errors.not_found(f"ResourceArn: {arn} not found")
    return found[0]


def check_tags(current: dict[str, str], added: list[dict[str, str]]) -> None:
    """The limits on tags. Raises ValidationException."""
    keys = [tag["Key"] for tag in added]
    if len({*current, *keys}) > MOST_TAGS:
        raise errors.invalid("Number of Tags exceed the current limit for the provided ResourceArn")
    for key in keys:
        if key.lower().startswith("aws:"):
            raise errors.invalid(f"Tag Key cannot be prefixed with aws:, Key: {key}")
        if keys.count(key) > 1:
            raise errors.invalid(f"Duplicate Tag Keys provided as input: Duplicate Tag Key found {key}")


@corrects(
    "dynamodb",
    "TagResource",
    "UntagResource",
    "ListTagsOfResource",
    id="dynamodb-tags",
    behaviour="A tag has one value, the last that it was given; a table that is not there has no tags to change; 50 "
    "tags at most.",
    errors=("ResourceInUseException", "ResourceNotFoundException", "ValidationException"),
)
def tags(call: Call, forward: Forward) -> Any:
    table = _find(call)
    if call.operation == "ListTagsOfResource":
        return forward()
    if state_of(table).status == "DELETING":
        raise errors.in_use(f"Table is being deleted: {table.name}")
    if call.operation == "UntagResource":
        return forward()
    added = call.params.get("Tags") or []
    current = {tag["Key"]: tag["Value"] for tag in table.tags}
    check_tags(current, added)
    current |= {tag["Key"]: tag["Value"] for tag in added}
    table.tags = [{"Key": key, "Value": value} for key, value in current.items()]
    return EmptyResult()
