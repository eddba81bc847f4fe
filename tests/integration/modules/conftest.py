# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of a module share that has more than one file of them."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils._root_encryption import locking
from groundwork_local_cloud.client import LocalCloud
from support.root_encryption import Setting


@pytest.fixture
def setting(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> Setting:
    # There is no second run here to give way to, but in the tests of the lock, which set it themselves.
    monkeypatch.setattr(locking, "SETTLE", 0.0)
    return Setting(cloud, str(cloud.client("kms").create_key()["KeyMetadata"]["Arn"]))
