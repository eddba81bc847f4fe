# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The protocol of the instance metadata service, versions 1 and 2, without its sockets."""

from __future__ import annotations

import base64
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Protocol
from urllib.parse import unquote

from ..world import Instance, World
from .metadata_tree import VERSIONS, Credentials, Leaf, Tree, listing, look_up, version_tree

TOKEN_HEADER = "X-aws-ec2-metadata-token"  # noqa: S105 - the name of the header, not a token
TTL_HEADER = "X-aws-ec2-metadata-token-ttl-seconds"
_LONGEST_TTL = 21600  # seconds
_TOKEN_PATH = "/latest/api/token"  # noqa: S105 - where tokens are asked for


@dataclass(frozen=True)
class Response:
    """``hop_limit`` is the time to live of the packets that carry it; None leaves the system's."""

    status: HTTPStatus
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    hop_limit: int | None = None


class Headers(Protocol):
    """The headers of a request, looked up without regard to case."""

    def get(self, name: str, /) -> str | None: ...


class Tokens:
    """Session tokens. They are good for one instance and for the seconds asked for, and need no memory."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)

    def issue(self, instance_id: str, ttl: int) -> str:
        expiry = (int(self._clock()) + ttl).to_bytes(8, "big")
        return base64.urlsafe_b64encode(expiry + self._signature(instance_id, expiry)).decode()

    def remaining(self, token: str, instance_id: str) -> int:
        """Seconds for which the token is still good; 0 if it never was or no longer is."""
        try:
            raw = base64.urlsafe_b64decode(token)
        except ValueError:
            return 0
        expiry, signature = raw[:8], raw[8:]
        if not hmac.compare_digest(signature, self._signature(instance_id, expiry)):
            return 0
        return max(0, int.from_bytes(expiry, "big") - int(self._clock()))

    def _signature(self, instance_id: str, expiry: bytes) -> bytes:
        return hmac.digest(self._key, instance_id.encode() + expiry, "sha256")


class Imds:
    """Answers the requests of instances."""

    def __init__(self, credentials: Credentials, tokens: Tokens) -> None:
        self._credentials = credentials
        self._tokens = tokens

    def respond(self, world: World, instance: Instance, method: str, path: str, headers: Headers) -> Response:
        """The answer as AWS documents it: 400, 401, 403, 404 and 405 are its error codes."""
        path = unquote(path.partition("?")[0])
        if not instance.metadata.endpoint_enabled:
            return Response(HTTPStatus.FORBIDDEN)
        if path == _TOKEN_PATH:
            return self._issue(instance, headers) if method == "PUT" else Response(HTTPStatus.METHOD_NOT_ALLOWED)
        if method not in ("GET", "HEAD"):
            return Response(HTTPStatus.METHOD_NOT_ALLOWED)
        return self._read(world, instance, path, headers)

    def _issue(self, instance: Instance, headers: Headers) -> Response:
        # Open proxies and firewalls in front of an instance add this header: their users must not get a token.
        if headers.get("X-Forwarded-For") is not None:
            return Response(HTTPStatus.FORBIDDEN)
        ttl = headers.get(TTL_HEADER) or ""
        if not (ttl.isascii() and ttl.isdigit() and 1 <= int(ttl) <= _LONGEST_TTL):
            return Response(HTTPStatus.BAD_REQUEST)
        token = self._tokens.issue(instance.id, int(ttl))
        return Response(HTTPStatus.OK, token.encode(), {TTL_HEADER: ttl}, instance.metadata.hop_limit)

    def _read(self, world: World, instance: Instance, path: str, headers: Headers) -> Response:
        token = headers.get(TOKEN_HEADER)
        remaining = self._tokens.remaining(token, instance.id) if token is not None else 0
        if not remaining and (token is not None or instance.metadata.tokens_required):
            return Response(HTTPStatus.UNAUTHORIZED)
        ttl = {TTL_HEADER: str(remaining)} if token is not None else {}
        node = self._find(world, instance, [name for name in path.split("/") if name])
        if node is None:
            return Response(HTTPStatus.NOT_FOUND, headers=ttl)
        return Response(HTTPStatus.OK, _content(node), ttl)

    def _find(self, world: World, instance: Instance, path: list[str]) -> Leaf | Tree | None:
        if not path:
            return "\n".join(VERSIONS)
        if path[0] not in VERSIONS:
            return None
        return look_up(version_tree(world, instance, self._credentials), path[1:])


def _content(node: Leaf | Tree) -> bytes:
    if isinstance(node, bytes):
        return node
    if isinstance(node, dict):
        return listing(node).encode()
    return (node if isinstance(node, str) else node()).encode()
