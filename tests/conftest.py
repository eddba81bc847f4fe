# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared by all tests: the collection imported as groundwork.aws, the local cloud, and a way to run a module."""

from __future__ import annotations

import json
import os
import subprocess
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


def _point_at(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> LocalCloud:
    """Empty ``cloud``, and make this process and its children connect to it by default."""
    cloud.reset()
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ENDPOINT_URL", cloud.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    return cloud


@pytest.fixture
def cloud(_running_cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> LocalCloud:
    """An empty local cloud without hosts."""
    return _point_at(_running_cloud, monkeypatch)


@pytest.fixture(scope="session")
def _running_cloud_with_hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    if os.geteuid() != 0:
        pytest.skip("hosts need root")
    state_dir = tmp_path_factory.mktemp("local_cloud")
    command = [sys.executable, "-m", "groundwork_local_cloud"]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "extensions" / "local_cloud"),
        "GROUNDWORK_IMAGE_CACHE": str(ROOT / ".cache" / "image"),
    }
    start = [*command, "start", "--state-dir", str(state_dir), "--port", "0", "--hosts", "yes"]
    subprocess.run(start, env=environment, check=True)
    try:
        yield LocalCloud(json.loads((state_dir / "cloud.json").read_text())["endpoint"])
    finally:
        subprocess.run([*command, "stop", "--state-dir", str(state_dir)], env=environment, check=True)


@pytest.fixture
def cloud_with_hosts(_running_cloud_with_hosts: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> LocalCloud:
    """An empty local cloud whose instances are real hosts on this machine."""
    return _point_at(_running_cloud_with_hosts, monkeypatch)


@pytest.fixture
def ssh_key(tmp_path: Path) -> str:
    """The path of a new private key; the public one is beside it."""
    path = tmp_path / "id_ed25519"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
    return str(path)
