# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sweep finds what it is there to find, and the picture of an account tells accounts apart."""

from __future__ import annotations

import typing as t

import pytest
from botocore.exceptions import ClientError
from groundwork_local_cloud.client import LocalCloud
from groundwork_local_cloud.cloud import cloud as served
from support.modules import Result

from .account import picture
from .starting_point import StartingPoint
from .sweep import Flow, Sweep

READS = ("ec2.describe_volumes", "ec2.describe_snapshots")
ZONE = "us-east-1a"


def volume(cloud: LocalCloud, name: str) -> str:
    tags = [{"ResourceType": "volume", "Tags": [{"Key": "Name", "Value": name}]}]
    return str(cloud.client("ec2").create_volume(AvailabilityZone=ZONE, Size=1, TagSpecifications=tags)["VolumeId"])


def careless(cloud: LocalCloud, *, tag_at_once: bool = True) -> Result:
    """A run as it should not be: no client token, the tag an afterthought, and a second try after any error."""
    ec2 = cloud.client("ec2")
    try:
        if ec2.describe_volumes(Filters=[{"Name": "tag:Name", "Values": ["data"]}])["Volumes"]:
            return {"changed": False}
        if tag_at_once:
            try:
                volume(cloud, "data")
            except ClientError:
                volume(cloud, "data")
        else:
            volume_id = ec2.create_volume(AvailabilityZone=ZONE, Size=1)["VolumeId"]
            ec2.create_tags(Resources=[volume_id], Tags=[{"Key": "Name", "Value": "data"}])
    except Exception as error:
        return {"failed": True, "changed": True, "msg": str(error)}
    return {"changed": True}


def flow(name: str, act: t.Callable[[LocalCloud], Result], **more: t.Any) -> Flow:
    return Flow(name, prepare=lambda cloud: cloud, act=act, reads=READS, **more)


def test_a_creation_that_is_made_twice_is_found(swept: LocalCloud) -> None:
    tally = Sweep(swept, flow("twice", careless), "error after").run()
    assert tally.as_row() == {"flow": "twice", "calls": 2, "faults": 2, "survived": 1}
    assert tally.problems[0].startswith("call 2, CreateVolume: something else was left behind")


def test_an_orphan_is_found(swept: LocalCloud) -> None:
    orphaning = flow("orphan", lambda cloud: careless(cloud, tag_at_once=False))
    assert not Sweep(swept, orphaning, "throttled").run().problems[2:]
    (problem,) = Sweep(swept, orphaning, "killed after").run().problems
    assert problem.startswith("call 2, CreateVolume: something else was left behind")


def test_a_broken_invariant_is_found_though_the_end_is_right(swept: LocalCloud) -> None:
    def watch(cloud: LocalCloud) -> t.Callable[[], None]:
        def check() -> None:
            assert served.recorder.counts().get("ec2:CreateVolume", 0) < 1, "there was a moment without a name"

        return check

    watched = flow("watched", lambda cloud: careless(cloud, tag_at_once=False), watch=watch)
    with pytest.raises(AssertionError, match="a moment without a name"):
        Sweep(swept, watched, "cut")


def test_a_run_that_never_comes_to_rest_is_found(swept: LocalCloud) -> None:
    def restless(cloud: LocalCloud) -> Result:
        cloud.client("ec2").enable_ebs_encryption_by_default()
        return {"changed": True}

    with pytest.raises(AssertionError, match=r"still changes something: .*Enable"):
        Sweep(swept, flow("restless", restless), "cut")


def test_accounts_that_differ_in_ids_and_order_look_the_same(swept: LocalCloud) -> None:
    ec2, pictures = swept.client("ec2"), []
    for names, copied in ((("a", "b"), "a"), (("b", "a"), "a"), (("a", "b"), "b")):
        swept.reset()
        ids = {name: volume(swept, name) for name in names}
        ec2.create_snapshot(VolumeId=ids[copied])
        pictures.append(picture(swept, READS))
    assert pictures[0] == pictures[1]
    assert pictures[0] != pictures[2]


def test_what_no_read_shows_is_counted(swept: LocalCloud) -> None:
    swept.client("ec2").describe_volumes()
    before = picture(swept, READS)
    swept.client("ec2").create_security_group(GroupName="web", Description="web")
    assert picture(swept, READS) != before


def test_a_starting_point_comes_back_as_often_as_wanted(swept: LocalCloud) -> None:
    ec2 = swept.client("ec2")
    volume_id = volume(swept, "data")
    ec2.describe_volumes()  # ends what is under way
    point, before = StartingPoint(), picture(swept, READS)
    images = ec2.describe_images(Owners=["amazon"])["Images"]
    for _time in range(2):
        ec2.delete_volume(VolumeId=volume_id)
        ec2.deregister_image(ImageId=images[0]["ImageId"])
        assert picture(swept, READS) != before
        point.restore()
        assert picture(swept, READS) == before
        assert ec2.describe_images(Owners=["amazon"])["Images"] == images
