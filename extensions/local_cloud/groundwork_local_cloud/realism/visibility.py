# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Eventual consistency: for a while after its creation an EC2 resource is not yet known to other calls.

Calls that name it are refused with the NotFound code of its kind, and lists leave it out. The call that created it
answers as always, and so does the repetition of that call. After a single change that is made late (a fault), reads
also go on to show what was changed or deleted as it was before.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from xml.etree import ElementTree

from werkzeug.wrappers import Response

from ..errors import ApiError
from ..identify import ApiRequest


@dataclass(frozen=True)
class Kind:
    """One kind of resource: the element that holds its id, the calls that create and list it, its NotFound error."""

    element: str
    creators: tuple[str, ...]
    lister: str
    code: str
    message: str


KINDS = (
    Kind(
        "instanceId",
        ("RunInstances",),
        "DescribeInstances",
        "InvalidInstanceID.NotFound",
        "The instance ID '{id}' does not exist",
    ),
    Kind(
        "volumeId", ("CreateVolume",), "DescribeVolumes", "InvalidVolume.NotFound", "The volume '{id}' does not exist."
    ),
    Kind(
        "snapshotId",
        ("CreateSnapshot", "CreateSnapshots", "CopySnapshot"),
        "DescribeSnapshots",
        "InvalidSnapshot.NotFound",
        "The snapshot '{id}' does not exist.",
    ),
    Kind(
        "imageId",
        ("CreateImage", "CopyImage", "RegisterImage"),
        "DescribeImages",
        "InvalidAMIID.NotFound",
        "The image id '[{id}]' does not exist",
    ),
    Kind(
        "networkInterfaceId",
        ("CreateNetworkInterface",),
        "DescribeNetworkInterfaces",
        "InvalidNetworkInterfaceID.NotFound",
        "The networkInterface ID '{id}' does not exist",
    ),
    Kind("vpcId", ("CreateVpc",), "DescribeVpcs", "InvalidVpcID.NotFound", "The vpc ID '{id}' does not exist"),
    Kind(
        "subnetId",
        ("CreateSubnet",),
        "DescribeSubnets",
        "InvalidSubnetID.NotFound",
        "The subnet ID '{id}' does not exist",
    ),
    Kind(
        "groupId",
        ("CreateSecurityGroup",),
        "DescribeSecurityGroups",
        "InvalidGroup.NotFound",
        "The security group '{id}' does not exist",
    ),
    Kind(
        "routeTableId",
        ("CreateRouteTable",),
        "DescribeRouteTables",
        "InvalidRouteTableID.NotFound",
        "The routeTable ID '{id}' does not exist",
    ),
    Kind(
        "internetGatewayId",
        ("CreateInternetGateway",),
        "DescribeInternetGateways",
        "InvalidInternetGatewayID.NotFound",
        "The internetGateway ID '{id}' does not exist",
    ),
    Kind(
        "natGatewayId",
        ("CreateNatGateway",),
        "DescribeNatGateways",
        "NatGatewayNotFound",
        "The Nat Gateway {id} was not found",
    ),
    Kind(
        "networkAclId",
        ("CreateNetworkAcl",),
        "DescribeNetworkAcls",
        "InvalidNetworkAclID.NotFound",
        "The network acl ID '{id}' does not exist",
    ),
    Kind(
        "allocationId",
        ("AllocateAddress",),
        "DescribeAddresses",
        "InvalidAllocationID.NotFound",
        "The allocation ID '{id}' does not exist",
    ),
    Kind(
        "vpcEndpointId",
        ("CreateVpcEndpoint",),
        "DescribeVpcEndpoints",
        "InvalidVpcEndpointId.NotFound",
        "The Vpc Endpoint Id '{id}' does not exist",
    ),
    Kind(
        "vpcPeeringConnectionId",
        ("CreateVpcPeeringConnection",),
        "DescribeVpcPeeringConnections",
        "InvalidVpcPeeringConnectionID.NotFound",
        "The vpcPeeringConnection ID '{id}' does not exist",
    ),
    Kind(
        "launchTemplateId",
        ("CreateLaunchTemplate",),
        "DescribeLaunchTemplates",
        "InvalidLaunchTemplateId.NotFound",
        "The specified launch template, with template ID {id}, does not exist.",
    ),
)
_CREATED_BY = {operation: kind for kind in KINDS for operation in kind.creators}
_LISTED_BY = {kind.lister: kind for kind in KINDS}
_NAMESPACE = re.compile(r"\{(.*)\}")


READS_BEHIND = 3  # how often one question gets its old answer after a change that is late
CONSISTENT = ("s3",)


@dataclass
class _Hidden:
    """One hidden resource: until a time (0 if that has no part in it), and for a number of looks."""

    kind: Kind
    until: float = 0.0
    looks: int = 0


