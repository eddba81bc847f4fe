# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which IAM actions a call needs: its own, and those that AWS checks along with it because of what it asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import UnknownServiceError
from moto.core.utils import get_service_model

# Services whose IAM prefix is not the name they sign requests with.
_PREFIXES = {"dynamodbstreams": "dynamodb", "sesv2": "ses", "s3control": "s3"}

# Operations whose action has another name (Service Authorization Reference), or which need other actions instead.
_NAMES: dict[tuple[str, str], tuple[str, ...]] = {
    ("lambda", "Invoke"): ("lambda:InvokeFunction",),
    ("s3", "CompleteMultipartUpload"): ("s3:PutObject",),
    ("s3", "CopyObject"): ("s3:GetObject", "s3:PutObject"),
    ("s3", "CreateMultipartUpload"): ("s3:PutObject",),
    ("s3", "DeleteBucketCors"): ("s3:PutBucketCORS",),
    ("s3", "DeleteBucketEncryption"): ("s3:PutEncryptionConfiguration",),
    ("s3", "DeleteBucketLifecycle"): ("s3:PutLifecycleConfiguration",),
    ("s3", "DeleteBucketReplication"): ("s3:PutReplicationConfiguration",),
    ("s3", "DeleteBucketTagging"): ("s3:PutBucketTagging",),
    ("s3", "DeleteObjects"): ("s3:DeleteObject",),
    ("s3", "DeletePublicAccessBlock"): ("s3:PutBucketPublicAccessBlock",),
    ("s3", "GetBucketAccelerateConfiguration"): ("s3:GetAccelerateConfiguration",),
    ("s3", "GetBucketCors"): ("s3:GetBucketCORS",),
    ("s3", "GetBucketEncryption"): ("s3:GetEncryptionConfiguration",),
    ("s3", "GetBucketLifecycleConfiguration"): ("s3:GetLifecycleConfiguration",),
    ("s3", "GetBucketNotificationConfiguration"): ("s3:GetBucketNotification",),
    ("s3", "GetBucketReplication"): ("s3:GetReplicationConfiguration",),
    ("s3", "GetObjectLockConfiguration"): ("s3:GetBucketObjectLockConfiguration",),
    ("s3", "GetPublicAccessBlock"): ("s3:GetBucketPublicAccessBlock",),
    ("s3", "HeadBucket"): ("s3:ListBucket",),
    ("s3", "HeadObject"): ("s3:GetObject",),
    ("s3", "ListBuckets"): ("s3:ListAllMyBuckets",),
    ("s3", "ListMultipartUploads"): ("s3:ListBucketMultipartUploads",),
    ("s3", "ListObjectVersions"): ("s3:ListBucketVersions",),
    ("s3", "ListObjects"): ("s3:ListBucket",),
    ("s3", "ListObjectsV2"): ("s3:ListBucket",),
    ("s3", "ListParts"): ("s3:ListMultipartUploadParts",),
    ("s3", "PutBucketAccelerateConfiguration"): ("s3:PutAccelerateConfiguration",),
    ("s3", "PutBucketCors"): ("s3:PutBucketCORS",),
    ("s3", "PutBucketEncryption"): ("s3:PutEncryptionConfiguration",),
    ("s3", "PutBucketLifecycleConfiguration"): ("s3:PutLifecycleConfiguration",),
    ("s3", "PutBucketNotificationConfiguration"): ("s3:PutBucketNotification",),
    ("s3", "PutBucketReplication"): ("s3:PutReplicationConfiguration",),
    ("s3", "PutObjectLockConfiguration"): ("s3:PutBucketObjectLockConfiguration",),
    ("s3", "PutPublicAccessBlock"): ("s3:PutBucketPublicAccessBlock",),
    ("s3", "UploadPart"): ("s3:PutObject",),
    ("s3", "UploadPartCopy"): ("s3:GetObject", "s3:PutObject"),
}


@dataclass(frozen=True)
class Implied:
    """Actions that some calls of a service need besides their own. ``operations`` empty means every operation."""

    service: str
    operations: tuple[str, ...]
    applies: Callable[[dict[str, Any]], bool]
    actions: tuple[str, ...]
    reason: str


def _given(*names: str) -> Callable[[dict[str, Any]], bool]:
    return lambda params: any(params.get(name) for name in names)


def _always(_params: dict[str, Any]) -> bool:
    return True


