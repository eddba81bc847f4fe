# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Launch templates: versions, and the merge with a request."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from groundwork_local_cloud.client import LocalCloud
from launching import default_subnet, describe_instance, image_id
from refusals import refused


def create(cloud: LocalCloud, **data: Any) -> str:
    answer = cloud.client("ec2").create_launch_template(LaunchTemplateName="node", LaunchTemplateData=data)
    return str(answer["LaunchTemplate"]["LaunchTemplateId"])


def run(cloud: LocalCloud, template: str, version: str = "$Latest", **settings: Any) -> dict[str, Any]:
    ec2 = cloud.client("ec2")
    launched = ec2.run_instances(
        LaunchTemplate={"LaunchTemplateId": template, "Version": version}, MinCount=1, MaxCount=1, **settings
    )["Instances"][0]
    ec2.get_waiter("instance_running").wait(InstanceIds=[launched["InstanceId"]], WaiterConfig={"Delay": 1})
    return describe_instance(cloud, launched["InstanceId"])


def tags_of(resource: dict[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in resource.get("Tags", [])}


@pytest.mark.correction("run-instances-launch-template")
def test_everything_in_the_template_reaches_the_instance(cloud: LocalCloud) -> None:
    iam, ec2 = cloud.client("iam"), cloud.client("ec2")
    profile = iam.create_instance_profile(InstanceProfileName="web")["InstanceProfile"]["Arn"]
    ec2.create_placement_group(GroupName="spread", Strategy="spread")
    template = create(
        cloud,
        ImageId=image_id(cloud),
        InstanceType="t3.small",
        UserData=base64.b64encode(b"#!/bin/sh\n").decode(),
        IamInstanceProfile={"Arn": profile},
        MetadataOptions={"HttpTokens": "required", "HttpPutResponseHopLimit": 2},
        CreditSpecification={"CpuCredits": "standard"},
        CpuOptions={"CoreCount": 1, "ThreadsPerCore": 1},
        Placement={"GroupName": "spread"},
        NetworkInterfaces=[{"DeviceIndex": 0, "SubnetId": default_subnet(cloud), "Description": "from the template"}],
        BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 20, "VolumeType": "gp3"}}],
        TagSpecifications=[
            {"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "template"}, {"Key": "team", "Value": "a"}]}
        ],
    )
    tags = [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "request"}]}]
    instance = run(cloud, template, TagSpecifications=tags)
    assert instance["InstanceType"] == "t3.small"
    assert instance["IamInstanceProfile"]["Arn"] == profile
    assert (instance["MetadataOptions"]["HttpTokens"], instance["MetadataOptions"]["HttpPutResponseHopLimit"]) == (
        "required",
        2,
    )
    assert instance["CpuOptions"] == {"CoreCount": 1, "ThreadsPerCore": 1}
    assert instance["Placement"]["GroupName"] == "spread"
    assert [one["Description"] for one in instance["NetworkInterfaces"]] == ["from the template"]
    volumes = ec2.describe_volumes()["Volumes"]
    assert [one["Size"] for one in volumes] == [20]
    assert tags_of(instance) == {
        "Name": "request",
        "team": "a",
        "aws:ec2launchtemplate:id": template,
        "aws:ec2launchtemplate:version": "1",
    }
    user_data = ec2.describe_instance_attribute(InstanceId=instance["InstanceId"], Attribute="userData")["UserData"]
    assert base64.b64decode(user_data["Value"]) == b"#!/bin/sh\n"
    credits = ec2.describe_instance_credit_specifications(InstanceIds=[instance["InstanceId"]])
    assert credits["InstanceCreditSpecifications"][0]["CpuCredits"] == "standard"


