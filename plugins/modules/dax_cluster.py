# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Module dax_cluster."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dax_cluster
short_description: DynamoDB Accelerator (DAX) clusters
version_added: 0.1.0
description:
  - Creates, changes, scales and deletes clusters of DynamoDB Accelerator (DAX), the cache in front of DynamoDB.
  - A cluster is known by its name. A change that is under way, whoever has begun it, is awaited before the next is
    made. So a run that was interrupted at any point is finished by the next one.
  - Nodes are added, removed and rebooted one at a time, and each is awaited. A node is added in the zone that has the
    fewest, and removed from the zone that has the most. AWS does not tell which node is the primary; the oldest, which
    it likely is, is removed and rebooted last.
  - AWS cannot change O(node_type), O(iam_role_arn), O(subnet_group), O(encryption_at_rest) and O(endpoint_encryption)
    of a cluster, nor move a node into another zone. The module refuses that before anything is changed.
  - Encryption at rest uses a key of DAX. AWS takes no key of yours for it.
options:
  state:
    description:
      - Whether the cluster should exist.
      - With V(absent), a cluster that is being created or changed is deleted as soon as AWS allows.
    type: str
    choices: [present, absent]
    default: present
  name:
    description:
      - The name of the cluster. 1 to 20 lower-case letters, digits and hyphens, beginning with a letter, without a
        hyphen at the end or two in a row.
    type: str
    required: true
    aliases: [cluster_name]
  description:
    description: A description. If not set, it is left as it is.
    type: str
  node_type:
    description: The type of all nodes, such as V(dax.r5.large) or V(dax.t3.small). Required to create a cluster.
    type: str
  node_count:
    description:
      - How many nodes the cluster has, the primary included. 1 to 11. Required to create a cluster.
      - AWS recommends at least 3 for production, in different zones. With fewer the module warns.
      - The developer guide of AWS allows 11 nodes, the reference of CreateCluster 10. If your account has 10, AWS
        answers C(NodeQuotaForClusterExceededFault).
    type: int
    aliases: [replication_factor]
  iam_role_arn:
    description:
      - The ARN of the IAM role by which the cluster reaches DynamoDB. Required to create a cluster.
      - A role that was made a moment ago is unknown to DAX for some seconds. The creation is then tried again for up
        to a minute.
    type: str
  subnet_group:
    description: The subnet group of the nodes. Required to create a cluster.
    type: str
    aliases: [subnet_group_name]
  security_group_ids:
    description:
      - The security groups of the nodes. If not set, they are left as they are; a new cluster then has the default
        group of the VPC.
    type: list
    elements: str
  availability_zones:
    description:
      - The zones to have nodes in. They are spread evenly over these, so a zone is named once, and there are no more
        zones than nodes.
      - If not set, AWS chooses the zones of a new cluster among those of the subnet group, and nodes that are added
        later may be in any of these.
    type: list
    elements: str
  parameter_group:
    description:
      - The parameter group of the cluster. If not set, it is left as it is.
      - Another one takes effect on a node when the node is rebooted, see O(reboot).
    type: str
    aliases: [parameter_group_name]
  encryption_at_rest:
    description: Whether the nodes encrypt what they store. Nodes of the types C(dax.r3) cannot.
    type: bool
    default: true
  endpoint_encryption:
    description:
      - V(tls) encrypts the traffic of clients, who then use port 9111; V(none) does not, with port 8111.
    type: str
    choices: [tls, none]
    default: tls
  preferred_maintenance_window:
    description:
      - When AWS may work on the nodes, in UTC, of the form V(sun:05:00-sun:06:00), from 60 minutes to 24 hours long.
      - If not set, it is left as it is; a new cluster has one of 60 minutes that AWS chooses.
    type: str
  notification_topic_arn:
    description:
      - The SNS topic to which DAX sends notifications. The empty string ends them. If not set, it is left as it is.
    type: str
  reboot:
    description:
      - With V(when_needed), nodes that run with other parameters than those of their group are rebooted, one by one.
        A node that is rebooted keeps what it has cached. A cluster of one node does not answer meanwhile.
      - With V(never), they go on as they are, and RV(cluster.nodes_to_reboot) tells which they are.
    type: str
    choices: [never, when_needed]
    default: when_needed
  tags:
    description:
      - The tags of the cluster. If not set, tags are left as they are.
    type: dict
    aliases: [resource_tags]
  purge_tags:
    description: Whether tags that are not in O(tags) are removed, when O(tags) is set.
    type: bool
    default: true
  wait:
    description:
      - Whether to wait for the end of what was begun.
      - If not, a cluster is created or deleted and the module returns at once. Of several changes, those are made that
        do not have to wait for another. A later run with O(wait=true) does the rest.
    type: bool
    default: true
  wait_timeout:
    description: How long to wait in all, in seconds. AWS takes about ten minutes for a new cluster.
    type: int
    default: 3600
