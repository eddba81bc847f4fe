# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""KMS: AWS managed keys, rotation periods, grants by name, and what a key allows in its state."""

from __future__ import annotations

import json
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.kms.models import Grant, Key, KmsBackend
from moto.kms.utils import RESERVED_ALIASES

from .registry import Call, Forward, corrects

DEFAULT_ROTATION_DAYS = 365
_PURPOSES = {
    "alias/aws/ebs": "Default key that protects my EBS volumes when no other key is defined",
    "alias/aws/elasticfilesystem": "Default key that protects my EFS filesystems when no other key is defined",
    "alias/aws/rds": "Default key that protects my RDS database volumes when no other key is defined",
    "alias/aws/s3": "Default key that protects my S3 objects when no other key is defined",
}


def _make_managed_key(backend: Any, alias_name: str) -> str | None:
    """The AWS managed key behind a reserved alias, made when it is first used."""
    if alias_name not in RESERVED_ALIASES:
        return None
    service = alias_name.rpartition("/")[2]
    purpose = _PURPOSES.get(alias_name, f"Default key that protects my {service} data when no other key is defined")
    key: Key = backend.create_key(None, "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", purpose, None)
    key.key_manager = "AWS"
    key.key_rotation_status = True
    backend.create_alias(key.id, alias_name)
    return str(key.id)


KmsBackend._generate_default_keys = _make_managed_key  # moto's are customer managed


def _key(call: Call) -> Key:
    """The key of the call. Raises NotFoundException, as KMS does for an id, ARN or alias that names none."""
    asked = str(call.params.get("KeyId", ""))
    key: Key | None = call.backend.keys.get(call.backend.any_id_to_key_id(asked)) if _resolves(call, asked) else None
    if key is None:
        raise JsonRESTError("NotFoundException", f"Key '{asked}' does not exist")
    return key


def _resolves(call: Call, asked: str) -> bool:
    name = call.backend.get_alias_name(asked)
    return not name.startswith("alias/") or call.backend.get_key_id_from_alias(name) is not None


@corrects(
    "kms",
    "CreateKey",
    id="kms-create-key",
    behaviour="A key is for ENCRYPT_DECRYPT unless CreateKey says otherwise, and DescribeKey tells.",
)
def create_key(call: Call, forward: Forward) -> Any:
    call.params.setdefault("KeyUsage", "ENCRYPT_DECRYPT")
    return forward()


@corrects(
    "kms",
    "Encrypt",
    "Decrypt",
    "ReEncrypt",
    "GenerateDataKey",
    "GenerateDataKeyWithoutPlaintext",
    "GenerateMac",
    "VerifyMac",
    "Sign",
    "Verify",
    "CreateGrant",
    id="kms-usable-keys",
    behaviour="A disabled key, and one that is pending deletion, cannot be used for cryptography or grants.",
    errors=("DisabledException", "KMSInvalidStateException", "NotFoundException"),
)
def refuse_unusable_key(call: Call, forward: Forward) -> Any:
    for name in ("KeyId", "DestinationKeyId", "SourceKeyId"):
        asked = call.params.get(name)
        if not asked or not _resolves(call, asked):
            continue
        key = call.backend.keys.get(call.backend.any_id_to_key_id(asked))
        if key and key.key_state == "Disabled":
            raise JsonRESTError("DisabledException", f"{key.arn} is disabled.")
        if key and key.key_state != "Enabled":
            raise JsonRESTError("KMSInvalidStateException", f"{key.arn} is pending deletion.")
    return forward()


@corrects(
    "kms",
    "EnableKeyRotation",
    id="kms-enable-key-rotation",
    behaviour="A key is rotated every RotationPeriodInDays, 365 if not said; only an enabled symmetric key.",
    errors=("DisabledException", "KMSInvalidStateException", "UnsupportedOperationException", "ValidationException"),
)
def enable_rotation(call: Call, forward: Forward) -> Any:
    key = _key(call)
    days = call.params.get("RotationPeriodInDays", DEFAULT_ROTATION_DAYS)
    if not 90 <= int(days) <= 2560:
        raise JsonRESTError("ValidationException", "RotationPeriodInDays must be between 90 and 2560")
    if key.key_spec != "SYMMETRIC_DEFAULT":
        raise JsonRESTError("UnsupportedOperationException", f"{key.arn} is not a symmetric encryption key.")
    refuse_unusable_key(call, lambda: None)
    result = forward()
    vars(key)["rotation_period_in_days"] = int(days)
    return result


@corrects(
    "kms",
    "GetKeyRotationStatus",
    id="kms-key-rotation-status",
    behaviour="The status of a rotated key names its period.",
    errors=("NotFoundException",),
)
def rotation_status(call: Call, forward: Forward) -> Any:
    key = _key(call)
    answer = json.loads(forward())
    answer["KeyId"] = key.arn
    if answer["KeyRotationEnabled"]:
        answer["RotationPeriodInDays"] = vars(key).get("rotation_period_in_days", DEFAULT_ROTATION_DAYS)
    return json.dumps(answer)


@corrects(
    "kms",
    "CreateGrant",
    id="kms-create-grant",
    behaviour="A second request with the same name and content gives the first grant's id.",
    errors=("NotFoundException",),
)
def create_grant(call: Call, forward: Forward) -> Any:
    key = _key(call)
    name = call.params.get("Name")
    same = [grant for grant in key.grants.values() if name and _says(grant, call.params)]
    if same and not call.params.get("DryRun"):
        return json.dumps({"GrantId": same[0].id, "GrantToken": same[0].token})
    return forward()


def _says(grant: Grant, params: dict[str, Any]) -> bool:
    asked = (
        params.get("Name"),
        params.get("GranteePrincipal"),
        params.get("RetiringPrincipal"),
        sorted(params.get("Operations") or []),
        params.get("Constraints"),
    )
    return asked == (
        grant.name,
        grant.grantee_principal,
        grant.retiring_principal,
        sorted(grant.operations),
        grant.constraints,
    )


@corrects(
    "kms",
    "ListAliases",
    id="kms-list-aliases",
    behaviour="A reserved alias names a key only once its AWS managed key exists.",
)
def list_aliases(call: Call, forward: Forward) -> Any:
    answer = json.loads(forward())
    for alias in answer["Aliases"]:
        if alias.get("TargetKeyId") not in call.backend.keys:
            alias.pop("TargetKeyId", None)
    return json.dumps(answer)
