# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""What is to come: for check mode, the diff and the warnings. No I/O."""

from __future__ import annotations

import dataclasses

from .encrypting import first_journal
from .journal import EXPIRY_TAG, JOURNAL_TAG, expiry_date, without_marks
from .model import Instance, Snapshot, State, Volume, Wanted, known
from .refusals import problems

TO_COME = "(known after creation)"  # in the place of the id of what does not exist yet
SNAPSHOT_TO_COME = Snapshot(TO_COME, state="completed", progress="100%", problem="", start_time=0, tags={})


def will_stop(state: State, wanted: Wanted) -> bool:
    """Whether a running instance is stopped on the way."""
    instance, journal, root = state.instance, state.journal, state.root
    if instance is None or root is None or instance.state != "running":
        return False
    if wanted.state == "encrypted":
        return is_to_be_encrypted(state) and (journal is None or root.id == journal.original)
    return wanted.state == "rolled_back" and journal is not None and root.id != journal.original


def is_to_be_encrypted(state: State) -> bool:
    """Whether the way to an encrypted root has not been gone to its end."""
    return state.journal.phase == "encrypting" if state.journal else not state.has_wanted_root


def after(state: State, wanted: Wanted) -> State:
    """The state of an instance once everything is done."""
    journal = state.journal
    if wanted.state == "encrypted" and is_to_be_encrypted(state):
        return _encrypted(state, wanted)
    if journal is None:
        return state
    if wanted.state == "rolled_back":
        original = known(state.volume(journal.original), journal.original)
        runs = journal.run if journal.phase in ("encrypting", "rolling-back") else state.here.state == "running"
        return _with_one_volume(state, original, runs=runs)
    if wanted.state == "encrypted" and not is_to_be_cleaned(state, wanted):
        return state
    root = known(state.root, f"The root of {state.id}")
    return _with_one_volume(state, root, runs=state.here.state == "running")


def is_to_be_cleaned(state: State, wanted: Wanted) -> bool:
    """Whether the originals of an encrypted root are not to be kept, and may go."""
    return not wanted.keep_originals_days and not problems(state, dataclasses.replace(wanted, state="cleaned"))


def _encrypted(state: State, wanted: Wanted) -> State:
    journal = state.journal or first_journal(state)
    original = known(state.volume(journal.original), journal.original)
    runs = journal.run and wanted.start_after
    new = dataclasses.replace(original, id=TO_COME, encrypted=True, kms_key_id=state.key_arn)
    at_work = _with_one_volume(state, new, runs=runs)
    if runs and not wanted.keep_originals_days:
        return at_work
    journal = dataclasses.replace(journal, phase="encrypted")
    expiry = expiry_date(journal, wanted.keep_originals_days)
    kept = dataclasses.replace(original, device="", tags={**original.tags, EXPIRY_TAG: expiry})
    tags = {**at_work.here.tags, JOURNAL_TAG: journal.to_tag()}
    return dataclasses.replace(
        at_work,
        instance=dataclasses.replace(at_work.here, tags=tags),
        volumes=(*at_work.volumes, kept),
        snapshots=(SNAPSHOT_TO_COME,) * (2 if wanted.copy_snapshot else 1),
    )


def _with_one_volume(state: State, root: Volume, *, runs: bool) -> State:
    """With ``root``, and without anything else that this module has made."""
    instance: Instance = dataclasses.replace(
        state.here,
        state="running" if runs else "stopped",
        root_volume_id=root.id,
        tags=without_marks(state.here.tags),
    )
    volume = dataclasses.replace(root, device=instance.root_device, tags=without_marks(root.tags))
    return dataclasses.replace(state, instance=instance, volumes=(volume,), snapshots=())


def way_ahead(state: State, wanted: Wanted) -> list[str]:
    """Everything that is done to an instance, locks and notes aside; empty where something has been begun already."""
    if wanted.state != "encrypted" or state.journal or not is_to_be_encrypted(state):
        return []
    instance, root = state.here, known(state.root, f"The root of {state.id}")
    stops = will_stop(state, wanted)
    runs = stops and wanted.start_after
    steps = [
        (stops, f"take a first snapshot of {root.id} while {instance.id} runs"),
        (stops, f"stop {instance.id}"),
        (True, f"take the final snapshot of {root.id}"),
        (wanted.copy_snapshot, "copy the final snapshot encrypted"),
        (True, f"create an encrypted {root.type} volume of {root.size} GiB"),
        (True, f"detach {root.id} from {instance.root_device}"),
        (True, f"attach the encrypted volume as {instance.root_device}"),
        (instance.delete_on_termination, f"restore DeleteOnTermination of {instance.root_device}"),
        (runs, f"start {instance.id}"),
        (stops, "delete the first snapshot"),
        (runs and not wanted.keep_originals_days, f"delete the volume {root.id}"),
        (runs and not wanted.keep_originals_days, "delete the final snapshot"),
        (runs and not wanted.keep_originals_days and wanted.copy_snapshot, "delete the encrypted snapshot"),
    ]
    return [summary for is_done, summary in steps if is_done]