def test_the_request_overrides_the_template(cloud: LocalCloud) -> None:
    disks = [
        {"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 20, "VolumeType": "gp3"}},
        {"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 3}},
    ]
    template = create(cloud, ImageId=image_id(cloud), InstanceType="t3.small", BlockDeviceMappings=disks)
    mapping = [{"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 4, "VolumeType": "gp3"}}]
    instance = run(cloud, template, InstanceType="t3.micro", BlockDeviceMappings=mapping)
    assert instance["InstanceType"] == "t3.micro"
    volumes = cloud.client("ec2").describe_volumes()["Volumes"]
    assert {one["Attachments"][0]["Device"]: (one["Size"], one["VolumeType"]) for one in volumes} == {
        "/dev/xvda": (20, "gp3"),
        "/dev/sdf": (4, "gp3"),
    }


def test_template_interfaces_and_a_requested_subnet_conflict(cloud: LocalCloud) -> None:
    subnet = default_subnet(cloud)
    interfaces = [{"DeviceIndex": 0, "SubnetId": subnet}]
    template = create(cloud, ImageId=image_id(cloud), InstanceType="t3.micro", NetworkInterfaces=interfaces)
    with refused("InvalidParameterCombination"):
        run(cloud, template, SubnetId=subnet)


@pytest.mark.correction("launch-template-source-version")
@pytest.mark.correction("launch-template-default-version")
@pytest.mark.correction("delete-launch-template-versions")
@pytest.mark.correction("describe-launch-template-versions")
def test_versions(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    template = create(cloud, ImageId=image_id(cloud), InstanceType="t3.small", UserData="IyEvYmluL3NoCg==")
    of_template = {"LaunchTemplateId": template}
    ec2.create_launch_template_version(
        **of_template, SourceVersion="1", LaunchTemplateData={"InstanceType": "t3.micro"}
    )
    ec2.create_launch_template_version(**of_template, LaunchTemplateData={"InstanceType": "t3.nano"})
    described = ec2.describe_launch_template_versions(**of_template)["LaunchTemplateVersions"]
    data = {one["VersionNumber"]: one["LaunchTemplateData"] for one in described}
    assert (data[2]["InstanceType"], data[2]["ImageId"]) == ("t3.micro", image_id(cloud))
    assert data[2]["UserData"] == "IyEvYmluL3NoCg=="
    assert "ImageId" not in data[3]
    assert run(cloud, template, "2")["InstanceType"] == "t3.micro"

    answer = ec2.delete_launch_template_versions(**of_template, Versions=["1", "3", "7"])
    deleted = answer["SuccessfullyDeletedLaunchTemplateVersions"]
    kept = answer["UnsuccessfullyDeletedLaunchTemplateVersions"]
    assert [one["VersionNumber"] for one in deleted] == [3]
    assert {one["VersionNumber"]: one["ResponseError"]["Code"] for one in kept} == {
        1: "unexpectedError",  # the default version
        7: "launchTemplateVersionDoesNotExist",
    }
    described = ec2.describe_launch_template_versions(**of_template)["LaunchTemplateVersions"]
    assert [one["VersionNumber"] for one in described] == [1, 2]
    assert ec2.describe_launch_templates()["LaunchTemplates"][0]["LatestVersionNumber"] == 2
    with refused("InvalidLaunchTemplateId.VersionNotFound"):
        run(cloud, template, "3")
    with refused("InvalidLaunchTemplateId.VersionNotFound"):
        ec2.modify_launch_template(**of_template, DefaultVersion="3")
    with refused("InvalidLaunchTemplateId.VersionNotFound"):
        ec2.create_launch_template_version(
            **of_template, SourceVersion="3", LaunchTemplateData={"InstanceType": "t3.micro"}
        )
    ec2.modify_launch_template(**of_template, DefaultVersion="2")
    ec2.delete_launch_template_versions(**of_template, Versions=["1"])
    fourth = ec2.create_launch_template_version(**of_template, LaunchTemplateData={"InstanceType": "t3.micro"})
    assert fourth["LaunchTemplateVersion"]["VersionNumber"] == 4

    default = [{"Name": "is-default-version", "Values": ["true"]}]
    found = ec2.describe_launch_template_versions(**of_template, Filters=default)["LaunchTemplateVersions"]
    assert [one["VersionNumber"] for one in found] == [2]
    with refused("InvalidParameterValue"):
        ec2.describe_launch_template_versions(**of_template, Filters=[{"Name": "colour", "Values": ["red"]}])


@pytest.mark.correction("create-launch-template")
@pytest.mark.correction("describe-launch-templates")
def test_a_template_s_own_tags(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    tags = [{"ResourceType": "launch-template", "Tags": [{"Key": "owner", "Value": "groundwork"}]}]
    data = {"ImageId": image_id(cloud), "InstanceType": "t3.micro"}
    template = ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData=data, TagSpecifications=tags)
    template_id = template["LaunchTemplate"]["LaunchTemplateId"]
    create(cloud, **data)
    owned = [{"Name": "tag:owner", "Values": ["ground*"]}]
    assert [one["LaunchTemplateId"] for one in ec2.describe_launch_templates(Filters=owned)["LaunchTemplates"]] == [
        template_id
    ]
    version = ec2.describe_launch_template_versions(LaunchTemplateId=template_id)["LaunchTemplateVersions"][0]
    assert "TagSpecifications" not in version["LaunchTemplateData"]
    assert "owner" not in tags_of(run(cloud, template_id))


def test_refused(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    data = {"InstanceType": "t3.micro"}
    for name in ("ab", "with space"):
        with refused("InvalidLaunchTemplateName.MalformedException"):
            ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData=data)
    template = create(cloud, **data)
    with refused("InvalidLaunchTemplateName.AlreadyExistsException"):
        create(cloud, **data)
    with refused("MissingParameter"):  # no image in the template or the request
        run(cloud, template)
    with refused("InvalidLaunchTemplateId.NotFound"):
        run(cloud, "lt-0123456789abcdef0")
    with refused("InvalidLaunchTemplateId.NotFound"):
        ec2.describe_launch_templates(LaunchTemplateIds=["lt-0123456789abcdef0"])
    with refused("InvalidLaunchTemplateName.NotFoundException"):
        ec2.describe_launch_templates(LaunchTemplateNames=["absent"])
    with refused("InvalidParameterValue"):
        ec2.describe_launch_templates(Filters=[{"Name": "colour", "Values": ["red"]}])
