# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the holder of a lock is known to be dead."""

from __future__ import annotations

import os
import subprocess

from ansible_collections.groundwork.aws.plugins.module_utils._root_encryption.holder import is_dead, new_run_id
from ansible_collections.groundwork.aws.plugins.module_utils._root_encryption.locking import holder_of


def _of_process(run_id: str, process: int) -> str:
    machine, _process, _chance = run_id.rsplit("/", 2)
    return f"{machine}/{process}/00000000"


def test_no_two_runs_have_one_name() -> None:
    assert new_run_id() != new_run_id()


def test_a_process_that_lives_is_not_dead_and_one_that_has_ended_is() -> None:
    mine = new_run_id()
    process = subprocess.Popen(["sleep", "60"])
    assert not is_dead(_of_process(mine, process.pid), mine)
    process.kill()
    process.wait()
    assert is_dead(_of_process(mine, process.pid), mine)


def test_this_run_lives_and_one_that_had_the_number_of_this_process_does_not() -> None:
    mine = new_run_id()
    assert not is_dead(mine, mine)
    assert is_dead(_of_process(mine, os.getpid()), mine)


def test_nothing_is_known_of_another_machine() -> None:
    assert not is_dead("elsewhere/0123456789ab/999999999/00000000", new_run_id())
    assert not is_dead("not a holder at all", new_run_id())


def test_the_holder_is_read_from_the_tag() -> None:
    assert holder_of("a/b/1/c 1795567560") == ("a/b/1/c", 1795567560)
    assert holder_of("somebody") == ("somebody", 0)
