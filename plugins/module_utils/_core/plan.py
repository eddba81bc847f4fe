# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""What a plan is made of: plain values, so that a test compares them and check mode prints them."""

from __future__ import annotations

import dataclasses
import typing as t

State = t.TypeVar("State")


@dataclasses.dataclass(frozen=True)
class Step:
    """One AWS call: ``call`` is a function of a service's ``api.py``, ``arguments`` are its keyword arguments.

    ``summary`` says what the step does in the words of the module's result: "delete flow log fl-1".
    """

    summary: str
    call: t.Callable[..., t.Any]
    arguments: dict[str, t.Any] = dataclasses.field(default_factory=dict)

    def apply(self, client: t.Any) -> t.Any:
        """Make the call. Raises what the call raises."""
        return self.call(client, **self.arguments)


@dataclasses.dataclass(frozen=True)
class Plan(t.Generic[State]):
    """What can be done now, what has to be waited for, and the state once everything is done.

    A plan need not reach the goal in one go: the runner reads again and asks for the next plan until there are neither
    steps nor anything to wait for. ``after`` describes the end of the whole way, for check mode and diff.
    """

    after: State
    steps: tuple[Step, ...] = ()
    waiting_for: tuple[str, ...] = ()

    @property
    def is_done(self) -> bool:
        return not self.steps and not self.waiting_for
