# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""The EC2 calls that change the tags of resources that exist, and the steps that are made of them."""

from __future__ import annotations

import typing as t

from .calls import aws_call
from .plan import Step
from .tags import to_aws


@aws_call("tag {Resources}")
def create_tags(client: t.Any, *, Resources: list[str], Tags: list[dict[str, str]]) -> None:
    """EC2 CreateTags."""
    client.create_tags(Resources=Resources, Tags=Tags)


@aws_call("remove tags from {Resources}")
def delete_tags(client: t.Any, *, Resources: list[str], Tags: list[dict[str, str]]) -> None:
    """EC2 DeleteTags. A tag given with a value is removed only if it has that value."""
    client.delete_tags(Resources=Resources, Tags=Tags)


def tag(resource_ids: t.Iterable[str], tags: t.Mapping[str, str], summary: str) -> Step:
    """Set the same tags on all of ``resource_ids``."""
    return Step(summary, create_tags, {"Resources": list(resource_ids), "Tags": to_aws(tags)})


def untag(resource_id: str, keys: t.Iterable[str], summary: str) -> Step:
    """Remove the tags with these keys, whatever their values."""
    return Step(summary, delete_tags, {"Resources": [resource_id], "Tags": [{"Key": key} for key in sorted(keys)]})
