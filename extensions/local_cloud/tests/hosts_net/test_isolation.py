# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host with root in it must not be able to do, and what must not leave or enter the machine."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator

import pytest
from groundwork_local_cloud.hosts import namespaces
from groundwork_local_cloud.hosts.addressing import router_mac
from groundwork_local_cloud.hosts.shell import run
from lab import OPERATOR, Lab
from packets import Listener, arrives, make_socket, ping, tcp_source
from worlds import EVERYTHING, Sketch, tcp

pytestmark = pytest.mark.hosts
MACHINE, FAR = "198.19.250.1", "198.19.250.2"
FAR_NAMESPACE = "gw3-far"  # so that a purge of the slot removes it too
WEB = "198.51.100.200"


@pytest.fixture
def pair() -> Sketch:
    """A server with a public address, and a client that may reach its port 80 only."""
    sketch = Sketch()
    vpc = sketch.vpc("one", "10.20.0.0/16", internet=True)
    subnet = sketch.public_subnet("a", vpc, "10.20.0.0/24")
    clients = sketch.group("clients", vpc)
    web = sketch.group("web", vpc, tcp(80, groups=(clients.id,)))
    sketch.host("web", subnet, "10.20.0.5", groups=(web,), public=WEB)
    sketch.host("client", subnet, "10.20.0.6", groups=(clients,))
    return sketch


@pytest.fixture
def far(lab: Lab) -> Iterator[str]:
    """A namespace in the place of the real network: the machine has a route to it, it has one to the VPC."""
    namespaces.add([FAR_NAMESPACE])
    run("ip", "link", "add", "far0", "type", "veth", "peer", "name", "eth0", "netns", FAR_NAMESPACE)
    run("ip", "address", "add", f"{MACHINE}/24", "dev", "far0")
    run("ip", "link", "set", "far0", "up")
    run("ip", "-n", FAR_NAMESPACE, "address", "add", f"{FAR}/24", "dev", "eth0")
    run("ip", "-n", FAR_NAMESPACE, "link", "set", "eth0", "up")
    run("ip", "-n", FAR_NAMESPACE, "route", "add", "default", "via", MACHINE)
    yield FAR_NAMESPACE
    run("ip", "link", "delete", "far0")


def test_a_host_cannot_take_anothers_address(lab: Lab, pair: Sketch) -> None:
    pair.change(pair.world.groups["sg-web"], ingress=(EVERYTHING,))
    lab.show(pair)
    run("ip", "-n", lab.at("client"), "address", "add", "10.20.0.77/32", "dev", "lo")
    assert arrives(lab.at("client"), lab.at("web"), "10.20.0.5")
    assert not arrives(lab.at("client"), lab.at("web"), "10.20.0.5", source="10.20.0.77")


def test_a_host_cannot_take_anothers_hardware_address(lab: Lab, pair: Sketch) -> None:
    pair.change(pair.world.groups["sg-web"], ingress=(EVERYTHING,))
    lab.show(pair)
    assert arrives(lab.at("client"), lab.at("web"), "10.20.0.5")
    run("ip", "-n", lab.at("client"), "link", "set", "eth0", "address", "02:00:00:00:00:99")
    router = router_mac("vpc-one")  # ARP brings no answer to the other address
    run("ip", "-n", lab.at("client"), "neighbour", "replace", "10.20.0.5", "lladdr", router, "dev", "eth0")
    assert not arrives(lab.at("client"), lab.at("web"), "10.20.0.5")


def test_a_host_cannot_go_round_the_router(lab: Lab, pair: Sketch) -> None:
    """It knows the hardware address of its neighbour, and sends to it directly."""
    lab.show(pair)
    mac = next(one.mac for one in pair.world.interfaces.values() if one.instance_id == "i-web")
    run("ip", "-n", lab.at("client"), "neighbour", "replace", "10.20.0.5", "lladdr", mac, "dev", "eth0")
    assert not arrives(lab.at("client"), lab.at("web"), "10.20.0.5")


def test_a_host_cannot_answer_for_anothers_address(lab: Lab, pair: Sketch) -> None:
    """It tells the router that the server's address is at its own hardware address."""
    pair.change(pair.world.groups["sg-web"], ingress=(EVERYTHING,))
    lab.show(pair)
    run("ip", "-n", lab.at("client"), "address", "add", "10.20.0.5/32", "dev", "lo")
    with Listener(lab.at("web"), 80):
        assert tcp_source(None, "10.20.0.5", 80) == OPERATOR
        time.sleep(1.1)  # Linux takes no second answer within a second
        claim_address(lab.at("client"), "10.20.0.5", router_mac("vpc-one"), "10.20.0.1")
        assert tcp_source(None, "10.20.0.5", 80) == OPERATOR


def claim_address(where: str, address: str, victim_mac: str, victim: str) -> None:
    """Send an ARP reply: ``address`` is here."""
    frames = make_socket(where, lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
    with frames:
        frames.bind(("eth0", 0))
        own, target = frames.getsockname()[4], bytes.fromhex(victim_mac.replace(":", ""))
        arp = struct.pack("!HHBBH", 1, 0x0800, 6, 4, 2) + own + socket.inet_aton(address) + target
        frames.send(target + own + b"\x08\x06" + arp + socket.inet_aton(victim))


def test_neighbours_hear_nothing_of_each_other(lab: Lab, pair: Sketch) -> None:
    lab.show(pair)
    received = "/sys/class/net/eth0/statistics/rx_packets"

    def count() -> int:
        return int(run("ip", "netns", "exec", lab.at("client"), "cat", received))

    before = count()
    with Listener(lab.at("web"), 80):
        assert tcp_source(None, "10.20.0.5", 80) is None
        assert not ping(lab.at("web"), "10.20.0.99")
    assert count() == before


def test_what_leaves_for_the_real_network_comes_from_the_machine(lab: Lab, pair: Sketch, far: str) -> None:
    lab.show(pair)
    with Listener(far, 80):
        assert tcp_source(lab.at("web"), FAR, 80) == MACHINE
        assert tcp_source(lab.at("client"), FAR, 80) is None


def test_the_router_itself_asks_the_real_network_for_names_only(lab: Lab, pair: Sketch, far: str) -> None:
    lab.show(pair)
    router = lab.network.namespace_of("vpc-one")
    with Listener(far, 80), Listener(far, 53):
        assert tcp_source(router, FAR, 53) == MACHINE
        assert tcp_source(router, FAR, 80) is None


@pytest.mark.parametrize("address", ["10.20.0.5", WEB])
def test_nobody_comes_in_from_the_real_network(lab: Lab, pair: Sketch, far: str, address: str) -> None:
    pair.change(pair.world.groups["sg-web"], ingress=(EVERYTHING,))
    lab.show(pair)
    with Listener(lab.at("web"), 80):
        assert tcp_source(far, address, 80) is None
        assert tcp_source(None, address, 80) == OPERATOR
