# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Idempotency by client token."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from groundwork_local_cloud.client import LocalCloud
from launching import default_subnet, image_id
from refusals import refused


def launch_request(cloud: LocalCloud, **settings: Any) -> dict[str, Any]:
    return {"ImageId": image_id(cloud), "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 2} | settings


def ids(answer: dict[str, Any]) -> list[str]:
    return [instance["InstanceId"] for instance in answer["Instances"]]


@pytest.mark.correction("client-token")
def test_the_same_token_gives_the_same_instances(cloud: LocalCloud) -> None:
    ec2, request = cloud.client("ec2"), launch_request(cloud, ClientToken="web-1")
    first = ec2.run_instances(**request)
    ec2.get_waiter("instance_running").wait(InstanceIds=ids(first), WaiterConfig={"Delay": 1})
    again = ec2.run_instances(**request)
    assert (ids(again), again["ReservationId"]) == (ids(first), first["ReservationId"])
    assert [one["State"]["Name"] for one in again["Instances"]] == ["running", "running"]
    assert len(ec2.describe_instances()["Reservations"]) == 1
    with refused("IdempotentParameterMismatch"):
        ec2.run_instances(**request | {"InstanceType": "t3.small"})


def test_without_a_token_every_call_launches(cloud: LocalCloud) -> None:
    ec2, request = cloud.client("ec2"), launch_request(cloud)
    assert ids(ec2.run_instances(**request)) != ids(ec2.run_instances(**request))


def test_a_token_belongs_to_an_operation_and_a_region(cloud: LocalCloud) -> None:
    ec2, subnet = cloud.client("ec2"), default_subnet(cloud)
    ec2.create_network_interface(SubnetId=subnet, ClientToken="one")
    ec2.create_volume(AvailabilityZone="us-east-1a", Size=1, ClientToken="one")
    other = cloud.client("ec2", region="eu-west-1")
    other.create_volume(AvailabilityZone="eu-west-1a", Size=2, ClientToken="one")
    assert len(ec2.describe_volumes()["Volumes"]) == len(other.describe_volumes()["Volumes"]) == 1


def test_a_refused_call_does_not_use_up_its_token(cloud: LocalCloud) -> None:
    ec2, request = cloud.client("ec2"), launch_request(cloud, ClientToken="web-1")
    with refused("InvalidKeyPair.NotFound"):
        ec2.run_instances(**request, KeyName="absent")
    with refused("DryRunOperation"):
        ec2.run_instances(**request, DryRun=True)
    assert len(ids(ec2.run_instances(**request))) == 2


def test_interfaces_and_volumes(cloud: LocalCloud) -> None:
    ec2, subnet = cloud.client("ec2"), default_subnet(cloud)
    interfaces = [ec2.create_network_interface(SubnetId=subnet, ClientToken="slot-1") for _ in range(2)]
    assert len({one["NetworkInterface"]["NetworkInterfaceId"] for one in interfaces}) == 1
    with refused("IdempotentParameterMismatch"):
        ec2.create_network_interface(SubnetId=subnet, ClientToken="slot-1", Description="another")
    volumes = [ec2.create_volume(AvailabilityZone="us-east-1a", Size=1, ClientToken="data-1") for _ in range(2)]
    assert len({one["VolumeId"] for one in volumes}) == 1
    with refused("IdempotentParameterMismatch"):
        ec2.create_volume(AvailabilityZone="us-east-1a", Size=2, ClientToken="data-1")


def test_concurrent_calls_with_one_token(cloud: LocalCloud) -> None:
    ec2, request = cloud.client("ec2"), launch_request(cloud, ClientToken="web-1")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: ids(ec2.run_instances(**request)), range(4)))
    assert all(answer == answers[0] for answer in answers)
    assert len(ec2.describe_instances()["Reservations"]) == 1


def test_a_token_is_up_to_64_ascii_characters(cloud: LocalCloud) -> None:
    ec2, subnet = cloud.client("ec2"), default_subnet(cloud)
    ec2.create_network_interface(SubnetId=subnet, ClientToken="x" * 64)
    for token in ("x" * 65, "größe"):
        with refused("InvalidParameterValue"):
            ec2.create_network_interface(SubnetId=subnet, ClientToken=token)
