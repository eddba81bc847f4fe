# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module stateful_fleet on the local cloud: what it does about losses, and what it refuses."""

from __future__ import annotations

import typing as t

import pytest
from groundwork_local_cloud.client import LocalCloud
from support.modules import changes
from support.stateful_fleet import LOG, Setting, setting_in

REPLACEMENT = {"Key": "groundwork:fleet-replacement", "Value": "staged i-0123456789abcdef0"}


@pytest.fixture
def fleet(cloud: LocalCloud) -> Setting:
    return setting_in(cloud)


def terminate(fleet: Setting, *nodes: dict[str, t.Any]) -> None:
    fleet.ec2.terminate_instances(InstanceIds=[node["instance_id"] for node in nodes])


def identity(node: dict[str, t.Any]) -> list[t.Any]:
    """What stays when the instance changes."""
    volumes = [volume["id"] for volume in node["volumes"]]
    return [node["slot"], node["node_id"], node["interface_id"], node["mac_address"], node["fixed_address"], volumes]


def test_a_terminated_instance_is_told_and_not_replaced_unasked(fleet: Setting) -> None:
    node = fleet.run()["nodes"][1]
    terminate(fleet, node)
    result = fleet.run()
    assert not result["changed"]
    lost = result["nodes"][1]
    assert (lost["state"], lost["instance_id"]) == ("missing", None)
    assert f"{node['instance_id']} is terminated" in lost["reasons"][0]
    (entry,) = result["plan"]
    assert (entry["slot"], entry["action"]) == (node["slot"], "none")
    assert entry["reason"].endswith("(heal is not set)")


def test_healing_gives_the_slot_another_instance_and_leaves_its_identity(fleet: Setting) -> None:
    before = fleet.run()["nodes"]
    terminate(fleet, before[1])
    predicted = fleet.run(heal=True, check=True)
    result = fleet.run(heal=True)
    healed = result["nodes"][1]
    assert (healed["state"], healed["generation"]) == ("healthy", 2)
    assert identity(healed) == identity(before[1])
    assert healed["instance_id"] != before[1]["instance_id"]
    assert [result["nodes"][0], result["nodes"][2]] == [before[0], before[2]]
    assert (predicted["nodes"][1]["state"], predicted["nodes"][1]["generation"]) == ("healthy", 2)
    assert not fleet.run(heal=True)["changed"]


def test_one_slot_is_healed_after_the_other(fleet: Setting) -> None:
    before = fleet.run()["nodes"]
    terminate(fleet, before[0], before[2])
    fleet.cloud.realism(durations={"instance.pending": 1.0})
    actions = fleet.run(heal=True)["actions"]
    second = actions.index("begin generation 2 of the slot 1-us-east-1c")
    assert "attach the data volume log of the slot 1-us-east-1a" in actions[second - 1]
    assert {node["state"] for node in fleet.run()["nodes"]} == {"healthy"}


