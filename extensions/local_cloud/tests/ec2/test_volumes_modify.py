# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ModifyVolume and DescribeVolumesModifications."""

from __future__ import annotations

from typing import Any

import pytest
from groundwork_local_cloud.client import LocalCloud
from launching import ZONE, describe_volume
from refusals import refused


def _volume(cloud: LocalCloud, **settings: Any) -> str:
    asked = {"AvailabilityZone": ZONE, "Size": 10, "VolumeType": "gp3"} | settings
    return str(cloud.client("ec2").create_volume(**asked)["VolumeId"])


@pytest.mark.correction("modify-volume")
def test_what_modify_refuses(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    volume_id = _volume(cloud)
    with refused("InvalidVolume.NotFound"):
        ec2.modify_volume(VolumeId="vol-0123456789abcdef0", Size=11)
    for settings in ({"Size": 9}, {"Iops": 80001}, {"Iops": 6000}, {"Throughput": 2001}, {}, {"Size": 65537}):
        with refused("InvalidParameterValue"):
            ec2.modify_volume(VolumeId=volume_id, **settings)
    with refused("InvalidParameterCombination"):
        ec2.modify_volume(VolumeId=volume_id, VolumeType="gp2", Throughput=200)
    assert describe_volume(cloud, volume_id)["Size"] == 10


@pytest.mark.correction("modify-volume")
def test_modification_passes_through_its_states(cloud: LocalCloud) -> None:
    cloud.realism(durations={"volume.modifying": 1.5, "volume.optimizing": 60})
    ec2 = cloud.client("ec2")
    volume_id = _volume(cloud)
    answer = ec2.modify_volume(VolumeId=volume_id, Size=20, Throughput=500)["VolumeModification"]
    assert answer["ModificationState"] == "modifying"
    assert (answer["OriginalSize"], answer["TargetSize"]) == (10, 20)
    assert (answer["OriginalThroughput"], answer["TargetThroughput"]) == (125, 500)
    assert answer["TargetVolumeType"] == "gp3"
    for _ in range(500):
        shown = ec2.describe_volumes_modifications(VolumeIds=[volume_id])["VolumesModifications"][0]
        if shown["ModificationState"] != "modifying":
            break
    assert shown["ModificationState"] == "optimizing"
    assert describe_volume(cloud, volume_id)["Size"] == 20
    with refused("IncorrectModificationState"):
        ec2.modify_volume(VolumeId=volume_id, Size=30)


@pytest.mark.correction("modify-volume")
def test_four_modifications_in_a_day(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    volume_id = _volume(cloud)
    for size in (11, 12, 13, 14):
        ec2.modify_volume(VolumeId=volume_id, Size=size)
        ec2.describe_volumes()
        ec2.describe_volumes()
    with refused("VolumeModificationRateExceeded"):
        ec2.modify_volume(VolumeId=volume_id, Size=15)


def test_change_of_type_takes_the_new_types_defaults(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    volume_id = _volume(cloud, VolumeType="gp2", Size=100)
    target = ec2.modify_volume(VolumeId=volume_id, VolumeType="gp3")["VolumeModification"]
    assert (target["TargetIops"], target["TargetThroughput"]) == (3000, 125)
    assert describe_volume(cloud, volume_id)["VolumeType"] == "gp3"


@pytest.mark.correction("describe-volumes-modifications")
def test_only_the_latest_modification_is_shown(cloud: LocalCloud) -> None:
    ec2 = cloud.client("ec2")
    volume_id, untouched = _volume(cloud), _volume(cloud)
    for size in (11, 12):
        ec2.modify_volume(VolumeId=volume_id, Size=size)
        ec2.describe_volumes()
        ec2.describe_volumes()
    shown = ec2.describe_volumes_modifications()["VolumesModifications"]
    assert [(one["VolumeId"], one["TargetSize"], one["Progress"]) for one in shown] == [(volume_id, 12, 100)]
    with refused("InvalidVolumeModification.NotFound"):
        ec2.describe_volumes_modifications(VolumeIds=[untouched])
    filters = [{"Name": "modification-state", "Values": ["modifying"]}]
    assert ec2.describe_volumes_modifications(Filters=filters)["VolumesModifications"] == []
