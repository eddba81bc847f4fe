# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each refusal names its reason and the way out."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils._core.errors import Refusal
from ansible_collections.groundwork.aws.plugins.module_utils._core.kms import Key
from ansible_collections.groundwork.aws.plugins.module_utils._root_encryption.journal import JOURNAL_TAG, Journal
from ansible_collections.groundwork.aws.plugins.module_utils._root_encryption.model import Findings, State, Wanted
from ansible_collections.groundwork.aws.plugins.module_utils._root_encryption.plan import plan
from unit.root_encryption.simulation import INSTANCE, KEY, ROOT, Simulation

ENCRYPTING = Journal("encrypting", "vol-0", "/dev/xvda", delete=True, run=True, key="k", started=1)
MANY_TAGS = {str(number): "x" for number in range(47)}


def state_with(
    changes: dict[str, t.Any], volume: dict[str, t.Any], journal: Journal | None = None, **others: t.Any
) -> State:
    tags = {**INSTANCE.tags, **({JOURNAL_TAG: journal.to_tag()} if journal else {})}
    changed = dataclasses.replace(INSTANCE, **{"tags": tags, **changes})
    volumes = {"vol-0": dataclasses.replace(ROOT, **volume)}
    return dataclasses.replace(Simulation(instance=changed, volumes=volumes).state("run"), **others)


def refusal(state: State, wanted: t.Literal["encrypted", "rolled_back", "cleaned"] = "encrypted") -> Refusal:
    with pytest.raises(Refusal) as caught:
        plan(state, Wanted(wanted))
    return caught.value


@pytest.mark.parametrize(
    ("instance", "volume", "reason", "way_out"),
    [
        ({"root_device_type": "instance-store"}, {}, "is an instance-store", "from an EBS-backed image"),
        ({"product_codes": ("abc",)}, {}, "i-1 has the product code abc", "launch it anew from the Marketplace"),
        ({}, {"product_codes": ("abc",)}, "vol-0 has the product code abc", "launch from the Marketplace anew"),
        (
            {"tags": {"aws:autoscaling:groupName": "web"}},
            {},
            "in the Auto Scaling group web",
            "the group's launch temp",
        ),
        ({"lifecycle": "spot"}, {}, "is a Spot Instance", "launch a new one with an encrypted volume"),
        ({"hibernation": True}, {}, "enabled for hibernation", "launch a new one without it"),
        ({"state": "shutting-down"}, {}, "i-1 is shutting-down", "take it off the list"),
        ({"state": "terminated"}, {}, "i-1 is terminated", "take it off the list"),
        ({"root_volume_id": ""}, {}, "no volume is attached to i-1 as /dev/xvda", "attach its root volume first"),
        ({"tags": MANY_TAGS}, {}, "i-1 has too many tags", "leave 4 of the 50 free"),
        ({}, {"multi_attach": True}, "is a Multi-Attach volume", "turn Multi-Attach off"),
        ({}, {"encrypted": True, "kms_key_id": "other"}, "encrypted already, with the key other", "set reencrypt"),
        ({}, {"tags": MANY_TAGS}, "vol-0 has too many tags", "leave 4 of the 50 free"),
    ],
)
def test_of_an_instance_or_its_root(
    instance: dict[str, t.Any], volume: dict[str, t.Any], reason: str, way_out: str
) -> None:
    (problem,) = refusal(state_with(instance, volume)).problems
    assert reason in problem.partition(": ")[0]
    assert way_out in problem.partition(": ")[2]


@pytest.mark.parametrize(
    ("others", "reason", "way_out"),
    [
        ({"instance": None}, "there is no instance i-1", "check the id and the region"),
        ({"key": Key("alias/web")}, "kms_key_id", "there is no KMS key 'alias/web' in this account and region"),
        ({"key": dataclasses.replace(KEY, state="Disabled")}, "kms_key_id", "it has to be Enabled"),
        ({"key": dataclasses.replace(KEY, usage="SIGN_VERIFY")}, "kms_key_id", "a symmetric key is needed"),
        ({"findings": Findings(stop_protection=True)}, "i-1 is protected against being stopped", "DisableApiStop"),
        ({"findings": Findings(denials=("no right: get it",))}, "no right", "get it"),
    ],
)
def test_of_what_else_is_known(others: dict[str, t.Any], reason: str, way_out: str) -> None:
    (problem,) = refusal(state_with({}, {}, **others)).problems
    assert reason in problem.partition(": ")[0]
    assert way_out in problem.partition(": ")[2]


@pytest.mark.parametrize(
    ("phase", "wanted", "reason", "way_out"),
    [
        ("rolling-back", "encrypted", "is being rolled back", "finish that with state=rolled_back first"),
        ("cleaning", "rolled_back", "are being removed", "finish with state=cleaned"),
        ("encrypting", "cleaned", "is still encrypting", "finish that with state=encrypted"),
        ("rolling-back", "cleaned", "is still rolling-back", "finish that with state=rolled_back"),
        ("encrypted", "cleaned", "the encrypted volume is not the root of i-1", "attach the encrypted volume again"),
    ],
)
def test_of_what_has_been_begun(phase: t.Any, wanted: t.Any, reason: str, way_out: str) -> None:
    (problem,) = refusal(state_with({}, {}, dataclasses.replace(ENCRYPTING, phase=phase)), wanted).problems
    assert reason in problem.partition(": ")[0]
    assert way_out in problem.partition(": ")[2]


@pytest.mark.parametrize(
    ("wanted", "way_out"), [("encrypted", "from a snapshot"), ("rolled_back", "nothing to go back")]
)
def test_of_an_original_that_has_been_deleted(wanted: t.Any, way_out: str) -> None:
    state = state_with({"root_volume_id": "vol-9"}, {}, dataclasses.replace(ENCRYPTING, original="vol-gone"))
    (problem,) = refusal(state, wanted).problems
    assert "the original volume vol-gone of i-1 is gone" in problem
    assert way_out in problem


def test_of_another_key_than_it_was_begun_with() -> None:
    (problem,) = refusal(state_with({}, {}, dataclasses.replace(ENCRYPTING, key="other"))).problems
    assert "with the key other, not with alias/web: finish it with that key" in problem


def test_of_status_checks_that_have_not_been_passed() -> None:
    root = {"encrypted": True, "kms_key_id": KEY.arn}
    journal = dataclasses.replace(ENCRYPTING, phase="encrypted", original="vol-9")
    (problem,) = refusal(state_with({"checks": "initializing"}, root, journal), "cleaned").problems
    assert "has not passed its status checks with the new root (initializing): start it" in problem


def test_says_all_that_is_wrong_at_once() -> None:
    state = state_with({"lifecycle": "spot", "hibernation": True}, {}, key=dataclasses.replace(KEY, state="Disabled"))
    assert len(refusal(state).problems) == 3
