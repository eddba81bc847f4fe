# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attaching and detaching network interfaces."""

from __future__ import annotations

import time
from typing import Any

import pytest
from groundwork_local_cloud.client import LocalCloud
from launching import default_subnet, describe_instance, launch
from refusals import refused

ZONE = "us-east-1a"


def create(cloud: LocalCloud, zone: str = ZONE, **settings: Any) -> str:
    answer = cloud.client("ec2").create_network_interface(SubnetId=default_subnet(cloud, zone), **settings)
    return str(answer["NetworkInterface"]["NetworkInterfaceId"])


def attach(cloud: LocalCloud, interface: str, instance: str, index: int = 1) -> str:
    answer = cloud.client("ec2").attach_network_interface(
        NetworkInterfaceId=interface, InstanceId=instance, DeviceIndex=index
    )
    return str(answer["AttachmentId"])


def describe(cloud: LocalCloud, interface: str) -> dict[str, Any]:
    answer = cloud.client("ec2").describe_network_interfaces(NetworkInterfaceIds=[interface])
    found: dict[str, Any] = answer["NetworkInterfaces"][0]
    return found


def wait_until_available(cloud: LocalCloud, interface: str) -> None:
    deadline = time.monotonic() + 5
    while describe(cloud, interface)["Status"] != "available":
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.correction("attach-network-interface")
@pytest.mark.correction("detach-network-interface")
def test_attach_and_detach_take_their_time(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    instance, other, interface = launch(cloud), launch(cloud), create(cloud)
    cloud.realism(durations={"interface.attaching": 0.3, "interface.detaching": 0.3})
    attachment = attach(cloud, interface, instance)
    shown = describe(cloud, interface)
    assert (shown["Status"], shown["Attachment"]["Status"]) == ("in-use", "attaching")
    assert (shown["Attachment"]["DeviceIndex"], shown["Attachment"]["DeleteOnTermination"]) == (1, False)
    time.sleep(0.4)
    assert describe(cloud, interface)["Attachment"]["Status"] == "attached"
    assert len(describe_instance(cloud, instance)["NetworkInterfaces"]) == 2

    ec2.detach_network_interface(AttachmentId=attachment)
    assert describe(cloud, interface)["Attachment"]["Status"] == "detaching"
    with refused("IncorrectState"):
        ec2.detach_network_interface(AttachmentId=attachment)
    with refused("InvalidNetworkInterface.InUse"):
        attach(cloud, interface, other)
    time.sleep(0.4)
    shown = describe(cloud, interface)
    assert (shown["Status"], "Attachment" in shown) == ("available", False)
    with refused("InvalidAttachmentID.NotFound"):
        ec2.detach_network_interface(AttachmentId=attachment)
    assert len(describe_instance(cloud, instance)["NetworkInterfaces"]) == 1


def test_force_detaches_at_once(cloud: LocalCloud) -> None:
    instance, interface = launch(cloud), create(cloud)
    cloud.realism(durations={"interface.detaching": 60.0})
    attachment = attach(cloud, interface, instance)
    cloud.client("ec2").detach_network_interface(AttachmentId=attachment)
    assert describe(cloud, interface)["Status"] == "in-use"
    cloud.client("ec2").detach_network_interface(AttachmentId=attachment, Force=True)
    assert describe(cloud, interface)["Status"] == "available"


def test_attach_refused(cloud: LocalCloud) -> None:
    instance = launch(cloud, InstanceType="t3.nano")  # 2 interfaces, 2 addresses each
    first, second, other_zone = create(cloud), create(cloud), create(cloud, "us-east-1b")
    many = create(cloud, SecondaryPrivateIpAddressCount=2)
    with refused("InvalidParameterCombination"):
        attach(cloud, other_zone, instance)
    with refused("InvalidParameterValue"):
        attach(cloud, first, instance, index=0)
    with refused("PrivateIpAddressLimitExceeded"):
        attach(cloud, many, instance)
    attach(cloud, first, instance)
    with refused("InvalidNetworkInterface.InUse"):
        attach(cloud, first, instance, index=2)
    with refused("InvalidParameterValue"):
        attach(cloud, second, instance, index=1)
    with refused("AttachmentLimitExceeded"):
        attach(cloud, second, instance, index=2)
    with refused("InvalidInstanceID.NotFound"):
        attach(cloud, second, "i-0123456789abcdef0")
    with refused("InvalidNetworkInterfaceID.NotFound"):
        attach(cloud, "eni-0123456789abcdef0", instance)
    assert describe(cloud, second)["Status"] == "available"


def test_only_running_and_stopped_instances_take_interfaces(cloud: LocalCloud) -> None:
    ec2, interface = cloud.client("ec2"), create(cloud)
    instance = launch(cloud)
    ec2.stop_instances(InstanceIds=[instance])
    ec2.get_waiter("instance_stopped").wait(InstanceIds=[instance], WaiterConfig={"Delay": 1})
    attachment = attach(cloud, interface, instance)
    ec2.detach_network_interface(AttachmentId=attachment)
    wait_until_available(cloud, interface)
    ec2.terminate_instances(InstanceIds=[instance])
    with refused("IncorrectInstanceState"):
        attach(cloud, interface, instance)


def test_the_primary_interface_stays(cloud: LocalCloud) -> None:
    ec2, instance = cloud.client("ec2"), launch(cloud)
    attach(cloud, create(cloud), instance)
    primary = describe_instance(cloud, instance)["NetworkInterfaces"][0]["Attachment"]["AttachmentId"]
    with refused("OperationNotPermitted"):
        ec2.detach_network_interface(AttachmentId=primary)
    assert len(describe_instance(cloud, instance)["NetworkInterfaces"]) == 2
