# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts' picture of the cloud is what the API says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from groundwork_local_cloud import world_from_moto
from groundwork_local_cloud.client import LocalCloud
from groundwork_local_cloud.cloud import cloud as this_cloud
from groundwork_local_cloud.world import AclEntry, MetadataOptions, NatGateway, Route, Rule, World

PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl operator"


def _world() -> World:
    with this_cloud.lock:
        return world_from_moto.build()


@pytest.fixture
def ec2(cloud: LocalCloud) -> Iterator[Any]:
    """An EC2 client of a cloud whose picture is taken after every call, as it is when there are hosts."""
    before = this_cloud.changed
    this_cloud.changed = lambda: (before(), world_from_moto.build())[0]
    yield cloud.client("ec2")
    this_cloud.changed = before


@pytest.fixture
def subnet(ec2: Any) -> dict[str, Any]:
    vpc_id = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    created = ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.1.0.0/24", AvailabilityZone="us-east-1b")
    return dict(created["Subnet"])


def _launch(ec2: Any, subnet: dict[str, Any], **parameters: Any) -> dict[str, Any]:
    (image,) = ec2.describe_images(Owners=["amazon"], MaxResults=5)["Images"][:1]
    arguments = {"ImageId": image["ImageId"], "InstanceType": "t3.micro", "SubnetId": subnet["SubnetId"], **parameters}
    (instance,) = ec2.run_instances(MinCount=1, MaxCount=1, **arguments)["Instances"]
    return instance  # type: ignore[no-any-return]  # boto3 is untyped


def _attach_internet_gateway(ec2: Any, subnet: dict[str, Any]) -> str:
    gateway_id: str = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway_id, VpcId=subnet["VpcId"])
    return gateway_id


def test_a_vpc_with_its_gateway_and_second_cidr(ec2: Any, subnet: dict[str, Any]) -> None:
    vpc_id = subnet["VpcId"]
    assert _world().vpcs[vpc_id].internet_gateway_id is None
    gateway_id = _attach_internet_gateway(ec2, subnet)
    ec2.associate_vpc_cidr_block(VpcId=vpc_id, CidrBlock="10.2.0.0/16")
    vpc = _world().vpcs[vpc_id]
    assert (vpc.region, vpc.cidrs, vpc.internet_gateway_id) == ("us-east-1", ("10.1.0.0/16", "10.2.0.0/16"), gateway_id)


def test_a_subnet_takes_the_main_route_table_until_it_has_its_own(ec2: Any, subnet: dict[str, Any]) -> None:
    subnet_id, vpc_id = subnet["SubnetId"], subnet["VpcId"]
    local = Route("10.1.0.0/16", "local")
    assert _world().subnets[subnet_id].routes == (local,)
    gateway_id = _attach_internet_gateway(ec2, subnet)
    table_id = ec2.create_route_table(VpcId=vpc_id)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table_id, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway_id)
    assert _world().subnets[subnet_id].routes == (local,)
    ec2.associate_route_table(RouteTableId=table_id, SubnetId=subnet_id)
    assert _world().subnets[subnet_id].routes == (local, Route("0.0.0.0/0", gateway_id))


def test_a_nat_gateway_is_a_route_target_with_an_address(ec2: Any, subnet: dict[str, Any]) -> None:
    _attach_internet_gateway(ec2, subnet)
    address = ec2.allocate_address(Domain="vpc")
    created = ec2.create_nat_gateway(SubnetId=subnet["SubnetId"], AllocationId=address["AllocationId"])["NatGateway"]
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [subnet["VpcId"]]}])["RouteTables"]
    ec2.create_route(
        RouteTableId=tables[0]["RouteTableId"], DestinationCidrBlock="0.0.0.0/0", NatGatewayId=created["NatGatewayId"]
    )
    gateway_id = created["NatGatewayId"]
    ec2.describe_nat_gateways(NatGatewayIds=[gateway_id])
    world = _world()
    (interface,) = [one for one in world.interfaces.values() if one.subnet_id == subnet["SubnetId"]]
    assert world.nat_gateways[gateway_id] == NatGateway(
        gateway_id, subnet["SubnetId"], interface.private_ips[0], address["PublicIp"]
    )
    assert Route("0.0.0.0/0", gateway_id) in world.subnets[subnet["SubnetId"]].routes


