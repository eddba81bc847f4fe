# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags of clusters."""

from __future__ import annotations

import re
from typing import Any

from ...errors import ApiError
from ..registry import Call, Forward, corrects
from . import errors
from .model import Cluster
from .state import state_of
from .validation import checked_tags

_ARN = re.compile(r"arn:aws[\w-]*:dax:[\w-]+:\d{12}:cache/(.+)")


def _tagged_cluster(call: Call) -> Cluster:
    arn = call.params["ResourceName"]
    match = _ARN.fullmatch(arn)
    if match is None:
        raise ApiError("InvalidARNFault", f"{arn} is not the ARN of a DAX cluster.")
    cluster = state_of(call).clusters.get(match.group(1).lower())
    if cluster is None or cluster.arn.lower() != arn.lower():
        raise errors.cluster_not_found(match.group(1))
    cluster.refuse_unless_available()
    return cluster


def _answer(cluster: Cluster) -> dict[str, Any]:
    return {"Tags": [{"Key": key, "Value": value} for key, value in cluster.tags.items()]}


@corrects(
    "dax",
    "ListTags",
    id="dax-list-tags",
    behaviour="The tags of an available cluster, by its ARN.",
    errors=("ClusterNotFoundFault", "InvalidARNFault", "InvalidClusterStateFault"),
)
def list_tags(call: Call, forward: Forward) -> dict[str, Any]:
    return _answer(_tagged_cluster(call))


@corrects(
    "dax",
    "TagResource",
    id="dax-tag-resource",
    behaviour="Sets tags of an available cluster, at most 50, and answers all that it has.",
    errors=(
        "ClusterNotFoundFault",
        "InvalidARNFault",
        "InvalidClusterStateFault",
        "InvalidParameterValueException",
        "TagQuotaPerResourceExceeded",
    ),
)
def tag_resource(call: Call, forward: Forward) -> dict[str, Any]:
    cluster = _tagged_cluster(call)
    cluster.tags = checked_tags(call.params["Tags"], cluster.tags)
    return _answer(cluster)


@corrects(
    "dax",
    "UntagResource",
    id="dax-untag-resource",
    behaviour="Removes tags of an available cluster, all of which it must have, and answers those left.",
    errors=("ClusterNotFoundFault", "InvalidARNFault", "InvalidClusterStateFault", "TagNotFoundFault"),
)
def untag_resource(call: Call, forward: Forward) -> dict[str, Any]:
    cluster = _tagged_cluster(call)
    keys = set(call.params["TagKeys"])
    missing = sorted(keys - set(cluster.tags))
    if missing:
        raise ApiError("TagNotFoundFault", f"Cluster {cluster.name} has no tag {', '.join(missing)}.")
    cluster.tags = {key: value for key, value in cluster.tags.items() if key not in keys}
    return _answer(cluster)
