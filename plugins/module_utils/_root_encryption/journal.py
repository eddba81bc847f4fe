# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""What a later run has to know and AWS does not show: one tag on the instance, which outlives both volumes. No I/O."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

PREFIX = "groundwork:root-encryption"
JOURNAL_TAG = f"{PREFIX}-journal"
LOCK_TAG = f"{PREFIX}-lock"
INSTANCE_TAG = PREFIX  # on volumes and snapshots: the instance that they belong to
PART_TAG = f"{PREFIX}-part"  # what they are to it, one of the parts below
SOURCE_TAG = f"{PREFIX}-source"  # on an encrypted copy: the snapshot that it was made from
EXPIRY_TAG = f"{PREFIX}-expires"

Phase = t.Literal["encrypting", "encrypted", "rolling-back", "cleaning"]
ORIGINAL, ENCRYPTED = "original", "encrypted"
FIRST, FINAL, COPY = "first-snapshot", "final-snapshot", "encrypted-snapshot"


@dataclasses.dataclass(frozen=True)
class Journal:
    """Written before the first change that it describes. Times are in seconds since the epoch.

    ``delete`` is DeleteOnTermination of the root device, ``run`` whether the instance is to run at the end,
    ``key`` the id of the KMS key, ``stopped`` when the instance was asked to stop (0: it was not),
    ``downtime`` how many seconds it took until it ran again, ``checked`` whether it has passed its status checks
    with the new root, ``generation`` which attempt at the encrypted volume this is: one that vanishes is made anew.
    """

    phase: Phase
    original: str
    device: str
    delete: bool
    run: bool
    key: str
    started: int
    stopped: int = 0
    downtime: int = 0
    checked: bool = False
    generation: int = 1

    def to_tag(self) -> str:
        """As a tag value: ``phase=encrypting original=vol-1 ...``, below the 256 characters that AWS allows."""
        return " ".join(f"{name}={_written(value)}" for name, value in dataclasses.asdict(self).items())


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def read_journal(tags: t.Mapping[str, str]) -> Journal | None:
    """The journal among the tags of an instance; None if there is none, or none that can be read."""
    parts = dict(part.split("=", 1) for part in tags.get(JOURNAL_TAG, "").split() if "=" in part)
    try:
        return Journal(
            phase=t.cast(Phase, parts["phase"]),
            original=parts["original"],
            device=parts["device"],
            delete=parts["delete"] == "true",
            run=parts["run"] == "true",
            key=parts["key"],
            started=int(parts["started"]),
            stopped=int(parts["stopped"]),
            downtime=int(parts["downtime"]),
            checked=parts["checked"] == "true",
            generation=int(parts["generation"]),
        )
    except (KeyError, ValueError):
        return None


def expiry_date(journal: Journal, days: int) -> str:
    """Until when the originals are to be kept, as a date in UTC."""
    started = datetime.datetime.fromtimestamp(journal.started, datetime.timezone.utc)  # noqa: UP017  # Python 3.9
    return str(started.date() + datetime.timedelta(days=days))


def without_marks(tags: t.Mapping[str, str]) -> dict[str, str]:
    """All tags but those of this module."""
    return {key: value for key, value in tags.items() if not key.startswith(PREFIX)}


def without_ours(tags: t.Mapping[str, str]) -> dict[str, str]:
    """The tags of the user: neither those of AWS nor those of this module."""
    return {key: value for key, value in without_marks(tags).items() if not key.startswith("aws:")}
