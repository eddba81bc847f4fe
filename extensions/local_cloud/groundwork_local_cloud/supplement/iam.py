# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM: operations on instance profiles that moto lacks."""

from __future__ import annotations

from typing import Any

from .registry import Call, provides


@provides(
    "iam",
    "ListInstanceProfileTags",
    id="list-instance-profile-tags",
    behaviour="The tags of an instance profile, in the order of their keys.",
    errors=("NoSuchEntity",),
)
def list_instance_profile_tags(call: Call) -> dict[str, Any]:
    profile = call.backend.get_instance_profile(call.params["InstanceProfileName"])
    return {"Tags": sorted(profile.tags, key=lambda tag: tag["Key"]), "IsTruncated": False}
