# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The instance metadata service and DNS, as a host asks them."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Mapping

import pytest
from groundwork_local_cloud.hosts.shell import run
from groundwork_local_cloud.world import Instance, MetadataOptions
from lab import Lab
from packets import PATIENCE, make_socket, tcp_source
from questions import ADDRESS_RECORD, NAME_ERROR, POINTER_RECORD, query, resolve
from worlds import EVERYTHING, Sketch

pytestmark = pytest.mark.hosts


@pytest.fixture
def sketch() -> Sketch:
    """Two instances whose groups and ACL let nothing through."""
    sketch = Sketch()
    vpc = sketch.vpc("one", "10.20.0.0/16")
    subnet = sketch.subnet("a", vpc, "10.20.1.0/24", acl=())
    closed = sketch.group("closed", vpc, egress=())
    for name, address in (("one", "10.20.1.5"), ("two", "10.20.1.6")):
        sketch.host(name, subnet, address, groups=(closed,), metadata=MetadataOptions(tokens_required=True))
    return sketch


def ask(where: str, method: str, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Status and body."""
    connection = http.client.HTTPConnection("169.254.169.254", timeout=PATIENCE)
    connection.sock = make_socket(where, lambda: socket.create_connection(("169.254.169.254", 80), PATIENCE))
    try:
        connection.request(method, path, headers=dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def token(where: str) -> str:
    status, value = ask(where, "PUT", "/latest/api/token", {"X-aws-ec2-metadata-token-ttl-seconds": "60"})
    assert status == 200
    return value


def change_options(sketch: Sketch, instance: Instance, **options: object) -> None:
    sketch.change(instance, metadata=MetadataOptions(**options))  # type: ignore[arg-type]  # the names are the test's


def test_each_instance_reads_about_itself_whatever_its_groups_say(lab: Lab, sketch: Sketch) -> None:
    lab.show(sketch)
    for name, address in (("one", "10.20.1.5"), ("two", "10.20.1.6")):
        headers = {"X-aws-ec2-metadata-token": token(lab.at(name))}
        assert ask(lab.at(name), "GET", "/latest/meta-data/instance-id", headers) == (200, f"i-{name}")
        assert ask(lab.at(name), "GET", "/latest/meta-data/local-ipv4", headers) == (200, address)


def test_a_token_of_one_instance_is_none_of_another(lab: Lab, sketch: Sketch) -> None:
    lab.show(sketch)
    stolen = {"X-aws-ec2-metadata-token": token(lab.at("one"))}
    assert ask(lab.at("two"), "GET", "/latest/meta-data/instance-id", stolen)[0] == 401
    assert ask(lab.at("two"), "GET", "/latest/meta-data/instance-id")[0] == 401


def test_options_hold_from_the_next_request_on(lab: Lab, sketch: Sketch) -> None:
    lab.show(sketch)
    change_options(sketch, sketch.world.instances["i-one"], tokens_required=False)
    lab.show(sketch)
    assert ask(lab.at("one"), "GET", "/latest/meta-data/instance-id") == (200, "i-one")
    change_options(sketch, sketch.world.instances["i-one"], endpoint_enabled=False)
    lab.show(sketch)
    assert ask(lab.at("one"), "GET", "/latest/meta-data/instance-id")[0] == 403


@pytest.mark.parametrize("hops", [1, 2])
def test_the_token_travels_no_further_than_the_hop_limit(lab: Lab, sketch: Sketch, hops: int) -> None:
    change_options(sketch, sketch.world.instances["i-one"], hop_limit=hops)
    lab.show(sketch)
    assert token_ttl(lab.at("one")) == hops


def token_ttl(where: str) -> int:
    """The time to live of the packet that brings the token. A raw socket sees the IP header."""
    raw = make_socket(where, lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP))
    with raw:
        raw.settimeout(PATIENCE)
        token(where)
        while True:
            packet = raw.recv(65536)
            if b"HTTP/1.1 200" in packet:
                return packet[8]


def test_the_operator_does_not_reach_the_metadata_or_the_router(lab: Lab, sketch: Sketch) -> None:
    lab.show(sketch)
    assert tcp_source(None, "10.20.1.1", 80) is None
    assert tcp_source(None, "10.20.0.2", 53) is None


def test_a_removed_vpc_can_come_back(lab: Lab, sketch: Sketch) -> None:
    for state in ("running", "stopped", "running"):
        for name in ("one", "two"):
            sketch.change(sketch.world.instances[f"i-{name}"], state=state)
        lab.show(sketch)
    assert token(lab.at("one"))
    assert resolve(lab.at("one"), "10.20.0.2", "ip-10-20-1-5.ec2.internal") == "10.20.1.5"


@pytest.mark.parametrize("server", ["10.20.0.2", "169.254.169.253"])
def test_private_names_resolve_both_ways_whatever_the_groups_say(lab: Lab, sketch: Sketch, server: str) -> None:
    lab.show(sketch)
    assert resolve(lab.at("one"), server, "ip-10-20-1-6.ec2.internal") == "10.20.1.6"
    pointer = query(lab.at("one"), server, "6.1.20.10.in-addr.arpa", POINTER_RECORD)
    assert b"\x0cip-10-20-1-6\x03ec2\x08internal" in pointer
    unknown = query(lab.at("one"), server, "ip-10-20-1-99.ec2.internal", ADDRESS_RECORD)
    assert unknown[3] & 0xF == NAME_ERROR


def test_names_follow_the_instances(lab: Lab, sketch: Sketch) -> None:
    lab.show(sketch)
    assert resolve(lab.at("one"), "10.20.0.2", "ip-10-20-1-6.ec2.internal") == "10.20.1.6"
    vpc, subnet = sketch.world.vpcs["vpc-one"], sketch.world.subnets["subnet-a"]
    sketch.host("new", subnet, "10.20.1.7", groups=(sketch.group("any", vpc, EVERYTHING),))
    lab.show(sketch)
    deadline = time.monotonic() + 5
    while query(lab.at("one"), "10.20.0.2", "ip-10-20-1-7.ec2.internal", ADDRESS_RECORD)[3] & 0xF:
        assert time.monotonic() < deadline
    assert resolve(lab.at("one"), "10.20.0.2", "ip-10-20-1-7.ec2.internal") == "10.20.1.7"


def test_an_appliance_cannot_ask_for_the_metadata_of_another(lab: Lab, sketch: Sketch) -> None:
    """Without source/destination check an instance may send in any name, but not to the link-local services."""
    one = next(found for found in sketch.world.interfaces.values() if found.instance_id == "i-one")
    sketch.change(one, source_dest_check=False)
    lab.show(sketch)
    run("ip", "-n", lab.at("one"), "address", "add", "10.20.1.6/32", "dev", "lo")

    def ask_as_the_other() -> socket.socket:
        return socket.create_connection(("169.254.169.254", 80), PATIENCE, ("10.20.1.6", 0))

    with pytest.raises(TimeoutError):
        make_socket(lab.at("one"), ask_as_the_other)
    assert token(lab.at("one"))
