# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ansible-playbook as a user does, and read from its recap what happened."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RECAP = re.compile(r"^(\S+)\s+: ok=(\d+)\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)", re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Run:
    """One ansible-playbook run: everything it printed, and the counts of its recap over all hosts."""

    output: str
    ok: int
    changed: int
    failed: int  # unreachable hosts included

    @property
    def changed_tasks(self) -> list[str]:
        """The names of the tasks that changed something, in order; for messages of failing tests."""
        task, found = "", []
        for line in self.output.splitlines():
            if line.startswith("TASK ["):
                task = line[6:].split("]")[0]
            elif line.startswith("changed: ") and (not found or found[-1] != task):
                found.append(task)
        return found


def start_playbook(playbook: str | Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Start a playbook by path, or by name if it is one of the collection, with the collection of this repository."""
    settings = {
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache" / "dev"),
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_LOCALHOST_WARNING": "False",
        **environment,
    }
    command = [str(Path(sys.executable).with_name("ansible-playbook")), str(playbook), *arguments]
    return subprocess.Popen(
        command, env={**os.environ, **settings}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def run_playbook(playbook: str | Path, *arguments: str, **environment: str) -> Run:
    """Like :func:`start_playbook`, and wait for its end."""
    process = start_playbook(playbook, *arguments, **environment)
    output = "".join(process.communicate())
    counts = [[int(number) for number in found.groups()[1:]] for found in RECAP.finditer(output)]
    ok, changed, unreachable, failed = (sum(column) for column in zip(*counts, strict=True)) if counts else (0, 0, 0, 1)
    if process.returncode != 0:
        failed = max(failed + unreachable, 1)
    return Run(output, ok, changed, failed)