author:
  - groundwork.aws contributors (@groundwork-aws)
extends_documentation_fragment:
  - groundwork.aws._attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
seealso:
  - module: groundwork.aws.dax_cluster_info
  - module: groundwork.aws.dax_subnet_group
  - module: groundwork.aws.dax_parameter_group
  - name: Managing DAX clusters
    description: The AWS documentation.
    link: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DAX.cluster-management.html
"""

EXAMPLES = r"""
- name: Begin to create a cluster of three nodes, one in each zone of the subnet group
  groundwork.aws.dax_cluster:
    name: widgets
    node_type: dax.t3.small
    node_count: 3
    iam_role_arn: "{{ dax_role_arn }}"
    subnet_group: "{{ dax_subnet_group }}"
    security_group_ids: ["{{ security_group_id }}"]
    tags:
      Environment: production
    wait: false

- name: Wait until it can be used
  groundwork.aws.dax_cluster:
    name: widgets
  register: widgets

- name: Show where clients connect
  ansible.builtin.debug:
    var: widgets.cluster.endpoint.url

- name: Have five nodes, and other times to live
  groundwork.aws.dax_cluster:
    name: widgets
    node_count: 5
    parameter_group: "{{ dax_parameter_group }}"
    preferred_maintenance_window: sun:05:00-sun:06:00

- name: Delete the cluster
  groundwork.aws.dax_cluster:
    name: widgets
    state: absent
"""

RETURN = r"""
cluster:
  description: The cluster. V(null) when absent.
  returned: always
  type: dict
  contains:
    name:
      description: Its name.
      type: str
      sample: widgets
    arn:
      description: Its ARN.
      type: str
      sample: arn:aws:dax:us-east-1:123456789012:cache/widgets
    status:
      description: Its state, such as V(available), V(creating), V(modifying) or V(deleting).
      type: str
      sample: available
    description:
      description: Its description.
      type: str
      sample: Cache of the table Widgets
    node_type:
      description: The type of the nodes.
      type: str
      sample: dax.t3.small
    node_count:
      description: How many nodes the cluster is to have.
      type: int
      sample: 3
    active_nodes:
      description: How many nodes serve requests.
      type: int
      sample: 3
    nodes:
      description: The nodes. Empty while the cluster is being created or deleted.
      type: list
      elements: dict
      contains:
        id:
          description: The id of the node.
          type: str
          sample: widgets-a
        availability_zone:
          description: The zone of the node. Empty while the node is being created.
          type: str
          sample: us-east-1a
        status:
          description: The state of the node.
          type: str
          sample: available
        endpoint:
          description: The address and port of this node alone. V(null) while the node is being created or deleted.
          type: dict
          sample: {"address": "widgets-a.abc123.nodes.dax-clusters.us-east-1.amazonaws.com", "port": 9111, "url": null}
        created:
          description: When the node was created.
          type: str
          sample: "2026-01-01T12:00:00+00:00"
    endpoint:
      description: Where clients connect.
      type: dict
      contains:
        address:
          description: The host name. V(null) while the cluster is being created.
          type: str
          sample: widgets.abc123.dax-clusters.us-east-1.amazonaws.com
        port:
          description: 9111 with TLS, else 8111.
          type: int
          sample: 9111
        url:
          description: What an AWS SDK takes. V(null) while the cluster is being created.
          type: str
          sample: daxs://widgets.abc123.dax-clusters.us-east-1.amazonaws.com
    iam_role_arn:
      description: The role by which the cluster reaches DynamoDB.
      type: str
      sample: arn:aws:iam::123456789012:role/widgets-dax
    subnet_group:
      description: The subnet group of the nodes.
      type: str
      sample: widgets
    security_group_ids:
      description: The security groups of the nodes.
      type: list
      elements: str
      sample: ["sg-0a1b2c3d4e5f67890"]
    parameter_group:
      description: The parameter group.
      type: str
      sample: default.dax1.0
    nodes_to_reboot:
      description: The nodes that run with other parameters than those of the group until they are rebooted.
      type: list
      elements: str
      sample: []
    encryption_at_rest:
      description: Whether the nodes encrypt what they store.
      type: bool
      sample: true
    endpoint_encryption:
      description: V(tls) or V(none).
      type: str
      sample: tls
    preferred_maintenance_window:
      description: When AWS may work on the nodes, in UTC.
      type: str
      sample: sun:05:00-sun:06:00
    notification_topic_arn:
      description: The SNS topic of notifications. Empty if there are none.
      type: str
      sample: arn:aws:sns:us-east-1:123456789012:widgets
    tags:
      description: All tags. V(null) where AWS does not tell them, as while the cluster is being deleted.
      type: dict
      sample: {"Environment": "production"}