def _values(value: Any, name: str) -> Iterator[Any]:
    if isinstance(value, dict):
        if name in value:
            yield value[name]
        for item in value.values():
            yield from _values(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from _values(item, name)


def _names_own_key(params: dict[str, Any]) -> bool:
    return any(key and "alias/aws/" not in str(key) for key in _values(params, "KmsKeyId"))


def _names_own_table_key(params: dict[str, Any]) -> bool:
    return any("alias/aws/" not in str(key) for key in _values(params, "KMSMasterKeyId"))


def _interface_endpoint(params: dict[str, Any]) -> bool:
    return params.get("VpcEndpointType") == "Interface" and params.get("PrivateDnsEnabled") is not False


_PASS_ROLE = ("iam:PassRole",)

IMPLIED = (
    Implied("ec2", (), _given("TagSpecifications"), ("ec2:CreateTags",), "tags on creation are checked as CreateTags"),
    Implied(
        "ec2",
        ("RunInstances", "AssociateIamInstanceProfile", "ReplaceIamInstanceProfileAssociation"),
        _given("IamInstanceProfile"),
        _PASS_ROLE,
        "the profile's role is handed to EC2",
    ),
    Implied(
        "ec2",
        ("RunInstances", "CreateVolume", "CopySnapshot", "CopyImage"),
        _names_own_key,
        (
            "kms:DescribeKey",
            "kms:GenerateDataKeyWithoutPlaintext",
            "kms:ReEncryptFrom",
            "kms:ReEncryptTo",
            "kms:CreateGrant",
            "kms:Decrypt",
        ),
        "EBS uses a customer managed key with the permissions of the caller",
    ),
    Implied(
        "ec2",
        ("CreateFlowLogs",),
        _given("DeliverLogsPermissionArn"),
        _PASS_ROLE,
        "the role is handed to the flow logs service",
    ),
    Implied("ec2", ("CreateFlowLogs",), _always, ("logs:CreateLogDelivery",), "flow logs are a vended log delivery"),
    Implied(
        "ec2",
        ("CreateVpcEndpoint",),
        _interface_endpoint,
        ("route53:AssociateVPCWithHostedZone",),
        "private DNS associates a hosted zone with the VPC",
    ),
    Implied("iam", ("AddRoleToInstanceProfile",), _always, _PASS_ROLE, "the role is handed to the profile"),
    Implied("iam", ("CreateRole",), _given("Tags"), ("iam:TagRole",), "tags on creation"),
    Implied("iam", ("CreateUser",), _given("Tags"), ("iam:TagUser",), "tags on creation"),
    Implied("iam", ("CreatePolicy",), _given("Tags"), ("iam:TagPolicy",), "tags on creation"),
    Implied("iam", ("CreateInstanceProfile",), _given("Tags"), ("iam:TagInstanceProfile",), "tags on creation"),
    Implied("kms", ("CreateKey",), _given("Tags"), ("kms:TagResource",), "tags on creation"),
    Implied("logs", ("CreateLogGroup",), _given("tags"), ("logs:TagResource",), "tags on creation"),
    Implied("ssm", ("PutParameter",), _given("Tags"), ("ssm:AddTagsToResource",), "tags on creation"),
    Implied(
        "efs",
        ("CreateFileSystem", "CreateAccessPoint"),
        _given("Tags"),
        ("elasticfilesystem:TagResource",),
        "tags on creation",
    ),
    Implied(
        "efs",
        ("CreateMountTarget",),
        _always,
        ("ec2:DescribeSubnets", "ec2:DescribeNetworkInterfaces", "ec2:CreateNetworkInterface"),
        "the mount target's interface is made with the permissions of the caller",
    ),
    Implied(
        "elbv2",
        ("CreateLoadBalancer", "CreateTargetGroup", "CreateListener", "CreateRule"),
        _given("Tags"),
        ("elasticloadbalancing:AddTags",),
        "tags on creation",
    ),
    Implied("dynamodb", ("CreateTable",), _given("Tags"), ("dynamodb:TagResource",), "tags on creation"),
    Implied(
        "dynamodb",
        ("CreateTable", "UpdateTable"),
        _names_own_table_key,
        (
            "kms:CreateGrant",
            "kms:Decrypt",
            "kms:DescribeKey",
            "kms:Encrypt",
            "kms:GenerateDataKey",
            "kms:ReEncryptFrom",
            "kms:ReEncryptTo",
        ),
        "DynamoDB uses a customer managed key with the permissions of the caller",
    ),
    Implied(
        "application-autoscaling",
        ("RegisterScalableTarget",),
        _always,
        ("iam:CreateServiceLinkedRole",),
        "the account's first target of a service makes a service-linked role with the permissions of the caller",
    ),
    Implied(
        "application-autoscaling",
        ("PutScalingPolicy",),
        _always,
        ("cloudwatch:DescribeAlarms", "cloudwatch:PutMetricAlarm", "cloudwatch:DeleteAlarms"),
        "the alarms of a target tracking policy are made with the permissions of the caller",
    ),
    Implied("dax", ("CreateCluster",), _given("IamRoleArn"), _PASS_ROLE, "the role is handed to DAX"),
    Implied("dax", ("CreateCluster",), _given("Tags"), ("dax:TagResource",), "tags on creation"),
    Implied(
        "dax",
        ("CreateCluster",),
        _always,
        ("iam:CreateServiceLinkedRole",),
        "the account's first cluster makes DAX's service-linked role with the permissions of the caller",
    ),
    Implied(
        "lambda",
        ("CreateFunction", "UpdateFunctionConfiguration"),
        _given("Role"),
        _PASS_ROLE,
        "the execution role is handed to Lambda",
    ),
    Implied(
        "backup",
        ("CreateBackupSelection", "StartBackupJob", "StartRestoreJob"),
        lambda params: any(_values(params, "IamRoleArn")),
        _PASS_ROLE,
        "the role is handed to AWS Backup",
    ),
    Implied(
        "ssm",
        ("RegisterTaskWithMaintenanceWindow", "SendCommand"),
        _given("ServiceRoleArn"),
        _PASS_ROLE,
        "the role is handed to Systems Manager",
    ),
)


def iam_actions(service: str, operation: str, params: dict[str, Any]) -> tuple[str, ...]:
    """The IAM actions of a call, its own first. Empty for a request that is no API call."""
    if not operation:
        return ()
    own = _NAMES.get((service, operation), (f"{_prefix(service)}:{operation}",))
    implied = [
        action
        for rule in IMPLIED
        if rule.service == service and (not rule.operations or operation in rule.operations) and rule.applies(params)
        for action in rule.actions
    ]
    return tuple(dict.fromkeys([*own, *implied]))


def _prefix(service: str) -> str:
    if service in _PREFIXES:
        return _PREFIXES[service]
    try:
        return str(get_service_model(service).signing_name)
    except UnknownServiceError:
        return service
