# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module ebs_encryption_default on the local cloud."""

from __future__ import annotations

import pytest
from groundwork_local_cloud.client import LocalCloud
from support.modules import changes, run_module

MODULE = "ebs_encryption_default"
MANAGED = {"enabled": True, "kms_key_id": "alias/aws/ebs"}


@pytest.fixture
def key_arn(cloud: LocalCloud) -> str:
    kms = cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/storage", TargetKeyId=key["KeyId"])
    return str(key["Arn"])


def test_turns_encryption_on_and_finds_nothing_to_do_then(cloud: LocalCloud) -> None:
    first, second = run_module(MODULE), run_module(MODULE)
    assert (first["changed"], first["actions"]) == (True, ["turn EBS encryption by default on"])
    assert first["ebs_encryption_default"] == MANAGED
    assert (second["changed"], second["actions"]) == (False, [])
    assert changes(cloud.calls()) == ["EnableEbsEncryptionByDefault"]


def test_new_volumes_are_encrypted_with_the_key(cloud: LocalCloud, key_arn: str) -> None:
    run_module(MODULE, kms_key_id="alias/storage")
    volume = cloud.client("ec2").create_volume(AvailabilityZone="us-east-1a", Size=1)
    assert (volume["Encrypted"], volume["KmsKeyId"]) == (True, key_arn)


@pytest.mark.parametrize("form", ["alias", "arn", "id"])
def test_a_key_is_the_same_in_all_its_forms(key_arn: str, form: str) -> None:
    asked = {"alias": "alias/storage", "arn": key_arn, "id": key_arn.rsplit("/", 1)[1]}[form]
    assert run_module(MODULE, kms_key_id=asked)["ebs_encryption_default"]["kms_key_id"] == key_arn
    assert not run_module(MODULE, kms_key_id=asked)["changed"]


def test_each_setting_changes_alone(cloud: LocalCloud, key_arn: str) -> None:
    run_module(MODULE, kms_key_id=key_arn)
    reset = run_module(MODULE, kms_key_id="alias/aws/ebs")
    assert reset["actions"] == ["reset the default KMS key to the AWS managed one"]
    off = run_module(MODULE, state="disabled")
    assert off["actions"] == ["turn EBS encryption by default off"]
    again = run_module(MODULE, state="disabled", kms_key_id=key_arn)
    assert again["actions"] == [f"make {key_arn} the default KMS key"]
    assert again["ebs_encryption_default"] == {"enabled": False, "kms_key_id": key_arn}
    assert not run_module(MODULE, state="disabled")["changed"]


def test_check_mode_and_diff_tell_without_changing(cloud: LocalCloud, key_arn: str) -> None:
    predicted = run_module(MODULE, kms_key_id="alias/storage", check=True)
    assert changes(cloud.calls()) == ["CreateKey", "CreateAlias"], "only what the fixture made"
    assert predicted["changed"]
    assert predicted["diff"] == {
        "before": {"ebs_encryption_default": {"enabled": False, "kms_key_id": "alias/aws/ebs"}},
        "after": {"ebs_encryption_default": {"enabled": True, "kms_key_id": key_arn}},
    }
    assert run_module(MODULE, kms_key_id="alias/storage")["diff"] == predicted["diff"]


@pytest.mark.usefixtures("cloud")
def test_a_region_has_its_own_setting() -> None:
    run_module(MODULE, region="us-west-2")
    assert run_module(MODULE, region="eu-west-1", check=True)["changed"]
    assert not run_module(MODULE, region="us-west-2", check=True)["changed"]


def test_keys_that_cannot_encrypt_are_refused_before_anything_is_changed(cloud: LocalCloud, key_arn: str) -> None:
    kms = cloud.client("kms")
    kms.disable_key(KeyId=key_arn)
    signing = kms.create_key(KeyUsage="SIGN_VERIFY", KeySpec="RSA_2048")["KeyMetadata"]["Arn"]
    for asked, said in [
        (key_arn, "is in the state Disabled"),
        (signing, "a symmetric key is needed"),
        ("alias/none", "there is no KMS key 'alias/none'"),
    ]:
        result = run_module(MODULE, kms_key_id=asked)
        assert result["failed"]
        assert said in result["msg"]
    assert "EnableEbsEncryptionByDefault" not in changes(cloud.calls())


def test_a_missing_permission_is_named(cloud: LocalCloud) -> None:
    cloud.faults({"match": {"operation": "EnableEbsEncryptionByDefault"}, "kind": "error_before",
                  "code": "UnauthorizedOperation", "status": 403})  # fmt: skip
    result = run_module(MODULE)
    assert result["msg"].startswith("Failed to turn EBS encryption by default on. AWS answered UnauthorizedOperation")
    assert result["error"]["code"] == "UnauthorizedOperation"
