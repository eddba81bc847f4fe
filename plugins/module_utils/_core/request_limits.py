# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""EC2's request limits of an account in a region, as AWS documents them. Data only.

See https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html. Left out are the operations that a
configuration tool has no use for (reserved instances, hosts, Spot Fleet, address ranges of one's own).
"""

from __future__ import annotations

import typing as t


class Limit(t.NamedTuple):
    """A token bucket: how many tokens it holds, and how many come back in a second."""

    size: float
    refill: float


READING = Limit(100, 20)
READING_EVERYTHING = Limit(50, 10)
CHANGING = Limit(50, 5)

# These read from the smaller bucket when they are given neither a filter nor a page.
EXPENSIVE_READS = frozenset(
    {
        "DescribeInstances",
        "DescribeInstanceStatus",
        "DescribeNetworkInterfaces",
        "DescribeSecurityGroups",
        "DescribeSnapshots",
        "DescribeSpotInstanceRequests",
        "DescribeVolumes",
    }
)

# Operations with a bucket of their own, by bucket. Each operation has one to itself.
_BY_LIMIT: dict[Limit, tuple[str, ...]] = {
    Limit(100, 5): (
        "AssignIpv6Addresses",
        "AssignPrivateIpAddresses",
        "AssociateIamInstanceProfile",
        "CreateLaunchTemplateVersion",
        "CreateNetworkInterface",
        "CreateSnapshot",
        "CreateSnapshots",
        "CreateVolume",
        "DeleteNetworkInterface",
        "DeleteSnapshot",
        "DeleteVolume",
        "DeregisterImage",
        "DisassociateIamInstanceProfile",
        "ModifyImageAttribute",
        "ModifyInstanceMetadataOptions",
        "ModifyLaunchTemplate",
        "ModifyNetworkInterfaceAttribute",
        "ModifySnapshotAttribute",
        "TerminateInstances",
        "UnassignPrivateIpAddresses",
    ),
    Limit(100, 10): ("CreateTags", "DeleteTags"),
    Limit(100, 1): ("CopyImage",),
    Limit(5, 2): ("RunInstances", "StartInstances"),
    Limit(10, 1): (
        "AcceptVpcEndpointConnections",
        "AssignPrivateNatGatewayAddress",
        "AssociateNatGatewayAddress",
        "CreateNatGateway",
        "CreateVpcEndpointServiceConfiguration",
        "DeleteNatGateway",
        "DeleteVpcEndpointServiceConfigurations",
        "DisassociateNatGatewayAddress",
        "ModifyVpcEndpointServiceConfiguration",
        "RejectVpcEndpointConnections",
        "UnassignPrivateNatGatewayAddress",
    ),
    Limit(4, 0.3): ("CreateVpcEndpoint", "DeleteVpcEndpoints", "ModifyVpcEndpoint"),
    Limit(5, 1): ("CreateSubnetCidrReservation", "DeleteSubnetCidrReservation"),
    Limit(20, 5): ("DescribeSecurityGroupReferences", "DescribeStaleSecurityGroups"),
    Limit(2, 2): ("ModifyInstanceMetadataDefaults",),
    Limit(1, 1): ("CreateDefaultSubnet", "CreateDefaultVpc", "DescribeInstanceTopology"),
}
OF_OPERATION = {operation: limit for limit, operations in _BY_LIMIT.items() for operation in operations}

# These take a second kind of token, one for every instance that they touch.
OF_INSTANCES = {
    "RunInstances": Limit(1000, 2),
    "StartInstances": Limit(1000, 2),
    "StopInstances": Limit(1000, 20),
    "TerminateInstances": Limit(1000, 20),
}
