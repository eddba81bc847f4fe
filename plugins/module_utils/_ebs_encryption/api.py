# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""The EC2 calls of EBS encryption by default, one per function."""

from __future__ import annotations

import typing as t

from .._core.calls import aws_call


@aws_call("read whether EBS encryption by default is on")
def get_enabled(client: t.Any) -> bool:
    """EC2 GetEbsEncryptionByDefault."""
    return bool(client.get_ebs_encryption_by_default()["EbsEncryptionByDefault"])


@aws_call("read the default KMS key of EBS encryption")
def get_key_id(client: t.Any) -> str:
    """EC2 GetEbsDefaultKmsKeyId: the ARN of the account's key, or ``alias/aws/ebs``."""
    return str(client.get_ebs_default_kms_key_id()["KmsKeyId"])


@aws_call("turn EBS encryption by default on")
def enable(client: t.Any) -> None:
    """EC2 EnableEbsEncryptionByDefault."""
    client.enable_ebs_encryption_by_default()


@aws_call("turn EBS encryption by default off")
def disable(client: t.Any) -> None:
    """EC2 DisableEbsEncryptionByDefault."""
    client.disable_ebs_encryption_by_default()


@aws_call("make {KmsKeyId} the default KMS key of EBS encryption")
def modify_key_id(client: t.Any, *, KmsKeyId: str) -> None:
    """EC2 ModifyEbsDefaultKmsKeyId."""
    client.modify_ebs_default_kms_key_id(KmsKeyId=KmsKeyId)


@aws_call("give EBS encryption the AWS managed key back")
def reset_key_id(client: t.Any) -> None:
    """EC2 ResetEbsDefaultKmsKeyId."""
    client.reset_ebs_default_kms_key_id()
