# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP server of the local cloud: one port for the AWS API of all services and the control API."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from types import TracebackType

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import BaseWSGIServer, make_server

from . import moto_shortcuts
from .cloud import cloud
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

    ``status`` gives what the control API is to tell about the process; ``listen_for_hosts`` the socket at which the
    instances reach the API, once there can be hosts.

    Raises:
        PortUnusable: the port is in use, or not allowed.
    """

    def __init__(
        self,
        port: int = 0,
        hosts: HostSync | None = None,
        status: Describe = dict,
        listen_for_hosts: Callable[[], socket.socket] | None = None,
    ) -> None:
        configure_moto()
        install()
        moto_shortcuts.install()
        self._hosts = hosts
        self._ticker = Ticker(cloud)
        control = Control(cloud, status, hosts.describe if hosts else dict)
        self._listen_for_hosts = listen_for_hosts
        self._servers = [_serving(_listen(port), Gateway(cloud, control))]

    @property
    def endpoint(self) -> str:
        """The URL for ``AWS_ENDPOINT_URL``."""
        return f"http://{LOOPBACK}:{self._servers[0].server_address[1]}"

    def __enter__(self) -> Server:
        if self._hosts:
            self._hosts.start()
        if self._listen_for_hosts:
            self._servers.append(_serving(self._listen_for_hosts(), Gateway(cloud)))
        cloud.changed = self._changed
        self._ticker.start()
        for server in self._servers:
            threading.Thread(target=server.serve_forever, name="api", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()
        self._ticker.stop()
        if self._hosts:
            self._hosts.stop()

    def _changed(self) -> None:
        self._ticker.kick()
        if self._hosts:
            self._hosts.kick()


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError as error:
        raise PortUnusable(f"cannot listen on port {port} of {LOOPBACK}: {error.strerror}") from error


def _serving(listener: socket.socket, gateway: Gateway) -> BaseWSGIServer:
    host, port = listener.getsockname()
    with listener:
        return make_server(host, port, gateway, threaded=True, request_handler=_QuietHandler, fd=listener.fileno())
