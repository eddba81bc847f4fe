# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook encrypt_existing_roots: on real hosts from plain roots to encrypted ones, and what it refuses."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
import typing as t
from pathlib import Path

import pytest
from groundwork_local_cloud.client import LocalCloud
from support.account import take_inventory
from support.modules import changes
from support.playbooks import Run, run_playbook, start_playbook

PLAYBOOK = "groundwork.aws.encrypt_existing_roots"
MARKER = "/etc/groundwork-root-volume"
SSH = ("-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR")
INVENTORY = """\
plugin: amazon.aws.aws_ec2
regions: [us-east-1]
hostnames: ["tag:Name"]
filters: {instance-state-name: running}
hostvars_prefix: aws_
compose: {ansible_host: aws_public_ip_address}
"""


@dataclasses.dataclass
class Account:
    """An account with a key, one subnet in each of two zones, and instances in them."""

    cloud: LocalCloud
    folder: Path
    key_arn: str
    launch_options: dict[str, t.Any]
    subnet_ids: list[str]

    def launch(self, name: str, zone: int, **tags: str) -> str:
        """An instance with a public address and an unencrypted root; does not wait for it."""
        interface = {"DeviceIndex": 0, "SubnetId": self.subnet_ids[zone], "AssociatePublicIpAddress": True}
        tag_list = [{"Key": key, "Value": value} for key, value in {"Name": name, **tags}.items()]
        answer = self.cloud.client("ec2").run_instances(
            MinCount=1,
            MaxCount=1,
            InstanceType="t3.micro",
            NetworkInterfaces=[interface],
            TagSpecifications=[{"ResourceType": "instance", "Tags": tag_list}],
            **self.launch_options,
        )
        return str(answer["Instances"][0]["InstanceId"])

    def wait_until_running(self) -> None:
        self.cloud.client("ec2").get_waiter("instance_running").wait(WaiterConfig={"Delay": 1})

    def instance(self, instance_id: str) -> dict[str, t.Any]:
        reservations = self.cloud.client("ec2").describe_instances(InstanceIds=[instance_id])["Reservations"]
        return dict(reservations[0]["Instances"][0])

    def root(self, instance_id: str) -> dict[str, t.Any]:
        attached = [{"Name": "attachment.instance-id", "Values": [instance_id]}]
        (volume,) = self.cloud.client("ec2").describe_volumes(Filters=attached)["Volumes"]
        return dict(volume)

    def read_marker(self, instance_id: str) -> list[str]:
        """The words of the marker file, read over SSH at the public address that the instance has now."""
        target = f"admin@{self.instance(instance_id)['PublicIpAddress']}"
        command = ["ssh", *SSH, "-i", str(self.folder / "key"), target, "cat", MARKER]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()

    def arguments(self, *more: str) -> list[str]:
        variables = {"encrypted_root_tags": {"Environment": "production"}, "encrypted_root_kms_key_id": "alias/storage"}
        return ["-i", str(self.folder / "inventory"), "--diff", "-e", json.dumps(variables), *more]

    def play(self, *more: str) -> Run:
        return run_playbook(PLAYBOOK, *self.arguments(*more))

    def play_and_see(self, *more: str) -> tuple[Run, list[str]]:
        """A run that has to succeed, and the calls of it that are not reads."""
        seen = len(self.cloud.calls())
        run = self.play(*more)
        assert run.failed == 0, run.output[-6000:]
        return run, changes(self.cloud.calls()[seen:])


