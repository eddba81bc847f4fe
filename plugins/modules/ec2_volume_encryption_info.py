# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Module ec2_volume_encryption_info."""

from __future__ import annotations

DOCUMENTATION = r"""
module: ec2_volume_encryption_info
short_description: Which KMS key the volumes of instances are encrypted under
version_added: 0.1.0
description:
  - Tells of every EBS volume that is attached to the given instances whether it is encrypted, and under which KMS key.
  - M(amazon.aws.ec2_vol_info) does not tell the key.
options:
  instance_ids:
    description: The instances whose volumes to look at. None are read if the list is empty.
    type: list
    elements: str
    required: true
author:
  - groundwork.aws contributors (@groundwork-aws)
extends_documentation_fragment:
  - groundwork.aws._attributes.info
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
seealso:
  - module: amazon.aws.ec2_vol_info
"""

EXAMPLES = r"""
- name: Read how the volumes of an instance are encrypted
  groundwork.aws.ec2_volume_encryption_info:
    instance_ids: [i-0a1b2c3d4e5f67890]
  register: volumes

- name: Every volume must be encrypted under our key
  ansible.builtin.assert:
    that: volumes.volumes | rejectattr('kms_key_id', 'equalto', key_arn) | length == 0
"""

RETURN = r"""
volumes:
  description: One entry for each attachment of a volume, ordered by instance and device.
  returned: always
  type: list
  elements: dict
  contains:
    instance_id:
      description: The instance that the volume is attached to.
      type: str
      sample: i-0a1b2c3d4e5f67890
    device:
      description: The device name of the attachment.
      type: str
      sample: /dev/xvda
    volume_id:
      description: The volume.
      type: str
      sample: vol-0a1b2c3d4e5f67890
    encrypted:
      description: Whether the volume is encrypted.
      type: bool
      sample: true
    kms_key_id:
      description: The ARN of the KMS key, V(null) if the volume is not encrypted.
      type: str
      sample: arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab
"""

import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..module_utils._core.calls import aws_call
from ..module_utils._core.errors import AwsCallError


@aws_call("describe the volumes of {instance_ids}")
def describe(client: t.Any, *, instance_ids: list[str]) -> list[dict[str, t.Any]]:
    """EC2 DescribeVolumes, all pages: the volumes that are attached to the instances."""
    filters = [{"Name": "attachment.instance-id", "Values": instance_ids}]
    pages = client.get_paginator("describe_volumes").paginate(Filters=filters)
    return [volume for page in pages for volume in page["Volumes"]]


def attachments(volumes: list[dict[str, t.Any]], instance_ids: list[str]) -> list[dict[str, t.Any]]:
    """One entry for each attachment to one of the instances; a Multi-Attach volume may have others as well."""
    found = [
        {
            "instance_id": attachment["InstanceId"],
            "device": attachment["Device"],
            "volume_id": volume["VolumeId"],
            "encrypted": volume["Encrypted"],
            "kms_key_id": volume.get("KmsKeyId"),
        }
        for volume in volumes
        for attachment in volume["Attachments"]
        if attachment["InstanceId"] in instance_ids
    ]
    return sorted(found, key=lambda entry: (entry["instance_id"], entry["device"]))


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec={"instance_ids": {"type": "list", "elements": "str", "required": True}},
        supports_check_mode=True,
    )
    instance_ids = module.params["instance_ids"]
    try:
        # An empty filter would be refused by AWS.
        volumes = describe(module.client("ec2"), instance_ids=instance_ids) if instance_ids else []
    except AwsCallError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, volumes=attachments(volumes, instance_ids))


if __name__ == "__main__":
    main()
