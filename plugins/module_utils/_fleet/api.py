# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""The EC2 calls of a fleet, one per function."""

from __future__ import annotations

import typing as t

from .._core.calls import aws_call
from .._core.ec2_tags import create_tags

Answers = list[dict[str, t.Any]]
Filters = list[dict[str, t.Any]]

PAGE = {"PageSize": 1000}  # the largest that AWS gives


@aws_call("describe the network interfaces of the fleet")
def describe_interfaces(client: t.Any, *, filters: Filters) -> Answers:
    """EC2 DescribeNetworkInterfaces, all pages."""
    pages = client.get_paginator("describe_network_interfaces").paginate(Filters=filters, PaginationConfig=PAGE)
    return [one for page in pages for one in page["NetworkInterfaces"]]


@aws_call("describe the volumes of the fleet")
def describe_volumes(client: t.Any, *, filters: Filters) -> Answers:
    """EC2 DescribeVolumes, all pages."""
    pages = client.get_paginator("describe_volumes").paginate(Filters=filters, PaginationConfig=PAGE)
    return [one for page in pages for one in page["Volumes"]]


@aws_call("describe the instances of the fleet")
def describe_instances(client: t.Any, *, filters: Filters) -> Answers:
    """EC2 DescribeInstances, all pages. Terminated ones are shown for about an hour."""
    pages = client.get_paginator("describe_instances").paginate(Filters=filters, PaginationConfig=PAGE)
    return [one for page in pages for reservation in page["Reservations"] for one in reservation["Instances"]]


@aws_call("read the status checks of instances")
def describe_status(client: t.Any, *, filters: Filters) -> Answers:
    """EC2 DescribeInstanceStatus, all pages: of instances that run."""
    pages = client.get_paginator("describe_instance_status").paginate(Filters=filters, PaginationConfig=PAGE)
    return [one for page in pages for one in page["InstanceStatuses"]]


@aws_call("describe the subnets {subnet_ids}")
def describe_subnets(client: t.Any, *, subnet_ids: list[str]) -> Answers:
    """EC2 DescribeSubnets, all pages. By a filter, so that one that does not exist is left out, not an error."""
    filters = [{"Name": "subnet-id", "Values": subnet_ids}]
    pages = client.get_paginator("describe_subnets").paginate(Filters=filters, PaginationConfig=PAGE)
    return [one for page in pages for one in page["Subnets"]]


@aws_call("describe the image {image_id}", absent=("InvalidAMIID.NotFound", "InvalidAMIID.Unavailable"))
def describe_image(client: t.Any, *, image_id: str) -> dict[str, t.Any] | None:
    """EC2 DescribeImages of one image; None if it is not there."""
    images: Answers = client.describe_images(ImageIds=[image_id])["Images"]
    return images[0] if images else None


@aws_call("describe the instance type {instance_type}", absent=("InvalidInstanceType",))
def describe_type(client: t.Any, *, instance_type: str) -> dict[str, t.Any] | None:
    """EC2 DescribeInstanceTypes of one type; None if the region does not have it."""
    types: Answers = client.describe_instance_types(InstanceTypes=[instance_type])["InstanceTypes"]
    return types[0] if types else None


@aws_call("describe placement groups")
def describe_groups(client: t.Any, *, filters: Filters) -> Answers:
    """EC2 DescribePlacementGroups, which has no pages."""
    return t.cast(Answers, client.describe_placement_groups(Filters=filters)["PlacementGroups"])


@aws_call("describe the modifications of volumes")
def describe_modifications(client: t.Any, *, filters: Filters) -> Answers:
    """EC2 DescribeVolumesModifications, all pages: the latest of each volume."""
    pages = client.get_paginator("describe_volumes_modifications").paginate(Filters=filters)
    return [one for page in pages for one in page["VolumesModifications"]]


@aws_call("create the network interface with the address {PrivateIpAddress}", absent=("InvalidIPAddress.InUse",))
def create_interface(client: t.Any, **arguments: t.Any) -> None:
    """EC2 CreateNetworkInterface. If the address is taken, an earlier call has made it, and it will show.

    That others have not taken it is looked up before anything is made.
    """
    client.create_network_interface(**arguments)


