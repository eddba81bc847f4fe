# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sample application, as the playbook dax_application is told of it."""

from __future__ import annotations

import subprocess

from .playbooks import ROOT


def build_sample_application() -> tuple[str, str]:
    """Compile it, and give the arguments of ansible-playbook that deploy it."""
    archives = ROOT / ".cache" / "dotnet"
    subprocess.run([ROOT / "tests" / "dotnet" / "build.sh", archives], check=True)
    return "-e", f"@{archives / 'variables.yml'}"
