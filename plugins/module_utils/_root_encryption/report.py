# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""What the module returns: a result for each instance, and one message where some of them failed. No I/O."""

from __future__ import annotations

import typing as t

from .._core.parallel import Way
from .forecast import way_ahead, will_stop
from .model import State, Wanted
from .plan import next_work
from .view import view

SHOWN = ("phase", "instance_state", "root_volume", "original_volume")


def result_of(name: str, way: Way[State], wanted: Wanted, *, check_mode: bool) -> dict[str, t.Any]:
    """The result of one instance. ``changed`` tells of what was done, also where it failed afterwards."""
    error, before, after, first = way.error, way.before, way.after, way.first
    if check_mode and first is not None:
        after = first.after
    result: dict[str, t.Any] = {"instance_id": name, "failed": error is not None}
    if after is not None and after.instance is not None:
        result.update(view(after))
    if before is not None and before.instance is not None:
        result["before"] = _shown(view(before))
    ahead = next_work(before, wanted) if first is not None and before is not None else None
    result["actions"] = [step.summary for step in way.made]
    if check_mode and before is not None and first is not None:
        result["actions"] = way_ahead(before, wanted) or [step.summary for step in first.steps]
    result["changed"] = bool(first and not first.is_done) if check_mode else bool(way.made)
    if before is not None and before.journal is not None and ahead is not None and not ahead.is_done:
        result["resumed_at"] = [
            *(step.summary for step in ahead.steps),
            *(f"wait: {one}" for one in ahead.waiting_for),
        ][0]
    if error is not None:
        result["msg"] = error.message
    return result


def warnings_of(way: Way[State], wanted: Wanted) -> list[str]:
    """What an instance loses when it is stopped. The same in check mode, which is the time to read it."""
    state = way.before
    if way.first is None or state is None or not will_stop(state, wanted):
        return []
    instance, storage = state.here, state.findings.instance_storage
    warnings = []
    if instance.loses_public_ip:
        warnings.append(
            f"{instance.id} has the public address {instance.loses_public_ip} only while it runs: the stop gives it "
            "away, and the start brings another one. An Elastic IP would stay."
        )
    if storage:
        warnings.append(
            f"{instance.id} has {storage} GB of instance store ({instance.type}): what is on it is lost with the stop. "
            "Save it before."
        )
    return warnings


def diff_of(ways: t.Mapping[str, Way[State]], results: t.Sequence[dict[str, t.Any]]) -> dict[str, t.Any]:
    """Both sides of the diff: the roots by instance."""
    return {
        "before": {name: _shown(view(way.before)) for name, way in ways.items() if way.before is not None},
        "after": {one["instance_id"]: _shown(one) for one in results},
    }


def _shown(one: dict[str, t.Any]) -> dict[str, t.Any]:
    return {key: one.get(key) for key in SHOWN}


def failure_message(results: t.Sequence[dict[str, t.Any]]) -> str:
    """All that went wrong, in one message."""
    failed = [one for one in results if one["failed"]]
    if len(results) == 1:
        return str(failed[0]["msg"])
    told = " ".join(f"{one['instance_id']}: {one['msg']}" for one in failed)
    return f"{len(failed)} of {len(results)} instances failed. {told}"
