# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control API of the local cloud, under ``/_local_cloud``: what only an emulator can do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request, Response

from .cloud import Cloud
from .problems import InvalidDocument
from .realism import document
from .settings import CONTROL_PREFIX

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Describe = Callable[[], dict[str, Any]]


class Control:
    """The WSGI application of the control API. Answers JSON; a request it does not understand gets status 400.

    ``status`` and ``hosts`` give what the process around the API knows.
    """

    def __init__(self, cloud: Cloud, status: Describe, hosts: Describe) -> None:
        self._cloud = cloud
        self._routes: dict[tuple[str, str], Callable[[Request], Any]] = {
            ("GET", "/status"): lambda _request: status(),
            ("GET", "/hosts"): lambda _request: hosts(),
            ("GET", "/calls"): self._calls,
            ("DELETE", "/calls"): self._forget_calls,
            ("GET", "/realism"): self._realism,
            ("PUT", "/realism"): self._change_realism,
            ("DELETE", "/realism"): self._reset_realism,
            ("GET", "/faults"): self._faults,
            ("PUT", "/faults"): self._replace_faults,
            ("DELETE", "/faults"): self._forget_faults,
            ("PUT", "/reset"): self._reset,
        }

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        try:
            answer, status = self._route(request)(request), 200
        except InvalidDocument as error:
            answer, status = {"error": str(error)}, 400
        response = Response(json.dumps(answer), status=status, content_type="application/json")
        return response(environ, start_response)

    def _route(self, request: Request) -> Callable[[Request], Any]:
        path = request.path.removeprefix(CONTROL_PREFIX)
        route = self._routes.get((request.method, path))
        if route is None:
            known = ", ".join(f"{method} {CONTROL_PREFIX}{path}" for method, path in self._routes)
            raise InvalidDocument(f"there is no {request.method} {request.path}; there are {known}")
        return route

    def _calls(self, request: Request) -> dict[str, Any]:
        since = request.args.get("since", "0")
        if not since.isdecimal():
            raise InvalidDocument(f"since must be the number of a call, not {since!r}")
        return {"calls": self._cloud.recorder.since(int(since)), "counts": self._cloud.recorder.counts()}

    def _forget_calls(self, _request: Request) -> dict[str, Any]:
        self._cloud.recorder.clear()
        return {}

    def _realism(self, _request: Request) -> dict[str, Any]:
        return document.describe(self._cloud)

    def _change_realism(self, request: Request) -> dict[str, Any]:
        document.apply(self._cloud, _json(request))
        return document.describe(self._cloud)

    def _reset_realism(self, _request: Request) -> dict[str, Any]:
        self._cloud.reset_realism()
        return document.describe(self._cloud)

    def _faults(self, _request: Request) -> list[dict[str, Any]]:
        return self._cloud.faults.describe()

    def _replace_faults(self, request: Request) -> list[dict[str, Any]]:
        rules = document.faults(_json(request))
        self._cloud.visibility.catch_up()
        self._cloud.faults.replace(rules)
        return self._cloud.faults.describe()

    def _forget_faults(self, _request: Request) -> list[dict[str, Any]]:
        self._cloud.visibility.catch_up()
        self._cloud.faults.replace([])
        return []

    def _reset(self, _request: Request) -> dict[str, Any]:
        self._cloud.reset()
        return {}


def _json(request: Request) -> Any:
    try:
        return json.loads(request.get_data())
    except ValueError as error:
        raise InvalidDocument(f"the body must be JSON: {error}") from error
