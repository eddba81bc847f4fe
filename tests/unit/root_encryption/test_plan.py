# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan, from wherever earlier runs were interrupted, whatever the instance did in between."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils._core.errors import Refusal
from ansible_collections.groundwork.aws.plugins.module_utils._core.plan import Step
from ansible_collections.groundwork.aws.plugins.module_utils._root_encryption.encrypting import UNSEEN
from ansible_collections.groundwork.aws.plugins.module_utils._root_encryption.journal import (
    PREFIX,
    Journal,
    read_journal,
)
from ansible_collections.groundwork.aws.plugins.module_utils._root_encryption.model import Wanted
from ansible_collections.groundwork.aws.plugins.module_utils._root_encryption.plan import plan
from hypothesis import given
from hypothesis import strategies as st
from unit.root_encryption.simulation import INSTANCE, KEY, Simulation

MOST_STEPS = 60
BETWEEN = st.sampled_from([None, Simulation.restart, Simulation.vanish])
Interruptions = list[tuple[int, t.Callable[[Simulation], None] | None]]
INTERRUPTIONS = st.lists(st.tuples(st.integers(0, 22), BETWEEN), max_size=4)


def run(cloud: Simulation, wanted: Wanted, name: str, *, killed_after: int = MOST_STEPS) -> bool:
    """One run, killed after so many steps. Returns whether it came to its end. The instance works all the while."""
    made: list[Step] = []
    for _ in range(killed_after):
        steps = plan(cloud.state(name), wanted).steps
        if not steps:
            return True
        if steps[0] in made:  # the runner does not make a step twice: it waits
            steps = plan(cloud.state(name, unchanged_for=UNSEEN + 1), wanted).steps
        cloud.apply(steps[0])
        made.append(steps[0])
        cloud.write()
    return False


def interrupted_runs(cloud: Simulation, wanted: Wanted, interruptions: Interruptions) -> None:
    for number, (killed_after, happens) in enumerate(interruptions):
        run(cloud, wanted, f"run-{number}", killed_after=killed_after)
        assert "vol-0" in cloud.volumes, "the original is there until it is cleaned"
        if happens:
            happens(cloud)


def traces(cloud: Simulation) -> set[str]:
    found = [cloud.instance.tags, *(one.tags for one in (*cloud.volumes.values(), *cloud.snapshots.values()))]
    return {key for tags in found for key in tags if key.startswith(PREFIX)}


@given(INTERRUPTIONS, st.booleans(), st.booleans())
def test_any_interruptions_end_encrypted_with_all_that_was_written(
    interruptions: Interruptions, copy_snapshot: bool, running: bool
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
def test_any_interruptions_lead_back_without_a_trace(there: Interruptions, back: Interruptions) -> None:
    cloud = Simulation()
    interrupted_runs(cloud, Wanted("encrypted"), there)
    interrupted_runs(cloud, Wanted("rolled_back"), back)
    assert run(cloud, Wanted("rolled_back"), "last")
    assert (cloud.instance.root_volume_id, cloud.instance.state) == ("vol-0", "running")
    assert cloud.instance.delete_on_termination
    assert (list(cloud.volumes), cloud.snapshots) == (["vol-0"], {})
    assert traces(cloud) == set()


@given(INTERRUPTIONS)
def test_cleaning_removes_the_originals_and_every_trace(interruptions: Interruptions) -> None:
    cloud = Simulation()
    run(cloud, Wanted("encrypted"), "first")
    new = cloud.instance.root_volume_id
    for number, (killed_after, _happens) in enumerate(interruptions):
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


def test_does_not_clean_what_is_not_finished_and_not_forward_what_goes_back() -> None:
    cloud = Simulation()
    run(cloud, Wanted("encrypted"), "first", killed_after=5)
    with pytest.raises(Refusal, match="state=encrypted"):
        plan(cloud.state("second"), Wanted("cleaned"))
    run(cloud, Wanted("rolled_back"), "second", killed_after=2)
    with pytest.raises(Refusal, match="state=rolled_back"):
        plan(cloud.state("third"), Wanted("encrypted"))


def test_a_volume_that_has_vanished_is_made_anew_and_one_that_only_comes_late_is_not_kept() -> None:
    cloud = Simulation()
    while not any(one.encrypted for one in cloud.volumes.values()):
        cloud.apply(plan(cloud.state("first"), Wanted("encrypted")).steps[0])
    late = {id_: one for id_, one in cloud.volumes.items() if one.encrypted}
    cloud.vanish()
    assert run(cloud, Wanted("encrypted"), "second", killed_after=4) is False
    cloud.volumes.update(late)
    assert run(cloud, Wanted("encrypted"), "third")
    assert sorted(one.encrypted for one in cloud.volumes.values()) == [False, True]
    assert cloud.volumes[cloud.instance.root_volume_id].encrypted


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
    generation=st.integers(1, 99),
)


@given(JOURNALS)
def test_the_journal_fits_into_a_tag_and_comes_back(journal: Journal) -> None:
    assert len(journal.to_tag()) <= 256
    assert read_journal({f"{PREFIX}-journal": journal.to_tag()}) == journal
