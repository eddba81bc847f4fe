# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module stateful_fleet on the local cloud: created, grown, changed in place, shrunk, removed."""

from __future__ import annotations

import typing as t
from collections import Counter

import pytest
from groundwork_local_cloud.client import LocalCloud
from support.account import take_inventory
from support.modules import changes
from support.stateful_fleet import LOG, Setting, setting_in

READS_OF_NO_CHANGE = Counter(
    {
        "DescribeNetworkInterfaces": 1,
        "DescribeInstances": 1,
        "DescribeVolumes": 1,
        "DescribeSubnets": 1,
        "DescribeInstanceStatus": 2,
    }
)


@pytest.fixture
def fleet(cloud: LocalCloud) -> Setting:
    return setting_in(cloud)


def calls_of(setting: Setting, act: t.Callable[[], t.Any]) -> Counter[str]:
    """The operations that ``act`` calls."""
    seen = len(setting.cloud.calls())
    act()
    return Counter(call["operation"] for call in setting.cloud.calls()[seen:])


def changes_of(setting: Setting, act: t.Callable[[], t.Any]) -> list[str]:
    seen = len(setting.cloud.calls())
    act()
    return changes(setting.cloud.calls()[seen:])


def test_creates_every_slot_with_its_identity(fleet: Setting) -> None:
    result = fleet.run(rows=2, tags={"Environment": "production"})
    assert result["changed"]
    nodes = result["nodes"]
    assert [(node["node_id"], node["slot"], node["fixed_address"]) for node in nodes] == [
        (1, "1-us-east-1a", "10.0.0.10"),
        (2, "1-us-east-1b", "10.0.4.10"),
        (3, "1-us-east-1c", "10.0.8.10"),
        (4, "2-us-east-1a", "10.0.0.11"),
        (5, "2-us-east-1b", "10.0.4.11"),
        (6, "2-us-east-1c", "10.0.8.11"),
    ]
    assert {node["state"] for node in nodes} == {"healthy"}
    assert len(fleet.living()) == 6
    for node in nodes:
        interface = fleet.interfaces()[node["slot"]]
        assert (interface["NetworkInterfaceId"], interface["MacAddress"]) == (node["interface_id"], node["mac_address"])
        assert interface["Attachment"]["InstanceId"] == node["instance_id"]
        assert (interface["Attachment"]["DeviceIndex"], interface["Attachment"]["DeleteOnTermination"]) == (1, False)
        assert [group["GroupId"] for group in interface["Groups"]] == [fleet.group_id]
        (volume,) = node["volumes"]
        attachment = fleet.data_volumes()[volume["id"]]["Attachments"][0]
        assert (attachment["InstanceId"], attachment["Device"]) == (node["instance_id"], "/dev/sdf")
        assert not attachment["DeleteOnTermination"]
        assert volume["encrypted"]
        instance = fleet.instance(node["instance_id"])
        assert instance["PrivateIpAddress"] == node["primary_address"] != node["fixed_address"]
        assert instance["MetadataOptions"]["HttpTokens"] == "required"
        assert instance["Tags"]["Name"] == f"events-{node['node_id']}"
        assert instance["Tags"]["Environment"] == "production"


def test_each_zone_is_launched_by_one_call(fleet: Setting) -> None:
    calls = calls_of(fleet, lambda: fleet.run(rows=4))
    assert calls["RunInstances"] == 3
    assert calls["CreateNetworkInterface"] == calls["CreateVolume"] == calls["AttachNetworkInterface"] == 12


@pytest.mark.parametrize("rows", [1, 3])
def test_a_run_that_changes_nothing_only_describes_however_many_slots_there_are(fleet: Setting, rows: int) -> None:
    first = fleet.run(rows=rows)
    seen = len(fleet.cloud.calls())
    second = fleet.run(rows=rows)
    assert Counter(call["operation"] for call in fleet.cloud.calls()[seen:]) == READS_OF_NO_CHANGE
    assert (second["changed"], second["actions"], second["plan"]) == (False, [], [])
    assert second["nodes"] == first["nodes"]


def test_growing_leaves_the_slots_that_exist_alone(fleet: Setting) -> None:
    first = fleet.run()["nodes"]
    result = fleet.run(rows=3)
    assert result["nodes"][:3] == first
    assert [node["node_id"] for node in result["nodes"]] == list(range(1, 10))
    assert {entry["action"] for entry in result["plan"]} == {"create"}


