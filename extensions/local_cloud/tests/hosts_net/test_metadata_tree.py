# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the instance metadata says."""

from __future__ import annotations

import json

import pytest
from groundwork_local_cloud.hosts.metadata_tree import Leaf, Tree, listing, look_up, version_tree
from groundwork_local_cloud.world import Instance, MetadataOptions, Volume
from worlds import EVERYTHING, Sketch

PROFILE = "arn:aws:iam::123456789012:instance-profile/web"


@pytest.fixture
def sketch() -> Sketch:
    """An instance with everything, and a plain one beside it."""
    sketch = Sketch()
    vpc = sketch.vpc("one", "10.20.0.0/16", "10.21.0.0/16")
    subnet = sketch.subnet("a", vpc, "10.20.1.0/24")
    group = sketch.group("open", vpc, EVERYTHING)
    sketch.host(
        "full",
        subnet,
        "10.20.1.5",
        "10.20.1.50",
        groups=(group,),
        public="198.51.100.200",
        user_data=b"#!/bin/sh\n\xff",
        key_name="my=key",
        public_key="ssh-ed25519 AAAA my",
        reservation_id="r-0123456789abcdef0",
        tags=(("Name", "web"), ("a=b", "c")),
        metadata=MetadataOptions(tags_enabled=True),
        role_name="web-role",
        instance_profile_arn=PROFILE,
    )
    sketch.interface("second", subnet, "10.20.1.60", instance_id="i-full", index=1)
    for number, device in enumerate(("/dev/xvda", "/dev/sdg", "/dev/sdf")):
        sketch.world.volumes[f"vol-{number}"] = Volume(f"vol-{number}", 8, None, None, True, "i-full", device)
    sketch.host("plain", subnet, "10.20.1.6")
    return sketch


def read(sketch: Sketch, instance: Instance, path: str) -> Leaf | Tree | None:
    credentials = {"AccessKeyId": "ASIA", "SecretAccessKey": "s", "Token": "t", "Expiration": "2030-01-01T00:00:00Z"}
    node = look_up(version_tree(sketch.world, instance, lambda role: credentials), path.split("/"))
    return node() if callable(node) else node


def full(sketch: Sketch, path: str) -> Leaf | Tree | None:
    return read(sketch, sketch.world.instances["i-full"], path)


def plain(sketch: Sketch, path: str) -> Leaf | Tree | None:
    return read(sketch, sketch.world.instances["i-plain"], path)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("ami-id", "ami-12345678"),
        ("ami-launch-index", "0"),
        ("reservation-id", "r-0123456789abcdef0"),
        ("security-groups", "open"),
        ("hostname", "ip-10-20-1-5.ec2.internal"),
        ("local-hostname", "ip-10-20-1-5.ec2.internal"),
        ("local-ipv4", "10.20.1.5"),
        ("public-ipv4", "198.51.100.200"),
        ("public-hostname", "ec2-198-51-100-200.compute-1.amazonaws.com"),
        ("instance-type", "t3.micro"),
        ("placement/availability-zone", "us-east-1a"),
        ("placement/region", "us-east-1"),
        ("public-keys/0/openssh-key", "ssh-ed25519 AAAA my"),
        ("services/domain", "amazonaws.com"),
        ("tags/instance/Name", "web"),
        ("tags/instance/a=b", "c"),
        ("block-device-mapping/ami", "xvda"),
        ("block-device-mapping/root", "/dev/xvda"),
        ("block-device-mapping/ebs1", "sdf"),
        ("block-device-mapping/ebs2", "sdg"),
    ],
)
def test_values(sketch: Sketch, path: str, value: str) -> None:
    assert full(sketch, f"meta-data/{path}") == value


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("device-number", "0"),
        ("local-ipv4s", "10.20.1.5\n10.20.1.50"),
        ("public-ipv4s", "198.51.100.200"),
        ("ipv4-associations/198.51.100.200", "10.20.1.5"),
        ("security-group-ids", "sg-open"),
        ("subnet-id", "subnet-a"),
        ("subnet-ipv4-cidr-block", "10.20.1.0/24"),
        ("vpc-ipv4-cidr-blocks", "10.20.0.0/16\n10.21.0.0/16"),
    ],
)
def test_values_of_an_interface(sketch: Sketch, path: str, value: str) -> None:
    mac = str(full(sketch, "meta-data/mac"))
    assert full(sketch, f"meta-data/network/interfaces/macs/{mac}/{path}") == value


def test_every_interface_is_listed_by_its_hardware_address(sketch: Sketch) -> None:
    macs = full(sketch, "meta-data/network/interfaces/macs")
    assert isinstance(macs, dict)
    numbers = {str(mac["device-number"]) for mac in macs.values() if isinstance(mac, dict)}
    assert numbers == {"0", "1"}


@pytest.mark.parametrize(
    "path",
    ["user-data", "meta-data/public-keys", "meta-data/iam", "meta-data/tags", "meta-data/public-ipv4"],
)
def test_what_an_instance_does_not_have_is_not_there(sketch: Sketch, path: str) -> None:
    assert full(sketch, path) is not None
    assert plain(sketch, path) is None


def test_tags_are_there_only_when_enabled(sketch: Sketch) -> None:
    sketch.change(sketch.world.instances["i-full"], metadata=MetadataOptions(tags_enabled=False))
    assert full(sketch, "meta-data/tags") is None


def test_user_data_is_given_byte_for_byte(sketch: Sketch) -> None:
    assert full(sketch, "user-data") == b"#!/bin/sh\n\xff"


def test_the_role_has_credentials(sketch: Sketch) -> None:
    assert json.loads(str(full(sketch, "meta-data/iam/info")))["InstanceProfileArn"] == PROFILE
    document = json.loads(str(full(sketch, "meta-data/iam/security-credentials/web-role")))
    assert {name: document[name] for name in ("Code", "Type", "AccessKeyId", "SecretAccessKey", "Token")} == {
        "Code": "Success",
        "Type": "AWS-HMAC",
        "AccessKeyId": "ASIA",
        "SecretAccessKey": "s",
        "Token": "t",
    }


@pytest.mark.parametrize(
    ("instance_type", "architecture"),
    [
        ("t3.micro", "x86_64"),
        ("m7g.large", "arm64"),
        ("im4gn.xlarge", "arm64"),
        ("g5.xlarge", "x86_64"),
        ("a1.large", "arm64"),
    ],
)
def test_the_identity_document(sketch: Sketch, instance_type: str, architecture: str) -> None:
    sketch.change(sketch.world.instances["i-full"], instance_type=instance_type)
    document = json.loads(str(full(sketch, "dynamic/instance-identity/document")))
    assert document["architecture"] == architecture
    assert (document["accountId"], document["region"], document["privateIp"]) == (
        "123456789012",
        "us-east-1",
        "10.20.1.5",
    )


def test_listings_mark_directories_and_number_keys(sketch: Sketch) -> None:
    keys, meta_data = full(sketch, "meta-data/public-keys"), full(sketch, "meta-data")
    assert isinstance(keys, dict)
    assert isinstance(meta_data, dict)
    assert listing(keys) == "0=my=key"
    assert {"iam/", "instance-id", "placement/", "public-keys/"} <= set(listing(meta_data).split("\n"))
