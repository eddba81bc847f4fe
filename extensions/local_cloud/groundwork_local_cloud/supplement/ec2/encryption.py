# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""EBS encryption: which key a volume or snapshot is encrypted under, whether that key can be used, the defaults."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.elastic_block_store import EBSBackend
from moto.kms.models import Key, KmsBackend, kms_backends
from moto.utilities.utils import get_partition

from ..registry import Call, Forward, corrects, provides
from . import errors
from .common import refuse_dry_run

DEFAULT_KEY_ALIAS = "alias/aws/ebs"


def resolve_encryption(
    backend: Any, encrypted: bool | None, kms_key_id: str | None, snapshot: Any = None
) -> tuple[bool, str | None]:
    """Whether a new volume or copy is encrypted, and the ARN of its key.

    ``encrypted`` and ``kms_key_id`` are what the request says (None where it is silent); ``snapshot`` is moto's
    snapshot that the data comes from. The key is not looked at: EC2 checks it asynchronously (see :func:`key_problem`).

    Raises:
        EC2ClientError: InvalidParameterDependency, a key for something unencrypted.
    """
    from_encrypted = bool(snapshot is not None and snapshot.encrypted)
    outcome = bool(encrypted) or from_encrypted or backend.ebs_encryption_by_default
    if not outcome and kms_key_id:
        raise key_without_encryption()
    if not outcome:
        return False, None
    if kms_key_id:
        return True, key_arn(backend, kms_key_id)
    if from_encrypted and snapshot.kms_key_id and snapshot.ec2_backend.region_name == backend.region_name:
        return True, snapshot.kms_key_id
    return True, default_key_arn(backend)


def key_without_encryption() -> errors.EC2ClientError:
    return errors.EC2ClientError(
        "InvalidParameterDependency", "The parameter KmsKeyId requires the parameter Encrypted to be set."
    )


def default_key_arn(backend: Any) -> str:
    """The ARN of the region's default key for EBS: the one set by ModifyEbsDefaultKmsKeyId, or the AWS managed one."""
    return backend.default_kms_key_id or key_arn(backend, DEFAULT_KEY_ALIAS)


def key_arn(backend: Any, key: str) -> str:
    """The ARN of a key given by id, ARN, alias or alias ARN. An alias that points nowhere stays an (alias) ARN."""
    kms = _kms(backend)
    name = kms.get_alias_name(key)
    if name.startswith("alias/"):
        key_id = kms.get_key_id_from_alias(name)
        return kms.keys[key_id].arn if key_id in kms.keys else _arn(backend, name)
    return key if key.startswith("arn:") else _arn(backend, f"key/{key}")


def key_problem(backend: Any, arn: str | None) -> str | None:
    """Why EBS cannot use a key, as EC2 words it in a state reason; None if it can (or if there is no key)."""
    if arn is None:
        return None
    key = _key(backend, arn)
    if key is None or key.arn != arn or key.key_spec != "SYMMETRIC_DEFAULT":
        return "Given key ID is not accessible"
    if key.key_state == "Enabled":
        return None
    return f"{arn} is {'pending deletion' if key.key_state == 'PendingDeletion' else key.key_state.lower()}."


def _key(backend: Any, arn: str) -> Key | None:
    parts = arn.split(":")
    if len(parts) != 6 or parts[3] != backend.region_name:
        return None
    return kms_backends[parts[4]][parts[3]].keys.get(parts[5].removeprefix("key/"))


def _kms(backend: Any) -> KmsBackend:
    return kms_backends[backend.account_id][backend.region_name]


def _arn(backend: Any, resource: str) -> str:
    region = backend.region_name
    return f"arn:{get_partition(region)}:kms:{region}:{backend.account_id}:{resource}"


def _create_default_encryption_key(backend: Any) -> str:
    """moto calls this for an encrypted volume without a key; it must not become the region's chosen default."""
    return default_key_arn(backend)


EBSBackend._create_default_encryption_key = _create_default_encryption_key


@corrects(
    "ec2",
    "ModifyEbsDefaultKmsKeyId",
    id="modify-ebs-default-kms-key",
    behaviour="A key id, alias or ARN becomes the key's ARN; a key that does not exist is accepted (EC2 checks later).",
)
def modify_default_key(call: Call, forward: Forward) -> Any:
    refuse_dry_run(call.params)
    call.backend.default_kms_key_id = key_arn(call.backend, call.params["KmsKeyId"])
    return ActionResult({"KmsKeyId": call.backend.default_kms_key_id})


@provides(
    "ec2",
    "GetEbsDefaultKmsKeyId",
    id="get-ebs-default-kms-key",
    behaviour="The region's default key for EBS; the alias of the AWS managed key until another one is chosen.",
)
def get_default_key(call: Call) -> dict[str, Any]:
    refuse_dry_run(call.params)
    return {"KmsKeyId": call.backend.default_kms_key_id or DEFAULT_KEY_ALIAS}


@provides(
    "ec2",
    "ResetEbsDefaultKmsKeyId",
    id="reset-ebs-default-kms-key",
    behaviour="The region's default key for EBS is the AWS managed key again.",
)
def reset_default_key(call: Call) -> dict[str, Any]:
    refuse_dry_run(call.params)
    call.backend.default_kms_key_id = ""
    return {"KmsKeyId": DEFAULT_KEY_ALIAS}
