# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A KMS key between enabled, disabled and pending deletion, named by its id or its ARN."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError
from groundwork_local_cloud.client import LocalCloud


@pytest.mark.correction("kms-key-states")
@pytest.mark.parametrize("name", ["KeyId", "Arn"])
def test_a_key_goes_through_its_states_by_id_and_by_arn(cloud: LocalCloud, name: str) -> None:
    kms = cloud.client("kms")
    key = kms.create_key()["KeyMetadata"][name]
    seen = []
    for change in (kms.disable_key, kms.enable_key, kms.schedule_key_deletion, kms.cancel_key_deletion):
        change(KeyId=key)
        seen.append(kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"])
    assert seen == ["Disabled", "Enabled", "PendingDeletion", "Disabled"]


@pytest.mark.parametrize("operation", ["enable_key", "disable_key", "schedule_key_deletion"])
def test_a_key_that_is_pending_deletion_is_refused(cloud: LocalCloud, operation: str) -> None:
    kms = cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.schedule_key_deletion(KeyId=key)
    with pytest.raises(ClientError) as refusal:
        getattr(kms, operation)(KeyId=key)
    assert refusal.value.response["Error"]["Code"] == "KMSInvalidStateException"


def test_only_a_deletion_that_is_pending_can_be_cancelled(cloud: LocalCloud) -> None:
    kms = cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    with pytest.raises(ClientError) as refusal:
        kms.cancel_key_deletion(KeyId=key)
    assert refusal.value.response["Error"]["Code"] == "KMSInvalidStateException"


def test_an_unknown_key_is_refused(cloud: LocalCloud) -> None:
    with pytest.raises(ClientError) as refusal:
        cloud.client("kms").disable_key(KeyId="98efe6f6-08f6-4d6e-9d1d-261943401aee")
    assert refusal.value.response["Error"]["Code"] == "NotFoundException"
