# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of the Describe operations: unknown ones are refused, documented ones are all evaluated, in one way."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

from moto.core.model import Shape
from moto.core.serialize import AttributePickerContext, XFormedAttributePicker
from moto.core.utils import get_service_model

from ..registry import Call, Forward, corrects
from . import errors
from .common import FilterTable, select, split_filters
from .describe_filter_table import LISTS, NAMES, PATHS, WITHOUT_TAGS
from .result_lists import content, listed

_pick = XFormedAttributePicker()


@corrects(
    "ec2",
    *LISTS,
    id="describe-filters",
    behaviour="A filter that the operation does not document is refused, even where there is nothing to filter; "
    "documented filters take wildcards and match when any of a thing's values equals any of the filter's.",
    errors=("InvalidParameterValue",),
)
def filter_described(call: Call, forward: Forward) -> Any:
    filters = split_filters(call.params)
    call.params.pop("Filters", None)
    call.params.pop("Filter", None)
    table = _table(call.operation, list(filters))
    select(filters, [], table)
    result = forward()
    if filters:
        key = LISTS[call.operation]
        content(result)[key] = select(filters, listed(result, key), table)
    return result


def _table(operation: str, asked: list[str]) -> FilterTable:
    """Where each documented filter, and each tag filter of this request, finds its values.

    Raises:
        EC2ClientError: InvalidParameterValue for a tag filter of an operation whose answer has no tags.
    """
    member = _member(operation)
    table = {name: partial(_values, member, path) for name, path in filter_paths(operation).items()}
    for name in asked:
        if name in ("tag-key", "tag-value") or name.startswith("tag:"):
            if operation in WITHOUT_TAGS:
                raise errors.invalid_filter(name)
            table[name] = partial(_described_tag if operation == "DescribeTags" else _tag_values, member, name)
    return table


def _values(member: Shape, path: tuple[str, ...], thing: Any) -> list[Any]:
    return read(thing, member, path) if path else []


def _described_tag(member: Shape, name: str, thing: Any) -> list[Any]:
    return read(thing, member, ("Value",)) if read(thing, member, ("Key",)) == [name.removeprefix("tag:")] else []


def _tag_values(member: Shape, name: str, thing: Any) -> list[Any]:
    key = "Tags" if "Tags" in member.members else "TagSet"
    shape = member.members[key].member
    tags = [(read(tag, shape, ("Key",)), read(tag, shape, ("Value",))) for tag in read(thing, member, (key,))]
    if name == "tag-key":
        return [keys for keys, _ in tags]
    if name == "tag-value":
        return [values for _, values in tags]
    return [values for keys, values in tags if keys == [name.removeprefix("tag:")]]


@cache
def filter_paths(operation: str) -> dict[str, tuple[str, ...]]:
    """For each documented filter of an operation the path of its value in one listed thing.

    Raises:
        KeyError: the answer, as botocore describes it, has no such member.
    """
    special = PATHS.get(operation, {})
    member = _member(operation)
    return {
        name: _checked(member, special[name].split(".")) if name in special else _by_rule(member, name)
        for name in NAMES[operation].split()
    }


def _member(operation: str) -> Shape:
    shape = get_service_model("ec2").operation_model(operation).output_shape
    return shape.members[LISTS[operation]].member


def _checked(shape: Shape, path: list[str]) -> tuple[str, ...]:
    for key in path:
        shape = _structure(shape).members[key]
    return tuple(path)


def _by_rule(shape: Shape, name: str) -> tuple[str, ...]:
    path: list[str] = []
    for part in name.split("."):
        camel = "".join(word[:1].upper() + word[1:] for word in part.split("-"))
        members = _structure(shape).members
        found = next((key for key in (camel, f"{camel}s", f"{camel}Set") if key in members), None)
        if found is None:
            return ()
        path.append(found)
        shape = members[found]
    return tuple(path)


def _structure(shape: Shape) -> Shape:
    while shape.type_name == "list":
        shape = shape.member
    return shape


def read(thing: Any, shape: Shape, path: tuple[str, ...]) -> list[Any]:
    """Every value at a path of a thing, found as moto finds it when it writes the answer."""
    if thing is None:
        return []
    if shape.type_name == "list":
        return [value for item in thing for value in read(item, shape.member, path)]
    if not path:
        return [thing]
    member = shape.members[path[0]]
    member.parent = shape
    value = _pick(AttributePickerContext(obj=thing, key=path[0], shape=member))
    return read(value, member, path[1:])
