# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module ec2_root_encryption with many instances, and EC2's documented request limits in force."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils._core.budget import Budget
from support.root_encryption import ROOT, Setting


def throttled(setting: Setting, count: int) -> list[str]:
    """Encrypt so many roots in one task with EC2's request limits in force; the operations that EC2 refused."""
    ids = setting.launch_many(count, BlockDeviceMappings=[ROOT])
    setting.cloud.realism(request_tokens=True)
    seen = len(setting.cloud.calls())
    assert not setting.run(ids).get("failed")
    assert all(setting.root(id_)["Encrypted"] for id_ in ids[:2])
    calls = setting.cloud.calls()[seen:]
    return [one["operation"] for one in calls if one["error"] == "RequestLimitExceeded"]


@pytest.mark.parametrize("count", [20, 60])
def test_many_in_one_task_stay_within_the_request_limits(setting: Setting, count: int) -> None:
    assert throttled(setting, count) == []


def test_without_the_budget_many_would_exceed_the_request_limits(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Budget, "attach", lambda _budget, client: client)
    assert "StartInstances" in throttled(setting, 20)
