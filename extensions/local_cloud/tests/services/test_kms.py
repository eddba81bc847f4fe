# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""KMS keys."""

from __future__ import annotations

from typing import Any

import pytest
from groundwork_local_cloud.client import LocalCloud
from refusals import refused


def _key(cloud: LocalCloud, **settings: Any) -> str:
    return str(cloud.client("kms").create_key(**settings)["KeyMetadata"]["KeyId"])


@pytest.mark.correction("kms-create-key")
def test_a_key_encrypts_unless_asked_otherwise(cloud: LocalCloud) -> None:
    kms = cloud.client("kms")
    described = kms.describe_key(KeyId=_key(cloud))["KeyMetadata"]
    assert (described["KeyUsage"], described["KeySpec"]) == ("ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT")
    signing = kms.describe_key(KeyId=_key(cloud, KeyUsage="SIGN_VERIFY", KeySpec="RSA_2048"))["KeyMetadata"]
    assert signing["KeyUsage"] == "SIGN_VERIFY"


@pytest.mark.correction("kms-enable-key-rotation")
@pytest.mark.correction("kms-key-rotation-status")
def test_rotation_period(cloud: LocalCloud) -> None:
    kms = cloud.client("kms")
    key_id = _key(cloud)
    assert "RotationPeriodInDays" not in kms.get_key_rotation_status(KeyId=key_id)
    kms.enable_key_rotation(KeyId=key_id)
    assert kms.get_key_rotation_status(KeyId=key_id)["RotationPeriodInDays"] == 365
    kms.enable_key_rotation(KeyId=key_id, RotationPeriodInDays=90)
    status = kms.get_key_rotation_status(KeyId=key_id)
    assert (status["KeyRotationEnabled"], status["RotationPeriodInDays"]) == (True, 90)
    with refused("ValidationException"):
        kms.enable_key_rotation(KeyId=key_id, RotationPeriodInDays=2561)
    with refused("UnsupportedOperationException"):
        kms.enable_key_rotation(KeyId=_key(cloud, KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT"))
    with refused("NotFoundException"):
        kms.get_key_rotation_status(KeyId="12345678-1234-1234-1234-123456789012")


@pytest.mark.correction("kms-create-grant")
def test_grant_of_the_same_name_is_the_same_grant(cloud: LocalCloud) -> None:
    kms = cloud.client("kms")
    key_id = _key(cloud)
    principal = "arn:aws:iam::123456789012:role/user"
    asked = {"KeyId": key_id, "GranteePrincipal": principal, "Operations": ["Encrypt", "Decrypt"]}
    first = kms.create_grant(**asked, Name="app")["GrantId"]
    assert kms.create_grant(**asked | {"Operations": ["Decrypt", "Encrypt"]}, Name="app")["GrantId"] == first
    others = {
        kms.create_grant(**asked, Name="other")["GrantId"],
        kms.create_grant(**asked)["GrantId"],
        kms.create_grant(**asked)["GrantId"],
        kms.create_grant(**asked | {"Operations": ["Decrypt"]}, Name="app")["GrantId"],
    }
    assert len(others) == 4
    assert first not in others
    assert len(kms.list_grants(KeyId=key_id)["Grants"]) == 5


@pytest.mark.correction("kms-usable-keys")
def test_states(cloud: LocalCloud) -> None:
    kms = cloud.client("kms")
    key_id = _key(cloud)
    kms.create_alias(AliasName="alias/data", TargetKeyId=key_id)
    assert kms.encrypt(KeyId="alias/data", Plaintext=b"secret")["CiphertextBlob"]
    kms.disable_key(KeyId=key_id)
    for name in (key_id, "alias/data"):
        with refused("DisabledException"):
            kms.encrypt(KeyId=name, Plaintext=b"secret")
        with refused("DisabledException"):
            kms.generate_data_key(KeyId=name, KeySpec="AES_256")
    kms.schedule_key_deletion(KeyId=key_id, PendingWindowInDays=7)
    with refused("KMSInvalidStateException"):
        kms.encrypt(KeyId=key_id, Plaintext=b"secret")
    with refused("KMSInvalidStateException"):
        kms.enable_key_rotation(KeyId=key_id)
    kms.cancel_key_deletion(KeyId=key_id)
    kms.enable_key(KeyId=key_id)
    assert kms.encrypt(KeyId=key_id, Plaintext=b"secret")["CiphertextBlob"]


@pytest.mark.correction("kms-list-aliases")
def test_reserved_aliases_get_their_key_when_they_are_used(cloud: LocalCloud) -> None:
    kms = cloud.client("kms")

    def target() -> str | None:
        aliases = kms.list_aliases()["Aliases"]
        found: dict[str, str] = next(one for one in aliases if one["AliasName"] == "alias/aws/ebs")
        return found.get("TargetKeyId")

    assert target() is None
    described = kms.describe_key(KeyId="alias/aws/ebs")["KeyMetadata"]
    assert (described["KeyManager"], described["KeyState"]) == ("AWS", "Enabled")
    assert target() == described["KeyId"]


@pytest.mark.correction("kms-dry-run")
def test_a_dry_run_makes_every_check_and_nothing_else(cloud: LocalCloud) -> None:
    kms = cloud.client("kms")
    key_id = _key(cloud)
    grant = {"KeyId": key_id, "GranteePrincipal": "arn:aws:iam::123456789012:role/user", "Operations": ["Decrypt"]}
    grant_id = kms.create_grant(**grant, Name="app")["GrantId"]
    ciphertext = kms.encrypt(KeyId=key_id, Plaintext=b"secret")["CiphertextBlob"]
    allowed = [
        lambda: kms.generate_data_key_without_plaintext(KeyId=key_id, KeySpec="AES_256", DryRun=True),
        lambda: kms.generate_data_key(KeyId=key_id, KeySpec="AES_256", DryRun=True),
        lambda: kms.encrypt(KeyId=key_id, Plaintext=b"secret", DryRun=True),
        lambda: kms.decrypt(CiphertextBlob=ciphertext, DryRun=True),
        lambda: kms.re_encrypt(CiphertextBlob=ciphertext, DestinationKeyId=_key(cloud), DryRun=True),
        lambda: kms.create_grant(**grant, DryRun=True),
        lambda: kms.create_grant(**grant, Name="app", DryRun=True),
        lambda: kms.revoke_grant(KeyId=key_id, GrantId=grant_id, DryRun=True),
        lambda: kms.retire_grant(KeyId=key_id, GrantId=grant_id, DryRun=True),
    ]
    for call in allowed:
        with refused("DryRunOperationException"):
            call()
    assert [one["GrantId"] for one in kms.list_grants(KeyId=key_id)["Grants"]] == [grant_id]
    with refused("NotFoundException"):
        kms.revoke_grant(KeyId=key_id, GrantId="0" * 64, DryRun=True)
    with refused("NotFoundException"):
        kms.encrypt(KeyId="alias/none", Plaintext=b"secret", DryRun=True)
    kms.disable_key(KeyId=key_id)
    with refused("DisabledException"):
        kms.generate_data_key_without_plaintext(KeyId=key_id, KeySpec="AES_256", DryRun=True)
    assert [one["GrantId"] for one in kms.list_grants(KeyId=key_id)["Grants"]] == [grant_id]


@pytest.mark.correction("kms-dry-run")
def test_a_dry_run_tells_what_the_caller_may_not(cloud: LocalCloud) -> None:
    key_id = _key(cloud)
    cloud.realism(permissions=[{"access_key": "AKIAROBOT", "actions": ["kms:CreateGrant"]}])
    kms = cloud.client("kms", access_key="AKIAROBOT")
    with refused("AccessDeniedException"):
        kms.generate_data_key_without_plaintext(KeyId=key_id, KeySpec="AES_256", DryRun=True)
    with refused("DryRunOperationException"):
        kms.create_grant(
            KeyId=key_id, GranteePrincipal="arn:aws:iam::123456789012:root", Operations=["Decrypt"], DryRun=True
        )
