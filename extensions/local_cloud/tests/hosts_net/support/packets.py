# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packets: what a host, or the operator, can reach. Sockets are opened in the namespace that is asked for."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType

from groundwork_local_cloud.hosts.namespaces import call_inside

PATIENCE = 0.5  # seconds; an answer on this machine takes less than a millisecond
_ECHO_REQUEST, _ECHO_REPLY = 8, 0


def make_socket(where: str | None, make: Callable[[], socket.socket]) -> socket.socket:
    """Make a socket in a namespace, or (None) in the machine's own, where the operator is."""
    return make() if where is None else call_inside(where, make)


class Listener:
    """A TCP and UDP server on one port of a namespace. TCP peers read the address they are seen from; UDP echoes it."""

    def __init__(self, where: str | None, port: int) -> None:
        self._tcp = make_socket(where, lambda: socket.create_server(("0.0.0.0", port), backlog=64))  # noqa: S104 - in a test's namespace
        self._udp = make_socket(where, lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        self._udp.bind(("0.0.0.0", port))  # noqa: S104 - in a test's namespace
        self._threads = [threading.Thread(target=serve, daemon=True) for serve in (self._serve_tcp, self._serve_udp)]

    def __enter__(self) -> Listener:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in (self._tcp, self._udp):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        for thread in self._threads:
            thread.join(PATIENCE)

    def _serve_tcp(self) -> None:
        with suppress(OSError):
            while True:
                connection, (address, _) = self._tcp.accept()
                threading.Thread(target=_greet, args=(connection, address), daemon=True).start()

    def _serve_udp(self) -> None:
        with suppress(OSError):
            while True:
                _, peer = self._udp.recvfrom(64)
                if peer is None:  # it was shut down
                    return
                self._udp.sendto(peer[0].encode(), peer)


def _greet(connection: socket.socket, address: str) -> None:
    with connection, suppress(OSError):
        connection.sendall(f"{address}\n".encode())
        while data := connection.recv(64):
            connection.sendall(data)


def connect(where: str | None, address: str, port: int, source: str = "") -> socket.socket:
    """An open TCP connection, its greeting unread. Raises OSError; TimeoutError when there is silence."""

    def make() -> socket.socket:
        return socket.create_connection((address, port), PATIENCE, (source, 0) if source else None)

    return make_socket(where, make)


def tcp_source(where: str | None, address: str, port: int, source: str = "") -> str | None:
    """The address that a TCP server sees the client at. None: dropped, the connection gets no answer."""
    try:
        with connect(where, address, port, source) as connection:
            return connection.makefile().readline().strip()
    except TimeoutError:
        return None


def udp_source(where: str | None, address: str, port: int) -> str | None:
    """The same for UDP."""
    with make_socket(where, lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as client:
        client.settimeout(PATIENCE)
        client.sendto(b"?", (address, port))
        try:
            return client.recv(64).decode()
        except TimeoutError:
            return None


def arrives(sender: str | None, receiver: str | None, address: str, source: str = "") -> bool:
    """Whether one UDP packet gets from a namespace to another; an answer is not needed."""
    with (
        make_socket(receiver, lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as server,
        make_socket(sender, lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as client,
    ):
        server.settimeout(PATIENCE)
        server.bind((address, 7))
        client.bind((source, 0))
        client.sendto(b"!", (address, 7))
        try:
            return server.recv(64) == b"!"
        except TimeoutError:
            return False


def ping(where: str | None, address: str) -> bool:
    """Whether an ICMP echo is answered."""
    with make_socket(where, lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)) as raw:
        raw.settimeout(PATIENCE)
        identifier = threading.get_ident() & 0xFFFF
        raw.sendto(_echo_request(identifier), (address, 0))
        try:
            return _has_reply(raw, address, identifier)
        except TimeoutError:
            return False


def _echo_request(identifier: int) -> bytes:
    packet = struct.pack("!BBHHH", _ECHO_REQUEST, 0, 0, identifier, 1)
    total = sum(struct.unpack("!4H", packet))
    checksum = ~(total + (total >> 16)) & 0xFFFF
    return struct.pack("!BBHHH", _ECHO_REQUEST, 0, checksum, identifier, 1)


def _has_reply(raw: socket.socket, address: str, identifier: int) -> bool:
    for _ in range(50):
        packet, (source, _port) = raw.recvfrom(256)
        header = (packet[0] & 0xF) * 4
        kind, _code, _sum, found, _seq = struct.unpack("!BBHHH", packet[header : header + 8])
        if (kind, found, source) == (_ECHO_REPLY, identifier, address):
            return True
    return False
