# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run of stateful_fleet in a process of its own, with its time and its memory. Options as JSON on standard input.

The memory is a little more than that of the module, which Ansible runs without the helper of the tests.
"""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path


def main() -> None:
    """Run the module and print seconds, the peak of the memory in MiB, and the result."""
    from support.modules import run_module

    started = time.monotonic()
    result = run_module("stateful_fleet", **json.load(sys.stdin))
    taken = time.monotonic() - started
    # getrusage would tell of the process that started this one, too.
    peak = int(re.findall(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[0]) / 1024
    json.dump({"seconds": taken, "memory": peak, "result": result}, sys.stdout)


if __name__ == "__main__":
    main()
