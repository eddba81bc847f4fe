# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of the local cloud: AWS clients that point at it, and its control API."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from .settings import CONTROL_PREFIX, DEFAULT_REGION

ACCESS_KEY = "local-access-key"
SECRET_KEY = "local-secret-key"  # noqa: S105  # the local cloud checks no signatures


class ControlError(Exception):
    """The control API refused a request; the message is its answer."""


class LocalCloud:
    """A running local cloud, by its endpoint (``http://127.0.0.1:4566``)."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._clients: dict[tuple[str, str, str, int], Any] = {}

    def client(
        self, service: str, *, region: str = DEFAULT_REGION, access_key: str = ACCESS_KEY, attempts: int = 1
    ) -> Any:
        """A boto3 client. ``attempts`` is the number of tries of each call: 1 shows every error to the caller."""
        import boto3  # takes a second, which users of the control API need not
        from botocore.config import Config

        key = (service, region, access_key, attempts)
        if key not in self._clients:
            session: Any = boto3.Session(access_key, SECRET_KEY, region_name=region)
            config = Config(retries={"total_max_attempts": attempts, "mode": "standard"})
            self._clients[key] = session.client(service, endpoint_url=self.endpoint, config=config)
        return self._clients[key]

    def calls(
        self, service: str | None = None, operation: str | None = None, *, since: int = 0
    ) -> list[dict[str, Any]]:
        """The recorded calls (those after number ``since``), of one service or operation if given."""
        recorded: list[dict[str, Any]] = self.control("GET", f"/calls?since={since}")["calls"]
        wanted = {"service": service, "operation": operation}
        return [call for call in recorded if all(value in (None, call[name]) for name, value in wanted.items())]

    def realism(self, **settings: Any) -> None:
        """Change realism settings: ``latency``, ``durations``, ``eventual_consistency``, ``request_tokens``,
        ``permissions``. See the README for their values.
        """
        self.control("PUT", "/realism", settings)

    def faults(self, *rules: dict[str, Any]) -> None:
        """Put these fault rules in the place of the present ones."""
        self.control("PUT", "/faults", list(rules))

    def reset(self) -> None:
        """Start over: no resources, no recorded calls, no realism, no faults."""
        self.control("PUT", "/reset")

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Call the control API and return its JSON answer.

        Raises:
            ControlError: the request was refused.
        """
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.endpoint}{CONTROL_PREFIX}{path}", data=data, method=method)  # noqa: S310  # the endpoint is ours
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310  # see above
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise ControlError(json.load(error)["error"]) from error
