# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of what differs from moto, for readers; it comes from the registered corrections themselves."""

from __future__ import annotations

from .supplement import loader
from .supplement.registry import Correction, corrections


def _listed() -> list[Correction]:
    loader.load()
    return sorted(corrections(), key=lambda one: (one.service, one.id))


def as_text() -> str:
    """One line for each correction: service, operations and behaviour."""
    return "\n".join(f"{one.service} {', '.join(one.operations)}: {one.behaviour}" for one in _listed())


def as_markdown() -> str:
    """A table of all corrections."""
    rows = [f"| {' | '.join(_cells(one))} |" for one in _listed()]
    return "\n".join(["| Service | Operations | What AWS does | Error codes |", "| --- | --- | --- | --- |", *rows])


def _cells(one: Correction) -> tuple[str, ...]:
    operations = ", ".join(one.operations) + (" (added)" if one.provides else "")
    return one.service, operations, one.behaviour.replace("|", "\\|"), ", ".join(one.errors)
