# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long dax_application takes against its longest chain: what has to be there before the cluster, and the cluster.

Prints the figure (make bench). AWS takes about ten minutes for a cluster; so does this.
"""

from __future__ import annotations

import time
from datetime import datetime

import pytest
from groundwork_local_cloud.client import LocalCloud
from support.architectures import Architecture
from support.dotnet import build_sample_application

DURATIONS = {"dax-cluster.creating": 600.0, "table.creating": 10.0, "instance.pending": 15.0}  # seconds
MOST = 1.1  # times the longest chain


@pytest.mark.hosts
def test_takes_little_longer_than_the_cluster(cloud_with_hosts: LocalCloud, ssh_key: str) -> None:
    application = build_sample_application()
    cloud_with_hosts.realism(durations=DURATIONS)
    started = time.time()
    run = Architecture("dax_application", ssh_key).run(*application)
    took = time.time() - started
    assert run.failed == 0, run.output[-3000:]
    (begun,) = [call["time"] for call in cloud_with_hosts.calls() if call["operation"] == "CreateCluster"]
    chain = datetime.fromisoformat(begun).timestamp() - started + DURATIONS["dax-cluster.creating"]
    print(f"\ndax_application: {took:.0f} s, its longest chain {chain:.0f} s: {took / chain:.2f} times")
    assert took <= MOST * chain
