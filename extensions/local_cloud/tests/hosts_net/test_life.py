# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a network: interfaces that move, instances that stop, and what is left of it all."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from groundwork_local_cloud.hosts.namespaces import purge
from groundwork_local_cloud.hosts.routes import in_the_way, resolvers
from groundwork_local_cloud.hosts.shell import run
from groundwork_local_cloud.world import Interface
from lab import SLOT, Lab
from packets import Listener, connect, ping, tcp_source
from worlds import EVERYTHING, Sketch

pytestmark = pytest.mark.hosts


@pytest.fixture
def sketch() -> Sketch:
    """Two instances in one subnet, and an interface that is attached to neither."""
    sketch = Sketch()
    vpc = sketch.vpc("one", "10.20.0.0/16")
    subnet = sketch.subnet("a", vpc, "10.20.1.0/24")
    group = sketch.group("open", vpc, EVERYTHING)
    sketch.host("one", subnet, "10.20.1.5", groups=(group,))
    sketch.host("two", subnet, "10.20.1.6", groups=(group,))
    sketch.interface("spare", subnet, "10.20.1.100", groups=(group,))
    return sketch


def spare(sketch: Sketch) -> Interface:
    return next(one for one in sketch.world.interfaces.values() if one.private_ips == ("10.20.1.100",))


