# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM."""

from __future__ import annotations

import pytest
from groundwork_local_cloud.client import LocalCloud
from refusals import refused


@pytest.mark.correction("list-instance-profile-tags")
def test_tags_of_an_instance_profile(cloud: LocalCloud) -> None:
    iam = cloud.client("iam")
    iam.create_instance_profile(InstanceProfileName="web", Tags=[{"Key": "b", "Value": "2"}])
    iam.tag_instance_profile(InstanceProfileName="web", Tags=[{"Key": "a", "Value": "1"}])
    tags = iam.list_instance_profile_tags(InstanceProfileName="web")["Tags"]
    assert tags == [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
    with refused("NoSuchEntity"):
        iam.list_instance_profile_tags(InstanceProfileName="none")
