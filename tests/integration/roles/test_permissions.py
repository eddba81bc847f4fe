# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The permissions in the READMEs are enough, and none of them is for nothing."""

from __future__ import annotations

import pytest
from groundwork_local_cloud.client import ACCESS_KEY, LocalCloud
from support.permissions import ROLES, documented_actions, live, needed_actions


@pytest.mark.parametrize("role", ROLES)
def test_the_documented_permissions_are_enough_and_all_needed(cloud: LocalCloud, role: str) -> None:
    documented = documented_actions(role)
    cloud.realism(permissions=[{"access_key": ACCESS_KEY, "actions": documented}])
    run = live(role)
    assert run.failed == 0, run.output[-3000:]
    assert needed_actions(cloud) == documented


def test_one_permission_less_and_the_role_says_which(cloud: LocalCloud) -> None:
    fewer = [action for action in documented_actions("encryption_key") if action != "kms:CreateKey"]
    cloud.realism(permissions=[{"access_key": ACCESS_KEY, "actions": fewer}])
    run = live("encryption_key")
    assert run.failed
    assert "is not authorized to perform: kms:CreateKey" in " ".join(run.output.split())
