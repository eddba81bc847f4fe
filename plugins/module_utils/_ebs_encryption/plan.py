# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""EBS encryption by default: the desired and the actual setting, and what lies between them. No I/O."""

from __future__ import annotations

import dataclasses

from .._core.errors import Refusal
from .._core.kms import Key
from .._core.plan import Plan, Step
from . import api

AWS_MANAGED_KEY = "alias/aws/ebs"


@dataclasses.dataclass(frozen=True)
class State:
    """The setting of one account and region, and the key that the user asks for as KMS knows it.

    ``kms_key_id`` is the ARN of the account's own key, or ``alias/aws/ebs``.
    """

    enabled: bool
    kms_key_id: str
    wanted_key: Key | None = None


def is_managed(key_id: str) -> bool:
    """Whether a user means the AWS managed key: the alias itself, or its ARN."""
    return key_id == AWS_MANAGED_KEY or key_id.endswith(f":{AWS_MANAGED_KEY}")


def plan(state: State, *, enabled: bool, kms_key_id: str | None) -> Plan[State]:
    """Set the key before turning encryption on, so that no volume in between gets the wrong one.

    Raises Refusal where the key is not one that EBS can encrypt with.
    """
    key_id, steps = _plan_key(state, kms_key_id)
    if enabled and not state.enabled:
        steps.append(Step("turn EBS encryption by default on", api.enable))
    if state.enabled and not enabled:
        steps.append(Step("turn EBS encryption by default off", api.disable))
    return Plan(dataclasses.replace(state, enabled=enabled, kms_key_id=key_id), tuple(steps))


def _plan_key(state: State, kms_key_id: str | None) -> tuple[str, list[Step]]:
    if kms_key_id is not None and is_managed(kms_key_id):
        if state.kms_key_id == AWS_MANAGED_KEY:
            return AWS_MANAGED_KEY, []
        return AWS_MANAGED_KEY, [Step("reset the default KMS key to the AWS managed one", api.reset_key_id)]
    if state.wanted_key is None:
        return state.kms_key_id, []
    if problems := state.wanted_key.problems("kms_key_id"):
        raise Refusal(problems)
    arn = state.wanted_key.arn
    if state.kms_key_id == arn:
        return arn, []
    return arn, [Step(f"make {arn} the default KMS key", api.modify_key_id, {"KmsKeyId": arn})]
