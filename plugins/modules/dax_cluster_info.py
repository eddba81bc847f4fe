# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Module dax_cluster_info."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dax_cluster_info
short_description: DynamoDB Accelerator (DAX) clusters, with their nodes, endpoints and tags
version_added: 0.1.0
description:
  - Reads the DAX clusters of a region.
  - The tags of each cluster that is looked at cost one call. Clusters that O(names) leaves out are not looked at.
options:
  names:
    description: The clusters to read. One that does not exist is left out. If not set, all of them.
    type: list
    elements: str
  tags:
    description: Leave out clusters that do not have all of these tags.
    type: dict
author:
  - groundwork.aws contributors (@groundwork-aws)
extends_documentation_fragment:
  - groundwork.aws._attributes.info
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
seealso:
  - module: groundwork.aws.dax_cluster
"""

EXAMPLES = r"""
- name: Read one cluster
  groundwork.aws.dax_cluster_info:
    names: [widgets]
  register: found

- name: Read all clusters of the production environment
  groundwork.aws.dax_cluster_info:
    tags:
      Environment: production
"""

RETURN = r"""
clusters:
  description: The clusters, in the order of their names.
  returned: always
  type: list
  elements: dict
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
"""

import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..module_utils._core.errors import AwsCallError
from ..module_utils._dax import api
from ..module_utils._dax.cluster import cluster_of, view
from ..module_utils._dax.cluster_resource import read_tags


def read(client: t.Any, names: list[str] | None, tags: dict[str, str]) -> list[dict[str, t.Any]]:
    """The clusters of these names (None: all) that have all of ``tags``."""
    clusters = [cluster_of(answer) for answer in api.describe_clusters(client)]
    found = []
    for cluster in sorted(clusters, key=lambda one: one.name):
        if names is not None and cluster.name not in names:
            continue
        its_tags = read_tags(client, cluster)
        if tags.items() <= (its_tags or {}).items():
            found.append(view(cluster, its_tags))
    return found


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec={"names": {"type": "list", "elements": "str"}, "tags": {"type": "dict"}},
        supports_check_mode=True,
    )
    tags = {key: str(value) for key, value in (module.params["tags"] or {}).items()}
    try:
        clusters = read(module.client("dax"), module.params["names"], tags)
    except AwsCallError as error:
        module.fail_json(msg=error.message, **error.details)
    module.exit_json(changed=False, clusters=clusters)


if __name__ == "__main__":
    main()
