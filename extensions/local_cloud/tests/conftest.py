# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures for the tests of the local cloud: an API without hosts, started once, empty for every test."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from groundwork_local_cloud.client import LocalCloud
from groundwork_local_cloud.server import Server


@pytest.fixture(scope="session")
def _running_cloud() -> Iterator[LocalCloud]:
    with Server() as server:
        yield LocalCloud(server.endpoint)


@pytest.fixture
def cloud(_running_cloud: LocalCloud) -> LocalCloud:
    _running_cloud.reset()
    return _running_cloud
