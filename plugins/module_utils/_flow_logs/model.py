# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""Flow logs as they are wanted and as they are. No I/O."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core.tags import from_aws, tag_problems

DEFAULT_FORMAT = (
    "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} "
    "${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}"
)
RESOURCE_TYPES = {"vpc": "VPC", "subnet": "Subnet", "eni": "NetworkInterface"}


@dataclasses.dataclass(frozen=True)
class Specification:
    """What cannot be changed on a flow log that exists. ``max_aggregation_interval`` is in seconds."""

    traffic_type: str
    log_destination_type: str
    destination: str  # the name of the log group, or the ARN of the bucket
    deliver_logs_permission_arn: str | None
    max_aggregation_interval: int
    log_format: str


@dataclasses.dataclass(frozen=True)
class FlowLog:
    """A flow log that exists, or (with an empty ``id``) one that is going to."""

    id: str
    resource_id: str
    specification: Specification
    tags: dict[str, str]
    deliver_logs_error: str | None = None


@dataclasses.dataclass(frozen=True)
class Wanted:
    """What the user asks for: the same flow log on every one of ``resource_ids``, known by its Name tag."""

    name: str
    resource_ids: tuple[str, ...]
    specification: Specification | None  # None: absent
    tags: dict[str, str] | None
    purge_tags: bool

    @property
    def all_tags(self) -> dict[str, str] | None:
        return None if self.tags is None else {**self.tags, "Name": self.name}

    def problems(self) -> list[str]:
        """What is wrong with the request itself, seen before any call is made."""
        found = tag_problems(self.tags)
        kinds = {resource_type(resource_id) for resource_id in self.resource_ids}
        if "" in kinds:
            found.append("resource_ids: each has to be the id of a VPC, a subnet or a network interface")
        elif len(kinds) > 1:
            found.append("resource_ids: all have to be of one kind, AWS takes VPCs, subnets or interfaces in one call")
        if len(self.resource_ids) != len(set(self.resource_ids)):
            found.append("resource_ids: an id is named twice")
        return found


def resource_type(resource_id: str) -> str:
    """``VPC``, ``Subnet`` or ``NetworkInterface``, as CreateFlowLogs calls them; empty for anything else."""
    return RESOURCE_TYPES.get(resource_id.split("-")[0], "")


def specification_of(params: dict[str, t.Any]) -> Specification:
    """The specification that a module's parameters ask for."""
    to_logs = params["log_destination_type"] == "cloud-watch-logs"
    return Specification(
        traffic_type=params["traffic_type"].upper(),
        log_destination_type=params["log_destination_type"],
        destination=params["log_group_name"] if to_logs else params["log_destination_arn"],
        deliver_logs_permission_arn=params["deliver_logs_permission_arn"] if to_logs else None,
        max_aggregation_interval=params["max_aggregation_interval"],
        log_format=params["log_format"] or DEFAULT_FORMAT,
    )


def flow_log_of(answer: dict[str, t.Any]) -> FlowLog:
    """A flow log as DescribeFlowLogs shows it."""
    destination_type = answer.get("LogDestinationType", "cloud-watch-logs")
    to_logs = destination_type == "cloud-watch-logs"
    return FlowLog(
        id=answer["FlowLogId"],
        resource_id=answer["ResourceId"],
        specification=Specification(
            traffic_type=answer["TrafficType"],
            log_destination_type=destination_type,
            destination=answer["LogGroupName"] if to_logs else answer["LogDestination"],
            deliver_logs_permission_arn=answer.get("DeliverLogsPermissionArn") if to_logs else None,
            max_aggregation_interval=int(answer["MaxAggregationInterval"]),
            log_format=answer["LogFormat"],
        ),
        tags=from_aws(answer.get("Tags")),
        deliver_logs_error=answer.get("DeliverLogsErrorMessage"),
    )
