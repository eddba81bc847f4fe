# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""The calls of DynamoDB and Application Auto Scaling, one per function."""

from __future__ import annotations

import functools
import typing as t

from .._core.calls import aws_call

NO_TABLE = ("ResourceNotFoundException",)
# Application Auto Scaling changes a table whenever it likes, and AWS then refuses other changes for a moment. After
# a change of the deletion protection it refuses another one for 15 seconds.
BUSY = ("ResourceInUseException", "ThrottlingException")


class Clients:
    """The clients of the services that a table needs, made when they are first used.

    ``make`` makes one by boto3's name of the service.
    """

    def __init__(self, make: t.Callable[[str], t.Any]) -> None:
        self._make = make

    @functools.cached_property
    def dynamodb(self) -> t.Any:
        return self._make("dynamodb")

    @functools.cached_property
    def scaling(self) -> t.Any:
        return self._make("application-autoscaling")

    @functools.cached_property
    def kms(self) -> t.Any:
        return self._make("kms")


@aws_call("describe the table {TableName}", absent=NO_TABLE)
def describe(clients: Clients, *, TableName: str) -> dict[str, t.Any] | None:
    """DynamoDB DescribeTable. None when there is no such table."""
    return t.cast("dict[str, t.Any]", clients.dynamodb.describe_table(TableName=TableName)["Table"])


# CreateTable has no client token: made again after an answer was lost, it finds the table that it has made. Whatever
# table it finds, the next reading tells whether it is the one that is wanted.
@aws_call("create the table {TableName}", absent=("ResourceInUseException",))
def create(clients: Clients, **arguments: t.Any) -> None:
    """DynamoDB CreateTable."""
    clients.dynamodb.create_table(**arguments)


@aws_call("change the table {TableName}", transient=BUSY)
def update(clients: Clients, **arguments: t.Any) -> None:
    """DynamoDB UpdateTable."""
    clients.dynamodb.update_table(**arguments)


@aws_call("delete the table {TableName}", absent=NO_TABLE, transient=BUSY)
def delete(clients: Clients, *, TableName: str) -> None:
    """DynamoDB DeleteTable. A table that is gone already is a success."""
    clients.dynamodb.delete_table(TableName=TableName)


@aws_call("list the tags of {ResourceArn}", absent=NO_TABLE, absent_answer=())
def list_tags(clients: Clients, *, ResourceArn: str) -> t.Sequence[dict[str, str]]:
    """DynamoDB ListTagsOfResource, all pages."""
    pages = clients.dynamodb.get_paginator("list_tags_of_resource").paginate(ResourceArn=ResourceArn)
    return [tag for page in pages for tag in page["Tags"]]


# AWS refuses to change the tags of a table again while it is busy with the last change.
@aws_call("tag {ResourceArn}", transient=("LimitExceededException", "ResourceInUseException"))
def tag(clients: Clients, *, ResourceArn: str, Tags: list[dict[str, str]]) -> None:
    """DynamoDB TagResource."""
    clients.dynamodb.tag_resource(ResourceArn=ResourceArn, Tags=Tags)


@aws_call("remove tags from {ResourceArn}", transient=("LimitExceededException", "ResourceInUseException"))
def untag(clients: Clients, *, ResourceArn: str, TagKeys: list[str]) -> None:
    """DynamoDB UntagResource."""
    clients.dynamodb.untag_resource(ResourceArn=ResourceArn, TagKeys=TagKeys)


@aws_call("describe the continuous backups of {TableName}", absent=("TableNotFoundException",))
def describe_recovery(clients: Clients, *, TableName: str) -> dict[str, t.Any] | None:
    """DynamoDB DescribeContinuousBackups: the description of point-in-time recovery."""
    answer = clients.dynamodb.describe_continuous_backups(TableName=TableName)["ContinuousBackupsDescription"]
    return t.cast("dict[str, t.Any]", answer.get("PointInTimeRecoveryDescription", {}))


# Continuous backups of a new table begin a few seconds after it has become active.
@aws_call(
    "change the point-in-time recovery of {TableName}",
    transient=("ContinuousBackupsUnavailableException", "TableNotFoundException"),
)
def update_recovery(clients: Clients, **arguments: t.Any) -> None:
    """DynamoDB UpdateContinuousBackups."""
    clients.dynamodb.update_continuous_backups(**arguments)


@aws_call("describe the time to live of {TableName}", absent=NO_TABLE)
def describe_time_to_live(clients: Clients, *, TableName: str) -> dict[str, t.Any] | None:
    """DynamoDB DescribeTimeToLive."""
    answer = clients.dynamodb.describe_time_to_live(TableName=TableName)
    return t.cast("dict[str, t.Any]", answer["TimeToLiveDescription"])


@aws_call("change the time to live of {TableName}, which AWS allows once in an hour", transient=BUSY)
def update_time_to_live(clients: Clients, **arguments: t.Any) -> None:
    """DynamoDB UpdateTimeToLive."""
    clients.dynamodb.update_time_to_live(**arguments)


@aws_call("describe what is scaled of {ResourceIds}")
def describe_targets(clients: Clients, *, ResourceIds: list[str]) -> list[dict[str, t.Any]]:
    """Application Auto Scaling DescribeScalableTargets, all pages. ``ResourceIds`` are at most 50."""
    paginator = clients.scaling.get_paginator("describe_scalable_targets")
    pages = paginator.paginate(ServiceNamespace="dynamodb", ResourceIds=ResourceIds)
    return [target for page in pages for target in page["ScalableTargets"]]


@aws_call("describe the scaling policies of {ResourceId}")
def describe_policies(clients: Clients, *, ResourceId: str) -> list[dict[str, t.Any]]:
    """Application Auto Scaling DescribeScalingPolicies, all pages."""
    paginator = clients.scaling.get_paginator("describe_scaling_policies")
    pages = paginator.paginate(ServiceNamespace="dynamodb", ResourceId=ResourceId)
    return [policy for page in pages for policy in page["ScalingPolicies"]]


@aws_call("register {ResourceId} for scaling", transient=("ConcurrentUpdateException",))
def register_target(clients: Clients, **arguments: t.Any) -> None:
    """Application Auto Scaling RegisterScalableTarget."""
    clients.scaling.register_scalable_target(**arguments)


# A target that was registered a moment ago may not be known yet.
@aws_call("put the scaling policy {PolicyName}", transient=("ConcurrentUpdateException", "ObjectNotFoundException"))
def put_policy(clients: Clients, **arguments: t.Any) -> None:
    """Application Auto Scaling PutScalingPolicy."""
    clients.scaling.put_scaling_policy(**arguments)


@aws_call(
    "end the scaling of {ResourceId}",
    absent=("ObjectNotFoundException",),
    transient=("ConcurrentUpdateException",),
)
def deregister_target(clients: Clients, **arguments: t.Any) -> None:
    """Application Auto Scaling DeregisterScalableTarget, which deletes its policies, too. None there is a success."""
    clients.scaling.deregister_scalable_target(**arguments)
