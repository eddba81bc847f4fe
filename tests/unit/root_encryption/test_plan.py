# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan, from wherever earlier runs were interrupted, whatever the instance did in between."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils._core.errors import Refusal
from ansible_collections.groundwork.aws.plugins.module_utils._root_encryption.journal import (
    PREFIX,
    Journal,
    read_journal,
)
from ansible_collections.groundwork.aws.plugins.module_utils._root_encryption.model import Wanted
from ansible_collections.groundwork.aws.plugins.module_utils._root_encryption.plan import plan
from hypothesis import given
from hypothesis import strategies as st
from unit.root_encryption.simulation import INSTANCE, KEY, ROOT, Simulation

MOST_STEPS = 60
INTERRUPTIONS = st.lists(st.tuples(st.integers(0, 22), st.booleans()), max_size=4)


def run(cloud: Simulation, wanted: Wanted, name: str, *, killed_after: int = MOST_STEPS) -> bool:
    """One run, killed after so many steps. Returns whether it came to its end. The instance works all the while."""
    for _ in range(killed_after):
        steps = plan(cloud.state(name), wanted).steps
        if not steps:
            return True
        cloud.apply(steps[0])
        cloud.write()
    return False


def interrupted_runs(cloud: Simulation, wanted: Wanted, interruptions: list[tuple[int, bool]]) -> None:
    for number, (killed_after, restarted) in enumerate(interruptions):
        run(cloud, wanted, f"run-{number}", killed_after=killed_after)
        assert "vol-0" in cloud.volumes, "the original is there until it is cleaned"
        if restarted:
            cloud.restart()


def traces(cloud: Simulation) -> set[str]:
    found = [cloud.instance.tags, *(one.tags for one in (*cloud.volumes.values(), *cloud.snapshots.values()))]
    return {key for tags in found for key in tags if key.startswith(PREFIX)}


@given(INTERRUPTIONS, st.booleans(), st.booleans())
def test_any_interruptions_end_encrypted_with_all_that_was_written(
    interruptions: list[tuple[int, bool]], copy_snapshot: bool, running: bool
) -> None:
    wanted = Wanted("encrypted", copy_snapshot=copy_snapshot)
    cloud = Simulation(instance=dataclasses.replace(INSTANCE, state="running" if running else "stopped"))
    interrupted_runs(cloud, wanted, interruptions)
    assert run(cloud, wanted, "last")
    root = cloud.volumes[cloud.instance.root_volume_id]
    assert (root.encrypted, root.kms_key_id) == (True, KEY.arn)
    assert cloud.writes[root.id] >= cloud.writes["vol-0"], "nothing that was written to the original is missing"
    assert cloud.instance.state == ("running" if running else "stopped")
    assert cloud.instance.delete_on_termination
    assert (len(cloud.volumes), len(cloud.snapshots)) == (2, 2 if copy_snapshot else 1)


@given(INTERRUPTIONS, INTERRUPTIONS)
def test_any_interruptions_lead_back_without_a_trace(
    there: list[tuple[int, bool]], back: list[tuple[int, bool]]
) -> None:
    cloud = Simulation()
    interrupted_runs(cloud, Wanted("encrypted"), there)
    interrupted_runs(cloud, Wanted("rolled_back"), back)
    assert run(cloud, Wanted("rolled_back"), "last")
    assert (cloud.instance.root_volume_id, cloud.instance.state) == ("vol-0", "running")
    assert cloud.instance.delete_on_termination
    assert (list(cloud.volumes), cloud.snapshots) == (["vol-0"], {})
    assert traces(cloud) == set()


