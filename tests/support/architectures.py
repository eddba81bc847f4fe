# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole life of an architecture, which every playbook of one has to go through on the local cloud."""

from __future__ import annotations

import dataclasses
import typing as t

from groundwork_local_cloud.client import LocalCloud

from .account import take_inventory
from .modules import changes
from .playbooks import ROOT, Run, run_playbook

INVENTORY = str(ROOT / "inventories" / "local")


@dataclasses.dataclass(frozen=True)
class Architecture:
    """A playbook of the collection, by name, and the key with which it reaches its instances."""

    name: str
    ssh_key: str

    def run(self, *arguments: str) -> Run:
        """Run the playbook with further arguments, however it ends."""
        arguments = ("-i", INVENTORY, "--diff", *arguments)
        return run_playbook(f"groundwork.aws.{self.name}", *arguments, GROUNDWORK_SSH_KEY=self.ssh_key)

    def play(self, *arguments: str) -> Run:
        """Run the playbook, which has to succeed."""
        result = self.run(*arguments)
        assert result.failed == 0, result.output[-4000:]
        return result

    def live(self, cloud: LocalCloud, verify: t.Callable[[], None], *built: str) -> None:
        """From the account as it is to the architecture and back; ``built`` are the arguments that build it.

        ``verify`` looks at it as its user. Every step is made again, and in check mode.
        """
        before = take_inventory(cloud)

        def changes_of(*arguments: str) -> tuple[Run, list[str]]:
            seen = len(cloud.calls())
            return self.play(*arguments), changes(cloud.calls()[seen:])

        checked, made = changes_of(*built, "--check")
        assert checked.changed > 0
        assert made == [], "check mode on an empty account changes nothing"

        self.play(*built)
        verify()

        second, made = changes_of(*built)
        assert second.changed_tasks == []
        assert made == []

        checked, made = changes_of(*built, "--check")
        assert checked.changed_tasks == []
        assert made == []

        checked, made = changes_of("--check", "-e", "state=absent")
        assert checked.changed > 0
        assert made == []

        self.play("-e", "state=absent")
        assert take_inventory(cloud) == before

        again, made = changes_of("-e", "state=absent")
        assert again.changed_tasks == []
        assert made == []
