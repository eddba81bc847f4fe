# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Idempotency by client token: the second call with a token answers as the first did."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ..registry import Call, Forward, corrects
from . import errors
from .common import store

# Operations whose ClientToken EC2 honours. The answer that is kept refers to the resource itself, not to a copy of it,
# so that a repeated call shows its present state.
OPERATIONS = (
    "RunInstances",
    "CreateNetworkInterface",
    "CreateVolume",
    "CreateNatGateway",
    "CreateLaunchTemplate",
    "CreateLaunchTemplateVersion",
    "CreateVpcEndpoint",
    "CreateFlowLogs",
    "CreateRouteTable",
    "CreateReplaceRootVolumeTask",
)
_NOT_COMPARED = frozenset({"ClientToken", "DryRun"})
_MAXIMUM_LENGTH = 64


@dataclass(frozen=True)
class _Answered:
    fingerprint: str
    answer: Any


def _fingerprint(params: dict[str, Any]) -> str:
    compared = {name: value for name, value in params.items() if name not in _NOT_COMPARED}
    return json.dumps(compared, sort_keys=True, default=str)


@corrects(
    "ec2",
    *OPERATIONS,
    id="client-token",
    behaviour="A repeated ClientToken with the same parameters gives the first call's answer and makes nothing new.",
    errors=("IdempotentParameterMismatch", "InvalidParameterValue"),
)
def honour_client_token(call: Call, forward: Forward) -> Any:
    token = call.params.get("ClientToken")
    if not token or call.params.get("DryRun"):
        return forward()
    if len(token) > _MAXIMUM_LENGTH or not token.isascii():
        raise errors.invalid_value(f"Invalid value '{token}' for ClientToken: up to 64 ASCII characters are allowed.")
    answered: dict[tuple[str, str], _Answered] = store(call.backend, "client_tokens", dict)
    key = (call.operation, token)
    fingerprint = _fingerprint(call.params)
    if key in answered:
        if answered[key].fingerprint != fingerprint:
            raise errors.idempotent_parameter_mismatch()
        return answered[key].answer
    answer = forward()
    answered[key] = _Answered(fingerprint, answer)
    return answer