actions:
  description: What was done, or would be done first in check mode.
  returned: always
  type: list
  elements: str
  sample: ["create the cluster widgets"]
"""

import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..module_utils._core.runner import run
from ..module_utils._dax.cluster_resource import Clusters
from ..module_utils._dax.rules import RECOMMENDED_NODES
from ..module_utils._dax.wanted_cluster import Wanted


def _argument_spec() -> dict[str, t.Any]:
    return {
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "name": {"type": "str", "required": True, "aliases": ["cluster_name"]},
        "description": {"type": "str"},
        "node_type": {"type": "str"},
        "node_count": {"type": "int", "aliases": ["replication_factor"]},
        "iam_role_arn": {"type": "str"},
        "subnet_group": {"type": "str", "aliases": ["subnet_group_name"]},
        "security_group_ids": {"type": "list", "elements": "str"},
        "availability_zones": {"type": "list", "elements": "str"},
        "parameter_group": {"type": "str", "aliases": ["parameter_group_name"]},
        "encryption_at_rest": {"type": "bool", "default": True},
        "endpoint_encryption": {"type": "str", "choices": ["tls", "none"], "default": "tls"},
        "preferred_maintenance_window": {"type": "str"},
        "notification_topic_arn": {"type": "str"},
        "reboot": {"type": "str", "choices": ["never", "when_needed"], "default": "when_needed"},
        "tags": {"type": "dict", "aliases": ["resource_tags"]},
        "purge_tags": {"type": "bool", "default": True},
        "wait": {"type": "bool", "default": True},
        "wait_timeout": {"type": "int", "default": 3600},
    }


def _wanted(params: dict[str, t.Any]) -> Wanted:
    as_they_are = (
        "name",
        "description",
        "node_type",
        "node_count",
        "iam_role_arn",
        "subnet_group",
        "parameter_group",
        "encryption_at_rest",
        "endpoint_encryption",
        "preferred_maintenance_window",
        "notification_topic_arn",
        "tags",
        "purge_tags",
        "wait",
    )
    groups = params["security_group_ids"]
    return Wanted(
        **{option: params[option] for option in as_they_are},
        present=params["state"] == "present",
        security_group_ids=None if groups is None else tuple(groups),
        availability_zones=tuple(params["availability_zones"] or ()),
        reboot=params["reboot"] == "when_needed",
    )


def _warn_of_few_nodes(module: AnsibleAWSModule) -> None:
    count = module.params["node_count"]
    if module.params["state"] == "present" and count is not None and 0 < count < RECOMMENDED_NODES:
        module.warn(
            f"node_count is {count}. For production AWS recommends at least {RECOMMENDED_NODES} nodes, "
            "in different zones."
        )


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=_argument_spec(), supports_check_mode=True)
    _warn_of_few_nodes(module)
    run(module, lambda: Clusters(module.client("dax"), _wanted(module.params)))


if __name__ == "__main__":
    main()