def test_network_acls(ec2: Any, subnet: dict[str, Any]) -> None:
    default = _world().subnets[subnet["SubnetId"]].acl
    assert AclEntry(100, False, True, "-1", None, None, "0.0.0.0/0") in default
    acl_id = ec2.create_network_acl(VpcId=subnet["VpcId"])["NetworkAcl"]["NetworkAclId"]
    ec2.create_network_acl_entry(
        NetworkAclId=acl_id,
        RuleNumber=90,
        Protocol="6",
        PortRange={"From": 443, "To": 443},
        CidrBlock="10.9.0.0/16",
        Egress=False,
        RuleAction="deny",
    )
    acls = ec2.describe_network_acls(Filters=[{"Name": "association.subnet-id", "Values": [subnet["SubnetId"]]}])
    (association,) = [one for one in acls["NetworkAcls"][0]["Associations"] if one["SubnetId"] == subnet["SubnetId"]]
    ec2.replace_network_acl_association(AssociationId=association["NetworkAclAssociationId"], NetworkAclId=acl_id)
    acl = _world().subnets[subnet["SubnetId"]].acl
    assert AclEntry(90, False, False, "tcp", 443, 443, "10.9.0.0/16") in acl
    assert AclEntry(100, False, True, "-1", None, None, "0.0.0.0/0") not in acl


def test_security_groups_refer_to_addresses_groups_and_prefix_lists(ec2: Any, subnet: dict[str, Any]) -> None:
    def create(name: str) -> str:
        created = ec2.create_security_group(GroupName=name, Description=name, VpcId=subnet["VpcId"])
        return str(created["GroupId"])

    web, load_balancer = create("web"), create("load-balancer")
    prefix_list_id = ec2.create_managed_prefix_list(
        PrefixListName="offices", MaxEntries=3, AddressFamily="IPv4", Entries=[{"Cidr": "192.0.2.0/24"}]
    )["PrefixList"]["PrefixListId"]
    for permission in (
        {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 81, "UserIdGroupPairs": [{"GroupId": load_balancer}]},
        {"IpProtocol": "udp", "FromPort": 53, "ToPort": 53, "IpRanges": [{"CidrIp": "10.1.0.0/16"}]},
        {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "PrefixListIds": [{"PrefixListId": prefix_list_id}]},
    ):
        ec2.authorize_security_group_ingress(GroupId=web, IpPermissions=[permission])
    group = _world().groups[web]
    assert set(group.ingress) == {
        Rule("tcp", 80, 81, (), (load_balancer,)),
        Rule("udp", 53, 53, ("10.1.0.0/16",), ()),
        Rule("tcp", 22, 22, ("192.0.2.0/24",), ()),
    }
    assert group.egress == (Rule("-1", None, None, ("0.0.0.0/0",), ()),)


