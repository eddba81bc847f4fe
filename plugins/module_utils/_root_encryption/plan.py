# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""The plan for one instance: refuse, lock, work, unlock. No I/O."""

from __future__ import annotations

import dataclasses

from .._core.errors import Refusal
from .._core.plan import Plan
from . import encrypting, undoing
from .journal import PREFIX
from .locking import hold, release
from .model import Instance, State, Wanted, known
from .refusals import problems
from .steps import Work

TO_COME = "(known after creation)"


def plan(state: State, wanted: Wanted) -> Plan[State]:
    """The next steps for one instance. Raises Refusal, Busy, or CoreError where AWS has ended something in error."""
    if found := problems(state, wanted):
        raise Refusal(found)
    work = next_work(state, wanted)
    after = _after(state, wanted)
    if work.is_done:
        unlocking = release(state)
        return Plan(after, (unlocking,) if unlocking else ())
    locking, waiting = hold(state, wanted.lock_timeout)
    if locking or waiting:
        return Plan(after, locking, waiting)
    return Plan(after, work.steps, work.waiting_for)


def next_work(state: State, wanted: Wanted) -> Work:
    """What comes next, locks aside."""
    if wanted.state == "rolled_back":
        return undoing.roll_back(state)
    if wanted.state == "cleaned":
        return undoing.clean(state)
    work = encrypting.work(state, wanted)
    journal = state.journal
    finished = work.is_done and journal is not None and journal.phase in ("encrypted", "cleaning")
    return undoing.clean(state) if finished and not wanted.keep_originals_days and _may_clean(state) else work


def _may_clean(state: State) -> bool:
    return not problems(state, Wanted("cleaned"))


def _after(state: State, wanted: Wanted) -> State:
    """How it will be at the end, for check mode: volumes that do not exist yet have no id."""
    instance, journal = state.here, state.journal
    if wanted.state == "encrypted":
        return _encrypted(state, instance)
    if journal is None:
        return state
    original = state.volume(journal.original)
    root = known(original if wanted.state == "rolled_back" else state.root, f"The root of {state.id}")
    restored = dataclasses.replace(instance, tags=_without_notes(instance), root_volume_id=root.id)
    return dataclasses.replace(state, instance=restored, volumes=(root,), snapshots=())


def _encrypted(state: State, instance: Instance) -> State:
    journal = state.journal
    if state.has_wanted_root or (journal and journal.phase != "encrypting"):
        return state
    base = state.volume(journal.original) if journal else state.root
    if base is None:
        return state
    new = dataclasses.replace(base, id=TO_COME, encrypted=True, kms_key_id=state.key_arn)
    kept = dataclasses.replace(instance, root_volume_id=new.id)
    return dataclasses.replace(state, instance=kept, volumes=(*state.volumes, new))


def _without_notes(instance: Instance) -> dict[str, str]:
    return {key: value for key, value in instance.tags.items() if not key.startswith(PREFIX)}