class Visibility:
    """What does not show yet. ``seconds`` is for how long every new resource is hidden, 0 if not at all."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._hidden_ones: dict[str, _Hidden] = {}
        self._answers: dict[str, Response] = {}
        self._behind: dict[str, int] = {}
        self.seconds = 0.0

    def check(self, request: ApiRequest) -> None:
        """Refuse a call that names a hidden resource, other than as the value of a filter.

        Raises:
            ApiError: the NotFound error of the resource's kind.
        """
        if request.service != "ec2" or not self._hidden_ones:
            return
        hidden = self._hidden()
        for text in _texts({name: value for name, value in request.params.items() if name != "Filters"}):
            if text in hidden:
                self._looked_for([text])
                raise ApiError(hidden[text].code, hidden[text].message.format(id=text))

    def answer(self, request: ApiRequest, response: Response) -> Response:
        """Note what a call has created, or leave hidden resources out of a list."""
        if request.service != "ec2" or response.status_code != 200:
            return response
        if self.seconds and request.operation in _CREATED_BY:
            self._hide(response, _Hidden(_CREATED_BY[request.operation], self._clock() + self.seconds))
        hidden = self._hidden() if request.operation in _LISTED_BY and self._hidden_ones else {}
        if not hidden:
            return response
        self._looked_for([name for name, kind in hidden.items() if kind.lister == request.operation])
        return _without(_LISTED_BY[request.operation], hidden, response)

    def keep(self, request: ApiRequest, response: Response) -> None:
        """Keep the answer to a read, in case a later change is to be late for it."""
        if not request.is_mutating and request.service not in CONSISTENT:
            with self._lock:
                self._answers[_question(request)] = response

    def fall_behind(self, request: ApiRequest, response: Response) -> None:
        """A call has just changed something: let it be late.

        Reads that were made before get the answer that they got then, each READS_BEHIND times, and what the call has
        created stays unknown to other calls for as many looks at it.
        """
        with self._lock:
            self._behind = dict.fromkeys(self._answers, READS_BEHIND)
        if request.service == "ec2" and request.operation in _CREATED_BY and response.status_code == 200:
            self._hide(response, _Hidden(_CREATED_BY[request.operation], looks=READS_BEHIND))

    def old_answer(self, request: ApiRequest) -> Response | None:
        """The answer to a read from before a change that is late; None where it is up to date."""
        if not self._behind:
            return None
        question = _question(request)
        with self._lock:
            if not self._behind.get(question):
                return None
            self._behind[question] -= 1
            return self._answers[question]

    def reset(self) -> None:
        """Make everything visible, now and in the future."""
        self.catch_up()
        with self._lock:
            self._hidden_ones.clear()
            self.seconds = 0.0

    def catch_up(self) -> None:
        """Let no change be late any more."""
        with self._lock:
            self._answers.clear()
            self._behind.clear()
            for one in self._hidden_ones.values():
                one.looks = 0

    def _hide(self, response: Response, hidden: _Hidden) -> None:
        with self._lock:
            for element in ElementTree.fromstring(response.get_data()).iter():  # noqa: S314  # our own answer
                if _local_name(element) == hidden.kind.element and element.text:
                    self._hidden_ones.setdefault(element.text, replace(hidden))

    def _hidden(self) -> dict[str, Kind]:
        now = self._clock()
        with self._lock:
            return {name: one.kind for name, one in self._hidden_ones.items() if one.until > now or one.looks > 0}

    def _looked_for(self, names: list[str]) -> None:
        with self._lock:
            for name in names:
                if name in self._hidden_ones:
                    self._hidden_ones[name].looks -= 1


def _question(request: ApiRequest) -> str:
    asked = json.dumps(request.params, sort_keys=True, default=str)
    return f"{request.region} {request.service} {request.operation} {asked}"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _local_name(element: ElementTree.Element) -> str:
    return element.tag.rsplit("}", 1)[-1]


def _without(kind: Kind, hidden: dict[str, Kind], response: Response) -> Response:
    root = ElementTree.fromstring(response.get_data())  # noqa: S314  # our own answer
    for parent in list(root.iter()):
        for item in [child for child in parent if _local_name(child) == "item"]:
            if any(_local_name(part) == kind.element and part.text in hidden for part in item):
                parent.remove(item)
    _drop_empty_reservations(root)
    namespace = _NAMESPACE.match(root.tag)
    body = ElementTree.tostring(root, encoding="utf-8", default_namespace=namespace.group(1) if namespace else None)
    return Response(body, response.status_code, content_type=response.content_type)


def _drop_empty_reservations(root: ElementTree.Element) -> None:
    for parent in [element for element in root.iter() if _local_name(element) == "reservationSet"]:
        for reservation in list(parent):
            instances = [part for part in reservation if _local_name(part) == "instancesSet"]
            if not any(len(part) for part in instances):
                parent.remove(reservation)
