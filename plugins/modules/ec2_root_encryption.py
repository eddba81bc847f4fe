# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Module ec2_root_encryption."""

from __future__ import annotations

DOCUMENTATION = r"""
module: ec2_root_encryption
short_description: Encrypt the root volume of EC2 instances that exist
version_added: 0.1.0
description:
  - Puts an encrypted copy of the root volume in the place of the original, takes that back, or removes the originals.
  - A first snapshot is taken while the instance runs. It is then stopped, a second snapshot takes what has changed
    since, an encrypted volume is created from it, and only when that is complete are the volumes exchanged and the
    instance started. The instance is down between the stop and the start.
  - Device name, size, type, IOPS, throughput, zone, tags and C(DeleteOnTermination) stay, as do the other volumes. An
    instance that was stopped stays stopped.
  - How far it is stands in tags on the instance. A run that was interrupted at any point is finished by the next one,
    which says in RV(instances[].resumed_at) where it took up.
  - A run locks its instances by a tag, so that a second run stops with an error. A lock by tag is not watertight; the
    module writes it, waits two seconds and looks again. Whatever happens, AWS creates the volume once (by its client
    token) and takes one volume as root.
  - Refuses, before it changes anything, instances with an instance-store root, with product codes, in an Auto Scaling
    group, Spot Instances, those enabled for hibernation or protected against being stopped, Multi-Attach volumes,
    keys that cannot be used, and callers that may not do what has to be done.
  - Stays within the documented request limits of EC2 however many instances there are, by waiting before a call that
    EC2 would refuse. It does not know what others use up in the account.
options:
  state:
    description:
      - With V(encrypted), the root is encrypted with O(kms_key_id).
      - With V(rolled_back), the original is the root again, and the encrypted volume and all snapshots are deleted.
        B(What was written to the encrypted volume is lost.) Possible at any time before V(cleaned).
      - With V(cleaned), the original volume and the snapshots are deleted. Done only when the encrypted volume is the
        root and the instance has passed its status checks with it.
    type: str
    choices: [encrypted, rolled_back, cleaned]
    default: encrypted
  instance_ids:
    description:
      - The instances, up to 100. They are worked on side by side; the failure of one does not stop the others.
    type: list
    elements: str
    required: true
    aliases: [instance_id]
  kms_key_id:
    description:
      - The key to encrypt with, as id, ARN or alias. Required with O(state=encrypted).
    type: str
  start_after:
    description:
      - Whether an instance that ran is started again after the exchange.
      - If not, it has not been seen to work, and V(cleaned) waits until it was.
    type: bool
    default: true
  copy_snapshot:
    description:
      - Whether to copy the snapshot encrypted and create the volume from the copy.
      - By default, the volume is created encrypted from the unencrypted snapshot. The result is the same, and the
        instance is down for a shorter time, because EBS copies the data once instead of twice. The copy is of use as
        an encrypted backup.
    type: bool
    default: false
  reencrypt:
    description: Whether a root that is encrypted with another key may be encrypted with O(kms_key_id).
    type: bool
    default: false
  check_permissions:
    description:
      - Whether to find out by dry runs, before anything is changed and in check mode, what the caller may not do.
      - Tried are C(kms:GenerateDataKeyWithoutPlaintext), and every call of EC2 without which an instance would stay
        down, those about volumes with the first instance as an example. Not tried are C(kms:CreateGrant) and
        C(kms:Decrypt), which EBS uses for the caller, and the calls on snapshots that do not exist yet.
      - Turn it off for a key that its policy allows only by way of EC2 (C(kms:ViaService)), because a dry run is not.
    type: bool
    default: true
  keep_originals_days:
    description:
      - For how many days the originals are to be kept. The date goes into the tag
        C(groundwork:root-encryption-expires) of the original volume and the snapshot. Nothing deletes them but
        O(state=cleaned).
      - With V(0), the originals are removed in the same run, as by O(state=cleaned), if the instance has passed its
        checks.
    type: int
    default: 30
  lock_timeout:
    description:
      - After how many seconds without a sign of life a lock is taken over. The lock is renewed every third of this
        time. A lock whose holder was a process of this machine that has ended is taken over at once.
      - Should be the same for all who use the module, whose clocks have to agree to much less than this.
    type: int
    default: 900
  wait_timeout:
    description:
      - How long to wait for everything together, in seconds. The first snapshot of a large volume can take hours.
        When the time is over the next run takes up.
    type: int
    default: 3600
author:
  - groundwork.aws contributors (@groundwork-aws)
extends_documentation_fragment:
  - groundwork.aws._attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
notes:
  - A stop loses the public address of an instance if it is not an Elastic IP, and all data on instance store volumes.
    Ansible shows the warnings of a module when it ends, so run in check mode first, which gives the same ones.
  - The key policy has to let the caller create grants for AWS services, generate data keys and decrypt.
seealso:
  - module: groundwork.aws.ebs_encryption_default
  - module: groundwork.aws.ec2_volume_encryption_info
  - name: Amazon EBS encryption
    description: The AWS documentation.
    link: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html
"""