@given(INTERRUPTIONS)
def test_cleaning_removes_the_originals_and_every_trace(interruptions: list[tuple[int, bool]]) -> None:
    cloud = Simulation()
    run(cloud, Wanted("encrypted"), "first")
    new = cloud.instance.root_volume_id
    for number, (killed_after, _restarted) in enumerate(interruptions):
        run(cloud, Wanted("cleaned"), f"run-{number}", killed_after=killed_after)
    assert run(cloud, Wanted("cleaned"), "last")
    assert (list(cloud.volumes), cloud.snapshots) == ([new], {})
    assert traces(cloud) == set()


def test_nothing_to_do_is_no_step() -> None:
    cloud = Simulation()
    run(cloud, Wanted("encrypted"), "first")
    assert plan(cloud.state("second"), Wanted("encrypted")).is_done
    assert plan(Simulation().state("first"), Wanted("rolled_back")).is_done
    assert plan(Simulation().state("first"), Wanted("cleaned")).is_done


@pytest.mark.parametrize(
    ("instance", "volume", "said"),
    [
        ({"root_device_type": "instance-store"}, {}, "EBS-backed image"),
        ({"product_codes": ("abc",)}, {}, "product code abc"),
        ({"tags": {"aws:autoscaling:groupName": "web"}}, {}, "Auto Scaling group web"),
        ({"lifecycle": "spot"}, {}, "Spot Instance"),
        ({"hibernation": True}, {}, "hibernation"),
        ({"stop_protection": True}, {}, "DisableApiStop"),
        ({"state": "terminated"}, {}, "take it off the list"),
        ({"root_volume_id": ""}, {}, "attach its root volume first"),
        ({}, {"multi_attach": True}, "Multi-Attach"),
        ({}, {"product_codes": ("abc",)}, "product code abc"),
        ({}, {"encrypted": True, "kms_key_id": "other"}, "reencrypt"),
        ({}, {"tags": {str(number): "x" for number in range(47)}}, "too many tags"),
    ],
)
def test_refuses_with_the_way_out(instance: dict[str, t.Any], volume: dict[str, t.Any], said: str) -> None:
    volumes = {"vol-0": dataclasses.replace(ROOT, **volume)}
    cloud = Simulation(instance=dataclasses.replace(INSTANCE, **instance), volumes=volumes)
    with pytest.raises(Refusal, match=said):
        plan(cloud.state("first"), Wanted("encrypted"))


def test_says_all_that_is_wrong_at_once() -> None:
    cloud = Simulation(instance=dataclasses.replace(INSTANCE, lifecycle="spot", hibernation=True))
    state = dataclasses.replace(cloud.state("first"), key=dataclasses.replace(KEY, state="Disabled"))
    with pytest.raises(Refusal) as refusal:
        plan(state, Wanted("encrypted"))
    assert len(refusal.value.problems) == 3


def test_does_not_clean_what_is_not_finished_and_not_forward_what_goes_back() -> None:
    cloud = Simulation()
    run(cloud, Wanted("encrypted"), "first", killed_after=5)
    with pytest.raises(Refusal, match="state=encrypted"):
        plan(cloud.state("second"), Wanted("cleaned"))
    run(cloud, Wanted("rolled_back"), "second", killed_after=2)
    with pytest.raises(Refusal, match="state=rolled_back"):
        plan(cloud.state("third"), Wanted("encrypted"))


JOURNALS = st.builds(
    Journal,
    phase=st.sampled_from(["encrypting", "encrypted", "rolling-back", "cleaning"]),
    original=st.just("vol-0123456789abcdef0"),
    device=st.sampled_from(["/dev/xvda", "/dev/sda1"]),
    delete=st.booleans(),
    run=st.booleans(),
    key=st.uuids().map(str),
    started=st.integers(0, 2**33),
    stopped=st.integers(0, 2**33),
    downtime=st.integers(0, 10**6),
    checked=st.booleans(),
)


@given(JOURNALS)
def test_the_journal_fits_into_a_tag_and_comes_back(journal: Journal) -> None:
    assert len(journal.to_tag()) <= 256
    assert read_journal({f"{PREFIX}-journal": journal.to_tag()}) == journal
