# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""What is asked about instances once, before anything is done to them. Changes nothing: check mode asks it all, too."""

from __future__ import annotations

import typing as t
from concurrent.futures import ThreadPoolExecutor

from .._core.parallel import WORKERS
from . import api
from .forecast import will_stop
from .model import Findings, State, Wanted
from .rights import denials


def inquire(ec2: t.Any, kms: t.Any, states: t.Sequence[State], wanted: Wanted) -> dict[str, Findings]:
    """Find out about each instance whether it may be stopped, what is lost with that, and what the caller may not do.

    ``ec2`` and ``kms`` are the clients. Raises AwsCallError where AWS gives no answer.
    """
    storage = _instance_storage(ec2, {state.here.type for state in states if will_stop(state, wanted)})
    new = [state for state in states if not state.journal]
    denied = denials(ec2, kms, new, wanted) if new and wanted.check_permissions else {}
    with ThreadPoolExecutor(WORKERS) as pool:
        answers = pool.map(lambda state: api.get_stop_protection(ec2, InstanceId=state.id), new)
        protected = {state.id for state, is_protected in zip(new, answers) if is_protected}
    return {
        state.id: Findings(
            stop_protection=state.id in protected,
            instance_storage=storage.get(state.here.type, 0),
            denials=denied.get(state.id, ()),
        )
        for state in states
    }


def _instance_storage(ec2: t.Any, types: set[str]) -> dict[str, int]:
    """GB of instance store by instance type."""
    found = api.describe_instance_types(ec2, InstanceTypes=sorted(types)) if types else []
    return {one["InstanceType"]: one.get("InstanceStorageInfo", {}).get("TotalSizeInGB", 0) for one in found}
