# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The least IAM permissions of a role: what the calls of its whole life need, as the local cloud recorded them."""

from __future__ import annotations

import json
import re
from pathlib import Path

from groundwork_local_cloud.client import ACCESS_KEY, LocalCloud

from .playbooks import ROOT, Run, run_playbook

BEGIN, END = "<!-- iam:begin -->", "<!-- iam:end -->"
BLOCK = re.compile(f"{BEGIN}.*?{END}", re.DOTALL)
ROLES = ("network", "encryption_key", "encrypted_instance", "encrypted_root", "dynamodb_dax")


def live(role: str) -> Run:
    """Run the playbook that takes the role's resources through their whole life."""
    return run_playbook(ROOT / "tests" / "integration" / "roles" / "playbooks" / f"{role}.yml")


def needed_actions(cloud: LocalCloud) -> list[str]:
    """Every IAM action that the recorded calls of the default access key needed."""
    return sorted({action for call in cloud.calls() if call["access_key"] == ACCESS_KEY for action in call["actions"]})


def block(actions: list[str]) -> str:
    """The part of a README between the markers, the markers included."""
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}
    text = json.dumps(policy, indent=2)
    return f"{BEGIN}\n```json\n{text}\n```\n{END}"


def readme(role: str) -> Path:
    """The README that holds the block."""
    return ROOT / "roles" / role / "README.md"


def documented_actions(role: str) -> list[str]:
    """The actions that the README of the role lists."""
    found = BLOCK.search(readme(role).read_text())
    assert found, f"{readme(role)} has no marked block"
    text = found.group().removeprefix(f"{BEGIN}\n```json\n").removesuffix(f"\n```\n{END}")
    actions: list[str] = json.loads(text)["Statement"][0]["Action"]
    return actions


def write(role: str, actions: list[str]) -> None:
    """Put the actions into the README of the role."""
    path = readme(role)
    path.write_text(BLOCK.sub(lambda _: block(actions), path.read_text()))
