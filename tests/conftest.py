# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared by all tests: the collection imported as groundwork.aws, the local cloud, and a way to run a module."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / ".cache" / "dev"), str(ROOT / "extensions" / "local_cloud"), str(ROOT / "tests")]

from groundwork_local_cloud.client import ACCESS_KEY, SECRET_KEY, LocalCloud
from groundwork_local_cloud.server import Server


@pytest.fixture(scope="session")
def _running_cloud() -> Iterator[LocalCloud]:
    with Server() as server:
        yield LocalCloud(server.endpoint)


@pytest.fixture
def cloud(_running_cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> LocalCloud:
    """An empty local cloud without hosts, to which this process and its children connect by default."""
    _running_cloud.reset()
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ENDPOINT_URL", _running_cloud.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    return _running_cloud
