# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks on this machine, in a slot of their own."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent / "support"))

from groundwork_local_cloud.hosts.namespaces import RUNTIME, purge
from lab import SLOT, Lab


@pytest.fixture(scope="session")
def _slot() -> Iterator[None]:
    """The slot, once no other cloud or test run has it."""
    if os.geteuid() != 0 or not all(shutil.which(tool) for tool in ("ip", "nft", "dnsmasq", "nsenter")):
        pytest.skip("networks need root and iproute2, nftables, dnsmasq")
    RUNTIME.mkdir(parents=True, exist_ok=True)
    with (RUNTIME / f"slot-{SLOT}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
        purge(SLOT)


@pytest.fixture
def lab(_slot: None, tmp_path: Path) -> Iterator[Lab]:
    lab = Lab(tmp_path)
    lab.network.start()
    yield lab
    lab.network.stop()
