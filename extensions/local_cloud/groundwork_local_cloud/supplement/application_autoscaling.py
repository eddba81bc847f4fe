# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Application Auto Scaling: what it registers has to exist, and what is put or taken away again keeps its identity."""

from __future__ import annotations

import json
from typing import Any

from moto.applicationautoscaling.models import FakeApplicationAutoscalingPolicy as Policy
from moto.dynamodb.models import Table, dynamodb_backends
from moto.utilities.utils import get_partition

from ..errors import ApiError
from .dynamodb.capacity import set_capacity
from .registry import Call, Forward, corrects

_SERVICE_ROLE = "AWSServiceRoleForApplicationAutoScaling_DynamoDBTable"
_SERVICE = "dynamodb.application-autoscaling.amazonaws.com"


def _not_found(call: Call, what: str) -> ApiError:
    place = ", ".join(
        f"{label}: {call.params.get(name)}"
        for label, name in (
            ("service namespace", "ServiceNamespace"),
            ("resource ID", "ResourceId"),
            ("scalable dimension", "ScalableDimension"),
        )
    )
    return ApiError("ObjectNotFoundException", f"No {what} found for {place}")


def _target(call: Call) -> Any:
    return call.backend.targets.get(call.params["ScalableDimension"], {}).get(call.params["ResourceId"])


@corrects(
    "application-autoscaling",
    "RegisterScalableTarget",
    id="register-scalable-target",
    behaviour="A new target needs both limits, the lower one first; a DynamoDB table or index has to exist and to be "
    "provisioned, and its capacity is brought between the limits at once.",
    errors=("ValidationException",),
)
def register_target(call: Call, forward: Forward) -> Any:
    params, target = call.params, _target(call)
    lowest = params.get("MinCapacity", getattr(target, "min_capacity", None))
    highest = params.get("MaxCapacity", getattr(target, "max_capacity", None))
    if lowest is None or highest is None:
        raise ApiError("ValidationException", "MinCapacity and MaxCapacity are required to register a new target")
    if int(lowest) > int(highest):
        raise ApiError("ValidationException", "Maximum capacity cannot be less than minimum capacity")
    if params["ServiceNamespace"] == "dynamodb":
        _adjust(call, int(lowest), int(highest))
    return forward()


def _adjust(call: Call, lowest: int, highest: int) -> None:
    kind, _slash, rest = str(call.params["ResourceId"]).partition("/")
    name, _index, index_name = rest.partition("/index/")
    table: Table | None = dynamodb_backends[call.account_id][call.region].tables.get(name)
    owners = [table, *table.global_indexes] if table else []
    owner = next((one for one in owners if one.name == (index_name or name)), None)
    if kind != "table" or table is None or owner is None:
        raise ApiError("ValidationException", f"DynamoDB table or index does not exist: {call.params['ResourceId']}")
    if table.billing_mode != "PROVISIONED":
        raise ApiError("ValidationException", f"The billing mode of the table {name} is PAY_PER_REQUEST")
    unit = str(call.params["ScalableDimension"]).rpartition(":")[2]
    call.params.setdefault("RoleARN", _service_role(call))
    current = int(owner.throughput[unit])
    wanted = min(max(current, lowest), highest)
    if wanted != current:
        set_capacity(table, index_name, {**owner.throughput, unit: wanted})


def _service_role(call: Call) -> str:
    return f"arn:{get_partition(call.region)}:iam::{call.account_id}:role/aws-service-role/{_SERVICE}/{_SERVICE_ROLE}"


@corrects(
    "application-autoscaling",
    "DeregisterScalableTarget",
    id="deregister-scalable-target",
    behaviour="The policies of a target and their alarms go with it.",
    errors=("ObjectNotFoundException",),
)
def deregister_target(call: Call, forward: Forward) -> Any:
    if _target(call) is None:
        raise _not_found(call, "scalable target")
    place = (call.params["ResourceId"], call.params["ScalableDimension"])
    for key, policy in list(call.backend.policies.items()):
        if (policy.resource_id, policy.scalable_dimension) == place:
            policy.delete_alarms(call.account_id, call.region)
            del call.backend.policies[key]
    return forward()


@corrects(
    "application-autoscaling",
    "PutScalingPolicy",
    id="put-scaling-policy",
    behaviour="A policy belongs to a target; put again under its name it keeps its ARN, and new alarms take the place "
    "of the old ones.",
    errors=("ObjectNotFoundException",),
)
def put_policy(call: Call, forward: Forward) -> Any:
    if _target(call) is None:
        raise _not_found(call, "scalable target")
    names = ("ServiceNamespace", "ResourceId", "ScalableDimension", "PolicyName")
    key = Policy.formulate_key(*(call.params[name] for name in names))
    former = call.backend.policies.get(key)
    if former:
        former.delete_alarms(call.account_id, call.region)
    answer = json.loads(forward())
    policy = call.backend.policies[key]
    if former:
        policy.policy_arn, policy.creation_time = former.policy_arn, former.creation_time
    return json.dumps({**answer, "PolicyARN": policy.policy_arn})


@corrects(
    "application-autoscaling",
    "DescribeScalingPolicies",
    id="describe-scaling-policies",
    behaviour="Policies are found by the whole id of their resource, the whole dimension, and by name.",
)
def describe_policies(call: Call, forward: Forward) -> Any:
    wanted = {
        "ResourceId": [call.params["ResourceId"]] if call.params.get("ResourceId") else [],
        "ScalableDimension": [call.params["ScalableDimension"]] if call.params.get("ScalableDimension") else [],
        "PolicyName": call.params.get("PolicyNames") or [],
    }
    answer = json.loads(forward())
    answer["ScalingPolicies"] = [
        policy
        for policy in answer["ScalingPolicies"]
        if all(policy[name] in values for name, values in wanted.items() if values)
    ]
    return json.dumps(answer)
