# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The AWS API at its public address: who can reach it, and by which names."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from groundwork_local_cloud.hosts import namespaces, public_api
from groundwork_local_cloud.hosts.addressing import Addressing
from groundwork_local_cloud.hosts.shell import run
from groundwork_local_cloud.world import Route
from lab import OPERATOR, SLOT, Lab
from packets import tcp_source
from questions import ADDRESS_RECORD, IPV6_RECORD, NAME_ERROR, query, resolve
from worlds import ANYWHERE, Sketch

pytestmark = pytest.mark.hosts
API = Addressing(SLOT).api
PUBLIC, NAT = "198.51.100.200", "198.51.100.201"


@pytest.fixture
def api(lab: Lab) -> Iterator[None]:
    """What listens there tells every client the address that it is seen from."""
    with public_api.listen(Addressing(SLOT)) as listener:

        def greet() -> None:
            with suppress(OSError):
                while True:
                    connection, (address, _) = listener.accept()
                    with connection:
                        connection.sendall(f"{address}\n".encode())

        threading.Thread(target=greet, daemon=True).start()
        yield
        listener.shutdown(2)


@pytest.fixture
def sketch() -> Sketch:
    """An instance with a public address, one behind a NAT gateway, one without a way out."""
    sketch = Sketch()
    vpc = sketch.vpc("one", "10.20.0.0/16", internet=True)
    group = sketch.group("any", vpc)
    public = sketch.public_subnet("a", vpc, "10.20.0.0/24")
    nat = sketch.nat("a", public, "10.20.0.9", NAT)
    private = sketch.subnet("b", vpc, "10.20.1.0/24", (Route(ANYWHERE, nat.id),))
    closed = sketch.subnet("c", vpc, "10.20.2.0/24")
    sketch.host("public", public, "10.20.0.5", groups=(group,), public=PUBLIC)
    sketch.host("hidden", public, "10.20.0.6", groups=(group,))
    sketch.host("private", private, "10.20.1.5", groups=(group,))
    sketch.host("closed", closed, "10.20.2.5", groups=(group,))
    return sketch


def test_it_is_reached_over_the_internet_like_that_of_aws(lab: Lab, sketch: Sketch, api: None) -> None:
    lab.show(sketch)
    assert tcp_source(lab.at("public"), API, 80) == PUBLIC
    assert tcp_source(lab.at("private"), API, 80) == NAT
    assert tcp_source(lab.at("hidden"), API, 80) is None
    assert tcp_source(lab.at("closed"), API, 80) is None
    assert tcp_source(None, API, 80) == OPERATOR


@pytest.mark.parametrize(
    ("collection", "name", "closed"), [("groups", "sg-any", "egress"), ("subnets", "subnet-a", "acl")]
)
def test_groups_and_acls_have_their_say(
    lab: Lab, sketch: Sketch, api: None, collection: str, name: str, closed: str
) -> None:
    thing: Any = getattr(sketch.world, collection)[name]
    sketch.change(thing, **{closed: ()})
    lab.show(sketch)
    assert tcp_source(lab.at("public"), API, 80) is None


def test_nobody_reaches_it_from_the_real_network(lab: Lab, sketch: Sketch, api: None) -> None:
    """A neighbour of the machine that sends its packets for the address to it."""
    neighbour = "gw3-far"  # so that a purge of the slot removes it too
    lab.show(sketch)
    namespaces.add([neighbour])
    run("ip", "link", "add", "far0", "type", "veth", "peer", "name", "eth0", "netns", neighbour)
    try:
        run("ip", "address", "add", "198.19.250.1/24", "dev", "far0")
        run("ip", "link", "set", "far0", "up")
        run("ip", "-n", neighbour, "address", "add", "198.19.250.2/24", "dev", "eth0")
        run("ip", "-n", neighbour, "link", "set", "eth0", "up")
        run("ip", "-n", neighbour, "route", "add", "default", "via", "198.19.250.1")
        assert tcp_source(neighbour, API, 80) is None
    finally:
        run("ip", "link", "delete", "far0")


def test_its_names_are_those_of_aws(lab: Lab, sketch: Sketch, api: None) -> None:
    lab.show(sketch)
    for name in ("dynamodb.us-east-1.amazonaws.com", "releases.s3.eu-west-1.amazonaws.com", "sts.amazonaws.com"):
        assert resolve(lab.at("public"), "10.20.0.2", name) == API
    assert resolve(lab.at("public"), "10.20.0.2", "ec2-198-51-100-200.compute-1.amazonaws.com") == "10.20.0.5"


def test_no_question_about_aws_leaves_the_machine(lab: Lab, sketch: Sketch, api: None) -> None:
    """No IPv6 address of AWS's own, and no address for an instance that there is not."""
    lab.show(sketch)
    answer = query(lab.at("public"), "10.20.0.2", "dynamodb.us-east-1.amazonaws.com", IPV6_RECORD)
    assert (answer[3] & 0xF, answer[6:8]) == (0, b"\0\0")
    missing = query(lab.at("public"), "10.20.0.2", "ec2-198-51-100-1.compute-1.amazonaws.com", ADDRESS_RECORD)
    assert missing[3] & 0xF == NAME_ERROR


def test_a_purge_removes_it(lab: Lab, api: None) -> None:
    namespaces.purge(SLOT)
    assert API not in run("ip", "route")
    assert "gw3-api" not in run("ip", "netns")
