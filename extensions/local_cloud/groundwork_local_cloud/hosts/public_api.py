# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where instances find the AWS API: a public address in a namespace of its own.

It is as far away as on AWS: a packet to it needs a route to an internet gateway or a NAT gateway, and network ACLs and
security groups that let it pass. The machine does not listen on the address itself, and forwards nothing to it from the
real network, so nobody else can reach it.
"""

from __future__ import annotations

import socket

from .addressing import API_LINK, UPLINK, Addressing
from .links import add_uplink
from .namespaces import add, call_inside, ip_batch
from .routes import uplink_mtu

_PORT = 80  # plain HTTP, which AWS's regional endpoints speak besides HTTPS


def listen(addressing: Addressing) -> socket.socket:
    """Make the namespace and give its listening socket. A purge of the slot removes it.

    Raises CommandFailed and OSError.
    """
    namespace = addressing.namespace("api")
    add([namespace])
    add_uplink(namespace, addressing, API_LINK, uplink_mtu())
    ip_batch(namespace, [f"address add {addressing.api}/32 dev {UPLINK}"])
    way = f"via {addressing.link_address(API_LINK)} dev {addressing.link_name(API_LINK)}"
    ip_batch(None, [f"route add {addressing.api}/32 {way} src {addressing.operator}"])
    return call_inside(namespace, lambda: socket.create_server((addressing.api, _PORT), backlog=128))
