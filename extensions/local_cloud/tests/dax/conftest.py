# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets the tests of this directory import what they share (tests/support), and an account that is ready for DAX."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from groundwork_local_cloud.client import LocalCloud

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from dax_account import DaxAccount, prepare


@pytest.fixture
def account(cloud: LocalCloud) -> DaxAccount:
    return prepare(cloud)
