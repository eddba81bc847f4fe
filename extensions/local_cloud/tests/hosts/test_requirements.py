# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said on a machine that cannot have hosts. The lack itself is pretended: this machine may lack nothing."""

from __future__ import annotations

import os
import shutil

import pytest
from groundwork_local_cloud.hosts import requirements
from groundwork_local_cloud.hosts.requirements import missing_requirements


def test_without_root_there_is_one_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    (reason,) = missing_requirements()
    assert "need root" in reason


def test_missing_commands_come_with_the_packages_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    installed = set(requirements.COMMANDS) - {"systemd-nspawn", "nft"}
    monkeypatch.setattr(shutil, "which", lambda command: f"/usr/bin/{command}" if command in installed else None)
    reason = missing_requirements()[0]
    assert "systemd-nspawn, nft" in reason
    assert reason.endswith("apt-get install nftables systemd-container")


def test_missing_capabilities_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(requirements, "CAPABILITIES", {"CAP_OF_NOBODY": 63})
    assert any("lacks CAP_OF_NOBODY" in reason for reason in missing_requirements())