def test_shrinking_needs_permission_and_takes_the_highest_rows(fleet: Setting) -> None:
    before = fleet.run(rows=3)["nodes"]
    assert changes_of(fleet, lambda: fleet.run(rows=2)) == []
    assert "needs allow_shrink to be true" in fleet.run(rows=2)["msg"]
    result = fleet.run(rows=1, allow_shrink=True)
    assert result["nodes"] == before[:3]
    assert fleet.living() == {node["instance_id"] for node in before[:3]}
    kept = {node["volumes"][0]["id"] for node in before[3:]}
    assert {volume["id"] for volume in result["kept_volumes"]} == kept
    assert all("groundwork:fleet-kept" in fleet.data_volumes()[one]["Tags"] for one in kept)
    assert not fleet.run(rows=1)["changed"]


def test_a_slot_that_is_made_again_takes_its_volume_back(fleet: Setting) -> None:
    before = fleet.run(rows=2)["nodes"]
    fleet.run(allow_shrink=True)
    result = fleet.run(rows=2)
    assert [node["volumes"][0]["id"] for node in result["nodes"]] == [node["volumes"][0]["id"] for node in before]
    assert result["kept_volumes"] == []
    assert not fleet.run(rows=2)["changed"]


def test_shrinking_deletes_data_with_permission(fleet: Setting) -> None:
    before = fleet.run(rows=2)["nodes"]
    result = fleet.run(allow_shrink=True, delete_data=True)
    assert set(fleet.data_volumes()) == {node["volumes"][0]["id"] for node in before[:3]}
    assert result["kept_volumes"] == []


def test_removes_everything_and_again_and_leaves_others_alone(fleet: Setting) -> None:
    before = take_inventory(fleet.cloud)
    fleet.run(rows=2, placement={"strategy": "spread"})
    other = fleet.run(name="other", first_host=100)["nodes"]
    result = fleet.remove(delete_data=True)
    assert (result["changed"], result["nodes"], result["kept_volumes"]) == (True, [], [])
    assert not fleet.remove(delete_data=True)["changed"]
    assert fleet.living() == {node["instance_id"] for node in other}
    assert {node["state"] for node in fleet.run(name="other", first_host=100)["nodes"]} == {"healthy"}
    fleet.remove(name="other", delete_data=True)
    after = take_inventory(fleet.cloud)
    # The first encrypted volume of an account brings the key aws/ebs, which stays.
    assert {**after, "Keys": [], "Aliases": []} == {**before, "Keys": [], "Aliases": []}


def test_removing_keeps_data_and_a_new_fleet_takes_it_back(fleet: Setting) -> None:
    before = fleet.run()["nodes"]
    volumes = [node["volumes"][0]["id"] for node in before]
    result = fleet.remove()
    assert sorted(volume["id"] for volume in result["kept_volumes"]) == sorted(volumes)
    assert not fleet.remove()["changed"]
    after = fleet.run()["nodes"]
    assert [node["volumes"][0]["id"] for node in after] == volumes
    assert [node["interface_id"] for node in after] != [node["interface_id"] for node in before]
    fleet.remove()
    assert fleet.remove(delete_data=True)["changed"]
    assert fleet.data_volumes() == {}


@pytest.mark.parametrize(
    ("change", "operations"),
    [
        ({"tags": {"Environment": "test"}}, {"CreateTags": 1}),
        ({"source_dest_check": False}, {"ModifyNetworkInterfaceAttribute": 3}),
        ({"data_volumes": [{**LOG, "size": 20}]}, {"ModifyVolume": 3}),
        ({"data_volumes": [{**LOG, "type": "io2", "iops": 200}]}, {"ModifyVolume": 3}),
        ({"data_volumes": [{**LOG, "iops": 4000, "throughput": 250}]}, {"ModifyVolume": 3}),
        (
            {"data_volumes": [LOG, {"name": "index", "size": 5}]},
            {"CreateVolume": 3, "AttachVolume": 3, "CreateTags": 3},
        ),
    ],
)
def test_each_change_alone_is_made_in_place(
    fleet: Setting, change: dict[str, t.Any], operations: dict[str, int]
) -> None:
    before = fleet.run()["nodes"]
    predicted = fleet.run(**change, check=True)
    assert predicted["changed"]
    seen = len(fleet.cloud.calls())
    result = fleet.run(**change)
    assert Counter(changes(fleet.cloud.calls()[seen:])) == operations
    assert [node["instance_id"] for node in result["nodes"]] == [node["instance_id"] for node in before]
    assert _without_ids(predicted["nodes"]) == _without_ids(result["nodes"])
    assert not fleet.run(**change)["changed"]


