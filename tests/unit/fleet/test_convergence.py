# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan, from wherever earlier runs were interrupted, in whatever order calls were made, whatever died."""

from __future__ import annotations

import dataclasses
import random
from collections import Counter

from ansible_collections.groundwork.aws.plugins.module_utils._core.errors import CoreError
from ansible_collections.groundwork.aws.plugins.module_utils._core.plan import Step
from ansible_collections.groundwork.aws.plugins.module_utils._fleet import marks
from ansible_collections.groundwork.aws.plugins.module_utils._fleet.actual import State
from ansible_collections.groundwork.aws.plugins.module_utils._fleet.places import places_of
from ansible_collections.groundwork.aws.plugins.module_utils._fleet.plan import plan
from ansible_collections.groundwork.aws.plugins.module_utils._fleet.situation import situation_of
from ansible_collections.groundwork.aws.plugins.module_utils._fleet.view import view
from ansible_collections.groundwork.aws.plugins.module_utils._fleet.wanted import VolumeWish, Wanted
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.fleet.simulation import SUBNETS, Interrupted, Simulation

MOST_LOOKS = 200
OVERDUE_AFTER = 20
LOG = VolumeWish(
    size=10, type="gp3", iops=None, throughput=None, encrypted=True, kms_key_id=None, name="log", device="/dev/sdf"
)
FLEET = Wanted(
    name="events",
    present=True,
    subnet_ids=tuple(SUBNETS),
    rows=2,
    image_id="ami-1",
    instance_type="m5.large",
    root_volume=VolumeWish(None, "gp3", None, None, True, None),
    data_volumes=(LOG,),
    first_host=10,
    tags={"Environment": "test"},
)
ABSENT = Wanted("events", present=False)


class Run:
    """A run of the module: it makes each step once, in an order left to chance, and may be killed."""

    def __init__(self, cloud: Simulation, wanted: Wanted, chance: random.Random) -> None:
        self._cloud = cloud
        self._wanted = wanted
        self._chance = chance
        self._made: set[str] = set()
        self._lacking: dict[tuple[str, int], int] = {}

    def go(self, most_calls: int | None = None) -> bool:
        """Returns whether the run came to its end."""
        left = most_calls
        under_way: list[Step] = []
        self._cloud.breaks = most_calls is not None and self._chance.random() < 0.2
        for _look in range(MOST_LOOKS):
            state = self._cloud.look()
            state = dataclasses.replace(state, facts=dataclasses.replace(state.facts, overdue=self._overdue(state)))
            try:
                next_steps = plan(state, self._wanted)
            except CoreError:
                return True
            if next_steps.is_done:
                return True
            fresh = [step for step in next_steps.steps if step.summary + str(step.arguments) not in self._made]
            self._made |= {step.summary + str(step.arguments) for step in fresh}
            under_way += fresh
            self._chance.shuffle(under_way)
            # The others are still under way when the run looks again.
            for _call in range(self._chance.randint(1, len(under_way)) if under_way else 0):
                if left == 0:
                    return False
                left = None if left is None else left - 1
                try:
                    self._make(under_way.pop())
                except Interrupted:
                    return False
            if not under_way or self._chance.random() < 0.3:
                self._cloud.pass_time()
        if most_calls is not None:
            return False  # the deadline has passed
        raise AssertionError(f"no end: {next_steps.steps[:3]} {next_steps.waiting_for[:3]}")

    def _overdue(self, state: State) -> frozenset[str]:
        """The slots that have been lacking something for many looks."""
        situation = situation_of(state, self._wanted)
        lacking = {(slot.name, slot.generation) for slot in situation.kept_slots if situation.lacks_parts(slot)}
        self._lacking = {one: self._lacking.get(one, 0) + 1 for one in lacking}
        return frozenset(name for (name, _generation), looks in self._lacking.items() if looks > OVERDUE_AFTER)

    def _make(self, step: Step) -> None:
        data, owners = data_volumes(self._cloud), owners_of(self._cloud)
        self._cloud.apply(step)
        check(self._cloud)
        if not self._wanted.delete_data:
            assert data <= data_volumes(self._cloud), f"{step.summary} deletes data"
        for slot, owner in owners_of(self._cloud).items():
            assert owners.get(slot, owner) == owner, f"{step.summary} takes {slot} from its owner"


def data_volumes(cloud: Simulation) -> set[str]:
    return {one.id for one in cloud.volumes.values() if one.name}


def owners_of(cloud: Simulation) -> dict[str, str]:
    """The living instances by the slot that they own."""
    return {
        one.slot: one.attachment.instance_id
        for one in cloud.interfaces.values()
        if one.attachment and cloud.instances[one.attachment.instance_id].is_alive
    }


