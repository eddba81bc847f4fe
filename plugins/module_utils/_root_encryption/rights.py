# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""Whether the caller may make the calls that are to come, found out by dry runs while the instance still runs.

Tried is every call without which an instance would stay down. Not tried are those on a snapshot, which does not exist
yet, and what EBS does with the key for the caller: key policies allow kms:CreateGrant for AWS services only, as a rule
(kms:GrantIsForAWSResource), so that a dry run of it would be refused where the real one is not.

Each call is tried once, for all instances that it takes, or for one as an example: dry runs use up the request limits,
and what is spent here would be missing while the instances are down. Only what is denied is tried for each.
"""

from __future__ import annotations

import typing as t

from .._core.dry_run import denial
from .._core.kms import Key
from .._core.tags import to_aws
from .forecast import will_stop
from .journal import FINAL, JOURNAL_TAG
from .model import State, Wanted, known
from .steps import snapshot, volume_like

Call = tuple[str, dict[str, t.Any]]  # boto3's name of an operation, and its arguments


def denials(ec2: t.Any, kms: t.Any, states: t.Sequence[State], wanted: Wanted) -> dict[str, tuple[str, ...]]:
    """What stands in the way of each instance, as problems with their way out. ``states`` are those not begun yet.

    Raises AwsCallError where AWS gives no answer.
    """
    of_key = _of_key(kms, known(states[0].key, "The KMS key"))
    denied = {operation for operation, arguments in _trials(states, wanted) if denial(ec2, operation, arguments)}
    return {one.id: (*of_key, *_of_instance(ec2, one, wanted, denied)) for one in states}


def _of_key(kms: t.Any, key: Key) -> list[str]:
    if key.manager == "AWS":
        return []  # everybody in the account may use it, but by way of its service only
    said = denial(kms, "generate_data_key_without_plaintext", {"KeyId": key.arn, "KeySpec": "AES_256"})
    if not said:
        return []
    return [
        f"the caller may not kms:GenerateDataKeyWithoutPlaintext with the key {key.arn} ({said}): allow it in the key "
        f"policy, with kms:Decrypt and kms:CreateGrant; or set check_permissions=false if the key is to be used by way "
        f"of EC2 only (kms:ViaService)"
    ]


def _of_instance(ec2: t.Any, state: State, wanted: Wanted, operations: set[str]) -> list[str]:
    """Which of these operations are denied for this very instance."""
    trials = [(operation, arguments) for operation, arguments in _trials([state], wanted) if operation in operations]
    answers = [(operation, denial(ec2, operation, arguments)) for operation, arguments in trials]
    actions = ec2.meta.method_to_api_mapping
    return [
        f"the caller may not ec2:{actions[operation]} for {state.id} ({said}): allow it in the caller's IAM policy"
        for operation, said in answers
        if said
    ]


def _trials(states: t.Sequence[State], wanted: Wanted) -> t.Iterator[Call]:
    ids = [one.id for one in states]
    yield "create_tags", {"Resources": ids, "Tags": to_aws({JOURNAL_TAG: "dry run"})}
    if running := [one.id for one in states if will_stop(one, wanted)]:
        yield "stop_instances", {"InstanceIds": running}
        if wanted.start_after:
            yield "start_instances", {"InstanceIds": running}
    state, instance = states[0], states[0].here
    root = known(state.root, f"The root of {state.id}")
    place = {"VolumeId": root.id, "InstanceId": instance.id}
    flag = {"DeviceName": instance.root_device, "Ebs": {"DeleteOnTermination": instance.delete_on_termination}}
    yield "create_snapshot", snapshot(state, root, FINAL, "").arguments
    yield "create_volume", volume_like(state, root)
    yield "detach_volume", place
    yield "attach_volume", {**place, "Device": instance.root_device}
    yield "modify_instance_attribute", {"InstanceId": instance.id, "BlockDeviceMappings": [flag]}
