# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets the tests of this directory import what they share, with each other and with others (tests/support)."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from groundwork_local_cloud.client import LocalCloud

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support")]

from tables import Tables


@pytest.fixture
def tables(cloud: LocalCloud) -> Tables:
    return Tables(cloud)
