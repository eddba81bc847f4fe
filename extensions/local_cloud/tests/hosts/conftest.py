# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real hosts on this machine, in a slot that no other cloud uses."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from groundwork_local_cloud.hosts.cleanup import purge
from groundwork_local_cloud.hosts.image import build_image, default_image_dir
from groundwork_local_cloud.hosts.requirements import missing_requirements
from groundwork_local_cloud.slots import claim

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from machine_room import MachineRoom


@pytest.fixture(scope="session")
def image_dir() -> Path:
    """The cache of base images, with the image in it."""
    missing = missing_requirements()
    if missing:
        pytest.skip(" ".join(missing))
    build_image(default_image_dir(), print)
    return default_image_dir()


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The private key of a key pair; the public one is beside it."""
    path = tmp_path_factory.mktemp("key") / "key"
    subprocess.run(("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)), check=True)
    return path


@pytest.fixture
def room(tmp_path: Path, image_dir: Path, key: Path) -> Iterator[MachineRoom]:
    with claim(tmp_path, purge) as slot:
        room = MachineRoom(slot, tmp_path, image_dir, key)
        room.hosts.start()
        yield room
        room.hosts.stop()
