# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A network for a stateful fleet, and a way to run the module in it."""

from __future__ import annotations

import dataclasses
import typing as t

from groundwork_local_cloud.client import LocalCloud

from .modules import Result, run_module

DEBIAN = "/aws/service/debian/release/12/latest/amd64"
SLOT = "groundwork:fleet-slot"
VOLUME = "groundwork:fleet-volume"
LOG = {"name": "log", "size": 10}


@dataclasses.dataclass(frozen=True)
class Setting:
    """Three subnets, one in each zone, and a security group."""

    cloud: LocalCloud
    subnet_ids: list[str]
    group_id: str
    image_id: str

    @property
    def options(self) -> dict[str, t.Any]:
        """Those of a fleet with one row."""
        return {
            "name": "events",
            "subnet_ids": self.subnet_ids,
            "rows": 1,
            "image_id": self.image_id,
            "instance_type": "t3.medium",
            "security_group_ids": [self.group_id],
            "first_host": 10,
            "data_volumes": [LOG],
        }

    def run(self, **options: t.Any) -> Result:
        """Run the module; an option that is None is not given."""
        given = {**self.options, **options}
        return run_module("stateful_fleet", **{name: value for name, value in given.items() if value is not None})

    def remove(self, **options: t.Any) -> Result:
        return run_module("stateful_fleet", **{"name": "events", "state": "absent", **options})

    @property
    def ec2(self) -> t.Any:
        return self.cloud.client("ec2")

    def interfaces(self) -> dict[str, dict[str, t.Any]]:
        """The interfaces of slots, by slot."""
        filters = [{"Name": "tag-key", "Values": [SLOT]}]
        found = self.ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"]
        return {_tags(one["TagSet"])[SLOT]: one for one in found}

    def instance(self, instance_id: str) -> dict[str, t.Any]:
        """An instance as EC2 describes it, with its tags as a dictionary."""
        found = self.ec2.describe_instances(InstanceIds=[instance_id])["Reservations"][0]["Instances"][0]
        return {**found, "Tags": _tags(found.get("Tags", []))}

    def living(self) -> set[str]:
        """The ids of all instances that are not on their way out."""
        reservations = self.ec2.describe_instances()["Reservations"]
        instances = [instance for reservation in reservations for instance in reservation["Instances"]]
        return {one["InstanceId"] for one in instances if one["State"]["Name"] not in ("shutting-down", "terminated")}

    def data_volumes(self) -> dict[str, dict[str, t.Any]]:
        """The data volumes by id, with their tags as a dictionary."""
        found = self.ec2.describe_volumes(Filters=[{"Name": "tag-key", "Values": [VOLUME]}])["Volumes"]
        return {one["VolumeId"]: {**one, "Tags": _tags(one["Tags"])} for one in found}


def _tags(tags: list[dict[str, str]]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags}


def setting_in(cloud: LocalCloud, *, zones: str = "abc", prefix: int = 24) -> Setting:
    """Make the network. ``prefix`` is the length of the prefix of each subnet's CIDR."""
    ec2 = cloud.client("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet_ids = []
    for number, zone in enumerate(zones):
        cidr, where = f"10.0.{4 * number}.0/{prefix}", f"us-east-1{zone}"
        subnet = ec2.create_subnet(VpcId=vpc_id, CidrBlock=cidr, AvailabilityZone=where)["Subnet"]
        subnet_ids.append(subnet["SubnetId"])
    group_id = ec2.create_security_group(GroupName="events", Description="events", VpcId=vpc_id)["GroupId"]
    image_id = cloud.client("ssm").get_parameter(Name=DEBIAN)["Parameter"]["Value"]
    return Setting(cloud, subnet_ids, group_id, image_id)
