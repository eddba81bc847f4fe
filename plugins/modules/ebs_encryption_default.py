# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Module ebs_encryption_default."""

from __future__ import annotations

DOCUMENTATION = r"""
module: ebs_encryption_default
short_description: Encrypt new EBS volumes of an account and region by default
version_added: 0.1.0
description:
  - Turns EBS encryption by default on or off for the account and region of the connection, and chooses the KMS key that
    new volumes and snapshot copies are encrypted with when a request names none.
  - Volumes and snapshots that exist are not changed.
options:
  state:
    description:
      - V(enabled) encrypts every new volume, whatever its request says. V(disabled) leaves it to the request.
    type: str
    choices: [enabled, disabled]
    default: enabled
  kms_key_id:
    description:
      - The KMS key to use by default, as key ID, key ARN, alias or alias ARN. It has to be an enabled, symmetric key.
      - V(alias/aws/ebs) gives the account the AWS managed key back.
      - If not set, the key is left as it is.
    type: str
  wait_timeout:
    description: How long to wait for AWS to show the new setting, in seconds.
    type: int
    default: 120
author:
  - groundwork.aws contributors (@groundwork-aws)
extends_documentation_fragment:
  - groundwork.aws._attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
seealso:
  - module: amazon.aws.kms_key
  - name: EBS encryption by default
    description: The AWS documentation of the setting.
    link: https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html
"""

EXAMPLES = r"""
- name: Encrypt every new volume of the region under our own key
  groundwork.aws.ebs_encryption_default:
    kms_key_id: alias/storage

- name: Keep encryption on, with the AWS managed key
  groundwork.aws.ebs_encryption_default:
    state: enabled
    kms_key_id: alias/aws/ebs

- name: Leave encryption to each request
  groundwork.aws.ebs_encryption_default:
    state: disabled
"""

RETURN = r"""
ebs_encryption_default:
  description: The setting of the account and region.
  returned: always
  type: dict
  contains:
    enabled:
      description: Whether new volumes are encrypted by default.
      type: bool
      sample: true
    kms_key_id:
      description: The ARN of the default key, or V(alias/aws/ebs) for the AWS managed one.
      type: str
      sample: arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab
actions:
  description: What was done, or would be done first in check mode.
  returned: always
  type: list
  elements: str
  sample: ["turn EBS encryption by default on"]
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..module_utils._core.runner import run
from ..module_utils._ebs_encryption.resource import EncryptionDefault


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec={
            "state": {"type": "str", "choices": ["enabled", "disabled"], "default": "enabled"},
            "kms_key_id": {"type": "str", "no_log": False},
            "wait_timeout": {"type": "int", "default": 120},
        },
        supports_check_mode=True,
    )
    run(
        module,
        lambda: EncryptionDefault(
            module.client("ec2"),
            module.client("kms"),
            enabled=module.params["state"] == "enabled",
            kms_key_id=module.params["kms_key_id"],
        ),
    )


if __name__ == "__main__":
    main()
