# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP server of the local cloud: one port for the AWS API of all services and the control API."""

from __future__ import annotations

import socket
import threading
from types import TracebackType

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import BaseWSGIServer, make_server

from .cloud import Cloud, cloud
from .control import Control, Describe
from .dispatch import install
from .gateway import Gateway
from .host_sync import HostSync, Ticker
from .problems import PortUnusable
from .settings import LOOPBACK, configure_moto


class _QuietHandler(MotoRequestHandler):
    """Does not write a line for each request: the recorder has them all."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write nothing."""


class Server:
    """Serves the cloud of this process on loopback. ``port`` 0 takes a free one. Without ``hosts`` it is API only.

    ``status`` gives what the control API is to tell about the process.

    Raises:
        PortUnusable: the port is in use, or not allowed.
    """

    def __init__(self, port: int = 0, hosts: HostSync | None = None, status: Describe = dict) -> None:
        configure_moto()
        install()
        self._hosts = hosts
        self._ticker = Ticker(cloud)
        control = Control(cloud, status, hosts.describe if hosts else dict)
        self._server = _listen(port, cloud, control)
        self._thread = threading.Thread(target=self._server.serve_forever, name="api", daemon=True)

    @property
    def endpoint(self) -> str:
        """The URL for ``AWS_ENDPOINT_URL``."""
        return f"http://{LOOPBACK}:{self._server.server_address[1]}"

    def __enter__(self) -> Server:
        if self._hosts:
            self._hosts.start()
        cloud.changed = self._changed
        self._ticker.start()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._ticker.stop()
        if self._hosts:
            self._hosts.stop()

    def _changed(self) -> None:
        self._ticker.kick()
        if self._hosts:
            self._hosts.kick()


def _listen(port: int, served: Cloud, control: Control) -> BaseWSGIServer:
    try:
        listener = socket.create_server((LOOPBACK, port))
    except OSError as error:
        raise PortUnusable(f"cannot listen on port {port} of {LOOPBACK}: {error.strerror}") from error
    with listener:
        return make_server(
            LOOPBACK,
            port,
            Gateway(served, control),
            threaded=True,
            request_handler=_QuietHandler,
            fd=listener.fileno(),
        )