def _without_ids(nodes: list[dict[str, t.Any]]) -> list[dict[str, t.Any]]:
    """What check mode can foretell of nodes."""
    unforeseen = ("instance_id", "interface_id", "mac_address", "primary_address", "volumes", "partition")
    return [
        {
            **{key: value for key, value in node.items() if key not in unforeseen},
            "volumes": [
                (one["name"], one["device"], one["size"], one["type"], one["encrypted"]) for one in node["volumes"]
            ],
        }
        for node in nodes
    ]


def test_security_groups_change_on_both_interfaces(fleet: Setting) -> None:
    nodes = fleet.run()["nodes"]
    vpc_id = fleet.ec2.describe_subnets(SubnetIds=fleet.subnet_ids[:1])["Subnets"][0]["VpcId"]
    other = fleet.ec2.create_security_group(GroupName="other", Description="other", VpcId=vpc_id)["GroupId"]
    assert changes_of(fleet, lambda: fleet.run(security_group_ids=[other])) == ["ModifyNetworkInterfaceAttribute"] * 6
    for interface in fleet.instance(nodes[0]["instance_id"])["NetworkInterfaces"]:
        assert [group["GroupId"] for group in interface["Groups"]] == [other]
    assert not fleet.run(security_group_ids=[other])["changed"]


def test_what_would_go_with_the_instance_is_protected_again(fleet: Setting) -> None:
    node = fleet.run()["nodes"][0]
    attachment = fleet.interfaces()[node["slot"]]["Attachment"]["AttachmentId"]
    fleet.ec2.modify_network_interface_attribute(
        NetworkInterfaceId=node["interface_id"], Attachment={"AttachmentId": attachment, "DeleteOnTermination": True}
    )
    fleet.ec2.modify_instance_attribute(
        InstanceId=node["instance_id"],
        BlockDeviceMappings=[{"DeviceName": "/dev/sdf", "Ebs": {"DeleteOnTermination": True}}],
    )
    assert fleet.run()["changed"]
    assert not fleet.interfaces()[node["slot"]]["Attachment"]["DeleteOnTermination"]
    assert not fleet.data_volumes()[node["volumes"][0]["id"]]["Attachments"][0]["DeleteOnTermination"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"instance_type": "m5.large"}, "instance type: t3.medium, wanted m5.large"),
        ({"user_data": "#!/bin/sh"}, "user data: none, wanted"),
        ({"data_volumes": [{**LOG, "size": 5}]}, "10 GiB, wanted 5; a volume cannot shrink"),
        ({"instance_profile": "events"}, "instance profile: none, wanted events"),
    ],
)
def test_drift_is_told_and_not_acted_on(fleet: Setting, change: dict[str, t.Any], said: str) -> None:
    fleet.run()
    result = fleet.run(**change)
    assert not result["changed"]
    assert all(said in node["outdated"][0] for node in result["nodes"])
    assert said in result["plan"][0]["reason"]


def test_a_volume_under_modification_is_not_modified_again(fleet: Setting) -> None:
    fleet.run()
    fleet.cloud.realism(durations={"volume.optimizing": 3600})
    fleet.run(data_volumes=[{**LOG, "size": 20}])
    result = fleet.run(data_volumes=[{**LOG, "size": 30}])
    assert not result["changed"]
    assert "a modification is under way" in result["nodes"][0]["outdated"][0]


@pytest.mark.parametrize("what", ["created", "grown", "removed"])
def test_check_mode_makes_no_mutating_call(fleet: Setting, what: str) -> None:
    if what != "created":
        fleet.run()
    seen = len(fleet.cloud.calls())
    result = fleet.remove(check=True) if what == "removed" else fleet.run(rows=2, check=True)
    assert result["changed"]
    assert result["actions"]
    assert changes(fleet.cloud.calls()[seen:]) == []


