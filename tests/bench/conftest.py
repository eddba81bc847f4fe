# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmarks of a module begin with."""

from __future__ import annotations

import pytest
from groundwork_local_cloud.client import LocalCloud
from support.root_encryption import Setting


@pytest.fixture
def setting(cloud: LocalCloud) -> Setting:
    return Setting(cloud, str(cloud.client("kms").create_key()["KeyMetadata"]["Arn"]))
