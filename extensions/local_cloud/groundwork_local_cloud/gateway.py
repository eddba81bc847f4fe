# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way of one HTTP request through the local cloud.

Every service passes here, whatever its protocol: the request is identified, held up or refused as the realism
settings say, carried out by moto and the supplement under the cloud's lock, and recorded.
"""

from __future__ import annotations

import io
import logging
import socket
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from moto.moto_server.werkzeug_app import BackendRequest, DomainDispatcherApplication, create_backend_app
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request, Response
from werkzeug.wsgi import get_input_stream

from .callers import check_caller
from .cloud import Cloud
from .errors import ApiError, error_code, error_response
from .iam_actions import iam_actions
from .identify import ApiRequest, identify
from .realism.faults import LATE, ConnectionCut, Fault
from .settings import CONTROL_PREFIX

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)


class Gateway:
    """The WSGI application of the local cloud: AWS's API on all paths but the control API's.

    Without ``control`` it is the one for instances: it has neither that API nor moto's own, and checks every caller.
    """

    def __init__(self, cloud: Cloud, control: WSGIApplication | None = None) -> None:
        self._cloud = cloud
        self._control = control
        self._moto = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == CONTROL_PREFIX or path.startswith(f"{CONTROL_PREFIX}/"):
            return (self._control or NotFound())(environ, start_response)
        body = get_input_stream(environ).read()
        environ["CONTENT_LENGTH"] = str(len(body))
        environ["wsgi.input"] = io.BytesIO(body)
        app = self._moto.get_application(environ)
        if app.service == "moto_api":
            moto = self._carry_out(app, environ, mutating=True) if self._control else NotFound()
            return moto(environ, start_response)
        request = identify(app.service, BackendRequest(environ.copy()))
        environ["wsgi.input"] = io.BytesIO(body)
        try:
            response = self._recorded(request, app, environ)
        except ConnectionCut as cut:
            _close(environ)
            raise ConnectionAbortedError from cut
        return response(environ, start_response)

    def _recorded(self, request: ApiRequest, app: WSGIApplication, environ: WSGIEnvironment) -> Response:
        started = datetime.now(UTC)
        actions = iam_actions(request.service, request.operation, request.params)
        status, error = 0, None
        try:
            response = self._answer(request, actions, app, environ)
            status, error = response.status_code, error_code(response)
        finally:
            self._cloud.recorder.add(request, actions, started, status, error)
        return response

    def _answer(
        self, request: ApiRequest, actions: tuple[str, ...], app: WSGIApplication, environ: WSGIEnvironment
    ) -> Response:
        try:
            return self._through_realism(request, actions, app, environ)
        except ApiError as error:
            return error_response(request, error)
        except NotImplementedError:
            name = f"{request.service}:{request.operation}"
            return error_response(request, ApiError("NotImplemented", f"The local cloud does not have {name}.", 501))
        except ConnectionCut:
            raise
        except Exception as error:  # a bug of the emulation: the client gets an AWS error, the log gets the rest
            log.exception("%s:%s failed", request.service, request.operation)
            return error_response(request, ApiError("InternalError", f"{type(error).__name__}: {error}", 500))

    def _through_realism(
        self, request: ApiRequest, actions: tuple[str, ...], app: WSGIApplication, environ: WSGIEnvironment
    ) -> Response:
        cloud = self._cloud
        fault: Fault | None = cloud.faults.for_call(request)
        if fault and not fault.after:
            fault.strike(request)
        cloud.request_tokens.take(request)
        if latency := cloud.latency.of(request.service, request.operation):
            time.sleep(latency)
        cloud.permissions.check(request, actions)
        if self._control is None:
            with cloud.lock:
                check_caller(request, _http(environ), actions)
        return self._consistently(request, app, environ, fault)

    def _consistently(
        self, request: ApiRequest, app: WSGIApplication, environ: WSGIEnvironment, fault: Fault | None
    ) -> Response:
        """Carry the call out, or answer as AWS does where the latest changes do not show yet."""
        visibility = self._cloud.visibility
        visibility.check(request)
        old = visibility.old_answer(request)
        if old is not None:
            return old
        with self._cloud.lock:
            response = visibility.answer(request, self._carry_out(app, environ, request.is_mutating))
            self._cloud.watch()
        if self._cloud.faults.any_of(LATE):
            visibility.keep(request, response)
        if fault and fault.kind == LATE:
            visibility.fall_behind(request, response)
        elif fault:
            fault.strike(request)
        return response

    def _carry_out(self, app: WSGIApplication, environ: WSGIEnvironment, mutating: bool) -> Response:
        with self._cloud.lock:
            ended = self._cloud.transitions.tick()
            response = Response.from_app(app, environ, buffered=True)
            if mutating or ended:
                self._cloud.changed()
            return response


def _http(environ: WSGIEnvironment) -> Request:
    """The request again, with a copy of its body: reading it leaves nothing for moto."""
    body = environ["wsgi.input"].getvalue()
    return Request({**environ, "wsgi.input": io.BytesIO(body)})


def _close(environ: WSGIEnvironment) -> None:
    connection: socket.socket = environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)
