# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""The EC2 calls that change the tags of resources that exist."""

from __future__ import annotations

import typing as t

from .calls import aws_call


@aws_call("tag {Resources}")
def create_tags(client: t.Any, *, Resources: list[str], Tags: list[dict[str, str]]) -> None:
    """EC2 CreateTags."""
    client.create_tags(Resources=Resources, Tags=Tags)


@aws_call("remove tags from {Resources}")
def delete_tags(client: t.Any, *, Resources: list[str], Tags: list[dict[str, str]]) -> None:
    """EC2 DeleteTags. A tag given with a value is removed only if it has that value."""
    client.delete_tags(Resources=Resources, Tags=Tags)
