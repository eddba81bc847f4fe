# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""Why an instance is left alone: each reason with the way out. All that is wrong is said at once. No I/O."""

from __future__ import annotations

import typing as t

from .journal import Journal, without_ours
from .model import Findings, Instance, State, Volume, Wanted

MOST_TAGS = 50
OUR_TAGS = 4  # at most so many on one resource
GROUP_TAG = "aws:autoscaling:groupName"


def problems(state: State, wanted: Wanted) -> list[str]:
    """Everything that speaks against working on this instance; empty where nothing does."""
    instance = state.instance
    if instance is None:
        return [f"there is no instance {state.id} in this account and region: check the id and the region"]
    if instance.state in ("shutting-down", "terminated"):
        return [f"{state.id} is {instance.state}: take it off the list"]
    journal = state.journal
    if wanted.state == "encrypted":
        return _unstarted(state, instance, wanted) if journal is None else _under_way(state, journal)
    if wanted.state == "rolled_back" and journal:
        return _no_way_back(state, journal)
    if wanted.state == "cleaned" and journal:
        return _not_proven(state, journal)
    return []


def _unstarted(state: State, instance: Instance, wanted: Wanted) -> list[str]:
    key = state.key
    found = key.problems("kms_key_id") if key else []
    if instance.root_device_type != "ebs":
        found.append(
            f"the root of {state.id} is an {instance.root_device_type}, which no snapshot can be taken of: "
            "launch a new instance from an EBS-backed image"
        )
        return found
    root = state.root
    if root is None:
        found.append(f"no volume is attached to {state.id} as {instance.root_device}: attach its root volume first")
        return found
    if state.has_wanted_root:
        return found
    if root.encrypted and not wanted.reencrypt:
        found.append(
            f"{root.id} is encrypted already, with the key {root.kms_key_id}: set reencrypt to change the key, "
            "or name that key"
        )
    return [*found, *_of_instance(instance), *_of_volume(root), *_of_findings(instance, state.findings)]


def _of_instance(instance: Instance) -> t.Iterator[str]:
    if group := instance.tags.get(GROUP_TAG):
        yield (
            f"{instance.id} is in the Auto Scaling group {group}, which replaces it when it stops: encrypt the volumes "
            "in the group's launch template and refresh its instances"
        )
    if instance.lifecycle == "spot":
        yield f"{instance.id} is a Spot Instance: launch a new one with an encrypted volume in its request"
    if instance.hibernation:
        yield (
            f"{instance.id} is enabled for hibernation, for which AWS wants its root encrypted from the start: "
            "launch a new one without it, or from an encrypted image"
        )
    if instance.product_codes:
        codes = ", ".join(instance.product_codes)
        yield (
            f"{instance.id} has the product code {codes}, which a new volume does not carry over: "
            "launch it anew from the Marketplace with an encrypted volume"
        )
    if len(without_ours(instance.tags)) > MOST_TAGS - OUR_TAGS:
        yield f"{instance.id} has too many tags to note the progress on it: leave {OUR_TAGS} of the {MOST_TAGS} free"


def _of_findings(instance: Instance, findings: Findings) -> t.Iterator[str]:
    if findings.stop_protection:
        yield f"{instance.id} is protected against being stopped: turn off DisableApiStop for the time being"
    yield from findings.denials


def _of_volume(root: Volume) -> t.Iterator[str]:
    if root.product_codes:
        yield f"{root.id} has the product code {', '.join(root.product_codes)}: launch from the Marketplace anew"
    if root.multi_attach:
        yield f"{root.id} is a Multi-Attach volume: turn Multi-Attach off (ModifyVolume) before"
    if len(without_ours(root.tags)) > MOST_TAGS - OUR_TAGS:
        yield f"{root.id} has too many tags to be marked: leave {OUR_TAGS} of the {MOST_TAGS} free"


def _under_way(state: State, journal: Journal) -> list[str]:
    if journal.phase == "rolling-back":
        return [f"{state.id} is being rolled back: finish that with state=rolled_back first"]
    key = state.key
    if key and key.arn.rpartition("/")[2] != journal.key:
        return [
            f"{state.id} has been worked on with the key {journal.key}, not with {key.asked}: finish it with that key "
            "and clean it, or roll it back, before another key is used"
        ]
    if journal.phase == "encrypting":
        found = key.problems("kms_key_id") if key else []
        if state.volume(journal.original) is None:
            found.append(f"the original volume {journal.original} of {state.id} is gone: restore it from a snapshot")
        return found
    return []


def _no_way_back(state: State, journal: Journal) -> list[str]:
    if journal.phase == "cleaning":
        return [f"the originals of {state.id} are being removed: there is no way back, finish with state=cleaned"]
    if state.volume(journal.original) is None:
        return [f"the original volume {journal.original} of {state.id} is gone: there is nothing to go back to"]
    return []


def _not_proven(state: State, journal: Journal) -> list[str]:
    if journal.phase in ("encrypting", "rolling-back"):
        wish = "encrypted" if journal.phase == "encrypting" else "rolled_back"
        return [f"{state.id} is still {journal.phase}: finish that with state={wish} before the originals are removed"]
    if journal.phase == "cleaning":
        return []
    root, instance = state.root, state.instance
    if instance is None or root is None or not root.encrypted or root.id == journal.original:
        return [
            f"the encrypted volume is not the root of {state.id}: roll it back, or attach the encrypted volume again"
        ]
    if instance.checks != "ok" and not journal.checked:
        return [
            f"{state.id} has not passed its status checks with the new root ({instance.checks or instance.state}): "
            "start it, see that it works, and run this again"
        ]
    return []
