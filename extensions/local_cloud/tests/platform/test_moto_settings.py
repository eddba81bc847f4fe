# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""moto is set up as strictly as it can be."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from botocore.exceptions import ClientError
from groundwork_local_cloud.client import LocalCloud


def test_aws_managed_policies_exist(cloud: LocalCloud) -> None:
    iam = cloud.client("iam")
    iam.create_role(RoleName="web", AssumeRolePolicyDocument="{}")
    arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
    iam.attach_role_policy(RoleName="web", PolicyArn=arn)
    (attached,) = iam.list_attached_role_policies(RoleName="web")["AttachedPolicies"]
    assert attached["PolicyArn"] == arn


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ImageId": "ami-12345678"}, "InvalidAMIID.NotFound"),
        ({"InstanceType": "zz.large"}, "InvalidParameterValue"),
        ({"KeyName": "nokey"}, "InvalidKeyPair.NotFound"),
    ],
)
def test_what_a_launch_names_must_exist(cloud: LocalCloud, changes: dict[str, str], code: str) -> None:
    ec2 = cloud.client("ec2")
    image_id = ec2.describe_images(Owners=["amazon"], MaxResults=5)["Images"][0]["ImageId"]
    with pytest.raises(ClientError) as caught:
        ec2.run_instances(**{"ImageId": image_id, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, **changes})
    assert caught.value.response["Error"]["Code"] == code


def test_functions_are_made_without_docker(cloud: LocalCloud) -> None:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("main.py", "def handler(event, context): return event")
    role = cloud.client("iam").create_role(RoleName="function", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    function = cloud.client("lambda")
    function.create_function(
        FunctionName="echo",
        Runtime="python3.12",
        Role=role,
        Handler="main.handler",
        Code={"ZipFile": package.getvalue()},
    )
    answer = function.invoke(FunctionName="echo", Payload=json.dumps({"hello": "world"}))
    assert answer["StatusCode"] == 200
    assert json.loads(answer["Payload"].read()) == {"hello": "world"}