def test_an_impaired_instance_is_terminated_and_replaced(fleet: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fleet.run()["nodes"]
    # The local cloud has no instances that fail their checks.
    monkeypatch.setattr(
        "ansible_collections.groundwork.aws.plugins.module_utils._fleet.resource.read_impaired",
        lambda _client: frozenset([before[0]["instance_id"]]),
    )
    told = fleet.run()
    assert (told["changed"], told["nodes"][0]["state"]) == (False, "degraded")
    healed = fleet.run(heal=True)["nodes"][0]
    assert healed["state"] == "healthy"
    assert identity(healed) == identity(before[0])
    assert before[0]["instance_id"] not in fleet.living()


def test_a_stopped_instance_is_told_and_left_alone(fleet: Setting) -> None:
    before = fleet.run()["nodes"]
    fleet.ec2.stop_instances(InstanceIds=[before[0]["instance_id"]])
    result = fleet.run(heal=True)
    assert not result["changed"]
    assert (result["nodes"][0]["state"], result["nodes"][0]["instance_state"]) == ("degraded", "stopped")


def test_a_lost_data_volume_comes_back_empty_with_healing_only(fleet: Setting) -> None:
    before = fleet.run()["nodes"]
    lost = before[0]["volumes"][0]["id"]
    fleet.ec2.detach_volume(VolumeId=lost)
    fleet.ec2.get_waiter("volume_available").wait(VolumeIds=[lost], WaiterConfig={"Delay": 0})
    fleet.ec2.delete_volume(VolumeId=lost)
    told = fleet.run()
    assert (told["changed"], told["nodes"][0]["reasons"]) == (False, ["the data volume log is gone"])
    healed = fleet.run(heal=True)["nodes"][0]
    assert (healed["state"], healed["instance_id"]) == ("healthy", before[0]["instance_id"])
    assert healed["volumes"][0]["id"] != lost


def test_what_was_detached_by_hand_is_attached_again(fleet: Setting) -> None:
    node = fleet.run()["nodes"][0]
    attachment = fleet.interfaces()[node["slot"]]["Attachment"]["AttachmentId"]
    fleet.ec2.detach_network_interface(AttachmentId=attachment)
    assert fleet.run()["nodes"][0] == node


def test_a_launch_that_fails_is_an_error_and_healed_later(fleet: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    kms = fleet.cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.disable_key(KeyId=key)
    # As if the key had been disabled between the look at it and the launch.
    monkeypatch.setattr("ansible_collections.groundwork.aws.plugins.module_utils._core.kms.Key.problems", lambda *_: [])
    encrypted = {"root_volume": {"kms_key_id": key}}
    failed = fleet.run(**encrypted)
    assert "Instances were launched and did not come to life. 1-us-east-1a: the instance i-" in failed["msg"]
    assert "Client.InternalError" in failed["msg"]
    kms.enable_key(KeyId=key)
    assert fleet.run(**encrypted)["failed"], "it is not tried again unasked"
    nodes = fleet.run(**encrypted, heal=True)["nodes"]
    assert {(node["state"], node["generation"]) for node in nodes} == {("healthy", 2)}
    assert len(fleet.living()) == len(fleet.data_volumes()) == 3


def test_a_slot_under_replacement_is_left_alone(fleet: Setting) -> None:
    before = fleet.run(rows=2)["nodes"]
    fleet.ec2.create_tags(Resources=[before[3]["interface_id"]], Tags=[REPLACEMENT])
    terminate(fleet, before[0], before[3])
    seen = len(fleet.cloud.calls())
    result = fleet.run(rows=2, heal=True)
    assert changes(fleet.cloud.calls()[seen:]) == [], "and none is healed while it is"
    assert (result["nodes"][3]["state"], result["nodes"][3]["replacement"]) == ("replacing", REPLACEMENT["Value"])
    refused = fleet.run(rows=1, allow_shrink=True)
    assert "2-us-east-1a is under replacement" in refused["msg"]
    assert not fleet.remove(delete_data=True).get("failed")


def test_a_staged_instance_of_a_replacement_is_not_taken_for_one_too_many(fleet: Setting) -> None:
    fleet.run()
    launch = {"ImageId": fleet.image_id, "InstanceType": "t3.medium", "SubnetId": fleet.subnet_ids[0]}
    tags = [{"Key": "groundwork:fleet", "Value": "events"}, {**REPLACEMENT, "Value": "staged"}]
    staged = fleet.ec2.run_instances(
        **launch, MinCount=1, MaxCount=1, TagSpecifications=[{"ResourceType": "instance", "Tags": tags}]
    )["Instances"][0]["InstanceId"]
    assert not fleet.run()["changed"]
    fleet.remove(delete_data=True)
    assert staged not in fleet.living()


def test_an_interface_at_a_stranger_is_never_taken_away(fleet: Setting) -> None:
    before = fleet.run()["nodes"]
    interface = fleet.interfaces()[before[0]["slot"]]
    launch = {"ImageId": fleet.image_id, "InstanceType": "t3.medium", "SubnetId": fleet.subnet_ids[0]}
    stranger = fleet.ec2.run_instances(**launch, MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
    fleet.ec2.detach_network_interface(AttachmentId=interface["Attachment"]["AttachmentId"])
    fleet.ec2.describe_network_interfaces()
    fleet.ec2.attach_network_interface(
        NetworkInterfaceId=interface["NetworkInterfaceId"], InstanceId=stranger, DeviceIndex=1
    )
    seen = len(fleet.cloud.calls())
    result = fleet.run(heal=True)
    assert changes(fleet.cloud.calls()[seen:]) == []
    assert f"attached to {stranger}, which is not of this fleet" in result["nodes"][0]["reasons"][0]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"name": "ev*nts"}, "name: 'ev*nts' is not"),
        ({"rows": 0}, "rows: 1 to 300 are possible, not 0"),
        ({"first_host": 3}, "AWS reserves the first four"),
        ({"tags": {"groundwork:fleet": "x"}}, "is set by the module itself"),
        ({"tags": {"aws:x": "1"}}, "reserved"),
        ({"placement": {"strategy": "spread"}, "rows": 8}, "holds 7 instances in a zone"),
        ({"placement": {"strategy": "spread", "partitions": 2}}, "with strategy partition"),
        ({"data_volumes": [LOG, LOG]}, "the name log is given twice"),
        ({"data_volumes": [{**LOG, "type": "io2"}]}, "an io2 volume needs iops"),
        ({"data_volumes": [{**LOG, "type": "st1", "throughput": 125}]}, "a st1 volume takes no throughput"),
        ({"data_volumes": [{**LOG, "encrypted": False, "kms_key_id": "k"}]}, "needs encrypted to be true"),
        ({"instance_store": True}, "either data volumes or instance store"),
        ({"user_data": "x" * 17000}, "AWS allows 16384"),
        ({"max_in_flight": 0}, "max_in_flight: 1 to 50"),
        ({"first_host": None}, "any of the following are missing: first_host, addresses"),
    ],
)
def test_bad_input_is_refused_before_any_call(fleet: Setting, options: dict[str, t.Any], said: str) -> None:
    seen = len(fleet.cloud.calls())
    result = fleet.run(**options)
    assert result["failed"]
    assert said in result["msg"]
    assert fleet.cloud.calls()[seen:] == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"first_host": 254, "rows": 3}, ["AWS reserves 10.0.0.255", "10.0.1.0 is not in subnet-"]),
        ({"instance_type": "t9.huge"}, ["there is no t9.huge in this region"]),
        ({"instance_type": "m6g.medium"}, ["is for x86_64, m6g.medium is arm64"]),
        ({"instance_type": "m1.small"}, []),
        ({"image_id": "ami-0123456789abcdef0"}, ["there is no image ami-0123456789abcdef0"]),
        ({"instance_store": True, "data_volumes": []}, ["instance_store: t3.medium has none"]),
        ({"placement": {"group_name": "none"}}, ["there is no placement group none"]),
        ({"root_volume": {"size": 1}}, ["root_volume: the image"]),
        ({"data_volumes": [{**LOG, "kms_key_id": "alias/none"}]}, ["there is no KMS key 'alias/none'"]),
    ],
)
def test_what_aws_would_refuse_is_refused_before_anything_is_made(
    fleet: Setting, options: dict[str, t.Any], said: list[str]
) -> None:
    seen = len(fleet.cloud.calls())
    result = fleet.run(**options)
    if said:
        assert result["failed"]
        assert changes(fleet.cloud.calls()[seen:]) == []
    assert [one for one in said if one not in result["msg"]] == []


