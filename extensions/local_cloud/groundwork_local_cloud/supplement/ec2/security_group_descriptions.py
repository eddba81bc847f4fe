# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Descriptions of security group rules."""

from __future__ import annotations

from typing import Any

from ..registry import Call, Forward, corrects


@corrects(
    "ec2",
    "UpdateSecurityGroupRuleDescriptionsIngress",
    "UpdateSecurityGroupRuleDescriptionsEgress",
    id="update-security-group-rule-descriptions",
    behaviour="The answer says that it was done.",
)
def update_descriptions(call: Call, forward: Forward) -> Any:
    forward()
    return {"Return": True}
