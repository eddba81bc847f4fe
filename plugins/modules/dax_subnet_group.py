# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Module dax_subnet_group."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dax_subnet_group
short_description: The subnets that nodes of DAX clusters can be in
version_added: 0.1.0
description:
  - Creates, changes and deletes subnet groups of DynamoDB Accelerator (DAX).
  - Refuses, before anything is changed, subnets that do not exist or are in several VPCs, and to take away the last
    subnet of a zone in which a cluster has nodes.
  - A subnet group has no tags.
options:
  state:
    description:
      - Whether the subnet group should exist.
      - With V(absent), a cluster that uses the group and is being deleted is waited for. Any other use is refused.
    type: str
    choices: [present, absent]
    default: present
  name:
    description: The name of the subnet group, in lower case.
    type: str
    required: true
    aliases: [subnet_group_name]
  description:
    description: A description. If not set, it is left as it is.
    type: str
  subnet_ids:
    description: The subnets, all of one VPC. Required with O(state=present).
    type: list
    elements: str
  wait_timeout:
    description: How long to wait for AWS to show the subnet group as asked for, in seconds.
    type: int
    default: 1800
author:
  - groundwork.aws contributors (@groundwork-aws)
extends_documentation_fragment:
  - groundwork.aws._attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
seealso:
  - module: groundwork.aws.dax_cluster
  - module: amazon.aws.ec2_vpc_subnet
"""

EXAMPLES = r"""
- name: Let clusters have nodes in three zones
  groundwork.aws.dax_subnet_group:
    name: widgets
    description: Private subnets of the application
    subnet_ids: "{{ subnet_ids }}"

- name: Remove the subnet group, once no cluster uses it any more
  groundwork.aws.dax_subnet_group:
    name: widgets
    state: absent
"""

RETURN = r"""
subnet_group:
  description: The subnet group. V(null) when absent.
  returned: always
  type: dict
  contains:
    name:
      description: Its name.
      type: str
      sample: widgets
    description:
      description: Its description.
      type: str
      sample: Private subnets of the application
    vpc_id:
      description: The VPC of the subnets.
      type: str
      sample: vpc-0a1b2c3d4e5f67890
    subnets:
      description: The subnets, in the order of their zones.
      type: list
      elements: dict
      contains:
        id:
          description: The id of the subnet.
          type: str
          sample: subnet-0a1b2c3d4e5f67890
        availability_zone:
          description: The zone of the subnet.
          type: str
          sample: us-east-1a
actions:
  description: What was done, or would be done first in check mode.
  returned: always
  type: list
  elements: str
  sample: ["create the subnet group widgets"]
"""

import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..module_utils._core.runner import run
from ..module_utils._dax.subnet_group import SubnetGroups, Wanted


def _argument_spec() -> dict[str, t.Any]:
    return {
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "name": {"type": "str", "required": True, "aliases": ["subnet_group_name"]},
        "description": {"type": "str"},
        "subnet_ids": {"type": "list", "elements": "str"},
        "wait_timeout": {"type": "int", "default": 1800},
    }


def _wanted(params: dict[str, t.Any]) -> Wanted:
    return Wanted(
        name=params["name"],
        present=params["state"] == "present",
        description=params["description"],
        subnet_ids=tuple(params["subnet_ids"] or ()),
    )


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=_argument_spec(), supports_check_mode=True)
    run(module, lambda: SubnetGroups(module.client("dax"), lambda: module.client("ec2"), _wanted(module.params)))


if __name__ == "__main__":
    main()