def make_account(cloud: LocalCloud, folder: Path) -> Account:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "key")], check=True)
    ec2, kms = cloud.client("ec2"), cloud.client("kms")
    vpc_id = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    of_vpc = [{"Name": "vpc-id", "Values": [vpc_id]}]
    gateway_id = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway_id, VpcId=vpc_id)
    table_id = ec2.describe_route_tables(Filters=of_vpc)["RouteTables"][0]["RouteTableId"]
    ec2.create_route(RouteTableId=table_id, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway_id)
    group_id = ec2.describe_security_groups(Filters=of_vpc)["SecurityGroups"][0]["GroupId"]
    operator = [{"CidrIp": "100.64.0.0/24"}]
    ssh = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": operator}
    ec2.authorize_security_group_ingress(GroupId=group_id, IpPermissions=[ssh])
    ec2.import_key_pair(KeyName="operator", PublicKeyMaterial=(folder / "key.pub").read_bytes())
    key = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/storage", TargetKeyId=key["KeyId"])
    image = cloud.client("ssm").get_parameter(Name="/aws/service/debian/release/12/latest/amd64")["Parameter"]["Value"]
    subnet_ids = [
        ec2.create_subnet(VpcId=vpc_id, CidrBlock=f"10.9.{number}.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"]
        for number, zone in enumerate(("us-east-1a", "us-east-1b"))
    ]
    return Account(cloud, folder, key["Arn"], {"ImageId": image, "KeyName": "operator"}, subnet_ids)


def write_inventory(folder: Path, name: str, text: str, **variables: str) -> None:
    """An inventory source, and the variables of the group aws_ec2, which that plugin makes."""
    (folder / "inventory" / "group_vars").mkdir(parents=True)
    (folder / "inventory" / name).write_text(text)
    (folder / "inventory" / "group_vars" / "aws_ec2.yml").write_text(json.dumps(variables))


def words(run: Run) -> str:
    """The output without its line breaks."""
    return " ".join(run.output.split())


def kill_when(cloud: LocalCloud, operation: str, process: subprocess.Popen[str]) -> None:
    """Kill a playbook run and all of its children with SIGKILL as soon as it has called ``operation``."""
    seen = len(cloud.calls())
    while operation not in changes(cloud.calls()[seen:]):
        assert process.poll() is None, "the playbook ended before"
        time.sleep(0.1)
    for pid in family(process.pid):
        os.kill(pid, signal.SIGKILL)
    process.wait()


