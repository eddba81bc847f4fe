# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Module dax_parameter_group."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dax_parameter_group
short_description: How long DAX clusters answer from their memory
version_added: 0.1.0
description:
  - Creates, changes and deletes parameter groups of DynamoDB Accelerator (DAX).
  - AWS does not change a parameter group that a cluster uses, nor the description of any. The module refuses both. To
    change the times to live of a cluster, make a group of another name and give it to the cluster with
    O(groundwork.aws.dax_cluster#module:parameter_group).
  - A parameter group has no tags.
options:
  state:
    description:
      - Whether the parameter group should exist.
      - With V(absent), a cluster that uses the group and is being deleted is waited for. Any other use is refused.
    type: str
    choices: [present, absent]
    default: present
  name:
    description:
      - The name of the parameter group. Letters, digits and hyphens, beginning with a letter, without a hyphen at the
        end or two in a row.
      - Names that begin with V(default.) belong to AWS. Those groups can be used but not changed.
    type: str
    required: true
    aliases: [parameter_group_name]
  description:
    description: A description. If not set, it is left as it is. It cannot be changed later.
    type: str
  record_ttl_millis:
    description:
      - How long items are kept that were read with GetItem or BatchGetItem, in milliseconds. With V(0), they stay until
        their place is needed.
      - If not set, it is left as it is; 300000 in a new group.
    type: int
  query_ttl_millis:
    description:
      - How long results of Query and Scan are kept, in milliseconds. With V(0), they stay until their place is needed.
      - If not set, it is left as it is; 300000 in a new group.
    type: int
  wait_timeout:
    description: How long to wait for AWS to show the parameter group as asked for, in seconds.
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
"""

EXAMPLES = r"""
- name: Keep items for ten minutes and results of queries for three
  groundwork.aws.dax_parameter_group:
    name: widgets-600-180
    description: Ten minutes for items, three for queries
    record_ttl_millis: 600000
    query_ttl_millis: 180000

- name: Remove the parameter group
  groundwork.aws.dax_parameter_group:
    name: widgets-600-180
    state: absent
"""

RETURN = r"""
parameter_group:
  description: The parameter group. V(null) when absent.
  returned: always
  type: dict
  contains:
    name:
      description: Its name.
      type: str
      sample: widgets-600-180
    description:
      description: Its description.
      type: str
      sample: Ten minutes for items, three for queries
    record_ttl_millis:
      description: How long items are kept, in milliseconds.
      type: int
      sample: 600000
    query_ttl_millis:
      description: How long results of Query and Scan are kept, in milliseconds.
      type: int
      sample: 180000
actions:
  description: What was done, or would be done first in check mode.
  returned: always
  type: list
  elements: str
  sample: ["create the parameter group widgets-600-180"]
"""

import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..module_utils._core.runner import run
from ..module_utils._dax.parameter_group import ParameterGroups, Wanted


def _argument_spec() -> dict[str, t.Any]:
    return {
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "name": {"type": "str", "required": True, "aliases": ["parameter_group_name"]},
        "description": {"type": "str"},
        "record_ttl_millis": {"type": "int"},
        "query_ttl_millis": {"type": "int"},
        "wait_timeout": {"type": "int", "default": 1800},
    }


def _wanted(params: dict[str, t.Any]) -> Wanted:
    return Wanted(
        name=params["name"],
        present=params["state"] == "present",
        description=params["description"],
        record_ttl_millis=params["record_ttl_millis"],
        query_ttl_millis=params["query_ttl_millis"],
    )


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=_argument_spec(), supports_check_mode=True)
    run(module, lambda: ParameterGroups(module.client("dax"), _wanted(module.params)))


if __name__ == "__main__":
    main()
