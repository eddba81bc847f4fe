# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries of network ACLs for ICMP."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from groundwork_local_cloud.client import LocalCloud


def entry(acl: str, **more: Any) -> dict[str, Any]:
    common = {"RuleNumber": 1, "Protocol": "1", "RuleAction": "allow", "Egress": False, "CidrBlock": "0.0.0.0/0"}
    return {"NetworkAclId": acl, **common, **more}


@pytest.mark.correction("network-acl-entry-icmp")
def test_type_and_code_are_kept(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    told = []
    for change, code in ((ec2.create_network_acl_entry, -1), (ec2.replace_network_acl_entry, 4)):
        change(**entry(acl, IcmpTypeCode={"Type": 3, "Code": code}))
        entries = ec2.describe_network_acls(NetworkAclIds=[acl])["NetworkAcls"][0]["Entries"]
        told += [item["IcmpTypeCode"] for item in entries if item["RuleNumber"] == 1]
    assert told == [{"Type": 3, "Code": -1}, {"Type": 3, "Code": 4}]


def test_icmp_without_a_type_is_refused(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    with pytest.raises(ClientError) as refusal:
        ec2.create_network_acl_entry(**entry(acl))
    assert refusal.value.response["Error"]["Code"] == "MissingParameter"
