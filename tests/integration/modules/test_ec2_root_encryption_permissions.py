# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module ec2_root_encryption finds out what the caller may not do before it changes anything."""

from __future__ import annotations

import pytest
from groundwork_local_cloud.client import ACCESS_KEY
from support.modules import changes
from support.root_encryption import Setting

READING = ("ec2:Describe*", "kms:DescribeKey")
NEEDED = (
    "ec2:AttachVolume",
    "ec2:CreateSnapshot",
    "ec2:CreateTags",
    "ec2:CreateVolume",
    "ec2:DetachVolume",
    "ec2:ModifyInstanceAttribute",
    "ec2:StartInstances",
    "ec2:StopInstances",
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)


def allow(setting: Setting, *actions: str) -> None:
    """Restrict the caller to these actions."""
    setting.cloud.realism(permissions=[{"access_key": ACCESS_KEY, "actions": [*READING, *actions]}])


@pytest.mark.parametrize("missing", [one for one in NEEDED if one.startswith("ec2:")] + [NEEDED[-3]])
@pytest.mark.parametrize("check", [False, True], ids=["in earnest", "in check mode"])
def test_finds_out_early_what_the_caller_may_not(setting: Setting, missing: str, check: bool) -> None:
    instance_id = setting.launch()
    seen = len(setting.cloud.calls())
    allow(setting, *(one for one in NEEDED if one != missing))
    result = setting.run(instance_id, check=check)
    assert result["failed"]
    assert missing in result["msg"]
    assert "allow it in the" in result["msg"]
    assert changes(setting.cloud.calls()[seen:]) == []


def test_a_caller_who_may_everything_is_asked_nothing_else_and_another_one_not_asked(setting: Setting) -> None:
    instance_id = setting.launch()
    allow(setting, *NEEDED, "ec2:Delete*")
    assert not setting.run(instance_id).get("failed")
    seen = len(setting.cloud.calls())
    allow(setting)
    assert not setting.run(instance_id).get("failed"), "nothing is to be done, so nothing has to be allowed"
    assert not [one for one in setting.cloud.calls()[seen:] if one["params"].get("DryRun")]


def test_a_key_for_use_by_way_of_ec2_only(setting: Setting) -> None:
    """Such a key policy allows what EBS does for the caller and refuses every direct call, the dry run as well."""
    instance_id = setting.launch()
    setting.cloud.faults(
        {
            "kind": "error_before",
            "match": {"operation": "GenerateDataKeyWithoutPlaintext"},
            "code": "AccessDeniedException",
            "status": 400,
        }
    )
    assert "set check_permissions=false" in setting.run(instance_id)["msg"]
    assert not setting.run(instance_id, check_permissions=False).get("failed")
    assert setting.root(instance_id)["KmsKeyId"] == setting.key_arn


def test_a_lack_of_rights_for_one_is_its_own(setting: Setting) -> None:
    good, bad = setting.launch_many(2)
    # The local cloud knows no rights by resource: the first dry run with both, and the one with the second, are denied.
    denied = {"kind": "error_before", "match": {"operation": "StopInstances"}, "code": "UnauthorizedOperation"}
    setting.cloud.faults({**denied, "at": 1, "status": 403}, {**denied, "at": 3, "status": 403})
    result = setting.run([good, bad])
    assert [one["failed"] for one in result["instances"]] == [False, True]
    assert f"the caller may not ec2:StopInstances for {bad}" in result["msg"]
    assert setting.root(good)["Encrypted"]
