# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An access key can be restricted to IAM actions; a call is refused as each service refuses it."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from groundwork_local_cloud.client import LocalCloud
from groundwork_local_cloud.iam_actions import IMPLIED, iam_actions

KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def _allow(cloud: LocalCloud, *actions: str) -> None:
    cloud.realism(permissions=[{"access_key": "AKIAROBOT", "actions": list(actions)}])


@pytest.mark.parametrize(
    ("service", "operation", "code", "status", "action"),
    [
        ("ec2", "describe_vpcs", "UnauthorizedOperation", 403, "ec2:DescribeVpcs"),
        ("iam", "list_users", "AccessDenied", 403, "iam:ListUsers"),
        ("kms", "list_keys", "AccessDeniedException", 400, "kms:ListKeys"),
        ("efs", "describe_file_systems", "AccessDeniedException", 403, "elasticfilesystem:DescribeFileSystems"),
        ("s3", "list_buckets", "AccessDenied", 403, ""),
    ],
)
def test_each_service_refuses_in_its_way(
    cloud: LocalCloud, service: str, operation: str, code: str, status: int, action: str
) -> None:
    _allow(cloud, "sts:*")
    with pytest.raises(ClientError) as caught:
        getattr(cloud.client(service, access_key="AKIAROBOT"), operation)()
    assert caught.value.response["Error"]["Code"] == code
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert action in caught.value.response["Error"]["Message"]


def test_allowed_actions_and_other_keys_are_let_through(cloud: LocalCloud) -> None:
    _allow(cloud, "kms:List*")
    cloud.client("kms", access_key="AKIAROBOT").list_keys()
    cloud.client("kms", access_key="AKIAOTHER").create_key()
    with pytest.raises(ClientError, match="kms:CreateKey"):
        cloud.client("kms", access_key="AKIAROBOT").create_key()
    assert len(cloud.client("kms").list_keys()["Keys"]) == 1


def test_tags_on_creation_need_create_tags(cloud: LocalCloud) -> None:
    _allow(cloud, "ec2:CreateVolume")
    ec2 = cloud.client("ec2", access_key="AKIAROBOT")
    volume = {"AvailabilityZone": "us-east-1a", "Size": 1}
    tags = [{"ResourceType": "volume", "Tags": [{"Key": "Name", "Value": "data"}]}]
    ec2.create_volume(**volume)
    with pytest.raises(ClientError, match="ec2:CreateTags"):
        ec2.create_volume(**volume, TagSpecifications=tags)
    _allow(cloud, "ec2:CreateVolume", "ec2:CreateTags")
    ec2.create_volume(**volume, TagSpecifications=tags)


def test_a_dry_run_tells_whether_the_call_is_allowed(cloud: LocalCloud) -> None:
    _allow(cloud, "ec2:DescribeVpcs")
    ec2 = cloud.client("ec2", access_key="AKIAROBOT")
    with pytest.raises(ClientError, match="UnauthorizedOperation"):
        ec2.create_volume(AvailabilityZone="us-east-1a", Size=1, DryRun=True)


@pytest.mark.parametrize(
    ("service", "operation", "params", "actions"),
    [
        ("ec2", "RunInstances", {"MaxCount": 1}, {"ec2:RunInstances"}),
        ("ec2", "RunInstances", {"IamInstanceProfile": {"Name": "web"}}, {"ec2:RunInstances", "iam:PassRole"}),
        ("ec2", "CreateVolume", {"Encrypted": True, "KmsKeyId": "alias/aws/ebs"}, {"ec2:CreateVolume"}),
        ("s3", "ListObjectsV2", {"Bucket": "b"}, {"s3:ListBucket"}),
        ("s3", "ListBuckets", {}, {"s3:ListAllMyBuckets"}),
        ("s3", "PutBucketEncryption", {"Bucket": "b"}, {"s3:PutEncryptionConfiguration"}),
        ("s3", "CopyObject", {"Bucket": "b"}, {"s3:GetObject", "s3:PutObject"}),
        ("lambda", "Invoke", {}, {"lambda:InvokeFunction"}),
        ("elbv2", "DescribeTargetHealth", {}, {"elasticloadbalancing:DescribeTargetHealth"}),
        ("iam", "AddRoleToInstanceProfile", {}, {"iam:AddRoleToInstanceProfile", "iam:PassRole"}),
    ],
)
def test_actions_of_a_call(service: str, operation: str, params: dict[str, Any], actions: set[str]) -> None:
    assert set(iam_actions(service, operation, params)) == actions


@pytest.mark.parametrize("params", [{"KmsKeyId": KEY}, {"BlockDeviceMappings": [{"Ebs": {"KmsKeyId": "alias/web"}}]}])
def test_an_own_key_of_a_volume_needs_a_grant(params: dict[str, Any]) -> None:
    actions = iam_actions("ec2", "RunInstances", params)
    assert {"kms:CreateGrant", "kms:GenerateDataKeyWithoutPlaintext", "kms:DescribeKey"} <= set(actions)


def test_implied_actions_name_operations_that_exist(cloud: LocalCloud) -> None:
    for rule in IMPLIED:
        known = cloud.client(rule.service).meta.service_model.operation_names
        assert set(rule.operations) <= set(known), rule
        assert rule.reason
