# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Descriptions of security group rules."""

from __future__ import annotations

import pytest
from groundwork_local_cloud.client import LocalCloud


@pytest.mark.correction("update-security-group-rule-descriptions")
def test_a_new_description_is_kept_and_the_answer_says_so(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    group = ec2.create_security_group(GroupName="web", Description="web", VpcId=vpc)["GroupId"]
    everywhere = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "Everywhere"}]}
    answer = ec2.update_security_group_rule_descriptions_egress(GroupId=group, IpPermissions=[everywhere])
    [rule] = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissionsEgress"]
    assert answer["Return"] is True
    assert rule["IpRanges"] == everywhere["IpRanges"]