EXAMPLES = r"""
- name: Encrypt the root volume of an instance
  groundwork.aws.ec2_root_encryption:
    instance_id: "{{ instance_id }}"
    kms_key_id: alias/storage

- name: Encrypt the roots of many, and keep the originals for a week
  groundwork.aws.ec2_root_encryption:
    instance_ids: "{{ found.instances | map(attribute='instance_id') }}"
    kms_key_id: alias/storage
    keep_originals_days: 7

- name: Go back to the original volume
  groundwork.aws.ec2_root_encryption:
    instance_id: "{{ instance_id }}"
    state: rolled_back

- name: Remove the original volume and the snapshots
  groundwork.aws.ec2_root_encryption:
    instance_id: "{{ instance_id }}"
    state: cleaned
"""

RETURN = r"""
instances:
  description: One result for each of O(instance_ids), in that order; also when the module fails.
  returned: always
  type: list
  elements: dict
  contains:
    instance_id:
      description: The id of the instance.
      type: str
      sample: i-0a1b2c3d4e5f67890
    changed:
      description: Whether anything was done.
      type: bool
    failed:
      description: Whether this instance has not reached O(state).
      type: bool
    msg:
      description: Why it failed.
      type: str
      returned: failure
    actions:
      description:
        - What was done. In check mode, what would be done on the whole way, or next if an earlier run had begun.
      type: list
      elements: str
      sample: ["stop i-0a1b2c3d4e5f67890", "create an encrypted gp3 volume of 8 GiB"]
    resumed_at:
      description: Where an earlier run was taken up.
      type: str
      returned: when an earlier run had not finished
      sample: create an encrypted gp3 volume of 8 GiB
    before:
      description: What the module found, RV(instances[].phase) to RV(instances[].original_volume) as below.
      returned: when there is such an instance
      type: dict
      sample:
        phase: null
        instance_state: running
        root_volume: {"id": "vol-0f6e5d4c3b2a10987", "device": "/dev/xvda", "encrypted": false}
        original_volume: null
    phase:
      description:
        - V(encrypting), V(encrypted), V(rolling-back) or V(cleaning); none when there is nothing to go back to.
      type: str
      sample: encrypted
    instance_state:
      description: The state of the instance.
      type: str
      sample: running
    root_volume:
      description: The volume that is attached as the root device.
      type: dict
      sample: {"id": "vol-0a1b2c3d4e5f67890", "device": "/dev/xvda", "encrypted": true}
    original_volume:
      description: The volume that was the root before, while it is kept.
      type: dict
      sample: {"id": "vol-0f6e5d4c3b2a10987", "device": "", "encrypted": false}
    originals_expire_on:
      description: Until when the originals are to be kept.
      type: str
      sample: "2026-12-24"
    snapshot_ids:
      description: The snapshots that are kept.
      type: list
      elements: str
      sample: [snap-0a1b2c3d4e5f67890]
    downtime:
      description: How many seconds the instance was down, from the stop until it was seen running; 0 if it did not run.
      type: int
      sample: 84
"""

