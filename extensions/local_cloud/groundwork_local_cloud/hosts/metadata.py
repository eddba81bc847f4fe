# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The instance metadata service: 169.254.169.254 in every VPC, served by this process."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler

from ..world import Instance, World
from .addressing import METADATA_ADDRESS
from .imds import Headers, Imds, Response, Tokens
from .metadata_tree import Credentials
from .namespaces import call_inside
from .view import is_live

_Respond = Callable[[str, str, str, Headers], Response]

_PORT = 80
_STOP_INTERVAL = 0.1  # seconds until a server notices that it is to stop
_IDLE_TIMEOUT = 20  # seconds until a silent connection is closed
_LONGEST_BODY = 65536  # bytes; no request of the protocol has one
_DEFAULT_TTL = 64  # hops


class MetadataService:
    """``world`` gives the latest picture; ``credentials(role_name)`` those of an instance's role."""

    def __init__(self, world: Callable[[], World], credentials: Credentials) -> None:
        self._world = world
        self._imds = Imds(credentials, Tokens())
        self._servers: dict[str, _Server] = {}

    def start(self, namespace: str, vpc_id: str) -> None:
        """Answer the instances of a VPC, in whose namespace the address stands. No effect if it is served already.

        Raises OSError if the address cannot be listened on.
        """
        if namespace in self._servers:
            return

        def respond(address: str, method: str, path: str, headers: Headers) -> Response:
            world = self._world()
            instance = _instance_at(world, vpc_id, address)
            if instance is None:
                return Response(HTTPStatus.NOT_FOUND)
            return self._imds.respond(world, instance, method, path, headers)

        server = call_inside(namespace, lambda: _Server(respond))
        self._servers[namespace] = server
        serve = partial(server.serve_forever, _STOP_INTERVAL)
        threading.Thread(target=serve, name=f"metadata {vpc_id}", daemon=True).start()

    def stop(self, namespace: str | None = None) -> None:
        """Stop answering in a namespace, or (None) in all."""
        for name in [namespace] if namespace else list(self._servers):
            server = self._servers.pop(name, None)
            if server is not None:
                server.shutdown()
                server.server_close()


def _instance_at(world: World, vpc_id: str, address: str) -> Instance | None:
    """Whose packets come from an address. The ports of the VPC let nobody use another's."""
    for interface in world.interfaces.values():
        if interface.vpc_id == vpc_id and address in interface.private_ips and is_live(world, interface):
            return world.instances[interface.instance_id or ""]
    return None


class _Server(socketserver.ThreadingTCPServer):
    """One listening socket; its namespace is that of the thread which makes it."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, respond: _Respond) -> None:
        self.respond = respond
        super().__init__((METADATA_ADDRESS, _PORT), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "EC2ws"
    sys_version = ""
    timeout = _IDLE_TIMEOUT

    def _answer(self) -> None:
        if not self._skip_body():
            self.close_connection = True
            return
        response = self.server.respond(self.client_address[0], self.command, self.path, self.headers)
        self.connection.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, response.hop_limit or _DEFAULT_TTL)
        self.send_response(response.status)
        for name, value in {**response.headers, "Content-Type": "text/plain"}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    def _skip_body(self) -> bool:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > _LONGEST_BODY:
            return False
        self.rfile.read(int(length))
        return True

    # The names are those that http.server looks for.
    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do_OPTIONS = do_PATCH = _answer

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: hosts ask every few seconds."""
