# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Slots: how several clouds with hosts share one machine without getting in each other's way.

Everything that a cloud makes on the machine is named by the number of its slot, so that it can be found again without
any record. The lock file of a slot only tells the state directory, for the disks that lie there.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from .locks import Locked, locked, rewrite
from .problems import NoFreeSlot

SLOTS = range(4)
DIRECTORY = Path("/run/groundwork-local-cloud")

Purge = Callable[[int, Path], None]


@contextlib.contextmanager
def claim(state_dir: Path, purge: Purge, directory: Path = DIRECTORY) -> Iterator[int]:
    """Hold a free slot for the cloud of ``state_dir``. What an earlier holder has left on the machine is purged.

    Raises:
        NoFreeSlot: every slot belongs to a running cloud.
    """
    directory.mkdir(mode=0o755, parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        slot, file = _first_free(directory, stack)
        _purge_former(slot, file, purge)
        rewrite(file, str(state_dir))
        try:
            yield slot
        finally:
            purge(slot, state_dir)
            _remove(directory, slot)


def purge_unused(purge: Purge, directory: Path = DIRECTORY) -> list[int]:
    """Purge what dead clouds have left in slots that nobody holds. Returns the numbers of the slots purged."""
    purged = []
    for slot in SLOTS:
        if not _path(directory, slot).exists():
            continue
        with contextlib.ExitStack() as stack:
            try:
                file = stack.enter_context(locked(_path(directory, slot)))
            except Locked:
                continue
            _purge_former(slot, file, purge)
            _remove(directory, slot)
            purged.append(slot)
    return purged


def _first_free(directory: Path, stack: contextlib.ExitStack) -> tuple[int, IO[str]]:
    for slot in SLOTS:
        with contextlib.suppress(Locked):
            return slot, stack.enter_context(locked(_path(directory, slot)))
    raise NoFreeSlot(f"all {len(SLOTS)} slots of this machine are in use by other local clouds")


def _purge_former(slot: int, file: IO[str], purge: Purge) -> None:
    left_by = file.read().strip()
    if left_by:
        purge(slot, Path(left_by))


def _remove(directory: Path, slot: int) -> None:
    _path(directory, slot).unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # other slots are in use
        directory.rmdir()


def _path(directory: Path, slot: int) -> Path:
    return directory / f"slot-{slot}.lock"
