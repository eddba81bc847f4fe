# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life cycle of an instance."""

from __future__ import annotations

import time
from typing import Any

import pytest
from groundwork_local_cloud.client import LocalCloud
from groundwork_local_cloud.cloud import cloud as state
from groundwork_local_cloud.supplement.ec2 import instances as life_cycle
from launching import describe_instance, image_id, launch
from refusals import refused

LONG = 60.0  # seconds: longer than any test


def state_of(cloud: LocalCloud, instance_id: str) -> str:
    return str(describe_instance(cloud, instance_id)["State"]["Name"])


def wait_until(cloud: LocalCloud, instance_id: str, wanted: str) -> None:
    deadline = time.monotonic() + 5
    while state_of(cloud, instance_id) != wanted:
        assert time.monotonic() < deadline, f"still {state_of(cloud, instance_id)}"
        time.sleep(0.02)


def stay_in(cloud: LocalCloud, *names: str) -> None:
    cloud.realism(durations={f"instance.{name}": LONG for name in names})


def launch_pending(cloud: LocalCloud, **settings: Any) -> str:
    answer = cloud.client("ec2").run_instances(
        **{"ImageId": image_id(cloud), "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1} | settings
    )
    assert answer["Instances"][0]["State"] == {"Code": 0, "Name": "pending"}
    return str(answer["Instances"][0]["InstanceId"])


@pytest.mark.correction("start-instances-state")
@pytest.mark.correction("stop-instances-state")
def test_stop_and_start(cloud: LocalCloud) -> None:
    ec2, instance_id = cloud.client("ec2"), launch(cloud)
    launched = describe_instance(cloud, instance_id)["LaunchTime"]
    change = ec2.stop_instances(InstanceIds=[instance_id])["StoppingInstances"][0]
    assert (change["PreviousState"]["Name"], change["CurrentState"]["Name"]) == ("running", "stopping")
    wait_until(cloud, instance_id, "stopped")
    stopped = describe_instance(cloud, instance_id)
    assert stopped["StateReason"]["Code"] == "Client.UserInitiatedShutdown"
    assert stopped["StateTransitionReason"].startswith("User initiated (")
    change = ec2.stop_instances(InstanceIds=[instance_id])["StoppingInstances"][0]
    assert (change["PreviousState"]["Name"], change["CurrentState"]["Name"]) == ("stopped", "stopped")

    time.sleep(1.1)  # LaunchTime is shown in whole seconds
    change = ec2.start_instances(InstanceIds=[instance_id])["StartingInstances"][0]
    assert (change["PreviousState"]["Name"], change["CurrentState"]["Name"]) == ("stopped", "pending")
    wait_until(cloud, instance_id, "running")
    started = describe_instance(cloud, instance_id)
    assert "StateReason" not in started
    assert started["StateTransitionReason"] == ""
    assert started["LaunchTime"] > launched


def test_states_take_their_time(cloud: LocalCloud) -> None:
    stay_in(cloud, "pending")
    instance_id = launch_pending(cloud)
    time.sleep(0.2)
    assert state_of(cloud, instance_id) == "pending"
    with refused("IncorrectInstanceState"):
        cloud.client("ec2").stop_instances(InstanceIds=[instance_id])


@pytest.mark.parametrize("transition", ["stopping", "shutting-down"])
def test_no_start_on_the_way_down(cloud: LocalCloud, transition: str) -> None:
    ec2, instance_id = cloud.client("ec2"), launch(cloud)
    stay_in(cloud, transition)
    if transition == "stopping":
        ec2.stop_instances(InstanceIds=[instance_id])
    else:
        ec2.terminate_instances(InstanceIds=[instance_id])
    assert state_of(cloud, instance_id) == transition
    with refused("IncorrectInstanceState"):
        ec2.start_instances(InstanceIds=[instance_id])


@pytest.mark.correction("terminate-instances-state")
@pytest.mark.correction("reboot-instances-state")
def test_terminated_is_the_end(cloud: LocalCloud) -> None:
    ec2, instance_id = cloud.client("ec2"), launch(cloud)
    change = ec2.terminate_instances(InstanceIds=[instance_id])["TerminatingInstances"][0]
    assert (change["PreviousState"]["Name"], change["CurrentState"]["Name"]) == ("running", "shutting-down")
    wait_until(cloud, instance_id, "terminated")
    for operation in (ec2.start_instances, ec2.stop_instances, ec2.reboot_instances):
        with refused("IncorrectInstanceState"):
            operation(InstanceIds=[instance_id])
    change = ec2.terminate_instances(InstanceIds=[instance_id])["TerminatingInstances"][0]
    assert (change["PreviousState"]["Name"], change["CurrentState"]["Name"]) == ("terminated", "terminated")


def test_termination_lets_go(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    disks = [
        {"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 1, "DeleteOnTermination": False}},
        {"DeviceName": "/dev/sdg", "Ebs": {"VolumeSize": 1}},
    ]
    instance_id = launch(cloud, BlockDeviceMappings=disks)
    instance = describe_instance(cloud, instance_id)
    second = ec2.create_network_interface(SubnetId=instance["SubnetId"])["NetworkInterface"]["NetworkInterfaceId"]
    ec2.attach_network_interface(NetworkInterfaceId=second, InstanceId=instance_id, DeviceIndex=1)
    ec2.terminate_instances(InstanceIds=[instance_id])
    wait_until(cloud, instance_id, "terminated")

    interfaces = ec2.describe_network_interfaces()["NetworkInterfaces"]
    assert [(one["NetworkInterfaceId"], one["Status"], "Attachment" in one) for one in interfaces] == [
        (second, "available", False)
    ]
    volumes = ec2.describe_volumes()["Volumes"]
    assert [(one["Size"], one["State"], one["Attachments"]) for one in volumes] == [(1, "available", [])]
    terminated = describe_instance(cloud, instance_id)
    assert terminated["NetworkInterfaces"] == terminated["BlockDeviceMappings"] == terminated["SecurityGroups"] == []
    assert terminated["PrivateDnsName"] == ""
    assert not {"PrivateIpAddress", "SubnetId", "VpcId"} & set(terminated)


def test_terminated_instances_stay_visible_for_an_hour(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    tags = [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "web"}]}]
    ec2, instance_id = cloud.client("ec2"), launch(cloud, TagSpecifications=tags)
    ec2.terminate_instances(InstanceIds=[instance_id])
    wait_until(cloud, instance_id, "terminated")
    assert describe_instance(cloud, instance_id)["Tags"] == [{"Key": "Name", "Value": "web"}]
    now = time.monotonic()
    monkeypatch.setattr(life_cycle.time, "monotonic", lambda: now + 3590)
    assert state_of(cloud, instance_id) == "terminated"
    monkeypatch.setattr(life_cycle.time, "monotonic", lambda: now + 3610)
    with refused("InvalidInstanceID.NotFound"):
        describe_instance(cloud, instance_id)
    assert ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [instance_id]}])["Tags"] == []


