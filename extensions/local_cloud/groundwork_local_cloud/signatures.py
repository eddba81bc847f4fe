# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signature Version 4 of a request, in its Authorization header."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from werkzeug.wrappers import Request

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 +Credential=(?P<key>[^/, ]+)/(?P<date>\d{8})/(?P<region>[^/, ]+)/(?P<service>[^/, ]+)"
    r"/aws4_request, *SignedHeaders=(?P<headers>[^, ]+), *Signature=(?P<signature>[0-9a-f]{64})"
)
_TIME = "%Y%m%dT%H%M%SZ"
_LARGEST_SKEW = timedelta(minutes=15)
_HASH = re.compile("[0-9a-f]{64}")
_ALWAYS_SIGNED = {"host", "x-amz-date"}


@dataclass(frozen=True)
class Signature:
    """What a client says about its request."""

    access_key: str
    date: str
    region: str
    service: str
    headers: tuple[str, ...]
    value: str


def signature_of(request: Request) -> Signature | None:
    """The signature of a request; None: it has none that can be read."""
    match = _AUTHORIZATION.fullmatch(request.headers.get("Authorization", "").strip())
    if match is None:
        return None
    return Signature(
        match["key"],
        match["date"],
        match["region"],
        match["service"],
        tuple(match["headers"].split(";")),
        match["signature"],
    )


def is_genuine(request: Request, signature: Signature, credentials: Credentials) -> bool:
    """Whether the holder of the credentials has signed this very request, just now."""
    stated = request.headers.get("X-Amz-Content-SHA256", "")
    return (
        set(signature.headers) >= _ALWAYS_SIGNED
        and _is_recent(request.headers.get("X-Amz-Date", ""), signature.date)
        and (_HASH.fullmatch(stated) is None or stated == sha256(request.get_data()).hexdigest())
        and hmac.compare_digest(signature.value, _signed(request, signature, credentials))
    )


def _is_recent(stated: str, date: str) -> bool:
    try:
        time = datetime.strptime(stated, _TIME).replace(tzinfo=UTC)
    except ValueError:
        return False
    return stated.startswith(date) and abs(datetime.now(UTC) - time) <= _LARGEST_SKEW


def _signed(request: Request, signature: Signature, credentials: Credentials) -> str:
    kind = S3SigV4Auth if signature.service == "s3" else SigV4Auth
    auth = kind(credentials, signature.service, signature.region)
    # Undecoded: a client signs the path as it sends it.
    path = request.environ["REQUEST_URI"]
    headers = {name: value for name, value in request.headers if name.lower() in signature.headers}
    again = AWSRequest(request.method, f"http://{request.host}{path}", headers, request.get_data())
    again.context["timestamp"] = request.headers["X-Amz-Date"]
    return str(auth.signature(auth.string_to_sign(again, auth.canonical_request(again)), again))