import dataclasses
import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..module_utils._core.budget import Budget
from ..module_utils._core.errors import CoreError
from ..module_utils._core.kms import read_key
from ..module_utils._core.pace import Deadline
from ..module_utils._core.parallel import converge_each
from ..module_utils._root_encryption.fleet import Fleet
from ..module_utils._root_encryption.model import Wanted
from ..module_utils._root_encryption.report import diff_of, failure_message, result_of, warnings_of

MOST_INSTANCES = 100  # below the 200 values that AWS takes in a filter


def _argument_spec() -> dict[str, t.Any]:
    return {
        "state": {"type": "str", "choices": ["encrypted", "rolled_back", "cleaned"], "default": "encrypted"},
        "instance_ids": {"type": "list", "elements": "str", "required": True, "aliases": ["instance_id"]},
        "kms_key_id": {"type": "str", "no_log": False},
        "start_after": {"type": "bool", "default": True},
        "copy_snapshot": {"type": "bool", "default": False},
        "reencrypt": {"type": "bool", "default": False},
        "check_permissions": {"type": "bool", "default": True},
        "keep_originals_days": {"type": "int", "default": 30},
        "lock_timeout": {"type": "int", "default": 900},
        "wait_timeout": {"type": "int", "default": 3600},
    }


def _check_input(module: AnsibleAWSModule) -> None:
    ids, problems = module.params["instance_ids"], []
    if len(ids) != len(set(ids)):
        problems.append("instance_ids: an id is named twice.")
    if not 1 <= len(ids) <= MOST_INSTANCES:
        problems.append(f"instance_ids: 1 to {MOST_INSTANCES} are taken at a time, not {len(ids)}.")
    if not all(id_.startswith("i-") for id_ in ids):
        problems.append("instance_ids: each has to be the id of an instance.")
    if module.params["state"] == "encrypted" and not module.params["kms_key_id"]:
        problems.append("kms_key_id: state=encrypted needs a key.")
    if module.params["keep_originals_days"] < 0:
        problems.append("keep_originals_days: 0 or more is needed.")
    if module.params["lock_timeout"] < 180:
        problems.append("lock_timeout: at least 180 is needed, the lock is renewed every third of it.")
    if problems:
        module.fail_json(msg=" ".join(problems))


def _run(module: AnsibleAWSModule) -> None:
    params = module.params
    wanted = Wanted(**{option.name: params[option.name] for option in dataclasses.fields(Wanted)})
    kms = module.client("kms")
    try:
        key = read_key(kms, params["kms_key_id"]) if wanted.state == "encrypted" else None
    except CoreError as error:
        module.fail_json(msg=error.message, **error.details)
    fleet = Fleet(Budget().attach(module.client("ec2")), kms, wanted, key)
    deadline = Deadline(params["wait_timeout"], fleet.pace)
    ways = converge_each(fleet, params["instance_ids"], check_mode=module.check_mode, deadline=deadline)
    results = [result_of(name, way, wanted, check_mode=module.check_mode) for name, way in ways.items()]
    for way in ways.values():
        for warning in warnings_of(way, wanted):
            module.warn(warning)
    changed = any(result["changed"] for result in results)
    if any(result["failed"] for result in results):
        module.fail_json(msg=failure_message(results), changed=changed, instances=results)
    module.exit_json(changed=changed, instances=results, diff=diff_of(ways, results))


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec=_argument_spec(),
        supports_check_mode=True,
    )
    _check_input(module)
    _run(module)


if __name__ == "__main__":
    main()
