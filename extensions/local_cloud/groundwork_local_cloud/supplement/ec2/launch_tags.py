# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which tags RunInstances and CreateLaunchTemplate take."""

from __future__ import annotations

from typing import Any

from ..registry import Call, Forward, corrects
from . import errors

_TAGGABLE = ("elastic-gpu", "instance", "network-interface", "spot-instances-request", "volume")


@corrects(
    "ec2",
    "RunInstances",
    id="run-instances-tags",
    behaviour="Only what a launch makes (instances, volumes, interfaces) can be tagged by it; keys that begin with "
    "aws: are reserved.",
    errors=("InvalidParameterValue",),
)
def check_tags(call: Call, forward: Forward) -> Any:
    for specification in call.params.get("TagSpecifications") or []:
        kind = specification.get("ResourceType")
        if kind not in _TAGGABLE:
            raise errors.invalid_value(f"'{kind}' is not a valid taggable resource type for this operation.")
        if any(tag["Key"].lower().startswith("aws:") for tag in specification.get("Tags") or []):
            raise errors.invalid_value("Tag keys starting with 'aws:' are reserved for internal use")
    return forward()
