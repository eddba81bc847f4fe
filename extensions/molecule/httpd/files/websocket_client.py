# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens a WebSocket over TLS to this host and prints the text of the first frame.

Usage: websocket_client.py HOST_NAME
"""

from __future__ import annotations

import base64
import os
import socket
import ssl
import sys

name = sys.argv[1]
context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE  # the certificate of the test is self-signed
with context.wrap_socket(socket.create_connection(("127.0.0.1", 443), timeout=10), server_hostname=name) as connection:
    key = base64.b64encode(os.urandom(16)).decode()
    connection.sendall(
        f"GET /chat HTTP/1.1\r\nHost: {name}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
    )
    stream = connection.makefile("rb")
    status = stream.readline().split()[1]
    while stream.readline().strip():
        pass
    if status != b"101":
        sys.exit(f"no upgrade: status {status.decode()}")
    length = stream.read(2)[1]
    print(stream.read(length).decode())