def test_protection(cloud: LocalCloud) -> None:
    ec2, instance_id = cloud.client("ec2"), launch(cloud, DisableApiTermination=True, DisableApiStop=True)
    with refused("OperationNotPermitted"):
        ec2.terminate_instances(InstanceIds=[instance_id])
    with refused("OperationNotPermitted"):
        ec2.stop_instances(InstanceIds=[instance_id])
    assert state_of(cloud, instance_id) == "running"
    ec2.modify_instance_attribute(InstanceId=instance_id, DisableApiTermination={"Value": False})
    ec2.terminate_instances(InstanceIds=[instance_id])
    wait_until(cloud, instance_id, "terminated")


def test_one_refused_instance_keeps_the_others_running(cloud: LocalCloud) -> None:
    ec2, first, second = cloud.client("ec2"), launch(cloud), launch(cloud, DisableApiTermination=True)
    with refused("OperationNotPermitted"):
        ec2.terminate_instances(InstanceIds=[first, second])
    assert state_of(cloud, first) == "running"


def test_reboot_counts_and_stays_running(cloud: LocalCloud) -> None:
    ec2, instance_id = cloud.client("ec2"), launch(cloud)
    ec2.reboot_instances(InstanceIds=[instance_id])
    assert state_of(cloud, instance_id) == "running"
    assert life_cycle._find(instance_id).boot_count == 1


