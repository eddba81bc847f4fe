# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls of this process go to the local cloud of this process without a network in between.

HTTP takes a third of the time of a call, and the sweep makes more than a hundred thousand. Everything else is as it is
with HTTP: botocore builds, signs and parses, the gateway of the local cloud carries out, records and strikes. That a
cut connection is for botocore what is raised here is tested with the local cloud, over HTTP.
"""

from __future__ import annotations

import io
import sys
import typing as t
from urllib.parse import urlsplit

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectionClosedError
from botocore.httpsession import URLLib3Session
from groundwork_local_cloud.cloud import cloud
from groundwork_local_cloud.gateway import Gateway
from werkzeug.test import run_wsgi_app


class _Body:
    """The part of urllib3's response that botocore reads."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> list[bytes]:
        return [self._content]


class _Socket:
    """What the gateway cuts."""

    def shutdown(self, _how: int) -> None:
        """The caller is told by an exception."""


def connect(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send every request of botocore in this process straight to the gateway."""
    gateway = Gateway(cloud, lambda _environ, _start_response: [])

    def send(_session: URLLib3Session, request: t.Any) -> AWSResponse:
        try:
            parts, status, headers = run_wsgi_app(gateway, _environ(request))
        except ConnectionAbortedError as error:
            raise ConnectionClosedError(error=error, request=request, endpoint_url=request.url) from error
        content = b"".join(parts)
        answer = HTTPHeaders()
        for name, value in headers:
            answer[name] = value
        return AWSResponse(request.url, int(status.split()[0]), answer, _Body(content))

    monkeypatch.setattr(URLLib3Session, "send", send)


def _environ(request: t.Any) -> dict[str, t.Any]:
    url = urlsplit(request.url)
    body = request.body.read() if hasattr(request.body, "read") else request.body or b""
    content = body.encode() if isinstance(body, str) else body
    environ: dict[str, t.Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": url.path or "/",
        "RAW_URI": url.path or "/",
        "REQUEST_URI": url.path or "/",
        "QUERY_STRING": url.query,
        "SERVER_NAME": url.hostname,
        "SERVER_PORT": str(url.port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": url.netloc,
        "CONTENT_LENGTH": str(len(content)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(content),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "werkzeug.socket": _Socket(),
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        text = value.decode() if isinstance(value, bytes) else str(value)
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = text
    environ.pop("HTTP_CONTENT_LENGTH", None)
    return environ
