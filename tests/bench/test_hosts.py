# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a host takes to come up. Prints the figures (make bench); fails only if a host does not answer at all."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest
from groundwork_local_cloud.client import LocalCloud

pytestmark = pytest.mark.hosts

PATIENCE = 60  # seconds


@pytest.fixture
def ssh_key(tmp_path: Path) -> Path:
    path = tmp_path / "id_ed25519"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
    return path


def prepare(cloud: LocalCloud, key: Path) -> dict[str, object]:
    """A subnet that the operator reaches by SSH; returns the arguments of a launch into it."""
    ec2 = cloud.client("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnet_id = ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.9.1.0/24")["Subnet"]["SubnetId"]
    group_id = ec2.create_security_group(GroupName="ssh", Description="SSH", VpcId=vpc_id)["GroupId"]
    operator = [{"CidrIp": "100.64.0.0/24"}]
    permission = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": operator}
    ec2.authorize_security_group_ingress(GroupId=group_id, IpPermissions=[permission])
    ec2.import_key_pair(KeyName="bench", PublicKeyMaterial=key.with_suffix(".pub").read_bytes())
    image = cloud.client("ssm").get_parameter(Name="/aws/service/debian/release/12/latest/amd64")["Parameter"]["Value"]
    return {"ImageId": image, "InstanceType": "t3.micro", "KeyName": "bench", "SubnetId": subnet_id,
            "SecurityGroupIds": [group_id]}  # fmt: skip


def wait_until_all_run(cloud: LocalCloud, count: int) -> list[str]:
    """Poll until ``count`` instances run; returns their private addresses."""
    end = time.monotonic() + PATIENCE
    running = [{"Name": "instance-state-name", "Values": ["running"]}]
    while time.monotonic() < end:
        reservations = cloud.client("ec2").describe_instances(Filters=running)["Reservations"]
        found = [i["PrivateIpAddress"] for reservation in reservations for i in reservation["Instances"]]
        if len(found) == count:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{count} instances did not run within {PATIENCE} s")


def wait_for_login(address: str, key: Path) -> None:
    """Try to log in until it works."""
    options = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "ConnectTimeout=1"]
    command = ["ssh", "-i", str(key), *options, "-o", "LogLevel=ERROR", f"admin@{address}", "true"]
    end = time.monotonic() + PATIENCE
    while subprocess.run(command, capture_output=True, check=False).returncode != 0:
        assert time.monotonic() < end, f"no login at {address} within {PATIENCE} s"
        time.sleep(0.1)


@pytest.mark.parametrize("count", [1, 3])
def test_from_run_instances_to_ssh(cloud_with_hosts: LocalCloud, ssh_key: Path, count: int) -> None:
    launch = prepare(cloud_with_hosts, ssh_key)
    start = time.monotonic()
    cloud_with_hosts.client("ec2").run_instances(MinCount=count, MaxCount=count, **launch)
    addresses = wait_until_all_run(cloud_with_hosts, count)
    running = time.monotonic() - start
    for address in addresses:
        wait_for_login(address, ssh_key)
    login = time.monotonic() - start
    print(f"\n{count} at once: running after {running:.1f} s, SSH login after {login:.1f} s")
    assert login < PATIENCE
