# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Questions to a DNS server, from a namespace."""

from __future__ import annotations

import socket
import struct
import time

from packets import make_socket

ADDRESS_RECORD, POINTER_RECORD, IPV6_RECORD = 1, 12, 28
NAME_ERROR = 3


def query(where: str, server: str, name: str, kind: int) -> bytes:
    """The answer to a DNS question; asked again for a while, as the server may just have been started."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    question = struct.pack("!6H", 7, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!2H", kind, 1)
    deadline = time.monotonic() + 5
    with make_socket(where, lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as client:
        client.settimeout(0.1)
        client.connect((server, 53))
        while True:
            try:
                client.send(question)
                return client.recv(512)
            except OSError:
                if time.monotonic() > deadline:
                    raise


def resolve(where: str, server: str, name: str) -> str:
    answer = query(where, server, name, ADDRESS_RECORD)
    assert struct.unpack("!H", answer[6:8]) == (1,), answer
    return socket.inet_ntoa(answer[-4:])