def check(cloud: Simulation) -> None:
    """What is true at every moment."""
    addresses = Counter(one.address for one in cloud.interfaces.values())
    assert max(addresses.values(), default=1) == 1, "an address is used twice"
    assert len({one.slot for one in cloud.interfaces.values()}) == len(cloud.interfaces), "a slot has two interfaces"
    parts: dict[str, set[str]] = {}
    for thing in (*cloud.interfaces.values(), *cloud.volumes.values()):
        if thing.attachment and cloud.instances[thing.attachment.instance_id].is_alive:
            parts.setdefault(thing.attachment.instance_id, set()).add(thing.slot)
    assert all(len(slots) == 1 for slots in parts.values()), f"an instance has parts of two slots: {parts}"


def is_clean(cloud: Simulation, wanted: Wanted) -> None:
    """The fleet is whole, and there is nothing besides but volumes that say that they were kept."""
    state = cloud.look()
    nodes = view(state, wanted)["nodes"]
    assert [(node["slot"], node["node_id"]) for node in nodes] == [
        (place.slot, place.node_id) for place in places_of(wanted, state)
    ]
    assert {node["state"] for node in nodes} <= {"healthy"}, nodes
    assert [node["fixed_address"] for node in nodes] == [place.address for place in places_of(wanted, state)]
    alive = {one.id for one in cloud.instances.values() if one.is_alive}
    assert alive == {node["instance_id"] for node in nodes}
    used = {volume["id"] for node in nodes for volume in node["volumes"]}
    for volume in cloud.volumes.values():
        assert (marks.KEPT in volume.tags) == (volume.id not in used), volume
    for thing in (*cloud.interfaces.values(), *(cloud.instances[one] for one in alive)):
        assert thing.tags["Environment"] == "test"
        assert thing.tags[marks.SLOT]


WISHES = st.sampled_from(
    [
        FLEET,
        dataclasses.replace(FLEET, rows=1, allow_shrink=True),
        dataclasses.replace(FLEET, rows=3),
        dataclasses.replace(FLEET, heal=True),
        dataclasses.replace(FLEET, image_id="ami-2"),
        dataclasses.replace(FLEET, data_volumes=(dataclasses.replace(LOG, size=20),)),
        dataclasses.replace(FLEET, rows=1, allow_shrink=True, delete_data=True),
        ABSENT,
    ]
)
LOSSES = st.lists(st.sampled_from(["an instance", "a volume"]), max_size=2)
CHANCES = st.integers(0, 2**32).map(random.Random)
HISTORY = st.lists(st.tuples(WISHES, st.integers(0, 40), LOSSES), max_size=4)


def suffer(cloud: Simulation, losses: list[str], chance: random.Random) -> None:
    for loss in losses:
        alive = sorted(one.id for one in cloud.instances.values() if one.is_alive)
        free = sorted(one.id for one in cloud.volumes.values() if not one.attachment)
        if loss == "an instance" and alive:
            cloud.kill(chance.choice(alive))
        if loss == "a volume" and free:
            cloud.lose(chance.choice(free))


@settings(max_examples=300, deadline=None)
@given(HISTORY, CHANCES, st.integers(0, 2), st.sampled_from([1, 2, 3]))
def test_every_history_ends_in_the_fleet_that_is_wanted(
    history: list[tuple[Wanted, int, list[str]]], chance: random.Random, lag: int, rows: int
) -> None:
    cloud = Simulation(lag=lag)
    for wanted, calls, losses in history:
        Run(cloud, wanted, chance).go(calls)
        suffer(cloud, losses, chance)
    cloud.hidden.clear()
    last = dataclasses.replace(FLEET, rows=rows, heal=True, allow_shrink=True)
    assert Run(cloud, last, chance).go()
    is_clean(cloud, last)
    again = Run(cloud, last, chance)
    assert again.go(0), "a second run finds nothing to do"


@settings(max_examples=100, deadline=None)
@given(HISTORY, CHANCES, st.integers(0, 2), st.booleans())
def test_every_history_can_be_ended(
    history: list[tuple[Wanted, int, list[str]]], chance: random.Random, lag: int, delete_data: bool
) -> None:
    cloud = Simulation(lag=lag)
    for wanted, calls, losses in history:
        Run(cloud, wanted, chance).go(calls)
        suffer(cloud, losses, chance)
    cloud.hidden.clear()
    data = data_volumes(cloud)
    gone = dataclasses.replace(ABSENT, delete_data=delete_data)
    assert Run(cloud, gone, chance).go()
    assert not cloud.interfaces
    assert not [one for one in cloud.instances.values() if one.is_alive]
    assert data_volumes(cloud) == (set() if delete_data else data)
    assert all(marks.KEPT in one.tags for one in cloud.volumes.values())
    assert Run(cloud, gone, chance).go(0)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 60), CHANCES, st.integers(0, 3))
def test_an_interrupted_creation_launches_no_instance_too_many(calls: int, chance: random.Random, lag: int) -> None:
    cloud = Simulation(lag=lag)
    if not Run(cloud, FLEET, chance).go(calls):
        assert Run(cloud, FLEET, chance).go()
    is_clean(cloud, FLEET)
    assert len(cloud.instances) == 6
    assert len(data_volumes(cloud)) == 6
