# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""The EC2 calls of VPC flow logs, one per function."""

from __future__ import annotations

import typing as t

from .._core.calls import aws_call
from .._core.errors import AwsCallError


def _raise_unsuccessful(doing: str, answer: dict[str, t.Any], absent: tuple[str, ...] = ()) -> None:
    """These calls answer 200 and list what failed; the first failure becomes an error like that of any other call."""
    for item in answer.get("Unsuccessful", []):
        error = item["Error"]
        if error["Code"] not in absent:
            raise AwsCallError(f"{doing} {item['ResourceId']}", error["Code"], error["Message"])


@aws_call("describe the flow logs of {resource_ids}")
def describe(client: t.Any, *, resource_ids: list[str], name: str) -> list[dict[str, t.Any]]:
    """EC2 DescribeFlowLogs, all pages: the flow logs of ``resource_ids`` whose Name tag is ``name``."""
    filters = [{"Name": "resource-id", "Values": resource_ids}, {"Name": "tag:Name", "Values": [name]}]
    pages = client.get_paginator("describe_flow_logs").paginate(Filters=filters)
    return [flow_log for page in pages for flow_log in page["FlowLogs"]]


@aws_call("create flow logs for {ResourceIds}")
def create(client: t.Any, **arguments: t.Any) -> None:
    """EC2 CreateFlowLogs. Tags are given at creation; what AWS refuses for single resources is raised."""
    _raise_unsuccessful("create a flow log for", client.create_flow_logs(**arguments))


@aws_call("delete the flow logs {FlowLogIds}", absent=("InvalidFlowLogId.NotFound",))
def delete(client: t.Any, *, FlowLogIds: list[str]) -> None:
    """EC2 DeleteFlowLogs. One that is gone already is a success."""
    answer = client.delete_flow_logs(FlowLogIds=FlowLogIds)
    _raise_unsuccessful("delete the flow log", answer, absent=("InvalidFlowLogId.NotFound",))
