# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""The calls of DAX, and the one of EC2 that it needs, one per function. Names of arguments are those of AWS."""

from __future__ import annotations

import typing as t

from .._core.calls import aws_call

Answer = dict[str, t.Any]


@aws_call("describe the cluster {name}", absent=("ClusterNotFoundFault",))
def describe_cluster(client: t.Any, *, name: str) -> Answer | None:
    """DAX DescribeClusters of one. None: there is no such cluster."""
    return t.cast("Answer", client.describe_clusters(ClusterNames=[name])["Clusters"][0])


@aws_call("describe the clusters")
def describe_clusters(client: t.Any) -> list[Answer]:
    """DAX DescribeClusters, all pages."""
    pages = client.get_paginator("describe_clusters").paginate()
    return [cluster for page in pages for cluster in page["Clusters"]]


@aws_call("list the tags of {ResourceName}", absent=("InvalidClusterStateFault", "ClusterNotFoundFault"))
def list_tags(client: t.Any, *, ResourceName: str) -> list[dict[str, str]] | None:
    """DAX ListTags, all pages. None: the cluster is in a state in which AWS does not tell."""
    pages = client.get_paginator("list_tags").paginate(ResourceName=ResourceName)
    return [tag for page in pages for tag in page["Tags"]]


# A role that IAM has made a moment ago is not known to DAX yet, which says no more than that a value is invalid.
@aws_call(
    "create the cluster {ClusterName}",
    absent=("ClusterAlreadyExistsFault",),
    transient=("InvalidParameterValueException",),
)
def create_cluster(client: t.Any, **arguments: t.Any) -> None:
    """DAX CreateCluster. The name is the identity: that the cluster exists already means that an answer was lost."""
    client.create_cluster(**arguments)


@aws_call("update the cluster {ClusterName}")
def update_cluster(client: t.Any, **arguments: t.Any) -> None:
    """DAX UpdateCluster. A parameter group takes effect on a node when that is rebooted."""
    client.update_cluster(**arguments)


@aws_call("add a node to the cluster {ClusterName}")
def increase_replication_factor(client: t.Any, **arguments: t.Any) -> None:
    """DAX IncreaseReplicationFactor. Takes one zone for each node that is added."""
    client.increase_replication_factor(**arguments)


@aws_call("remove {NodeIdsToRemove} from the cluster {ClusterName}")
def decrease_replication_factor(client: t.Any, **arguments: t.Any) -> None:
    """DAX DecreaseReplicationFactor."""
    client.decrease_replication_factor(**arguments)


@aws_call("reboot the node {NodeId}")
def reboot_node(client: t.Any, *, ClusterName: str, NodeId: str) -> None:
    """DAX RebootNode. The node keeps what it has cached."""
    client.reboot_node(ClusterName=ClusterName, NodeId=NodeId)


@aws_call("delete the cluster {ClusterName}", absent=("ClusterNotFoundFault",))
def delete_cluster(client: t.Any, *, ClusterName: str) -> None:
    """DAX DeleteCluster. One that is gone already is a success."""
    client.delete_cluster(ClusterName=ClusterName)


@aws_call("tag {ResourceName}")
def tag_resource(client: t.Any, *, ResourceName: str, Tags: list[dict[str, str]]) -> None:
    """DAX TagResource. Only clusters carry tags."""
    client.tag_resource(ResourceName=ResourceName, Tags=Tags)


@aws_call("remove tags from {ResourceName}", absent=("TagNotFoundFault",))
def untag_resource(client: t.Any, *, ResourceName: str, TagKeys: list[str]) -> None:
    """DAX UntagResource."""
    client.untag_resource(ResourceName=ResourceName, TagKeys=TagKeys)


@aws_call("describe the subnet group {name}", absent=("SubnetGroupNotFoundFault",))
def describe_subnet_group(client: t.Any, *, name: str) -> Answer | None:
    """DAX DescribeSubnetGroups of one. None: there is no such group."""
    return t.cast("Answer", client.describe_subnet_groups(SubnetGroupNames=[name])["SubnetGroups"][0])


@aws_call("create the subnet group {SubnetGroupName}", absent=("SubnetGroupAlreadyExistsFault",))
def create_subnet_group(client: t.Any, **arguments: t.Any) -> None:
    """DAX CreateSubnetGroup. The name is the identity: that the group exists already means that an answer was lost."""
    client.create_subnet_group(**arguments)


@aws_call("update the subnet group {SubnetGroupName}")
def update_subnet_group(client: t.Any, **arguments: t.Any) -> None:
    """DAX UpdateSubnetGroup. The subnets given take the place of those that it has."""
    client.update_subnet_group(**arguments)


@aws_call("delete the subnet group {SubnetGroupName}", absent=("SubnetGroupNotFoundFault",))
def delete_subnet_group(client: t.Any, *, SubnetGroupName: str) -> None:
    """DAX DeleteSubnetGroup. One that is gone already is a success."""
    client.delete_subnet_group(SubnetGroupName=SubnetGroupName)


@aws_call("describe the parameter group {name}", absent=("ParameterGroupNotFoundFault",))
def describe_parameter_group(client: t.Any, *, name: str) -> Answer | None:
    """DAX DescribeParameterGroups of one. None: there is no such group."""
    return t.cast("Answer", client.describe_parameter_groups(ParameterGroupNames=[name])["ParameterGroups"][0])


@aws_call("describe the parameters of the parameter group {name}", absent=("ParameterGroupNotFoundFault",))
def describe_parameters(client: t.Any, *, name: str) -> list[Answer] | None:
    """DAX DescribeParameters, all pages. None: there is no such group."""
    pages = client.get_paginator("describe_parameters").paginate(ParameterGroupName=name)
    return [parameter for page in pages for parameter in page["Parameters"]]


@aws_call("create the parameter group {ParameterGroupName}", absent=("ParameterGroupAlreadyExistsFault",))
def create_parameter_group(client: t.Any, **arguments: t.Any) -> None:
    """DAX CreateParameterGroup. That the group exists already means that an answer was lost."""
    client.create_parameter_group(**arguments)


@aws_call("update the parameter group {ParameterGroupName}")
def update_parameter_group(client: t.Any, **arguments: t.Any) -> None:
    """DAX UpdateParameterGroup. AWS refuses it for a group that a cluster uses."""
    client.update_parameter_group(**arguments)


@aws_call("delete the parameter group {ParameterGroupName}", absent=("ParameterGroupNotFoundFault",))
def delete_parameter_group(client: t.Any, *, ParameterGroupName: str) -> None:
    """DAX DeleteParameterGroup. One that is gone already is a success."""
    client.delete_parameter_group(ParameterGroupName=ParameterGroupName)


@aws_call("describe the subnets {subnet_ids}")
def describe_subnets(client: t.Any, *, subnet_ids: list[str]) -> list[Answer]:
    """EC2 DescribeSubnets by filter, so that one that does not exist is left out instead of an error."""
    pages = client.get_paginator("describe_subnets").paginate(Filters=[{"Name": "subnet-id", "Values": subnet_ids}])
    return [subnet for page in pages for subnet in page["Subnets"]]
