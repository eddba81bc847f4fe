# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""The lock that keeps two runs off one instance: a tag on it with its holder and the time. No I/O.

EC2 has no tag operation that fails if the tag is there, so a lock by tag has a limit: of two runs that both see it
free, the later writes over the earlier. A run therefore looks again some seconds after it has written, and goes on only
if the lock is still its own; the other finds a foreign name and stops. It looks again before every step. What remains
is a run that is held up between its look and its writing for longer than these seconds; then both go on until the first
looks again, and AWS keeps them apart where it matters: a volume is created once by its client token, and a device name
takes one volume.
"""

from __future__ import annotations

from .._core import ec2_tags
from .._core.errors import CoreError
from .._core.plan import Step
from .._core.tags import to_aws
from .journal import LOCK_TAG
from .model import State

SETTLE = 2.0  # seconds between writing the lock and trusting it
ROUNDING = 60  # seconds; keeps the step that writes the lock the same step until AWS shows it


class Busy(CoreError):
    """Another run works on the instance."""


def holder_of(value: str) -> tuple[str, int]:
    """Who holds the lock, and since when (seconds since the epoch), from the value of the tag."""
    holder, _blank, since = value.rpartition(" ")
    return (holder, int(since)) if since.isdigit() else (value, 0)


def current_lock(state: State) -> tuple[str, int] | None:
    """The holder and time of the lock on the instance, None if it is free."""
    value = state.instance.tags.get(LOCK_TAG) if state.instance else None
    return holder_of(value) if value else None


def hold(state: State, lock_timeout: int) -> tuple[tuple[Step, ...], tuple[str, ...]]:
    """What has to be done, and waited for, before this run may change anything. Neither: go on.

    Raises Busy where another run holds the lock.
    """
    lock = current_lock(state)
    if lock and lock[0] != state.run_id:
        _refuse_foreign(state, lock, lock_timeout)
    if not lock or lock[0] != state.run_id or state.now - lock[1] > max(lock_timeout // 3, ROUNDING):
        return (_write(state),), ()
    if state.lock_age < SETTLE:
        return (), (f"the lock on {state.id} to settle",)
    return (), ()


def _refuse_foreign(state: State, lock: tuple[str, int], lock_timeout: int) -> None:
    """A holder that is known to be dead, or has been silent for too long, is in nobody's way."""
    holder, since = lock
    age = state.now - since
    if state.other_holder_is_dead or age > lock_timeout:
        return
    raise Busy(
        f"Another run works on {state.id}: {holder} has held the lock (tag {LOCK_TAG}) for {max(age, 0)} s. "
        f"Wait for it. If it has died, the lock is taken over when it is older than {lock_timeout} s (lock_timeout)."
    )


def _write(state: State) -> Step:
    value = f"{state.run_id} {state.now // ROUNDING * ROUNDING}"
    return ec2_tags.tag([state.id], {LOCK_TAG: value}, f"lock {state.id}")


def release(state: State) -> Step | None:
    """Remove the lock if it is this run's, or that of one that is known to be dead."""
    lock = current_lock(state)
    if lock is None or state.instance is None or not (lock[0] == state.run_id or state.other_holder_is_dead):
        return None
    tags = to_aws({LOCK_TAG: state.instance.tags[LOCK_TAG]})
    return Step(f"unlock {state.id}", ec2_tags.delete_tags, {"Resources": [state.id], "Tags": tags})
