# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write what is generated into the documentation: permissions into the roles' READMEs, the list of corrections."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "extensions" / "local_cloud"), str(ROOT / "tests")]

from groundwork_local_cloud.client import LocalCloud  # noqa: E402  # the path has to be set first
from groundwork_local_cloud.server import Server  # noqa: E402
from support.permissions import ROLES, live, needed_actions, write  # noqa: E402


def main() -> None:
    """Generate everything."""
    with Server() as server:
        cloud = LocalCloud(server.endpoint)
        os.environ["AWS_ENDPOINT_URL"] = server.endpoint
        for role in ROLES:
            cloud.reset()
            run = live(role)
            if run.failed:
                sys.exit(run.output)
            write(role, needed_actions(cloud))
            print(f"roles/{role}/README.md")
    command = [sys.executable, "-m", "groundwork_local_cloud", "corrections", "--format", "markdown"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    (ROOT / "docs" / "local_cloud_corrections.md").write_text(listed)
    print("docs/local_cloud_corrections.md")


if __name__ == "__main__":
    main()
