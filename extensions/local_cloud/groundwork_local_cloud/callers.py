# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may call the API from an instance: whoever signs with credentials that this cloud has issued, as policies allow.

On the machine's own loopback everybody is the administrator of the account. An instance is not: what runs on it may be
anything.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from moto.iam.access_control import CreateAccessKeyFailure, create_access_key
from moto.iam.models import Policy
from moto.sts.models import sts_backends
from werkzeug.wrappers import Request

from .errors import ApiError, protocol_of
from .identify import ApiRequest
from .identity_policies import allows, resources
from .realism.permissions import refusal
from .settings import ACCOUNT_ID
from .signatures import Signature, is_genuine, signature_of

_PARTITION = "aws"
_NOBODY, _UNKNOWN, _EXPIRED, _FORGED = range(4)
_MESSAGES = {
    _NOBODY: "Request is missing Authentication Token",
    _UNKNOWN: "The security token included in the request is invalid",
    _EXPIRED: "The security token included in the request is expired",
    _FORGED: "The request signature we calculated does not match the signature you provided.",
}
# The documented codes and statuses, by protocol (S3 and EC2 have their own).
_CODES: dict[str, dict[int, tuple[str, int]]] = {
    "json": {
        _NOBODY: ("MissingAuthenticationTokenException", 400),
        _UNKNOWN: ("UnrecognizedClientException", 400),
        _EXPIRED: ("ExpiredTokenException", 400),
        _FORGED: ("InvalidSignatureException", 400),
    },
    "rest-json": {
        _NOBODY: ("MissingAuthenticationTokenException", 403),
        _UNKNOWN: ("UnrecognizedClientException", 403),
        _EXPIRED: ("ExpiredTokenException", 403),
        _FORGED: ("InvalidSignatureException", 403),
    },
    "query": {
        _NOBODY: ("MissingAuthenticationToken", 403),
        _UNKNOWN: ("InvalidClientTokenId", 403),
        _EXPIRED: ("ExpiredToken", 403),
        _FORGED: ("SignatureDoesNotMatch", 403),
    },
    "s3": {
        _NOBODY: ("AccessDenied", 403),
        _UNKNOWN: ("InvalidAccessKeyId", 403),
        _EXPIRED: ("ExpiredToken", 400),
        _FORGED: ("SignatureDoesNotMatch", 403),
    },
    "ec2": {
        _NOBODY: ("AuthFailure", 401),
        _UNKNOWN: ("AuthFailure", 401),
        _EXPIRED: ("RequestExpired", 400),
        _FORGED: ("AuthFailure", 401),
    },
}
_ALWAYS_ALLOWED = "sts:GetCallerIdentity"


def check_caller(request: ApiRequest, http: Request, actions: tuple[str, ...]) -> None:
    """Refuse a call that its caller may not make. To be called with the cloud's lock held.

    Raises:
        ApiError: the code with which the service answers a missing, unknown, expired or forged signature, or a call
            that no identity policy of the caller allows.
    """
    signature = signature_of(http)
    if signature is None:
        raise _error(request, _NOBODY)
    try:
        holder: Any = create_access_key(ACCOUNT_ID, _PARTITION, signature.access_key, http.headers)
    except CreateAccessKeyFailure:
        raise _error(request, _UNKNOWN) from None
    if _is_expired(signature):
        raise _error(request, _EXPIRED)
    if not is_genuine(http, signature, holder.create_credentials()):
        raise _error(request, _FORGED)
    documents = [_document(policy) for policy in holder.collect_policies()]
    concerned = resources(request.service, request.region, request.params)
    for action in actions:
        if action != _ALWAYS_ALLOWED and not allows(documents, action, concerned):
            raise refusal(request, holder.arn, action)


def _is_expired(signature: Signature) -> bool:
    assumed = sts_backends[ACCOUNT_ID][_PARTITION].get_assumed_role_from_access_key(signature.access_key)
    return assumed is not None and assumed.expiration.replace(tzinfo=UTC) < datetime.now(UTC)


def _document(policy: Any) -> dict[str, Any]:
    """A policy in the three forms in which moto keeps them: a managed one, a role's own, a user's own."""
    if isinstance(policy, Policy):
        policy = next(version.document for version in policy.versions if version.is_default)
    elif isinstance(policy, dict):
        policy = policy["policy_document"]
    document: dict[str, Any] = json.loads(policy)
    return document


def _error(request: ApiRequest, reason: int) -> ApiError:
    protocol = "s3" if request.service == "s3" else protocol_of(request)
    code, status = _CODES.get(protocol, _CODES["query"])[reason]
    return ApiError(code, _MESSAGES[reason], status)
