# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands of the machine, run without a shell, with errors that say what failed and why."""

from __future__ import annotations

import subprocess


class CommandFailed(RuntimeError):
    """A command could not be run, took too long, or ended with a status other than 0."""

    def __init__(self, command: tuple[str, ...], reason: str) -> None:
        super().__init__(f"{' '.join(command)}: {reason}")
        self.command = command


def run(*command: str, stdin: str | None = None, timeout: float = 30) -> str:
    """Run ``command``, wait for at most ``timeout`` seconds, and return what it wrote to its standard output."""
    try:
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=timeout, check=False)
    except FileNotFoundError as error:
        raise CommandFailed(command, "there is no such command on this machine") from error
    except subprocess.TimeoutExpired as error:
        raise CommandFailed(command, f"not finished after {timeout:g} s") from error
    if done.returncode != 0:
        raise CommandFailed(command, done.stderr.strip() or done.stdout.strip() or f"exit status {done.returncode}")
    return done.stdout
