# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""RunInstances: what is refused, and what an instance keeps of the request."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from groundwork_local_cloud.client import LocalCloud
from launching import default_subnet, describe_instance, image_id, launch
from refusals import refused

TRUST = '{"Version":"2012-10-17","Statement":[]}'


def run(cloud: LocalCloud, **settings: Any) -> list[dict[str, Any]]:
    request = {"ImageId": image_id(cloud), "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1} | settings
    instances: list[dict[str, Any]] = cloud.client("ec2").run_instances(**request)["Instances"]
    return instances


@pytest.mark.correction("run-instances-count")
@pytest.mark.correction("run-instances-image")
@pytest.mark.correction("run-instances-type")
@pytest.mark.correction("run-instances-key-pair")
@pytest.mark.correction("run-instances-profile")
@pytest.mark.correction("run-instances-tags")
def test_refused(cloud: LocalCloud) -> None:
    arm = "ami-0a1b2c3d4e5f60718"
    refusals: list[tuple[str, dict[str, Any]]] = [
        ("InvalidParameterValue", {"MinCount": 0}),
        ("InvalidParameterValue", {"MinCount": 3, "MaxCount": 2}),
        ("RequestResourceCountExceeded", {"MaxCount": 1001}),
        ("InvalidAMIID.NotFound", {"ImageId": arm}),
        ("InvalidAMIID.Malformed", {"ImageId": "debian-12"}),
        ("InvalidParameterValue", {"InstanceType": "zz.large"}),
        ("InvalidParameterValue", {"InstanceType": "m7g.large"}),  # arm64; the image is x86_64
        ("InvalidKeyPair.NotFound", {"KeyName": "absent"}),
        ("InvalidParameterValue", {"IamInstanceProfile": {"Name": "absent"}}),
        ("InvalidParameterValue", {"IamInstanceProfile": {"Arn": "arn:aws:iam::123456789012:instance-profile/no"}}),
        ("InvalidParameterCombination", {"IamInstanceProfile": {"Name": "one", "Arn": "arn:aws:iam::1:x/two"}}),
        ("InvalidParameterValue", {"TagSpecifications": [{"ResourceType": "vpc", "Tags": []}]}),
        (
            "InvalidParameterValue",
            {"TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "aws:owner", "Value": "me"}]}]},
        ),
    ]
    for code, settings in refusals:
        with refused(code):
            run(cloud, **settings)
    assert cloud.client("ec2").describe_instances()["Reservations"] == []


def test_a_type_that_the_zone_does_not_have(cloud: LocalCloud) -> None:
    with refused("Unsupported"):
        run(cloud, InstanceType="m7i.large", SubnetId=default_subnet(cloud, "us-east-1e"))
    (elsewhere,) = run(cloud, InstanceType="m7i.large")
    assert elsewhere["Placement"]["AvailabilityZone"] != "us-east-1e"


@pytest.mark.correction("run-instances-launch")
def test_options_are_kept(cloud: LocalCloud) -> None:
    iam = cloud.client("iam")
    iam.create_role(RoleName="web", AssumeRolePolicyDocument=TRUST)
    profile = iam.create_instance_profile(InstanceProfileName="web")["InstanceProfile"]
    options: dict[str, Any] = {
        "InstanceType": "m7i.large",
        "CpuOptions": {"CoreCount": 1, "ThreadsPerCore": 1},
        "PrivateDnsNameOptions": {"HostnameType": "resource-name", "EnableResourceNameDnsARecord": True},
        "EnclaveOptions": {"Enabled": True},
        "MaintenanceOptions": {"AutoRecovery": "disabled"},
        "CapacityReservationSpecification": {"CapacityReservationPreference": "none"},
        "Monitoring": {"Enabled": True},
        "EbsOptimized": True,
        "UserData": "#!/bin/sh\n",
        "IamInstanceProfile": {"Name": "web"},
        "Placement": {"Tenancy": "dedicated"},
        "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 3},
    }
    instances = run(cloud, MaxCount=2, **options)
    for launched in instances:
        instance = describe_instance(cloud, launched["InstanceId"])
        assert instance["CpuOptions"] == options["CpuOptions"]
        assert instance["PrivateDnsNameOptions"]["HostnameType"] == "resource-name"
        assert instance["EnclaveOptions"] == {"Enabled": True}
        assert instance["MaintenanceOptions"]["AutoRecovery"] == "disabled"
        assert instance["CapacityReservationSpecification"] == options["CapacityReservationSpecification"]
        assert (instance["Monitoring"]["State"], instance["EbsOptimized"]) == ("enabled", True)
        assert instance["IamInstanceProfile"] == {"Arn": profile["Arn"], "Id": profile["InstanceProfileId"]}
        assert instance["Placement"]["Tenancy"] == "dedicated"
        assert (instance["MetadataOptions"]["HttpTokens"], instance["MetadataOptions"]["State"]) == (
            "required",
            "applied",
        )
        attribute = cloud.client("ec2").describe_instance_attribute(
            InstanceId=launched["InstanceId"], Attribute="userData"
        )
        assert base64.b64decode(attribute["UserData"]["Value"]) == b"#!/bin/sh\n"
    assert [instance["AmiLaunchIndex"] for instance in instances] == [0, 1]


def test_tags_of_instances_volumes_and_interfaces(cloud: LocalCloud) -> None:
    kinds = ("instance", "volume", "network-interface")
    tags = [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": f"web-{kind}"}]} for kind in kinds]
    instance = describe_instance(cloud, launch(cloud, TagSpecifications=tags))
    ec2 = cloud.client("ec2")
    volume = ec2.describe_volumes()["Volumes"][0]
    interface = ec2.describe_network_interfaces()["NetworkInterfaces"][0]
    for kind, found in zip(kinds, (instance["Tags"], volume["Tags"], interface["TagSet"]), strict=True):
        assert found == [{"Key": "Name", "Value": f"web-{kind}"}]


def test_a_key_that_cannot_be_used_ends_the_launch(cloud: LocalCloud) -> None:
    kms, ec2 = cloud.client("kms"), cloud.client("ec2")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    kms.disable_key(KeyId=key)
    mapping = {"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 1, "Encrypted": True, "KmsKeyId": key}}
    (launched,) = run(cloud, BlockDeviceMappings=[mapping])
    assert launched["State"]["Name"] == "pending"
    ec2.get_waiter("instance_terminated").wait(InstanceIds=[launched["InstanceId"]], WaiterConfig={"Delay": 1})
    ended = describe_instance(cloud, launched["InstanceId"])
    assert ended["StateReason"]["Code"] == "Client.InternalError"
    assert ec2.describe_volumes()["Volumes"] == []


def test_dry_run_makes_nothing(cloud: LocalCloud) -> None:
    with refused("DryRunOperation"):
        run(cloud, DryRun=True)
    with refused("InvalidKeyPair.NotFound"):
        run(cloud, DryRun=True, KeyName="absent")
    ec2 = cloud.client("ec2")
    assert ec2.describe_network_interfaces()["NetworkInterfaces"] == ec2.describe_volumes()["Volumes"] == []
