# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small worlds for the tests of the networks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from groundwork_local_cloud.world import (
    AclEntry,
    Instance,
    Interface,
    MetadataOptions,
    NatGateway,
    Route,
    Rule,
    SecurityGroup,
    Subnet,
    Vpc,
    World,
)

ANYWHERE = "0.0.0.0/0"
ALLOW_ALL = (
    AclEntry(100, egress=False, allow=True, protocol="-1", from_port=None, to_port=None, cidr=ANYWHERE),
    AclEntry(100, egress=True, allow=True, protocol="-1", from_port=None, to_port=None, cidr=ANYWHERE),
)
EVERYTHING = Rule("-1", None, None, cidrs=(ANYWHERE,))


def tcp(first: int, last: int | None = None, cidrs: tuple[str, ...] = (), groups: tuple[str, ...] = ()) -> Rule:
    return Rule("tcp", first, last or first, cidrs, groups)


def entry(number: int, allow: bool, protocol: str, ports: tuple[int, int], cidr: str, egress: bool = False) -> AclEntry:
    return AclEntry(number, egress, allow, protocol, ports[0], ports[1], cidr)


@dataclass
class Sketch:
    """A world to be written on. Ids are made from the names that the test gives."""

    world: World = field(default_factory=World)

    def vpc(self, name: str, *cidrs: str, internet: bool = False, region: str = "us-east-1") -> Vpc:
        vpc = Vpc(f"vpc-{name}", region, cidrs, f"igw-{name}" if internet else None)
        self.world.vpcs[vpc.id] = vpc
        return vpc

    def subnet(
        self, name: str, vpc: Vpc, cidr: str, routes: tuple[Route, ...] = (), acl: tuple[AclEntry, ...] = ALLOW_ALL
    ) -> Subnet:
        local = tuple(Route(block, "local") for block in vpc.cidrs)
        subnet = Subnet(f"subnet-{name}", vpc.id, cidr, f"{vpc.region}a", acl, (*local, *routes))
        self.world.subnets[subnet.id] = subnet
        return subnet

    def public_subnet(self, name: str, vpc: Vpc, cidr: str) -> Subnet:
        return self.subnet(name, vpc, cidr, (Route(ANYWHERE, vpc.internet_gateway_id or ""),))

    def group(self, name: str, vpc: Vpc, *ingress: Rule, egress: tuple[Rule, ...] = (EVERYTHING,)) -> SecurityGroup:
        group = SecurityGroup(f"sg-{name}", vpc.id, tuple(ingress), egress, name)
        self.world.groups[group.id] = group
        return group

    def nat(self, name: str, subnet: Subnet, private_ip: str, public_ip: str) -> NatGateway:
        gateway = NatGateway(f"nat-{name}", subnet.id, private_ip, public_ip)
        self.world.nat_gateways[gateway.id] = gateway
        return gateway

    def instance(self, name: str, vpc: Vpc, primary_ip: str, **changes: Any) -> Instance:
        fields: dict[str, Any] = {
            "id": f"i-{name}",
            "region": vpc.region,
            "state": "running",
            "image_id": "ami-12345678",
            "instance_type": "t3.micro",
            "availability_zone": f"{vpc.region}a",
            "private_dns_name": f"ip-{primary_ip.replace('.', '-')}.ec2.internal",
            "root_device": "/dev/xvda",
            "launch_index": 0,
            "boot_id": 0,
            "user_data": b"",
            "key_name": None,
            "public_key": None,
            "login_user": "admin",
            "tags": (),
            "metadata": MetadataOptions(),
            "role_name": None,
            "instance_profile_arn": None,
        }
        instance = Instance(**{**fields, **changes})
        self.world.instances[instance.id] = instance
        return instance

    def interface(
        self,
        name: str,
        subnet: Subnet,
        *private_ips: str,
        groups: tuple[SecurityGroup, ...] = (),
        public: str | None = None,
        instance_id: str | None = None,
        index: int | None = None,
        check: bool = True,
    ) -> Interface:
        digits = sha256(name.encode()).hexdigest()
        interface = Interface(
            id=f"eni-{digits[:17]}",
            mac="02:" + ":".join(digits[i : i + 2] for i in range(0, 10, 2)),
            vpc_id=subnet.vpc_id,
            subnet_id=subnet.id,
            private_ips=private_ips,
            public_ips=((private_ips[0], public),) if public else (),
            group_ids=tuple(group.id for group in groups),
            source_dest_check=check,
            instance_id=instance_id,
            device_index=index,
        )
        self.world.interfaces[interface.id] = interface
        return interface

    def host(
        self,
        name: str,
        subnet: Subnet,
        *private_ips: str,
        groups: tuple[SecurityGroup, ...] = (),
        public: str | None = None,
        check: bool = True,
        **changes: Any,
    ) -> Instance:
        """A running instance with its primary interface, which has the name of the instance."""
        instance = self.instance(name, self.world.vpcs[subnet.vpc_id], private_ips[0], **changes)
        self.interface(
            name, subnet, *private_ips, groups=groups, public=public, instance_id=instance.id, index=0, check=check
        )
        return instance

    def change(self, thing: Any, **changes: Any) -> Any:
        """Replace a thing of the world by one that differs. Pictures taken before stay as they were."""
        changed = replace(thing, **changes)
        collections = {
            Instance: "instances",
            Interface: "interfaces",
            Subnet: "subnets",
            SecurityGroup: "groups",
            Vpc: "vpcs",
            NatGateway: "nat_gateways",
        }
        getattr(self.world, collections[type(thing)])[thing.id] = changed
        return changed

    def picture(self) -> World:
        """The world as it is now."""
        return World(**{name: dict(value) for name, value in vars(self.world).items()})
