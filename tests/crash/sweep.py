# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The crash sweep: lose the connection to AWS at every call of a run, run again, compare with a run that went well."""

from __future__ import annotations

import dataclasses
import typing as t

from groundwork_local_cloud.client import LocalCloud
from support.modules import Result

MOST_CALLS = 200


@dataclasses.dataclass
class Scenario:
    """What is swept. ``prepare`` makes the starting point, ``act`` is the run, ``observe`` what is compared."""

    prepare: t.Callable[[LocalCloud], t.Any]
    act: t.Callable[[t.Any], Result]
    observe: t.Callable[[LocalCloud], t.Any]


def broken_from(call: int, *, after_effect: bool) -> list[dict[str, t.Any]]:
    """Fault rules: from the ``call``-th call on no answer arrives, whether or not that one call has an effect."""
    first = {"kind": "cut_after" if after_effect else "cut_before", "at": call}
    return [first, *({"kind": "cut_before", "at": later} for later in range(call + 1, call + MOST_CALLS))]


def clean_run(cloud: LocalCloud, scenario: Scenario) -> t.Any:
    """What a run leaves behind when nothing goes wrong."""
    cloud.reset()
    start = scenario.prepare(cloud)
    assert not scenario.act(start).get("failed")
    return scenario.observe(cloud)


def sweep(cloud: LocalCloud, scenario: Scenario, *, after_effect: bool) -> int:
    """Break the run at call 1, 2, 3 ... until it needs no more calls. Returns how many breaks it survived.

    After each break the run is made again with the connection restored; it has to end as a clean run does, and a third
    run has to find nothing to do.
    """
    wanted = clean_run(cloud, scenario)
    for call in range(1, MOST_CALLS):
        cloud.reset()
        start = scenario.prepare(cloud)
        cloud.faults(*broken_from(call, after_effect=after_effect))
        broken = scenario.act(start)
        cloud.faults()
        if not broken.get("failed"):
            return call - 1
        assert not scenario.act(start).get("failed"), f"the run after a break at call {call} failed"
        assert scenario.observe(cloud) == wanted, f"after a break at call {call} something else was left behind"
        assert not scenario.act(start)["changed"], f"after a break at call {call} it never came to rest"
    raise AssertionError(f"no end after {MOST_CALLS} calls")