def family(pid: int) -> list[int]:
    """A process and all its descendants."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in family(int(child)))]


@pytest.fixture
def account(cloud_with_hosts: LocalCloud, tmp_path: Path) -> Account:
    """With hosts, which the inventory finds at their public addresses: those change with every start."""
    made = make_account(cloud_with_hosts, tmp_path)
    options = {"ansible_user": "admin", "ansible_ssh_private_key_file": str(tmp_path / "key")}
    write_inventory(tmp_path, "aws_ec2.yml", INVENTORY, ansible_ssh_common_args=" ".join(SSH), **options)
    return made


@pytest.mark.hosts
def test_from_plain_roots_to_encrypted_ones_through_a_kill(account: Account) -> None:
    ids = [account.launch("old-1", 0, Environment="production"), account.launch("old-2", 1, Environment="production")]
    bystander = account.launch("other", 0, Environment="test")
    account.wait_until_running()
    plain, bystanding = [account.root(one)["VolumeId"] for one in ids], account.instance(bystander)
    before = take_inventory(account.cloud)

    checked, made = account.play_and_see("--check")
    assert checked.changed > 0
    assert made == [], "check mode changes nothing"

    kill_when(account.cloud, "StopInstances", start_playbook(PLAYBOOK, *account.arguments()))
    assert "StartInstances" not in changes(account.cloud.calls())

    account.play_and_see()
    assert [account.root(one)["KmsKeyId"] for one in ids] == [account.key_arn] * 2
    assert [account.read_marker(one)[0] for one in ids] == plain, "what was on the old roots is on the new ones"

    checked, made = account.play_and_see("--check")
    assert (checked.changed_tasks, made) == ([], [])

    account.play_and_see("-e", "state=rolled_back", "-e", "encrypted_root_batch_across_zones=true")
    assert [account.root(one)["VolumeId"] for one in ids] == plain
    assert take_inventory(account.cloud) == before

    clean_up = ("-e", "encrypt_existing_roots_clean_up=true", "-e", "encrypted_root_batch_across_zones=true")
    account.play_and_see(*clean_up)
    roots = [account.root(one) for one in ids]
    assert [root["KmsKeyId"] for root in roots] == [account.key_arn] * 2
    assert [account.read_marker(one)[0] for one in ids] == plain
    assert not [tag for one in ids for tag in account.instance(one)["Tags"] if tag["Key"].startswith("groundwork:")]
    volumes = {*before["Volumes"], *(root["VolumeId"] for root in roots)} - set(plain)
    assert take_inventory(account.cloud) == {**before, "Volumes": sorted(volumes)}
    assert account.instance(bystander) == bystanding

    second, made = account.play_and_see(*clean_up)
    assert (second.changed_tasks, made) == ([], [])


@pytest.fixture
def account_without_hosts(cloud: LocalCloud, tmp_path: Path) -> Account:
    return make_account(cloud, tmp_path)


def launch_two(account: Account) -> list[str]:
    ids = [account.launch("old-1", 0, Environment="production"), account.launch("old-2", 1, Environment="production")]
    account.wait_until_running()
    return ids


def static_inventory(account: Account, instance_ids: list[str], **variables: str) -> None:
    hosts = {f"old-{n}": {"aws_instance_id": one, **variables} for n, one in enumerate(instance_ids, start=1)}
    write_inventory(account.folder, "hosts.json", json.dumps({"all": {"hosts": hosts}}))


def test_an_instance_that_does_not_answer_is_refused_before_anything_is_changed(
    account_without_hosts: Account,
) -> None:
    account = account_without_hosts
    silent, unknown = launch_two(account)
    static_inventory(account, [silent], ansible_host="127.0.0.1", ansible_port="1")
    seen = len(account.cloud.calls())
    run = account.play()
    assert run.failed
    said = words(run)
    assert "Nothing was changed. These instances do not answer over SSH, or are not in the inventory" in said
    assert silent in said.split("not in the inventory: ")[1].split(". Mend")[0]
    assert unknown in said.split("not in the inventory: ")[1].split(". Mend")[0]
    assert changes(account.cloud.calls()[seen:]) == []


# The host behind both names is this machine: it takes the marks, but it does not restart with the instances.
def test_no_further_batch_and_no_clean_up_while_a_new_root_is_not_proven(account_without_hosts: Account) -> None:
    account = account_without_hosts
    ids = sorted(launch_two(account))  # the order in which they are marked
    plain = [account.root(one)["VolumeId"] for one in ids]
    local = {"ansible_connection": "local", "ansible_become": "false", "ansible_python_interpreter": sys.executable}
    static_inventory(account, ids, **local)
    marker = account.folder / "marker"
    one_by_one = {"encrypted_root_batch_size": 1, "encrypted_root_batch_across_zones": True}
    variables = {**one_by_one, "encrypt_existing_roots_marker": str(marker)}
    arguments = ("-e", json.dumps(variables), "-e", "encrypt_existing_roots_clean_up=true")

    said = words(account.play(*arguments))
    wrong_mark = f"{ids[0]}: the mark on its root is that of {plain[1]}, but its original root was {plain[0]}"
    assert f"1 of 2 instances failed. - {wrong_mark}" in said
    assert f"Not begun: {ids[1]}." in said
    assert [account.root(one)["Encrypted"] for one in ids] == [True, False]

    boot_id = Path("/proc/sys/kernel/random/boot_id").read_text()
    marker.write_text(f"{plain[0]} {boot_id}")
    said = words(account.play(*arguments))
    assert f"1 of 2 instances failed. - {ids[0]}: it runs in the same boot as before the exchange" in said
    assert f"Not begun: {ids[1]}." in said

    said = words(account.play(*arguments[:2], "-e", "state=cleaned"))
    assert f"Nothing was removed. - {wrong_mark}" in said
    assert plain[0] in take_inventory(account.cloud)["Volumes"]


def test_a_failing_batch_is_the_last_one_unless_more_failures_are_allowed(account_without_hosts: Account) -> None:
    account = account_without_hosts
    ids = launch_two(account)
    static_inventory(account, [])
    arguments = ("-e", "encrypt_existing_roots_verify=false", "-e", "encrypted_root_copy_snapshot=true")
    broken = {"kind": "error_before", "match": {"operation": "CopySnapshot"}, "at": 1, "status": 400}
    account.cloud.faults({**broken, "code": "SnapshotLimitExceeded"})
    run = account.play(*arguments)
    assert run.failed
    assert f"1 of 2 instances failed. - {ids[0]}: " in words(run)
    assert "SnapshotLimitExceeded" in words(run)
    assert f"Not begun: {ids[1]}." in words(run)
    assert [account.root(one)["Encrypted"] for one in ids] == [False, False]

    account.cloud.faults({**broken, "code": "SnapshotLimitExceeded"})
    run = account.play(*arguments, "-e", '{"encrypted_root_max_failures": 1}')
    assert run.failed
    assert f"1 of 2 instances failed. - {ids[0]}: " in words(run)
    assert [account.root(one)["Encrypted"] for one in ids] == [False, True]


def test_what_cannot_be_encrypted_stops_everything_unless_it_may_be_left_out(account_without_hosts: Account) -> None:
    account = account_without_hosts
    protected, plain = launch_two(account)
    static_inventory(account, [])
    account.cloud.client("ec2").modify_instance_attribute(InstanceId=protected, DisableApiStop={"Value": True})
    unverified = ("-e", "encrypt_existing_roots_verify=false")
    seen = len(account.cloud.calls())
    ids = json.dumps({"encrypted_root_instance_ids": [protected, plain, "i-0123456789abcdef0"]})
    run = account.play(*unverified, "-e", ids)
    said = words(run)
    assert run.failed
    assert f"{protected} is protected against being stopped" in said
    assert "there is no instance i-0123456789abcdef0 with these tags" in said
    assert changes(account.cloud.calls()[seen:]) == []

    run, _made = account.play_and_see(*unverified, "-e", "encrypted_root_skip_refused=true")
    assert f"{protected} (old-1): left out: " in run.output
    assert [account.root(one)["Encrypted"] for one in (protected, plain)] == [False, True]


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        (
            {"state": "gone", "encrypt_existing_roots_clean_up": True, "encrypted_root_keep_originals_days": 0},
            [
                "state has to be encrypted, rolled_back or cleaned, not gone",
                "encrypt_existing_roots_clean_up goes with state=encrypted only",
                "nothing may be removed before it was verified over SSH",
            ],
        ),
        ({"encrypted_root_start_after": False}, ["an instance that does not run cannot be verified over SSH"]),
        (
            {
                "encrypted_root_tags": {},
                "encrypted_root_kms_key_id": "",
                "encrypted_root_batch_size": 0,
                "encrypted_root_max_failures": -1,
                "encrypted_root_lock_timeout": 60,
            },
            [
                "encrypted_root_tags or encrypted_root_instance_ids has to say which instances are meant",
                "encrypted_root_kms_key_id: a key is needed",
                "encrypted_root_batch_size: 0 is not between 1 and 100",
                "encrypted_root_max_failures: -1 is below 0",
                "encrypted_root_lock_timeout: 60 is below 180",
            ],
        ),
    ],
)
def test_bad_input_is_named_at_once_and_nothing_is_called(
    account_without_hosts: Account, variables: dict[str, t.Any], said: list[str]
) -> None:
    account = account_without_hosts
    static_inventory(account, [])
    seen = len(account.cloud.calls())
    run = account.play("-e", json.dumps(variables))
    assert run.failed
    assert [one for one in said if one not in words(run)] == []
    assert account.cloud.calls()[seen:] == []
