# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""The flow logs of a set of resources as the runner sees them."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core.errors import Refusal
from .._core.pace import Pace
from .._core.plan import Plan
from . import api
from .model import Wanted, flow_log_of
from .plan import State, plan


class FlowLogs:
    """The flow logs of one name on some resources.

    Raises Refusal when the request itself is wrong.
    """

    pace = Pace()

    def __init__(self, client: t.Any, wanted: Wanted) -> None:
        if problems := wanted.problems():
            raise Refusal(problems)
        self.client = client
        self._wanted = wanted

    def read(self) -> State:
        found = api.describe(self.client, resource_ids=list(self._wanted.resource_ids), name=self._wanted.name)
        return tuple(flow_log_of(answer) for answer in found)

    def plan(self, state: State) -> Plan[State]:
        return plan(state, self._wanted)

    def view(self, state: State) -> dict[str, t.Any]:
        return {
            "flow_logs": [
                {
                    "id": log.id or "(known after creation)",
                    "resource_id": log.resource_id,
                    **dataclasses.asdict(log.specification),
                    "tags": log.tags,
                    "deliver_logs_error": log.deliver_logs_error,
                }
                for log in state
            ]
        }
