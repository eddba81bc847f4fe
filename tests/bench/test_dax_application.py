# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long dax_application takes against its longest chain: what has to be there before the cluster, and the cluster.

Prints the figure (make bench). AWS takes about ten minutes for a cluster; so does this.
"""

from __future__ import annotations

import subprocess
import time
from datetime import datetime
from pathlib import Path

import pytest
from groundwork_local_cloud.client import LocalCloud
from support.dotnet import build_sample_application
from support.playbooks import ROOT, run_playbook

DURATIONS = {"dax-cluster.creating": 600.0, "table.creating": 10.0, "instance.pending": 15.0}  # seconds
MOST = 1.1  # times the longest chain


@pytest.mark.hosts
def test_takes_little_longer_than_the_cluster(cloud_with_hosts: LocalCloud, tmp_path: Path) -> None:
    application = build_sample_application()
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "key")], check=True)
    cloud_with_hosts.realism(durations=DURATIONS)
    arguments = ("-i", str(ROOT / "inventories" / "local"), *application)
    started = time.time()
    run = run_playbook("groundwork.aws.dax_application", *arguments, GROUNDWORK_SSH_KEY=str(tmp_path / "key"))
    took = time.time() - started
    assert run.failed == 0, run.output[-3000:]
    (begun,) = [call["time"] for call in cloud_with_hosts.calls() if call["operation"] == "CreateCluster"]
    chain = datetime.fromisoformat(begun).timestamp() - started + DURATIONS["dax-cluster.creating"]
    print(f"\ndax_application: {took:.0f} s, its longest chain {chain:.0f} s: {took / chain:.2f} times")
    assert took <= MOST * chain