def test_a_type_with_one_interface_is_refused(fleet: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    # All types of the local cloud take two, as all but a few of AWS do.
    monkeypatch.setattr("ansible_collections.groundwork.aws.plugins.module_utils._fleet.refusals.INTERFACES", 4)
    assert "t3.medium takes 3 network interface, 4 are needed" in fleet.run()["msg"]


def test_an_address_that_others_have_is_refused(fleet: Setting) -> None:
    taken = fleet.ec2.create_network_interface(SubnetId=fleet.subnet_ids[1], PrivateIpAddress="10.0.4.10")
    seen = len(fleet.cloud.calls())
    message = fleet.run()["msg"]
    assert f"10.0.4.10 is taken by {taken['NetworkInterface']['NetworkInterfaceId']}" in message
    assert changes(fleet.cloud.calls()[seen:]) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda subnets: {"subnet_ids": subnets[:2]}, "a zone cannot be taken away"),
        (lambda subnets: {"subnet_ids": subnets[::-1]}, "in the order in which it was made"),
        (lambda _subnets: {"first_host": 20}, "its address is 10.0.0.10 and cannot become 10.0.0.20"),
        (
            lambda subnets: {"subnet_ids": [*subnets, "subnet-0123456789abcdef0"]},
            "there is no subnet-0123456789abcdef0",
        ),
    ],
)
def test_a_slot_never_becomes_another(fleet: Setting, change: t.Callable[[list[str]], t.Any], said: str) -> None:
    fleet.run()
    seen = len(fleet.cloud.calls())
    assert said in fleet.run(**change(fleet.subnet_ids))["msg"]
    assert changes(fleet.cloud.calls()[seen:]) == []


def test_two_subnets_of_one_zone_are_refused(cloud: LocalCloud) -> None:
    fleet = setting_in(cloud, zones="aa")
    assert "each has to be in another zone" in fleet.run()["msg"]


def test_time_that_runs_out_is_told_with_what_was_waited_for(fleet: Setting) -> None:
    fleet.cloud.realism(durations={"instance.pending": 60.0})
    result = fleet.run(wait_timeout=2)
    assert "wait_timeout" in result["msg"]
    assert "is pending" in result["msg"]
    assert result["changed"]
    assert "create the interface of the slot 1-us-east-1a with the address 10.0.0.10" in result["actions"]
    fleet.cloud.realism(durations={})
    fleet.ec2.describe_instances()