def test_an_instance_with_everything(cloud: LocalCloud, ec2: Any, subnet: dict[str, Any]) -> None:
    cloud.realism(durations={"instance.pending": 60})
    iam = cloud.client("iam")
    iam.create_role(RoleName="web-role", AssumeRolePolicyDocument="{}")
    iam.create_instance_profile(InstanceProfileName="web-profile")
    iam.add_role_to_instance_profile(InstanceProfileName="web-profile", RoleName="web-role")
    ec2.import_key_pair(KeyName="operator", PublicKeyMaterial=PUBLIC_KEY.encode())
    launched = _launch(
        ec2,
        subnet,
        KeyName="operator",
        UserData="#!/bin/sh\necho hello\n",
        IamInstanceProfile={"Name": "web-profile"},
        MetadataOptions={"HttpTokens": "required", "HttpPutResponseHopLimit": 2, "InstanceMetadataTags": "enabled"},
        TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "web"}]}],
        InstanceInitiatedShutdownBehavior="terminate",
        PrivateIpAddress="10.1.0.20",
    )
    instance = _world().instances[launched["InstanceId"]]
    assert instance.state == "pending"
    assert instance.instance_type == "t3.micro"
    assert instance.availability_zone == "us-east-1b"
    assert instance.private_dns_name == "ip-10-1-0-20.ec2.internal"
    assert instance.user_data == b"#!/bin/sh\necho hello\n"
    assert instance.public_key == PUBLIC_KEY
    assert instance.tags == (("Name", "web"),)
    assert instance.metadata == MetadataOptions(True, True, 2, True)
    assert instance.role_name == "web-role"
    assert instance.instance_profile_arn == "arn:aws:iam::123456789012:instance-profile/web-profile"
    assert instance.shutdown_behavior == "terminate"
    ec2.delete_key_pair(KeyName="operator")
    assert _world().instances[launched["InstanceId"]].public_key == PUBLIC_KEY


def test_interfaces_with_their_addresses(ec2: Any, subnet: dict[str, Any]) -> None:
    _attach_internet_gateway(ec2, subnet)
    launched = _launch(ec2, subnet, PrivateIpAddress="10.1.0.20")
    interface_id = launched["NetworkInterfaces"][0]["NetworkInterfaceId"]
    ec2.assign_private_ip_addresses(NetworkInterfaceId=interface_id, PrivateIpAddresses=["10.1.0.21"])
    address = ec2.allocate_address(Domain="vpc")
    ec2.associate_address(AllocationId=address["AllocationId"], NetworkInterfaceId=interface_id)
    ec2.modify_network_interface_attribute(NetworkInterfaceId=interface_id, SourceDestCheck={"Value": False})
    interface = _world().interfaces[interface_id]
    assert interface.private_ips == ("10.1.0.20", "10.1.0.21")
    assert interface.public_ips == (("10.1.0.20", address["PublicIp"]),)
    assert (interface.instance_id, interface.device_index) == (launched["InstanceId"], 0)
    assert interface.source_dest_check is False
    assert list(interface.group_ids) == [group["GroupId"] for group in launched["SecurityGroups"]]


def test_a_reboot_through_the_api_changes_the_boot_id_and_nothing_else_does(ec2: Any, subnet: dict[str, Any]) -> None:
    instance_id = _launch(ec2, subnet)["InstanceId"]
    ec2.describe_instances()
    ec2.stop_instances(InstanceIds=[instance_id])
    ec2.describe_instances()
    ec2.start_instances(InstanceIds=[instance_id])
    ec2.describe_instances()
    assert _world().instances[instance_id].boot_id == 0
    ec2.reboot_instances(InstanceIds=[instance_id])
    assert _world().instances[instance_id].boot_id == 1


def test_root_volumes_come_from_the_image_and_data_volumes_from_nothing(ec2: Any, subnet: dict[str, Any]) -> None:
    launched = _launch(ec2, subnet)
    data_id = ec2.create_volume(AvailabilityZone="us-east-1b", Size=3)["VolumeId"]
    ec2.describe_instances()
    ec2.attach_volume(VolumeId=data_id, InstanceId=launched["InstanceId"], Device="/dev/sdf")
    world = _world()
    (root,) = [volume for volume in world.volumes.values() if volume.id != data_id]
    assert (root.image_id, root.snapshot_id) == (launched["ImageId"], None)
    assert (root.instance_id, root.device) == (launched["InstanceId"], launched["RootDeviceName"])
    data = world.volumes[data_id]
    assert (data.size, data.image_id, data.snapshot_id) == (3, None, None)
    assert (data.instance_id, data.device) == (launched["InstanceId"], "/dev/sdf")