def test_start_needs_a_root_volume(cloud: LocalCloud) -> None:
    ec2, instance_id = cloud.client("ec2"), launch(cloud)
    ec2.stop_instances(InstanceIds=[instance_id])
    wait_until(cloud, instance_id, "stopped")
    root = describe_instance(cloud, instance_id)["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]
    ec2.detach_volume(VolumeId=root)
    ec2.get_waiter("volume_available").wait(VolumeIds=[root], WaiterConfig={"Delay": 1})
    with refused("InvalidParameterValue"):
        ec2.start_instances(InstanceIds=[instance_id])


def test_unknown_instances(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    for operation in (ec2.start_instances, ec2.stop_instances, ec2.terminate_instances, ec2.reboot_instances):
        with refused("InvalidInstanceID.NotFound"):
            operation(InstanceIds=["i-0123456789abcdef0"])
        with refused("InvalidInstanceID.Malformed"):
            operation(InstanceIds=["web"])


@pytest.mark.correction("instance-status-initializing")
def test_status_checks_initialize(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    stay_in(cloud, "initializing")
    instance_id = launch(cloud)
    stopped = launch(cloud)
    ec2.stop_instances(InstanceIds=[stopped])
    wait_until(cloud, stopped, "stopped")
    status = ec2.describe_instance_status()["InstanceStatuses"]
    assert [(one["InstanceId"], one["InstanceStatus"]["Status"]) for one in status] == [(instance_id, "initializing")]
    both = ec2.describe_instance_status(IncludeAllInstances=True)["InstanceStatuses"]
    assert {one["InstanceStatus"]["Status"] for one in both} == {"initializing", "not-applicable"}
    ok = [{"Name": "instance-status.status", "Values": ["ok"]}]
    assert ec2.describe_instance_status(Filters=ok)["InstanceStatuses"] == []
    with state.lock:
        life_cycle._find(instance_id)._pass_status_checks()
    assert [one["InstanceId"] for one in ec2.describe_instance_status(Filters=ok)["InstanceStatuses"]] == [instance_id]


def test_a_launch_that_fails(cloud: LocalCloud) -> None:
    stay_in(cloud, "pending")
    instance_id = launch_pending(cloud)
    life_cycle.fail_launch(instance_id, "Server.InternalError", "no host")
    failed = describe_instance(cloud, instance_id)
    assert failed["State"]["Name"] == "terminated"
    assert failed["StateReason"] == {"Code": "Server.InternalError", "Message": "Server.InternalError: no host"}
    assert cloud.client("ec2").describe_volumes()["Volumes"] == []


def test_a_start_that_fails(cloud: LocalCloud) -> None:
    ec2, instance_id = cloud.client("ec2"), launch(cloud)
    ec2.stop_instances(InstanceIds=[instance_id])
    wait_until(cloud, instance_id, "stopped")
    stay_in(cloud, "pending")
    ec2.start_instances(InstanceIds=[instance_id])
    life_cycle.fail_launch(instance_id, "Server.InternalError", "no host")
    assert state_of(cloud, instance_id) == "stopped"


@pytest.mark.parametrize(("behaviour", "end"), [("stop", "stopped"), ("terminate", "terminated")])
def test_poweroff_from_within(cloud: LocalCloud, behaviour: str, end: str) -> None:
    instance_id = launch(cloud, InstanceInitiatedShutdownBehavior=behaviour)
    life_cycle.guest_poweroff(instance_id)
    wait_until(cloud, instance_id, end)
    assert describe_instance(cloud, instance_id)["StateReason"]["Code"] == "Client.InstanceInitiatedShutdown"


@pytest.mark.correction("console-output")
def test_console_output_without_a_host_is_empty(cloud: LocalCloud) -> None:
    instance_id = launch(cloud)
    answer = cloud.client("ec2").get_console_output(InstanceId=instance_id)
    assert (answer["InstanceId"], answer["Output"]) == (instance_id, "")
    with refused("InvalidInstanceID.NotFound"):
        cloud.client("ec2").get_console_output(InstanceId="i-0123456789abcdef0")
