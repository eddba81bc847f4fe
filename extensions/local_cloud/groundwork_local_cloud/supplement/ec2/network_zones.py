# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Availability zones: the attributes that moto leaves out."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult

from ..registry import Call, Forward, corrects
from . import errors
from .common import refuse_dry_run


@corrects(
    "ec2",
    "DescribeAvailabilityZones",
    id="describe-availability-zones",
    behaviour="Every zone says that it needs no opt-in, and its group, type and network border group.",
    errors=("InvalidParameterValue",),
)
def describe_availability_zones(call: Call, forward: Forward) -> Any:
    refuse_dry_run(call.params)
    zones = [_described(zone, call.region) for zone in call.backend.describe_availability_zones()]
    for parameter, key in (("ZoneNames", "ZoneName"), ("ZoneIds", "ZoneId")):
        wanted = set(call.params.get(parameter) or [])
        unknown = wanted - {zone[key] for zone in zones}
        if unknown:
            raise errors.invalid_value(f"Invalid availability zone: [{', '.join(sorted(unknown))}]")
        zones = [zone for zone in zones if not wanted or zone[key] in wanted]
    return ActionResult({"AvailabilityZones": zones})


def _described(zone: Any, region: str) -> dict[str, Any]:
    return {
        "ZoneName": zone.name,
        "ZoneId": zone.zone_id,
        "RegionName": region,
        "State": "available",
        "Messages": [],
        "OptInStatus": "opt-in-not-required",
        "GroupName": f"{region}-zg-1",
        "NetworkBorderGroup": region,
        "ZoneType": "availability-zone",
    }
