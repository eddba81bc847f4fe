# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""Tags as plain dictionaries, and the difference between two of them."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.tagging import (
    ansible_dict_to_boto3_tag_list,
    boto3_tag_list_to_ansible_dict,
    compare_aws_tags,
)

RESERVED_PREFIX = "aws:"


@dataclasses.dataclass(frozen=True)
class TagChanges:
    """Tags to set and keys to remove."""

    to_set: dict[str, str]
    to_remove: tuple[str, ...]


def tag_changes(current: t.Mapping[str, str], wanted: t.Mapping[str, str] | None, *, purge: bool) -> TagChanges:
    """What turns ``current`` into ``wanted``. ``None`` leaves tags alone; tags of AWS (``aws:``) are never touched."""
    if wanted is None:
        return TagChanges({}, ())
    to_set, to_remove = compare_aws_tags(dict(current), dict(wanted), purge_tags=purge)
    return TagChanges(to_set, tuple(sorted(to_remove)))


def tags_after(current: t.Mapping[str, str], changes: TagChanges) -> dict[str, str]:
    """``current`` once ``changes`` have been made."""
    kept = {key: value for key, value in current.items() if key not in changes.to_remove}
    return {**kept, **changes.to_set}


def to_aws(tags: t.Mapping[str, str]) -> list[dict[str, str]]:
    """``{"Name": "web"}`` as AWS takes it: ``[{"Key": "Name", "Value": "web"}]``, sorted by key."""
    return t.cast("list[dict[str, str]]", ansible_dict_to_boto3_tag_list(dict(sorted(tags.items()))))


def from_aws(tags: t.Sequence[t.Mapping[str, str]] | None) -> dict[str, str]:
    """The reverse of :func:`to_aws`; no tags at all is an empty dictionary."""
    return t.cast("dict[str, str]", boto3_tag_list_to_ansible_dict(list(tags or [])))


def tag_problems(tags: t.Mapping[str, str] | None) -> list[str]:
    """Every way in which ``tags`` break AWS's rules: 50 tags, keys of 1 to 128 and values of up to 256 characters."""
    problems = []
    if tags and len(tags) > 50:
        problems.append(f"tags: {len(tags)} tags were given, AWS allows 50 on a resource")
    for key, value in (tags or {}).items():
        if not 1 <= len(key) <= 128:
            problems.append(f"tags: the key {key[:20]!r}… has {len(key)} characters, AWS allows 1 to 128")
        if key.lower().startswith(RESERVED_PREFIX):
            problems.append(f"tags: keys that begin with aws: are reserved, {key!r} cannot be set")
        if len(value) > 256:
            problems.append(f"tags: the value of {key!r} has {len(value)} characters, AWS allows 256")
    return problems
