# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The forecast of check mode is what a run then does."""

from __future__ import annotations

import dataclasses
import itertools
import typing as t

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils._core.parallel import Way
from ansible_collections.groundwork.aws.plugins.module_utils._core.plan import Plan
from ansible_collections.groundwork.aws.plugins.module_utils._root_encryption import forecast
from ansible_collections.groundwork.aws.plugins.module_utils._root_encryption.model import Findings, State, Wanted
from ansible_collections.groundwork.aws.plugins.module_utils._root_encryption.plan import plan
from ansible_collections.groundwork.aws.plugins.module_utils._root_encryption.report import warnings_of
from ansible_collections.groundwork.aws.plugins.module_utils._root_encryption.view import view
from unit.root_encryption.simulation import INSTANCE, KEY, ROOT, Simulation

BOOKKEEPING = ("lock", "unlock", "note", "mark", "remove the")
OPTIONS = [
    (Wanted("encrypted", start_after=start, copy_snapshot=copy, keep_originals_days=days), state)
    for start, copy, days, state in itertools.product((True, False), (True, False), (0, 30), ("running", "stopped"))
]


def run(cloud: Simulation, wanted: Wanted) -> list[str]:
    """What a run does, in the words of its actions."""
    made: list[str] = []
    while steps := plan(cloud.state("run"), wanted).steps:
        for step in steps:
            cloud.apply(step)
            made.append(step.summary)
    return made


def in_words(summaries: list[str], names: dict[str, str]) -> list[str]:
    """Without locks and notes, and with names in the place of new ids."""
    said = [one for one in summaries if not one.startswith(BOOKKEEPING)]
    for id_, name in names.items():
        said = [one.replace(f"the snapshot {id_}", f"the {name}").replace(id_, f"the {name}") for one in said]
    return said


@pytest.mark.parametrize(("wanted", "instance_state"), OPTIONS)
def test_the_way_ahead(wanted: Wanted, instance_state: str) -> None:
    cloud = Simulation(instance=dataclasses.replace(INSTANCE, state=instance_state, checks=""))
    before = cloud.state("run")
    names: dict[str, str] = {}
    apply = cloud.apply

    def apply_and_name(step: t.Any) -> None:
        known = {*cloud.volumes, *cloud.snapshots}
        apply(step)
        for id_ in {*cloud.volumes, *cloud.snapshots} - known:
            part = dict(cloud.volumes.get(id_, cloud.snapshots.get(id_)).tags)["groundwork:root-encryption-part"]  # type: ignore[union-attr]  # it is one of the two
            names[id_] = part.replace("-", " ") + (" volume" if part == "encrypted" else "")

    cloud.apply = apply_and_name  # type: ignore[method-assign]  # to learn which id is which
    assert in_words(run(cloud, wanted), names) == forecast.way_ahead(before, wanted)


@pytest.mark.parametrize(("wanted", "instance_state"), OPTIONS)
def test_the_end(wanted: Wanted, instance_state: str) -> None:
    cloud = Simulation(instance=dataclasses.replace(INSTANCE, state=instance_state, checks=""))
    expected = view(forecast.after(cloud.state("run"), wanted))
    run(cloud, wanted)
    seen = view(cloud.state("run"))
    for shown in (expected, seen):
        shown["downtime"] = None
        shown["snapshot_ids"] = len(shown["snapshot_ids"])
        shown["root_volume"] |= {"id": "new", "tags": {}}
        for volume in filter(None, [shown["original_volume"]]):
            volume["tags"] = {}
    assert expected == seen


def test_keeping_the_originals_for_no_day_is_told_apart() -> None:
    state = Simulation().state("run")
    kept = view(forecast.after(state, Wanted("encrypted")))
    removed = view(forecast.after(state, Wanted("encrypted", keep_originals_days=0)))
    assert kept["original_volume"]["id"] == "vol-0"
    assert (removed["original_volume"], removed["snapshot_ids"], removed["phase"]) == (None, [], None)


def test_cleaning_in_a_later_run_and_going_back_are_foreseen() -> None:
    cloud = Simulation()
    run(cloud, Wanted("encrypted"))
    for wanted in (Wanted("encrypted", keep_originals_days=0), Wanted("cleaned"), Wanted("rolled_back")):
        later = Simulation(
            cloud.instance, dict(cloud.volumes), dict(cloud.snapshots), dict(cloud.writes), now=cloud.now
        )
        expected = view(forecast.after(later.state("run"), wanted))
        run(later, wanted)
        assert expected == view(later.state("run"))


def warnings(state: State, wanted: Wanted) -> list[str]:
    way: Way[State] = Way(before=state, after=state, first=Plan(state))
    return warnings_of(way, wanted)


def test_warns_of_what_a_stop_loses_and_only_if_there_is_one() -> None:
    loses = dataclasses.replace(INSTANCE, loses_public_ip="203.0.113.9", type="m5d.large")
    findings = Findings(instance_storage=75)
    running = dataclasses.replace(Simulation(instance=loses).state("run"), findings=findings)
    address, storage = warnings(running, Wanted("encrypted"))
    assert "i-1 has the public address 203.0.113.9 only while it runs" in address
    assert "75 GB of instance store (m5d.large): what is on it is lost" in storage
    stopped = dataclasses.replace(running, instance=dataclasses.replace(loses, state="stopped"))
    assert warnings(stopped, Wanted("encrypted")) == []
    encrypted = dataclasses.replace(ROOT, encrypted=True, kms_key_id=KEY.arn)
    assert warnings(dataclasses.replace(running, volumes=(encrypted,)), Wanted("encrypted")) == []


def test_warns_on_the_way_back_too() -> None:
    cloud = Simulation(instance=dataclasses.replace(INSTANCE, loses_public_ip="203.0.113.9"))
    run(cloud, Wanted("encrypted"))
    assert len(warnings(cloud.state("run"), Wanted("rolled_back"))) == 1
    assert warnings(cloud.state("run"), Wanted("cleaned")) == []
    assert warnings(cloud.state("run"), Wanted("encrypted")) == []
