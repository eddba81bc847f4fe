# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""KMS calls with DryRun: all checks are made, nothing is done, and what would succeed ends in an error of its own."""

from __future__ import annotations

from typing import Any

from moto.core.exceptions import JsonRESTError

from .registry import Call, Forward, corrects


@corrects(
    "kms",
    "CreateGrant",
    "Decrypt",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyWithoutPlaintext",
    "GenerateMac",
    "ReEncrypt",
    "RetireGrant",
    "RevokeGrant",
    "Sign",
    "Verify",
    "VerifyMac",
    id="kms-dry-run",
    behaviour="A call with DryRun that would succeed does nothing and fails with DryRunOperationException.",
    errors=("DryRunOperationException",),
)
def dry_run(call: Call, forward: Forward) -> Any:
    if not call.params.get("DryRun"):
        return forward()
    # Of these operations only those on grants leave anything behind.
    grants = {key: dict(key.grants) for key in call.backend.keys.values()}
    try:
        forward()
    finally:
        for key, present in grants.items():
            key.grants = present
    raise JsonRESTError("DryRunOperationException", "The request would have succeeded, but the DryRun option is set.")