def test_a_blank_volume_put_in_place_of_the_root_is_not_the_image(ec2: Any, subnet: dict[str, Any]) -> None:
    launched = _launch(ec2, subnet)
    instance_id, device = launched["InstanceId"], launched["RootDeviceName"]
    ec2.describe_instances()
    ec2.stop_instances(InstanceIds=[instance_id])
    (old,) = ec2.describe_volumes()["Volumes"]
    ec2.detach_volume(VolumeId=old["VolumeId"], InstanceId=instance_id)
    ec2.describe_volumes()
    new_id = ec2.create_volume(AvailabilityZone="us-east-1b", Size=15)["VolumeId"]
    ec2.describe_volumes()
    ec2.attach_volume(VolumeId=new_id, InstanceId=instance_id, Device=device)
    world = _world()
    assert (world.volumes[new_id].device, world.volumes[new_id].image_id) == (device, None)
    assert (world.volumes[old["VolumeId"]].instance_id, world.volumes[old["VolumeId"]].image_id) == (
        None,
        launched["ImageId"],
    )


@pytest.mark.correction("snapshot-contents")
def test_a_snapshot_and_an_image_are_captured_when_they_are_made(
    ec2: Any, subnet: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    disks = Disks()
    monkeypatch.setattr(this_cloud, "hosts", disks)
    launched = _launch(ec2, subnet)
    ec2.describe_instances()
    (root,) = ec2.describe_volumes()["Volumes"]
    snapshot_id = ec2.create_snapshot(VolumeId=root["VolumeId"])["SnapshotId"]
    image_id = ec2.create_image(InstanceId=launched["InstanceId"], Name="golden")["ImageId"]
    (image,) = ec2.describe_images(ImageIds=[image_id])["Images"]
    behind = image["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
    assert disks.captured == [(snapshot_id, root["VolumeId"]), (behind, root["VolumeId"])]
    assert {snapshot_id, behind} <= set(_world().snapshots)
    clone = _launch(ec2, subnet, ImageId=image_id)
    (clone_root,) = [one for one in _world().volumes.values() if one.instance_id == clone["InstanceId"]]
    assert clone_root.snapshot_id == behind


@pytest.mark.correction("copy-snapshot-contents")
def test_a_copy_names_its_source(cloud: LocalCloud, ec2: Any) -> None:
    volume_id = ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"]
    source_id = ec2.create_snapshot(VolumeId=volume_id)["SnapshotId"]
    ec2.describe_snapshots(SnapshotIds=[source_id])
    west = cloud.client("ec2", region="us-west-2")
    copy_id = west.copy_snapshot(SourceRegion="us-east-1", SourceSnapshotId=source_id)["SnapshotId"]
    snapshots = _world().snapshots
    assert (snapshots[source_id].copy_of, snapshots[copy_id].copy_of) == (None, source_id)


@pytest.mark.correction("delete-snapshot-contents")
def test_the_contents_of_a_deleted_snapshot_are_deleted(ec2: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    disks = Disks()
    monkeypatch.setattr(this_cloud, "hosts", disks)
    volume_id = ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"]
    snapshot_id = ec2.create_snapshot(VolumeId=volume_id)["SnapshotId"]
    ec2.describe_snapshots(SnapshotIds=[snapshot_id])
    ec2.delete_snapshot(SnapshotId=snapshot_id)
    assert disks.deleted == [snapshot_id]


class Disks:
    """Stands for the hosts' disks, which need root and loop devices; notes what is asked of them."""

    def __init__(self) -> None:
        self.captured: list[tuple[str, str]] = []
        self.deleted: list[str] = []

    def capture_snapshot(self, snapshot_id: str, volume_id: str) -> None:
        self.captured.append((snapshot_id, volume_id))

    def delete_snapshot(self, snapshot_id: str) -> None:
        self.deleted.append(snapshot_id)
