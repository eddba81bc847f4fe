# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flow logs: what a request must say, deliveries that fail, deletion that goes on after an unknown id."""

from __future__ import annotations

from typing import Any, SupportsIndex

from moto.core.responses import ActionResult
from moto.iam.models import iam_backends
from moto.logs.models import logs_backends
from moto.utilities.utils import get_partition

from ..registry import Call, Forward, corrects
from . import errors
from .common import refuse_dry_run

TRAFFIC = ("ACCEPT", "REJECT", "ALL")
WITHOUT_TRAFFIC_TYPE = ("TransitGateway", "TransitGatewayAttachment")


class _BucketAndFolder(str):
    """The ARN of a bucket and maybe a folder, whose last part, as moto splits it off, is the bucket's name alone."""

    def split(self, sep: str | None = None, maxsplit: SupportsIndex = -1) -> list[str]:
        return str(self).partition("/")[0].split(sep, maxsplit)


@corrects(
    "ec2",
    "CreateFlowLogs",
    id="create-flow-logs",
    behaviour="TrafficType is required; a delivery to CloudWatch Logs makes its log group, and fails when its role "
    "does not exist; a bucket may be followed by a folder.",
    errors=("FlowLogAlreadyExists", "InvalidParameter", "InvalidParameterValue", "MissingParameter"),
)
def create_flow_logs(call: Call, forward: Forward) -> Any:
    params = call.params
    traffic = params.get("TrafficType")
    if not traffic and params.get("ResourceType") not in WITHOUT_TRAFFIC_TYPE:
        raise errors.missing_parameter("TrafficType")
    if traffic and traffic not in TRAFFIC:
        raise errors.invalid_value(f"Invalid Flow Log traffic type: {traffic}")
    role = params.get("DeliverLogsPermissionArn")
    if role and params.get("LogDestinationType", "cloud-watch-logs") != "cloud-watch-logs":
        raise errors.EC2ClientError("InvalidParameter", "DeliverLogsPermissionArn is for cloud-watch-logs only.")
    if destination := params.get("LogDestination"):
        params["LogDestination"] = _BucketAndFolder(destination)
    result = forward()
    for flow_log_id in result.result["FlowLogIds"]:
        flow_log = call.backend.flow_logs[flow_log_id]
        if flow_log.log_destination_type == "cloud-watch-logs":
            reachable = _role_exists(call, role)
            flow_log.deliver_logs_status = "SUCCESS" if reachable else "FAILED"
            flow_log.deliver_logs_error_message = None if reachable else "Access error"
            if reachable and flow_log.log_group_name:
                _make_log_group(call, flow_log.log_group_name)
    return result


def _make_log_group(call: Call, name: str) -> None:
    logs = logs_backends[call.account_id][call.region]
    if name not in logs.groups:
        logs.create_log_group(name, {})


def _role_exists(call: Call, arn: str | None) -> bool:
    backend = iam_backends[call.account_id][get_partition(call.region)]
    return any(role.arn == arn for role in backend.roles.values())


@corrects(
    "ec2",
    "DeleteFlowLogs",
    id="delete-flow-logs",
    behaviour="Ids that do not exist are listed as unsuccessful; the others are deleted all the same.",
)
def delete_flow_logs(call: Call, forward: Forward) -> Any:
    refuse_dry_run(call.params)
    unsuccessful = []
    for flow_log_id in call.params.get("FlowLogIds") or []:
        if call.backend.flow_logs.pop(flow_log_id, None) is None:
            message = f"The Flow Log ID '{flow_log_id}' does not exist"
            error = {"Code": "InvalidFlowLogId.NotFound", "Message": message}
            unsuccessful.append({"ResourceId": flow_log_id, "Error": error})
        call.backend.tags.pop(flow_log_id, None)
    return ActionResult({"Unsuccessful": unsuccessful})
