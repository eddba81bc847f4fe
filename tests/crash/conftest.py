# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a sweep runs in, where no time passes but in the modules' clocks; and the table at the end."""

from __future__ import annotations

import gc
import types
import typing as t
from pathlib import Path

import pytest
from ansible_collections.amazon.aws.plugins.module_utils import cloud as retries
from ansible_collections.groundwork.aws.plugins.module_utils._core.budget import Budget
from ansible_collections.groundwork.aws.plugins.module_utils._core.pace import Deadline
from groundwork_local_cloud.client import LocalCloud
from groundwork_local_cloud.cloud import cloud as served

from . import direct

ROW = "crash_sweep"
TABLE = Path(__file__).resolve().parents[2] / ".cache" / "crash-sweep.txt"
HEADINGS = ("flow", "calls", "faults tried", "survived")


class Clock:
    """A clock that only sleep moves on."""

    def __init__(self) -> None:
        self._now = 0.0

    def __call__(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        self._now += seconds


@pytest.fixture(scope="session")
def _quick_memory(_running_cloud: LocalCloud) -> t.Iterator[None]:
    """Keep the garbage collector from what stays to the end, and from looking for more than is worth it."""
    thresholds = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


@pytest.fixture
def swept(_quick_memory: None, cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> LocalCloud:
    """The local cloud without HTTP, for modules that wait without losing time."""
    clock = Clock()
    for waits in (Deadline.__init__, Budget.__init__):
        defaults: dict[str, t.Any] = waits.__kwdefaults__ or {}
        monkeypatch.setitem(defaults, "clock", clock)
        monkeypatch.setitem(defaults, "sleep", clock.sleep)
    monkeypatch.setattr(retries, "time", types.SimpleNamespace(sleep=clock.sleep))
    # botocore would make up for a fault by itself; here the module is to see it.
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setattr(served, "changed", lambda: None)  # transitions end with the next call, and at no other time
    monkeypatch.setattr(served, "watch", lambda: None)
    direct.connect(monkeypatch)
    return cloud


def pytest_terminal_summary(terminalreporter: t.Any) -> None:
    """Print the table of all sweeps, and write it where the documentation takes it from."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.getreports(outcome)]
    rows = [value for report in reports for name, value in report.user_properties if name == ROW]
    if not rows:
        return
    lines = _table(rows)
    terminalreporter.section("crash sweep")
    terminalreporter.write_line("\n".join(lines))
    TABLE.write_text("\n".join(lines) + "\n")


def _table(rows: list[dict[str, t.Any]]) -> list[str]:
    flows: dict[str, list[int]] = {}
    for row in rows:
        numbers = flows.setdefault(row["flow"], [row["calls"], 0, 0])
        numbers[1] += row["faults"]
        numbers[2] += row["survived"]
    total = [sum(numbers[column] for numbers in flows.values()) for column in range(3)]
    cells = [HEADINGS, *((flow, *map(str, flows[flow])) for flow in sorted(flows)), ("all", *map(str, total))]
    width = max(len(row[0]) for row in cells)
    return [f"{row[0]:<{width}}" + "".join(f"{cell:>14}" for cell in row[1:]) for row in cells]
