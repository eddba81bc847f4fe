# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ec2_volume_encryption_info makes of DescribeVolumes."""

from __future__ import annotations

from ansible_collections.groundwork.aws.plugins.modules.ec2_volume_encryption_info import attachments

KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def test_attachments_are_ordered_and_an_unencrypted_volume_has_no_key() -> None:
    volumes = [
        {
            "VolumeId": "vol-2",
            "Encrypted": False,
            "Attachments": [{"InstanceId": "i-1", "Device": "/dev/xvdf"}],
        },
        {
            "VolumeId": "vol-1",
            "Encrypted": True,
            "KmsKeyId": KEY,
            "Attachments": [{"InstanceId": "i-1", "Device": "/dev/xvda"}],
        },
    ]
    told = [(entry["device"], entry["encrypted"], entry["kms_key_id"]) for entry in attachments(volumes, ["i-1"])]
    assert told == [("/dev/xvda", True, KEY), ("/dev/xvdf", False, None)]


def test_other_instances_of_a_multi_attach_volume_are_left_out() -> None:
    volume = {
        "VolumeId": "vol-1",
        "Encrypted": True,
        "KmsKeyId": KEY,
        "Attachments": [{"InstanceId": instance, "Device": "/dev/sdf"} for instance in ("i-1", "i-2", "i-3")],
    }
    assert [entry["instance_id"] for entry in attachments([volume], ["i-3", "i-1"])] == ["i-1", "i-3"]
