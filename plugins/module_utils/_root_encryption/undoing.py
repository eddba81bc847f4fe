# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""The way back to the original volume, and the removal of what the way back needs. No I/O."""

from __future__ import annotations

import dataclasses

from .._core.ec2_tags import untag
from .encrypting import await_checks
from .journal import PREFIX, Journal
from .model import Instance, State, Volume, known
from .steps import (
    Work,
    delete_snapshot,
    delete_volume,
    do,
    exchange_root,
    start,
    stop,
    wait,
    write_journal,
)


def roll_back(state: State) -> Work:
    """Put the original back, the instance into the state it had, and remove everything else.

    What was written to the encrypted volume is lost with it.
    """
    journal, instance = state.journal, state.here
    if journal is None:
        return Work()
    original = known(state.volume(journal.original), journal.original)
    if journal.phase != "rolling-back":
        return _begin(state, instance, journal)
    if instance.root_volume_id != original.id and instance.state != "stopped":
        return _stop(instance)
    if instance.state == "stopped" and (exchange := exchange_root(state, journal, original)):
        return exchange
    if journal.run and instance.state == "stopped":
        return do(start(instance))
    if journal.run and instance.state != "running":
        return wait(f"{instance.id} is {instance.state}, to be running")
    if journal.run and instance.checks != "ok":
        return await_checks(instance, "The encrypted volume is still there")
    return _remove_new(state, original)


def _begin(state: State, instance: Instance, journal: Journal) -> Work:
    """An instance that this module has stopped is to run again; otherwise it gets the state that it has now."""
    if instance.state not in ("running", "stopped"):
        return wait(f"{instance.id} is {instance.state}, to be running or stopped")
    run = journal.run if journal.phase == "encrypting" else instance.state == "running"
    back = dataclasses.replace(journal, phase="rolling-back", run=run)
    return do(write_journal(state.id, back, f"note on {state.id} that it goes back to {journal.original}"))


def _stop(instance: Instance) -> Work:
    if instance.state == "running":
        return do(stop(instance))
    return wait(f"{instance.id} is {instance.state}, to be stopped")


def _remove_new(state: State, original: Volume) -> Work:
    attached = [volume for volume in state.new_volumes() if volume.attachment]
    if attached:
        return wait(f"{attached[0].id} is {attached[0].attachment}, to be available")
    steps = [*map(delete_volume, state.new_volumes()), *map(delete_snapshot, state.snapshots)]
    ours = [key for key in original.tags if key.startswith(PREFIX)]
    if ours:
        steps.append(untag(original.id, ours, f"remove the marks from {original.id}"))
    return do(*steps) if steps else _forget(state)


def _forget(state: State) -> Work:
    """The end: journal and lock go in one call, so that neither is ever there without the other."""
    ours = [key for key in state.here.tags if key.startswith(PREFIX)]
    return do(untag(state.id, ours, f"remove the notes and the lock from {state.id}"))


def clean(state: State) -> Work:
    """Remove the original volume and the snapshots. The refusals have seen the new root attached and at work."""
    journal, root = state.journal, state.root
    if journal is None:
        return Work()
    if journal.phase != "cleaning":
        noted = dataclasses.replace(journal, phase="cleaning")
        return do(write_journal(state.id, noted, f"note on {state.id} that its originals are removed"))
    original = state.volume(journal.original)
    steps = [delete_volume(original)] if original else []
    steps += [delete_volume(one) for one in state.new_volumes() if not one.attachment]
    steps += map(delete_snapshot, state.snapshots)
    ours = [key for key in root.tags if key.startswith(PREFIX)] if root else []
    if root and ours:
        steps.append(untag(root.id, ours, f"remove the marks from {root.id}"))
    return do(*steps) if steps else _forget(state)