def link(namespace: str, device: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = json.loads(run("ip", "-n", namespace, "-j", "address", "show", "dev", device))
    return found[0]


def configure_secondary(namespace: str) -> None:
    """What the guest has to do, as on AWS: answers must leave by the interface whose address they carry."""
    for command in (
        "link set eth1 up",
        "address add 10.20.1.100/24 dev eth1",
        "route add default via 10.20.1.1 dev eth1 table 100",
        "rule add from 10.20.1.100 lookup 100",
    ):
        run("ip", "-n", namespace, *command.split())


def left_behind() -> str:
    """Everything on the machine that carries the name of the slot, and its routes."""
    listings = [
        "\n".join(path.name for path in Path("/run/netns").glob(f"gw{SLOT}-*")),
        "\n".join(line for line in run("ip", "-br", "link").splitlines() if line.startswith(f"gw{SLOT}")),
        "\n".join(line for line in run("nft", "list", "tables").splitlines() if f"gw{SLOT}" in line),
        "\n".join(line for line in run("ip", "route").splitlines() if "198.51.100.192/26" in line or "10.20." in line),
    ]
    return "\n".join(listing for listing in listings if listing)


def test_the_primary_interface_is_configured_as_by_dhcp(lab: Lab, sketch: Sketch) -> None:
    one = next(found for found in sketch.world.interfaces.values() if found.instance_id == "i-one")
    sketch.change(one, private_ips=("10.20.1.5", "10.20.1.50"))
    lab.show(sketch)
    eth0 = link(lab.at("one"), "eth0")
    assert eth0["address"] == one.mac
    assert [(found["local"], found["prefixlen"]) for found in eth0["addr_info"] if found["family"] == "inet"] == [
        ("10.20.1.5", 24),
        ("10.20.1.50", 24),
    ]
    assert "default via 10.20.1.1 dev eth0" in run("ip", "-n", lab.at("one"), "route")
    assert ping(None, "10.20.1.50")


def test_an_interface_moves_with_its_addresses_in_well_under_a_second(lab: Lab, sketch: Sketch) -> None:
    lab.show(sketch)
    assert not lab.network.has_interface(spare(sketch).id)
    for name in ("one", "two"):
        moved = sketch.change(spare(sketch), instance_id=f"i-{name}", device_index=1)
        begun = time.monotonic()
        lab.show(sketch)
        eth1 = link(lab.at(name), "eth1")
        assert eth1["address"] == moved.mac
        assert eth1["operstate"] == "DOWN"
        assert eth1["addr_info"] == []  # the guest's own business
        assert lab.network.has_interface(moved.id)
        configure_secondary(lab.at(name))
        assert ping(None, "10.20.1.100")
        assert time.monotonic() - begun < 1
    sketch.change(spare(sketch), instance_id=None, device_index=None)
    lab.show(sketch)
    assert lab.network.released_interface(spare(sketch).id)
    assert "eth1" not in run("ip", "-n", lab.at("two"), "link")
    assert not ping(None, "10.20.1.100")


def test_connections_survive_changes_of_the_rules_and_of_the_neighbours(lab: Lab, sketch: Sketch) -> None:
    lab.show(sketch)
    with Listener(lab.at("one"), 80), connect(lab.at("two"), "10.20.1.5", 80) as connection:
        lines = connection.makefile()
        assert lines.readline() == "10.20.1.6\n"
        sketch.host("three", sketch.world.subnets["subnet-a"], "10.20.1.7", groups=(sketch.world.groups["sg-open"],))
        sketch.change(spare(sketch), instance_id="i-two", device_index=1)
        lab.show(sketch)
        connection.sendall(b"hello\n")
        assert lines.readline() == "hello\n"


def test_a_stopped_instance_is_silent_and_starts_afresh(lab: Lab, sketch: Sketch) -> None:
    lab.show(sketch)
    run("ip", "-n", lab.at("one"), "address", "add", "10.9.9.9/32", "dev", "lo")
    assert ping(None, "10.20.1.5")
    sketch.change(sketch.world.instances["i-one"], state="stopped")
    lab.show(sketch)
    assert not ping(None, "10.20.1.5")
    attached = sketch.change(spare(sketch), instance_id="i-one", device_index=1)
    lab.show(sketch)
    assert lab.network.has_interface(attached.id)
    sketch.change(sketch.world.instances["i-one"], state="pending")
    lab.show(sketch)
    assert ping(None, "10.20.1.5")
    assert "10.9.9.9" not in run("ip", "-n", lab.at("one"), "address")
    assert link(lab.at("one"), "eth1")["address"] == attached.mac


def test_a_renewed_namespace_is_as_new(lab: Lab, sketch: Sketch) -> None:
    lab.show(sketch)
    run("ip", "-n", lab.at("one"), "link", "set", "eth0", "down")
    run("ip", "-n", lab.at("one"), "address", "add", "10.9.9.9/32", "dev", "lo")
    assert not ping(None, "10.20.1.5")
    lab.network.renew("i-one")
    assert ping(None, "10.20.1.5")
    assert "10.9.9.9" not in run("ip", "-n", lab.at("one"), "address")


def test_an_interface_that_the_guest_has_destroyed_comes_back_with_the_next_change(lab: Lab, sketch: Sketch) -> None:
    lab.show(sketch)
    run("ip", "-n", lab.at("one"), "link", "delete", "eth0")
    sketch.change(spare(sketch), instance_id="i-two", device_index=1)
    lab.show(sketch)
    assert ping(None, "10.20.1.5")


def test_a_device_of_the_guest_in_the_way_delays_only_that_interface(lab: Lab, sketch: Sketch) -> None:
    lab.show(sketch)
    run("ip", "-n", lab.at("one"), "link", "add", "eth1", "type", "bridge")
    attached = sketch.change(spare(sketch), instance_id="i-one", device_index=1)
    sketch.host("three", sketch.world.subnets["subnet-a"], "10.20.1.7", groups=(sketch.world.groups["sg-open"],))
    lab.show(sketch)
    assert not lab.network.has_interface(attached.id)
    assert lab.network.problem("vpc-one") is None
    assert ping(None, "10.20.1.7")
    run("ip", "-n", lab.at("one"), "link", "delete", "eth1")
    lab.show(sketch)
    assert lab.network.has_interface(attached.id)
    assert link(lab.at("one"), "eth1")["address"] == attached.mac


def test_a_terminated_instance_leaves_nothing_and_its_address_can_be_used_again(lab: Lab, sketch: Sketch) -> None:
    lab.show(sketch)
    sketch.change(sketch.world.instances["i-one"], state="terminated")
    primary = next(one for one in sketch.world.interfaces.values() if one.instance_id == "i-one")
    del sketch.world.interfaces[primary.id]
    lab.show(sketch)
    assert not Path("/run/netns", lab.at("one")).exists()
    sketch.host("next", sketch.world.subnets["subnet-a"], "10.20.1.5", groups=(sketch.world.groups["sg-open"],))
    lab.show(sketch)
    with Listener(lab.at("next"), 80):
        assert tcp_source(lab.at("two"), "10.20.1.5", 80) == "10.20.1.6"


def test_a_vpc_without_instances_leaves_nothing(lab: Lab, sketch: Sketch) -> None:
    lab.show(sketch)
    for name in ("one", "two"):
        sketch.change(sketch.world.instances[f"i-{name}"], state="terminated")
    lab.show(sketch)
    assert list(Path("/run/netns").glob(f"gw{SLOT}-*")) == []
    assert "10.20.0.0/16" not in run("ip", "route")


def test_stopping_leaves_nothing_on_the_machine(lab: Lab, sketch: Sketch) -> None:
    forwarding = Path("/proc/sys/net/ipv4/ip_forward").read_text()
    lab.show(sketch)
    assert left_behind()
    lab.network.stop()
    assert left_behind() == ""
    assert forwarding == "1\n"


def runs(process: str) -> bool:
    """Whether it has not ended within a second. A zombie has."""
    deadline = time.monotonic() + 1
    stat = Path(f"/proc/{process}/stat")
    while stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z":
        if time.monotonic() > deadline:
            return True
        time.sleep(0.01)
    return False


def test_a_purge_needs_no_memory(lab: Lab, sketch: Sketch) -> None:
    """As after ``kill -9``: another process removes what it finds, the DNS server included."""
    lab.show(sketch)
    namespace = lab.network.namespace_of("vpc-one")
    servers = run("ip", "netns", "pids", namespace).split()
    assert servers
    purge(SLOT)
    assert left_behind() == ""
    assert not any(runs(process) for process in servers)
    purge(SLOT)  # nothing to remove is fine


def test_a_fresh_start_removes_what_an_earlier_cloud_left(lab: Lab, sketch: Sketch, tmp_path: Path) -> None:
    lab.show(sketch)
    lab.metadata.stop()
    heir = Lab(tmp_path)
    heir.network.start()
    heir.show(sketch)
    assert ping(None, "10.20.1.5")
    heir.network.stop()


@pytest.mark.parametrize("cidr", ["10.20.1.0/28", "10.0.0.0/8", "10.20.0.0/16"])
def test_a_route_of_the_machine_in_the_way_is_a_problem_of_that_vpc(lab: Lab, sketch: Sketch, cidr: str) -> None:
    vpc = sketch.vpc("two", "192.168.0.0/16")
    group = sketch.group("two", vpc, EVERYTHING)
    sketch.host("far", sketch.subnet("two", vpc, "192.168.0.0/24"), "192.168.0.5", groups=(group,))
    run("ip", "route", "add", "blackhole", cidr)
    try:
        lab.show(sketch)
        assert cidr in (lab.network.problem("vpc-one") or "")
        assert lab.network.problem("vpc-two") is None
        assert ping(None, "192.168.0.5")
    finally:
        run("ip", "route", "delete", "blackhole", cidr)
    lab.show(sketch)
    assert lab.network.problem("vpc-one") is None
    assert ping(None, "10.20.1.5")


def test_two_vpcs_with_the_same_addresses_cannot_both_be_reached(lab: Lab, sketch: Sketch) -> None:
    lab.show(sketch)
    vpc = sketch.vpc("same", "10.20.0.0/20")
    group = sketch.group("same", vpc, EVERYTHING)
    sketch.host("same", sketch.subnet("same", vpc, "10.20.1.0/24"), "10.20.1.5", groups=(group,))
    lab.show(sketch)
    assert "10.20.0.0/16" in (lab.network.problem("vpc-same") or "")
    assert lab.network.problem("vpc-one") is None


def test_the_machines_name_server_is_not_hidden_by_a_vpc() -> None:
    if not resolvers():
        pytest.skip("this machine has no name server but on loopback")
    address = resolvers()[0]
    assert address in (in_the_way([f"{address}/32"]) or "")


def test_a_cidr_block_that_is_added_later_takes_no_route_from_the_machine(lab: Lab, sketch: Sketch) -> None:
    lab.show(sketch)
    run("ip", "route", "add", "blackhole", "10.21.0.0/16")
    try:
        sketch.change(sketch.world.vpcs["vpc-one"], cidrs=("10.20.0.0/16", "10.21.0.0/16"))
        lab.show(sketch)
        assert "10.21.0.0/16" in (lab.network.problem("vpc-one") or "")
        assert "blackhole 10.21.0.0/16" in run("ip", "route")
        assert ping(None, "10.20.1.5")
    finally:
        run("ip", "route", "delete", "blackhole", "10.21.0.0/16")
    lab.show(sketch)
    assert lab.network.problem("vpc-one") is None
    assert "10.21.0.0/16" in run("ip", "route")
