# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of EBS encryption by default."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils._core.errors import Refusal
from ansible_collections.groundwork.aws.plugins.module_utils._core.kms import Key
from ansible_collections.groundwork.aws.plugins.module_utils._ebs_encryption import api
from ansible_collections.groundwork.aws.plugins.module_utils._ebs_encryption.plan import (
    AWS_MANAGED_KEY,
    State,
    plan,
)

ARN = "arn:aws:kms:us-east-1:123456789012:key/1"
OTHER = "arn:aws:kms:us-east-1:123456789012:key/2"
KEY = Key("alias/storage", ARN, "Enabled", "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", "CUSTOMER")


@pytest.mark.parametrize(
    ("state", "enabled", "asked", "calls"),
    [
        (State(False, AWS_MANAGED_KEY), True, None, [api.enable]),
        (State(True, AWS_MANAGED_KEY), True, None, []),
        (State(True, ARN), False, None, [api.disable]),
        (State(False, ARN), False, None, []),
        (State(True, OTHER, KEY), True, KEY.asked, [api.modify_key_id]),
        (State(True, ARN, KEY), True, KEY.asked, []),
        (State(False, OTHER, KEY), True, KEY.asked, [api.modify_key_id, api.enable]),
        (State(True, ARN), True, AWS_MANAGED_KEY, [api.reset_key_id]),
        (State(True, ARN), True, "arn:aws:kms:us-east-1:123456789012:alias/aws/ebs", [api.reset_key_id]),
        (State(True, AWS_MANAGED_KEY), True, AWS_MANAGED_KEY, []),
        (State(True, ARN), False, AWS_MANAGED_KEY, [api.reset_key_id, api.disable]),
    ],
)
def test_only_what_differs_is_set_and_the_key_comes_first(
    state: State, enabled: bool, asked: str | None, calls: list[object]
) -> None:
    made = plan(state, enabled=enabled, kms_key_id=asked)
    assert [step.call for step in made.steps] == calls
    settled = plan(made.after, enabled=enabled, kms_key_id=asked)
    assert settled.is_done, "what the plan predicts needs no further step"


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (Key("alias/none"), "there is no KMS key 'alias/none'"),
        (Key("k", ARN, "Disabled", "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT"), "is in the state Disabled"),
        (Key("k", ARN, "PendingDeletion", "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT"), "PendingDeletion"),
        (Key("k", ARN, "Enabled", "SIGN_VERIFY", "RSA_2048"), "is RSA_2048 for SIGN_VERIFY"),
    ],
)
def test_a_key_that_cannot_encrypt_volumes_is_refused(key: Key, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        plan(State(False, AWS_MANAGED_KEY, key), enabled=True, kms_key_id=key.asked)
