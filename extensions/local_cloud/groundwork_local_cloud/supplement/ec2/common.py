# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the EC2 corrections share: state beside moto's backend, requested counts, tags of a request, filters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from . import errors

Stored = TypeVar("Stored")
Resource = TypeVar("Resource")
FilterTable = Mapping[str, Callable[[Any], Any]]


_ATTRIBUTE = "local_cloud"


def store(backend: Any, name: str, make: Callable[[], Stored]) -> Stored:
    """State of ours that belongs to one moto backend (account and region) and goes away when moto is reset."""
    stores: dict[str, Any] = vars(backend).setdefault(_ATTRIBUTE, {})
    if name not in stores:
        stores[name] = make()
    return stores[name]  # type: ignore[no-any-return]  # the caller's ``make`` gives the type


def refuse_dry_run(params: Mapping[str, Any]) -> None:
    """End a call with DryRun once its checks have passed. Raises DryRunOperation, as EC2 does when it would succeed."""
    if params.get("DryRun"):
        raise errors.DryRunClientError()


def requested_tags(params: Mapping[str, Any], resource_type: str) -> dict[str, str]:
    """The tags that TagSpecifications gives to one type of resource."""
    return {
        tag["Key"]: tag.get("Value", "")
        for specification in params.get("TagSpecifications") or []
        if specification.get("ResourceType") == resource_type
        for tag in specification.get("Tags") or []
    }


def tags_of(resource: Any) -> dict[str, str]:
    """The tags of a moto EC2 resource, without moto's search through every tag of the region."""
    return resource.ec2_backend.tags.get(resource.id, {})  # type: ignore[no-any-return]  # moto is untyped here


def split_filters(params: Mapping[str, Any]) -> dict[str, list[str]]:
    """The Filters of a Describe call as name to values. Raises InvalidParameterValue for a filter without a name."""
    filters: dict[str, list[str]] = {}
    for item in params.get("Filters") or params.get("Filter") or []:
        if not item.get("Name"):
            raise errors.invalid_filter("null")
        filters[item["Name"]] = [str(value) for value in item.get("Values") or []]
    return filters


def select(filters: Mapping[str, Sequence[str]], resources: Iterable[Resource], table: FilterTable) -> list[Resource]:
    """The resources that pass every filter.

    ``table`` maps the name of a filter to a function from the resource to its value or values (text, number, boolean,
    time or None). Values of one filter are alternatives and may use the wildcards ``*`` and ``?``; tag filters are
    understood for every resource. Raises InvalidParameterValue for a filter the operation does not have, whether or
    not there is any resource.
    """
    tests = [_test(name, values, table) for name, values in filters.items()]
    return [resource for resource in resources if all(test(resource) for test in tests)]


def _test(name: str, patterns: Sequence[str], table: FilterTable) -> Callable[[Any], bool]:
    value_of = table.get(name) or _tag_value(name)
    if value_of is None:
        raise errors.invalid_filter(name)
    return lambda resource: any(_matches(value, patterns) for value in _as_texts(value_of(resource)))


def _tag_value(name: str) -> Callable[[Any], Any] | None:
    if name == "tag-key":
        return lambda resource: list(tags_of(resource))
    if name.startswith("tag:"):
        key = name.removeprefix("tag:")
        return lambda resource: tags_of(resource).get(key)
    return None


def _as_texts(value: Any) -> Iterator[str]:
    if value is None:
        return
    if isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, datetime):
        yield value.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from _as_texts(item)
    else:
        yield str(value)


def _matches(value: str, patterns: Sequence[str]) -> bool:
    return any(_pattern(pattern).fullmatch(value) for pattern in patterns)


@lru_cache(maxsize=1024)
def _pattern(text: str) -> re.Pattern[str]:
    """``*`` stands for any characters, ``?`` for one; a backslash takes away the meaning of the next character."""
    parts: list[str] = []
    characters = iter(text)
    for character in characters:
        if character == "\\":
            parts.append(re.escape(next(characters, character)))
        else:
            parts.append({"*": ".*", "?": "."}.get(character, re.escape(character)))
    return re.compile("".join(parts), re.DOTALL)
