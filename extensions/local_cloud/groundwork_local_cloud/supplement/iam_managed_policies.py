# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS's managed policies, parsed once: moto would build all 1582 of them for every backend and every reset (4 s)."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

from moto.iam.models import AWSManagedPolicy, IAMBackend

_build = IAMBackend._init_aws_policies


@cache
def _built(account_id: str, region_name: str) -> list[AWSManagedPolicy]:
    unfinished = IAMBackend.__new__(IAMBackend)
    unfinished.account_id, unfinished.region_name = account_id, region_name
    policies: list[AWSManagedPolicy] = _build(unfinished)
    return policies


def _own_copies(backend: Any) -> list[AWSManagedPolicy]:
    """Copies, because a policy counts what it is attached to."""
    return [copy.copy(policy) for policy in _built(backend.account_id, backend.region_name)]


IAMBackend._init_aws_policies = _own_copies
