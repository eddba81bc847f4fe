# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What there is in an account: taken before and after, it shows what a teardown left behind or took too much."""

from __future__ import annotations

import typing as t

from groundwork_local_cloud.client import LocalCloud

Inventory = dict[str, list[str]]

EC2: list[tuple[str, str, str]] = [
    ("describe_vpcs", "Vpcs", "VpcId"),
    ("describe_subnets", "Subnets", "SubnetId"),
    ("describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
    ("describe_route_tables", "RouteTables", "RouteTableId"),
    ("describe_network_acls", "NetworkAcls", "NetworkAclId"),
    ("describe_security_groups", "SecurityGroups", "GroupId"),
    ("describe_security_group_rules", "SecurityGroupRules", "SecurityGroupRuleId"),
    ("describe_network_interfaces", "NetworkInterfaces", "NetworkInterfaceId"),
    ("describe_volumes", "Volumes", "VolumeId"),
    ("describe_snapshots", "Snapshots", "SnapshotId"),
    ("describe_key_pairs", "KeyPairs", "KeyPairId"),
    ("describe_addresses", "Addresses", "AllocationId"),
    ("describe_flow_logs", "FlowLogs", "FlowLogId"),
    ("describe_launch_templates", "LaunchTemplates", "LaunchTemplateId"),
    ("describe_placement_groups", "PlacementGroups", "GroupId"),
]
OTHERS: list[tuple[str, str, str, str]] = [
    ("iam", "list_roles", "Roles", "Arn"),
    ("iam", "list_instance_profiles", "InstanceProfiles", "Arn"),
    ("logs", "describe_log_groups", "logGroups", "logGroupName"),
    ("dax", "describe_clusters", "Clusters", "ClusterArn"),
    ("dax", "describe_subnet_groups", "SubnetGroups", "SubnetGroupName"),
    ("dax", "describe_parameter_groups", "ParameterGroups", "ParameterGroupName"),
]
GONE = {"deleted", "deleting", "terminated"}


def take_inventory(cloud: LocalCloud) -> Inventory:
    """Everything that costs money or stands in the way, by kind. Keys on their way out and their aliases do not."""
    ec2 = cloud.client("ec2")
    found = {kind: _ids(getattr(ec2, operation)(**_own(kind))[kind], key) for operation, kind, key in EC2}
    for service, operation, kind, key in OTHERS:
        found[f"{service} {kind}"] = _ids(getattr(cloud.client(service), operation)()[kind], key)
    # Services make these and keep them; they cost nothing.
    found["iam Roles"] = [arn for arn in found["iam Roles"] if ":role/aws-service-role/" not in arn]
    reservations = ec2.describe_instances()["Reservations"]
    found["Tables"] = sorted(cloud.client("dynamodb").list_tables()["TableNames"])
    instances = [instance for reservation in reservations for instance in reservation["Instances"]]
    found["Instances"] = sorted(i["InstanceId"] for i in instances if i["State"]["Name"] not in GONE)
    gateways = ec2.describe_nat_gateways()["NatGateways"]
    found["NatGateways"] = sorted(g["NatGatewayId"] for g in gateways if g["State"] not in GONE)
    endpoints = ec2.describe_vpc_endpoints()["VpcEndpoints"]
    found["VpcEndpoints"] = sorted(e["VpcEndpointId"] for e in endpoints if e["State"] not in GONE)
    keys = set(_keys_in_use(cloud))
    found["Keys"] = sorted(keys)
    aliases = cloud.client("kms").list_aliases()["Aliases"]
    found["Aliases"] = sorted(alias["AliasName"] for alias in aliases if alias.get("TargetKeyId") in keys)
    return found


def _own(kind: str) -> dict[str, t.Any]:
    return {"OwnerIds": ["self"]} if kind == "Snapshots" else {}


def _ids(resources: list[dict[str, t.Any]], key: str) -> list[str]:
    return sorted(str(resource[key]) for resource in resources)


def _keys_in_use(cloud: LocalCloud) -> t.Iterator[str]:
    kms = cloud.client("kms")
    for key in kms.list_keys()["Keys"]:
        if kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] != "PendingDeletion":
            yield key["KeyId"]
