# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""The way to an encrypted root, as a state machine over what AWS shows. No I/O.

A first snapshot is taken while the instance runs; the second one, after the stop, then has only to copy what has
changed since. The encrypted volume is complete before the original is detached.
"""

from __future__ import annotations

import dataclasses

from .._core.ec2_tags import tag
from .._core.errors import CoreError
from .journal import (
    COPY,
    EXPIRY_TAG,
    FINAL,
    FIRST,
    INSTANCE_TAG,
    ORIGINAL,
    PART_TAG,
    SOURCE_TAG,
    Journal,
    expiry_date,
)
from .model import Instance, Snapshot, State, Volume, Wanted, known
from .steps import (
    Work,
    copy,
    create_volume,
    delete_snapshot,
    delete_volume,
    do,
    exchange_root,
    snapshot,
    start,
    stop,
    wait,
    write_journal,
)

UNSEEN = 120  # seconds after which a volume that was created and does not show has been deleted by somebody
WAY_BACK = "The original is untouched: state=rolled_back puts everything back"


def work(state: State, wanted: Wanted) -> Work:
    """What comes next on the way to the encrypted root.

    Raises CoreError where AWS has ended a snapshot, a volume or the status checks with an error.
    """
    journal, instance, root = state.journal, state.here, state.root
    if journal is None:
        return Work() if root is None or state.has_wanted_root else _begin(state, instance, root)
    if journal.phase != "encrypting":
        return Work()
    original = known(state.volume(journal.original), journal.original)
    if root and root.id in {volume.id for volume in state.new_volumes()}:
        return _after_exchange(state, wanted, journal, root)
    return _before_exchange(state, wanted, journal, instance, original)


def _begin(state: State, instance: Instance, root: Volume) -> Work:
    if instance.state not in ("running", "stopped"):
        return wait(f"{instance.id} is {instance.state}, to be running or stopped")
    note = f"note on {state.id} that {root.id} is its original root"
    return do(write_journal(state.id, first_journal(state), note))


def first_journal(state: State) -> Journal:
    """What is noted before anything else is done."""
    instance = state.here
    return Journal(
        phase="encrypting",
        original=instance.root_volume_id,
        device=instance.root_device,
        delete=instance.delete_on_termination,
        run=instance.state == "running",
        key=state.key_arn.rpartition("/")[2],
        started=state.moment,
    )


def _before_exchange(state: State, wanted: Wanted, journal: Journal, instance: Instance, original: Volume) -> Work:
    if original.tags.get(PART_TAG) != ORIGINAL:
        marks = {INSTANCE_TAG: state.id, PART_TAG: ORIGINAL}
        return do(tag([original.id], marks, f"mark {original.id} as the original"))
    if instance.state != "stopped":
        return _towards_stop(state, journal, instance, original)
    final = state.final_snapshot()
    source = state.copy_of(final) if final and wanted.copy_snapshot else final
    stale = _stale(state, final)
    if stale.steps:
        return stale
    if final is None:
        return do(snapshot(state, original, FINAL, f"take the final snapshot of {original.id}"))
    if final.state != "completed":
        return _await(final)
    if source is None:
        return do(copy(state, original, final))
    if source.state != "completed":
        return _await(source)
    return _exchange(state, journal, original, source)


def _towards_stop(state: State, journal: Journal, instance: Instance, original: Volume) -> Work:
    if instance.state != "running":
        return wait(f"{instance.id} is {instance.state}, to be running or stopped")
    first = next(iter(state.parts(FIRST)), None)
    if first is None:
        return do(snapshot(state, original, FIRST, f"take a first snapshot of {original.id} while {instance.id} runs"))
    if first.state != "completed":
        return _await(first)
    if not journal.stopped:
        noted = dataclasses.replace(journal, stopped=state.moment)
        return do(write_journal(state.id, noted, f"note on {state.id} when it stops"))
    return do(stop(instance))


def _await(one: Snapshot) -> Work:
    if one.state == "error":
        raise CoreError(f"The snapshot {one.id} has ended in error: {one.problem or 'AWS says no more'}. {WAY_BACK}.")
    return wait(f"the {one.part.replace('-', ' ')} {one.id} is {one.state} {one.progress}".rstrip())


def _stale(state: State, final: Snapshot | None) -> Work:
    """What an earlier run made before the instance was started again: data written since is not in it."""
    copied = state.copy_of(final) if final else None
    fresh = {one.id for one in (final, copied) if one}
    volumes = [one for one in state.new_volumes() if one.snapshot_id not in fresh and not one.attachment]
    finals = [one for one in state.parts(FINAL) if final is None or one.start_time < final.start_time]
    copies = [one for one in state.parts(COPY) if final is None or one.tags.get(SOURCE_TAG) != final.id]
    return do(*map(delete_volume, volumes), *map(delete_snapshot, finals + copies))


def _exchange(state: State, journal: Journal, original: Volume, source: Snapshot) -> Work:
    new = next(iter(state.new_volumes()), None)
    if new is None and state.now - state.moment > UNSEEN:
        # The token of the vanished volume would give us that volume again.
        again = dataclasses.replace(journal, generation=journal.generation + 1)
        return do(write_journal(state.id, again, f"note on {state.id} that its encrypted volume has vanished"))
    if new is None:
        return do(create_volume(state, original, source, journal.generation))
    if new.state == "error":
        raise CoreError(
            f"The encrypted volume {new.id} has ended in error; the usual reason is that EC2 may not use the key "
            f"{state.key_arn} for the caller (kms:CreateGrant, kms:GenerateDataKeyWithoutPlaintext, kms:Decrypt). "
            f"{WAY_BACK}."
        )
    if new.state == "creating":
        return wait(f"{new.id} is creating, to be available")
    return exchange_root(state, journal, new) or Work()


def _after_exchange(state: State, wanted: Wanted, journal: Journal, root: Volume) -> Work:
    instance = state.here
    exchange = exchange_root(state, journal, root)
    if exchange:
        return exchange
    is_to_run = journal.run and wanted.start_after
    if is_to_run and instance.state == "stopped":
        return do(start(instance))
    if is_to_run and instance.state != "running":
        return wait(f"{instance.id} is {instance.state}, to be running")
    if is_to_run and not journal.downtime:
        noted = dataclasses.replace(journal, downtime=max(state.moment - journal.stopped, 1))
        return do(write_journal(state.id, noted, f"note on {state.id} for how long it was down"))
    if is_to_run and instance.checks != "ok":
        return await_checks(instance, WAY_BACK)
    return _finish(state, wanted, journal, is_to_run)


def await_checks(instance: Instance, way_out: str) -> Work:
    """Wait for the status checks of a running instance. Raises CoreError if it fails them."""
    if instance.checks == "impaired":
        raise CoreError(f"{instance.id} fails its status checks: see its system log. {way_out}.")
    return wait(f"the status checks of {instance.id} are {instance.checks or 'not there yet'}")


def _finish(state: State, wanted: Wanted, journal: Journal, checked: bool) -> Work:
    """Tidy what is not needed for a way back, mark what is kept with its expiry, and note the end."""
    surplus = state.parts(FIRST) + state.parts(FINAL)[1:] + state.parts(COPY)[1:]
    volumes = [one for one in state.new_volumes() if not one.attachment]
    if surplus or volumes:
        return do(*map(delete_snapshot, surplus), *map(delete_volume, volumes))
    kept = [journal.original, *(one.id for one in state.snapshots)]
    expiry = expiry_date(journal, wanted.keep_originals_days)
    original = known(state.volume(journal.original), journal.original)
    tagged = [original.tags, *(one.tags for one in state.snapshots)]
    steps = []
    if any(tags.get(EXPIRY_TAG) != expiry for tags in tagged):
        steps.append(tag(kept, {EXPIRY_TAG: expiry}, f"mark the originals of {state.id} to be kept until {expiry}"))
    done = dataclasses.replace(journal, phase="encrypted", checked=checked)
    steps.append(write_journal(state.id, done, f"note on {state.id} that its root is encrypted"))
    return do(*steps)