def test_check_mode_foretells_the_fleet(fleet: Setting) -> None:
    predicted = fleet.run(rows=2, tags={"a": "1"}, check=True)
    assert predicted["nodes"][0]["instance_id"] == "(known after creation)"
    result = fleet.run(rows=2, tags={"a": "1"})
    assert _without_ids(predicted["nodes"]) == _without_ids(result["nodes"])
    assert predicted["plan"] == result["plan"]


def test_diff_shows_both_sides(fleet: Setting) -> None:
    diff = fleet.run(check=True)["diff"]
    assert diff["before"] == {"nodes": [], "kept_volumes": []}
    assert [node["slot"] for node in diff["after"]["nodes"]] == ["1-us-east-1a", "1-us-east-1b", "1-us-east-1c"]


def test_waits_until_aws_shows_what_was_made(fleet: Setting) -> None:
    fleet.cloud.realism(eventual_consistency=2.0, durations={"instance.pending": 2.0, "volume.attaching": 1.0})
    seen = len(fleet.cloud.calls())
    assert {node["state"] for node in fleet.run()["nodes"]} == {"healthy"}
    made = Counter(changes(fleet.cloud.calls()[seen:]))
    assert (made["CreateNetworkInterface"], made["CreateVolume"], made["RunInstances"]) == (3, 3, 3)


def test_addresses_can_be_listed_and_zones_be_few(cloud: LocalCloud) -> None:
    fleet = setting_in(cloud, zones="b")
    addresses = {fleet.subnet_ids[0]: ["10.0.0.77", "10.0.0.55"]}
    nodes = fleet.run(rows=2, first_host=None, addresses=addresses)["nodes"]
    assert [(node["node_id"], node["fixed_address"]) for node in nodes] == [(1, "10.0.0.77"), (2, "10.0.0.55")]


def test_placement_groups(fleet: Setting) -> None:
    nodes = fleet.run(rows=2, instance_type="m5.large", placement={"strategy": "partition", "partitions": 2})["nodes"]
    assert [node["partition"] for node in nodes if node["zone"] == "us-east-1a"] == [1, 2]
    (group,) = fleet.ec2.describe_placement_groups()["PlacementGroups"]
    assert (group["GroupName"], group["Strategy"]) == ("events", "partition")
    fleet.remove(delete_data=True)
    assert fleet.ec2.describe_placement_groups()["PlacementGroups"] == []


def test_a_placement_group_that_exists_is_used_and_stays(fleet: Setting) -> None:
    fleet.ec2.create_placement_group(GroupName="ours", Strategy="spread")
    node = fleet.run(instance_type="m5.large", placement={"group_name": "ours"})["nodes"][0]
    assert fleet.instance(node["instance_id"])["Placement"]["GroupName"] == "ours"
    fleet.remove()
    assert len(fleet.ec2.describe_placement_groups()["PlacementGroups"]) == 1


def test_instances_are_launched_as_asked_for(fleet: Setting) -> None:
    key = fleet.cloud.client("kms").create_key()["KeyMetadata"]
    fleet.ec2.create_key_pair(KeyName="operations")
    node = fleet.run(
        key_name="operations",
        user_data="#!/bin/sh",
        root_volume={"size": 20, "type": "io2", "iops": 300, "kms_key_id": key["KeyId"]},
        data_volumes=[{**LOG, "kms_key_id": key["KeyId"], "device": "/dev/sdk"}],
    )["nodes"][0]
    instance = fleet.instance(node["instance_id"])
    assert instance["KeyName"] == "operations"
    root = next(one for one in instance["BlockDeviceMappings"] if one["DeviceName"] == instance["RootDeviceName"])
    volume = fleet.ec2.describe_volumes(VolumeIds=[root["Ebs"]["VolumeId"]])["Volumes"][0]
    assert (volume["Size"], volume["VolumeType"], volume["Iops"], volume["KmsKeyId"]) == (20, "io2", 300, key["Arn"])
    assert (node["volumes"][0]["kms_key_id"], node["volumes"][0]["device"]) == (key["Arn"], "/dev/sdk")


def test_instance_store_instead_of_data_volumes(fleet: Setting) -> None:
    nodes = fleet.run(instance_type="i3.large", data_volumes=[], instance_store=True)["nodes"]
    assert {(node["state"], len(node["volumes"])) for node in nodes} == {("healthy", 0)}
