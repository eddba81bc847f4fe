# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a module of the collection in this process: what Ansible does with it, without half a second of Ansible."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import typing as t
from unittest import mock

from ansible.module_utils import basic
from ansible.module_utils.common import warnings

from . import botocore_parts

Result = dict[str, t.Any]

READS = ("Describe", "Get", "List")


def run_module(module_name: str, /, *, check: bool = False, **arguments: t.Any) -> Result:
    """The result of ``groundwork.aws.<module_name>``, in check mode if asked. A failure has ``failed`` set."""
    module = importlib.import_module(f"ansible_collections.groundwork.aws.plugins.modules.{module_name}")
    given = {"ANSIBLE_MODULE_ARGS": {**arguments, "_ansible_check_mode": check, "_ansible_diff": True}}
    printed = io.StringIO()
    warnings._global_warnings.clear()  # they are kept for the life of a process, which is one module run elsewhere
    # The module reads its arguments from these two globals and ends by printing its result and leaving.
    with (
        mock.patch.object(basic, "_ANSIBLE_ARGS", json.dumps(given).encode()),
        mock.patch.object(basic, "_ANSIBLE_PROFILE", "legacy", create=True),
        botocore_parts.shared(),
        contextlib.redirect_stdout(printed),
        contextlib.suppress(SystemExit),
    ):
        module.main()
    result: Result = json.loads(printed.getvalue().strip().splitlines()[-1])
    return result


def changes(calls: t.Iterable[dict[str, t.Any]]) -> list[str]:
    """The operations among recorded calls that are neither reads nor dry runs."""
    real = [call for call in calls if not call.get("params", {}).get("DryRun")]
    return [call["operation"] for call in real if not call["operation"].startswith(READS)]
