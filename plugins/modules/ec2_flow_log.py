# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Module ec2_flow_log."""

from __future__ import annotations

DOCUMENTATION = r"""
module: ec2_flow_log
short_description: Record the IP traffic of VPCs, subnets and network interfaces
version_added: 0.1.0
description:
  - Creates, replaces, tags and deletes VPC flow logs that go to CloudWatch Logs or S3.
  - A flow log is known by its Name tag and the resource that it watches. AWS cannot change one that exists, so one that
    differs from what is asked for is replaced. A new one for another destination is made before the old one goes.
options:
  state:
    description: Whether the flow logs should exist.
    type: str
    choices: [present, absent]
    default: present
  name:
    description: The Name tag of the flow logs.
    type: str
    required: true
  resource_ids:
    description: The VPCs, or subnets, or network interfaces to watch; all of one kind.
    type: list
    elements: str
    required: true
  traffic_type:
    description: Which traffic to record.
    type: str
    choices: [accept, reject, all]
    default: all
  log_destination_type:
    description: Where the records go.
    type: str
    choices: [cloud-watch-logs, s3]
    default: cloud-watch-logs
  log_group_name:
    description:
      - The log group for the records. Required with O(state=present) and O(log_destination_type=cloud-watch-logs).
    type: str
  deliver_logs_permission_arn:
    description:
      - The ARN of the IAM role that may write to the log group.
        Required with O(state=present) and O(log_destination_type=cloud-watch-logs).
    type: str
  log_destination_arn:
    description:
      - The ARN of the bucket, and a folder in it if wanted.
        Required with O(state=present) and O(log_destination_type=s3).
    type: str
  max_aggregation_interval:
    description: Over how many seconds packets of a flow are gathered into one record.
    type: int
    choices: [60, 600]
    default: 600
  log_format:
    description:
      - The fields of a record, in the notation of AWS such as C(${srcaddr} ${dstaddr}). If not set, the default of AWS.
    type: str
  tags:
    description:
      - Further tags of the flow logs. If not set, tags are left as they are.
    type: dict
    aliases: [resource_tags]
  purge_tags:
    description: Whether tags that are not in O(tags) are removed, when O(tags) is set.
    type: bool
    default: true
  wait_timeout:
    description: How long to wait for AWS to show the flow logs as asked for, in seconds.
    type: int
    default: 120
author:
  - groundwork.aws contributors (@groundwork-aws)
extends_documentation_fragment:
  - groundwork.aws._attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
seealso:
  - module: amazon.aws.ec2_vpc_net
  - module: amazon.aws.cloudwatchlogs_log_group
  - name: VPC flow logs
    description: The AWS documentation.
    link: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html
"""

EXAMPLES = r"""
- name: Record all traffic of a VPC in CloudWatch Logs
  groundwork.aws.ec2_flow_log:
    name: web-network
    resource_ids: ["{{ vpc_id }}"]
    log_group_name: /vpc/web-network
    deliver_logs_permission_arn: "{{ flow_log_role_arn }}"
    tags:
      Environment: production

- name: Record what is rejected in two subnets, minute by minute, in S3
  groundwork.aws.ec2_flow_log:
    name: rejected
    resource_ids: "{{ subnet_ids }}"
    traffic_type: reject
    log_destination_type: s3
    log_destination_arn: arn:aws:s3:::flow-log-archive/web
    max_aggregation_interval: 60

- name: Stop recording
  groundwork.aws.ec2_flow_log:
    name: web-network
    resource_ids: ["{{ vpc_id }}"]
    state: absent
"""

RETURN = r"""
flow_logs:
  description: The flow logs, one for each of O(resource_ids) and in that order. Empty when absent.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: The id of the flow log.
      type: str
      sample: fl-0a1b2c3d4e5f67890
    resource_id:
      description: What it watches.
      type: str
      sample: vpc-0a1b2c3d4e5f67890
    traffic_type:
      description: V(ACCEPT), V(REJECT) or V(ALL).
      type: str
      sample: ALL
    log_destination_type:
      description: V(cloud-watch-logs) or V(s3).
      type: str
      sample: cloud-watch-logs
    destination:
      description: The name of the log group, or the ARN of the bucket.
      type: str
      sample: /vpc/web-network
    deliver_logs_permission_arn:
      description: The role that writes to the log group.
      type: str
      sample: arn:aws:iam::123456789012:role/web-network-flow-logs
    max_aggregation_interval:
      description: Seconds over which packets are gathered.
      type: int
      sample: 600
    log_format:
      description: The fields of a record.
      type: str
      sample: ${version} ${srcaddr} ${dstaddr}
    tags:
      description: All tags.
      type: dict
      sample: {"Name": "web-network"}
    deliver_logs_error:
      description: Why AWS cannot deliver the records, if so.
      type: str
      sample: Access error
actions:
  description: What was done, or would be done first in check mode.
  returned: always
  type: list
  elements: str
  sample: ["create the flow log web-network for vpc-0a1b2c3d4e5f67890"]
"""

import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..module_utils._core.runner import run
from ..module_utils._flow_logs.model import Wanted, specification_of
from ..module_utils._flow_logs.resource import FlowLogs


def _argument_spec() -> dict[str, t.Any]:
    return {
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "name": {"type": "str", "required": True},
        "resource_ids": {"type": "list", "elements": "str", "required": True},
        "traffic_type": {"type": "str", "choices": ["accept", "reject", "all"], "default": "all"},
        "log_destination_type": {
            "type": "str",
            "choices": ["cloud-watch-logs", "s3"],
            "default": "cloud-watch-logs",
        },
        "log_group_name": {"type": "str"},
        "deliver_logs_permission_arn": {"type": "str"},
        "log_destination_arn": {"type": "str"},
        "max_aggregation_interval": {"type": "int", "choices": [60, 600], "default": 600},
        "log_format": {"type": "str"},
        "tags": {"type": "dict", "aliases": ["resource_tags"]},
        "purge_tags": {"type": "bool", "default": True},
        "wait_timeout": {"type": "int", "default": 120},
    }


def _wanted(params: dict[str, t.Any]) -> Wanted:
    return Wanted(
        name=params["name"],
        resource_ids=tuple(params["resource_ids"]),
        specification=specification_of(params) if params["state"] == "present" else None,
        tags=params["tags"],
        purge_tags=params["purge_tags"],
    )


def _require_destination(module: AnsibleAWSModule) -> None:
    """Which options the destination needs depends on two others, which a required_if cannot say."""
    if module.params["state"] == "absent":
        return
    needed = {
        "cloud-watch-logs": ["log_group_name", "deliver_logs_permission_arn"],
        "s3": ["log_destination_arn"],
    }[module.params["log_destination_type"]]
    missing = [option for option in needed if not module.params[option]]
    if missing:
        destination = module.params["log_destination_type"]
        module.fail_json(msg=f"log_destination_type={destination} also needs {' and '.join(missing)}")


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=_argument_spec(), supports_check_mode=True)
    _require_destination(module)
    run(module, lambda: FlowLogs(module.client("ec2"), _wanted(module.params)))


if __name__ == "__main__":
    main()
