# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""stateful_fleet survives every fault at every one of its calls: created, grown, healed, shrunk, removed."""

from __future__ import annotations

import functools
import re
import typing as t
from collections import Counter

import pytest
from groundwork_local_cloud.client import LocalCloud
from groundwork_local_cloud.settings import ACCOUNT_ID
from moto.ec2 import ec2_backends
from support.modules import Result
from support.stateful_fleet import SLOT, VOLUME, Setting, setting_in

from .sweep import Flow, Sweep, cases

# Instances that are gone show for an hour, and how many there are depends on what was tried.
READS = ("ec2.describe_network_interfaces", "ec2.describe_volumes", "ec2.describe_placement_groups")


def run(setting: Setting, **options: t.Any) -> Result:
    """One call after the other, so that calls have the same numbers in every run."""
    return setting.run(**{"rows": 2, "max_in_flight": 1, **options})


def fleet(cloud: LocalCloud, **options: t.Any) -> Setting:
    setting = setting_in(cloud)
    result = run(setting, **options)
    assert not result.get("failed"), result["msg"]
    return setting


def fleet_with_a_loss(cloud: LocalCloud) -> Setting:
    """An instance is gone, and the data volume of another slot."""
    setting, ec2 = fleet(cloud), cloud.client("ec2")
    nodes = run(setting)["nodes"]
    ec2.terminate_instances(InstanceIds=[nodes[1]["instance_id"]])
    lost = nodes[3]["volumes"][0]["id"]
    ec2.detach_volume(VolumeId=lost)
    ec2.describe_volumes()
    ec2.delete_volume(VolumeId=lost)
    return setting


class Safety:
    """What has to be true after every call, however far a run has come."""

    def __init__(self, _setting: Setting, *, may_go: t.Collection[str] = (), data_may_go: bool = False) -> None:
        self._backend = ec2_backends[ACCOUNT_ID]["us-east-1"]
        self._data = set(self._data_volumes())
        self._owned = set(self._owners())
        self._may_go = may_go
        self._data_may_go = data_may_go

    def _tags(self, resource: t.Any) -> dict[str, str]:
        return dict(self._backend.tags.get(resource.id, {}))

    def _data_volumes(self) -> dict[str, t.Any]:
        return {one.id: one for one in self._backend.volumes.values() if VOLUME in self._tags(one)}

    def _owners(self) -> dict[str, str]:
        """The living instances by the slot whose interface is attached to them."""
        interfaces = [one for one in self._backend.enis.values() if SLOT in self._tags(one) and one.instance]
        return {
            self._tags(one)[SLOT]: one.instance.id for one in interfaces if one.instance.state in ("running", "stopped")
        }

    def __call__(self) -> None:
        self._check_addresses()
        self._check_bodies()
        if not self._data_may_go:
            lost = self._data - set(self._data_volumes())
            assert not lost, f"data volumes {lost} are gone without permission"
        owners = self._owners()
        down = {slot for slot in self._owned - set(owners) if not slot.startswith(tuple(self._may_go))}
        assert not down, f"{down} were owned and are not any more"
        self._owned |= set(owners)

    def _check_addresses(self) -> None:
        counts = Counter(
            address["PrivateIpAddress"] for one in self._backend.enis.values() for address in one.private_ip_addresses
        )
        assert max(counts.values(), default=1) == 1, f"an address is used twice: {counts.most_common(1)}"

    def _check_bodies(self) -> None:
        """No instance has parts of two slots."""
        parts: dict[str, set[str]] = {}
        for volume in self._data_volumes().values():
            for attachment in volume.attachments:
                parts.setdefault(attachment.instance.id, set()).add(self._tags(volume)[SLOT])
        for slot, owner in self._owners().items():
            parts.setdefault(owner, set()).add(slot)
        for instance_id, slots in parts.items():
            assert len(slots) == 1, f"{instance_id} has parts of {slots}"


# The ids of launches, and the addresses that AWS gives to instances themselves.
VARIES = (re.compile(r"\d+-[0-9a-f]{16}"), re.compile(r"(?<=\")(?:ip-)?10[.-]0[.-][048][.-][4-9](?=[.\"])"))
# All kinds at every call take half an hour: KINDS in the place of this one tries them.
TRIED = ("killed after",)
flow = functools.partial(Flow, reads=READS, watch=Safety, varies=VARIES, kinds=TRIED)
second_row = functools.partial(Safety, may_go=("2-",))
FLOWS = [
    flow("stateful_fleet created", setting_in, run),
    flow("stateful_fleet grown", functools.partial(fleet, rows=1), run),
    flow("stateful_fleet healed", fleet_with_a_loss, functools.partial(run, heal=True)),
    flow(
        "stateful_fleet shrunk, data kept",
        fleet,
        functools.partial(run, rows=1, allow_shrink=True),
        watch=second_row,
    ),
    flow(
        "stateful_fleet shrunk, data deleted",
        fleet,
        functools.partial(run, rows=1, allow_shrink=True, delete_data=True),
        watch=functools.partial(second_row, data_may_go=True),
    ),
    flow(
        "stateful_fleet removed",
        functools.partial(fleet, rows=1, placement={"strategy": "spread"}),
        lambda setting: setting.remove(max_in_flight=1),
        watch=functools.partial(Safety, may_go=("1-",)),
    ),
]


@pytest.mark.parametrize(("flow", "kind"), cases(FLOWS))
def test_survives(swept: LocalCloud, record_property: t.Any, flow: Flow, kind: str) -> None:
    tally = Sweep(swept, flow, kind).run()
    record_property("crash_sweep", tally.as_row())
    assert not tally.problems, tally.report()