@aws_call("create a data volume in {AvailabilityZone}")
def create_volume(client: t.Any, **arguments: t.Any) -> None:
    """EC2 CreateVolume."""
    client.create_volume(**arguments)


@aws_call("launch {MaxCount} instances in {SubnetId}")
def run_instances(client: t.Any, **arguments: t.Any) -> None:
    """EC2 RunInstances."""
    client.run_instances(**arguments)


def record_and_launch(client: t.Any, *, record: dict[str, t.Any], launch: dict[str, t.Any]) -> None:
    """EC2 CreateTags, then RunInstances. In one step, because a look at a large fleet in between takes seconds."""
    create_tags(client, **record)
    run_instances(client, **launch)


# What was created a moment ago is not known everywhere in AWS yet.
_NEW = ("InvalidNetworkInterfaceID.NotFound", "InvalidInstanceID.NotFound", "InvalidVolume.NotFound")


@aws_call("attach {NetworkInterfaceId} to {InstanceId}", absent=("InvalidNetworkInterface.InUse",), transient=_NEW)
def attach_interface(client: t.Any, **arguments: t.Any) -> None:
    """EC2 AttachNetworkInterface. AWS never attaches one that is in use: whose it is, the next reading shows."""
    client.attach_network_interface(**arguments)


@aws_call("attach {VolumeId} to {InstanceId}", absent=("VolumeInUse",), transient=_NEW)
def attach_volume(client: t.Any, **arguments: t.Any) -> None:
    """EC2 AttachVolume. AWS never attaches one that is in use: whose it is, the next reading shows."""
    client.attach_volume(**arguments)


@aws_call("change the network interface {NetworkInterfaceId}")
def modify_interface(client: t.Any, **arguments: t.Any) -> None:
    """EC2 ModifyNetworkInterfaceAttribute, one attribute."""
    client.modify_network_interface_attribute(**arguments)


@aws_call("change the block devices of {InstanceId}")
def modify_instance(client: t.Any, **arguments: t.Any) -> None:
    """EC2 ModifyInstanceAttribute, one attribute."""
    client.modify_instance_attribute(**arguments)


@aws_call("change the volume {VolumeId}")
def modify_volume(client: t.Any, **arguments: t.Any) -> None:
    """EC2 ModifyVolume."""
    client.modify_volume(**arguments)


@aws_call("terminate {InstanceIds}", absent=("InvalidInstanceID.NotFound",))
def terminate(client: t.Any, *, InstanceIds: list[str]) -> None:
    """EC2 TerminateInstances. Ids that are not there any more let the call fail; the next plan leaves them out."""
    client.terminate_instances(InstanceIds=InstanceIds)


@aws_call("delete the network interface {NetworkInterfaceId}", absent=("InvalidNetworkInterfaceID.NotFound",))
def delete_interface(client: t.Any, *, NetworkInterfaceId: str) -> None:
    """EC2 DeleteNetworkInterface. AWS refuses one that is attached."""
    client.delete_network_interface(NetworkInterfaceId=NetworkInterfaceId)


@aws_call("delete the volume {VolumeId}", absent=("InvalidVolume.NotFound",))
def delete_volume(client: t.Any, *, VolumeId: str) -> None:
    """EC2 DeleteVolume. AWS refuses one that is attached."""
    client.delete_volume(VolumeId=VolumeId)


@aws_call("create the placement group {GroupName}", absent=("InvalidPlacementGroup.Duplicate",))
def create_group(client: t.Any, **arguments: t.Any) -> None:
    """EC2 CreatePlacementGroup. That a group of that name is not somebody else's is looked up before."""
    client.create_placement_group(**arguments)


@aws_call("delete the placement group {GroupName}", absent=("InvalidPlacementGroup.Unknown",))
def delete_group(client: t.Any, *, GroupName: str) -> None:
    """EC2 DeletePlacementGroup."""
    client.delete_placement_group(GroupName=GroupName)
