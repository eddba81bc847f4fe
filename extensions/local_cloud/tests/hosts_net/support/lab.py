# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A network on this machine, and the world that it shows."""

from __future__ import annotations

from pathlib import Path

from groundwork_local_cloud.hosts.metadata import MetadataService
from groundwork_local_cloud.hosts.network import Network
from groundwork_local_cloud.world import World
from worlds import Sketch

SLOT = 3
OPERATOR = "100.64.0.13"
CREDENTIALS = {"SecretAccessKey": "secret", "Token": "token", "Expiration": "2026-01-01T00:00:00Z"}


class Lab:
    """Real namespaces stand in for the hosts."""

    def __init__(self, state_dir: Path) -> None:
        self.world = World()
        self.metadata = MetadataService(lambda: self.world, lambda role: {**CREDENTIALS, "AccessKeyId": f"ASIA{role}"})
        self.network = Network(SLOT, state_dir, self.metadata)

    def show(self, sketch: Sketch) -> None:
        """Apply the sketch as it is now."""
        self.world = sketch.picture()
        self.network.apply(self.world)

    def at(self, name: str) -> str:
        """The namespace of the instance with this name."""
        return self.network.namespace_of(f"i-{name}")
