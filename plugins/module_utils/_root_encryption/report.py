# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""What the module returns: a result for each instance, and one message where some of them failed. No I/O."""

from __future__ import annotations

import typing as t

from .._core.parallel import Way
from .model import State, Wanted
from .plan import next_work
from .view import view


def result_of(name: str, way: Way[State], wanted: Wanted, *, check_mode: bool) -> dict[str, t.Any]:
    """The result of one instance. ``changed`` tells of what was done, also where it failed afterwards."""
    error, before, after, first = way.error, way.before, way.after, way.first
    if check_mode and first is not None:
        after = first.after
    result: dict[str, t.Any] = {"instance_id": name, "failed": error is not None}
    if after is not None and after.instance is not None:
        result.update(view(after))
    ahead = next_work(before, wanted) if first is not None and before is not None else None
    actions = list(ahead.steps) if check_mode and ahead else way.made
    result["actions"] = [step.summary for step in actions]
    result["changed"] = bool(ahead and not ahead.is_done) if check_mode else bool(way.made)
    if before is not None and before.journal is not None and ahead is not None and not ahead.is_done:
        result["resumed_at"] = [
            *(step.summary for step in ahead.steps),
            *(f"wait: {one}" for one in ahead.waiting_for),
        ][0]
    if error is not None:
        result["msg"] = error.message
    return result


def warnings_of(way: Way[State]) -> list[str]:
    """The public address that a stop gives away."""
    before = way.before
    if not way.made or before is None or before.instance is None or not before.instance.loses_public_ip:
        return []
    if not any(step.summary == f"stop {before.id}" for step in way.made):
        return []
    address = before.instance.loses_public_ip
    return [
        f"{before.id} had the public address {address} only while it ran: it has another one now. An Elastic IP stays."
    ]


def diff_of(ways: t.Mapping[str, Way[State]], results: t.Sequence[dict[str, t.Any]]) -> dict[str, t.Any]:
    """Both sides of the diff: the roots by instance."""
    shown = ("phase", "instance_state", "root_volume", "original_volume")
    before = {name: view(way.before) for name, way in ways.items() if way.before is not None}
    return {
        "before": {name: {key: one[key] for key in shown} for name, one in before.items()},
        "after": {one["instance_id"]: {key: one.get(key) for key in shown} for one in results},
    }


def failure_message(results: t.Sequence[dict[str, t.Any]]) -> str:
    """All that went wrong, in one message."""
    failed = [one for one in results if one["failed"]]
    if len(results) == 1:
        return str(failed[0]["msg"])
    told = " ".join(f"{one['instance_id']}: {one['msg']}" for one in failed)
    return f"{len(failed)} of {len(results)} instances failed. {told}"
