# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Security groups: what keeps one from being deleted, and rules that keep their descriptions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import security_groups as moto_security_groups

from ..registry import Call, Forward, corrects
from . import errors


class CloudSecurityGroupRule(moto_security_groups.SecurityGroupRule):
    """A rule of a security group. Two rules are the same whatever their descriptions say."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # moto hands the prefix list over as the eighth argument or by name, and keeps its id only.
        self._prefix_list: dict[str, str] = kwargs.get("prefix_list_id") or (args[7] if len(args) > 7 else None) or {}

    @property
    def description(self) -> str | None:
        return (self.ip_range or self.source_group or self._prefix_list).get("Description") or None

    def _identity(self) -> tuple[Any, ...]:
        ports = () if self.ip_protocol == "-1" else (self.from_port, self.to_port)
        group = self.source_group.get("GroupId") or self.source_group.get("GroupName")
        return (self.ip_protocol, ports, self.cidr_ipv4, self.cidr_ipv6, group, self.prefix_list_id)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CloudSecurityGroupRule) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self.id)


moto_security_groups.SecurityGroupRule = CloudSecurityGroupRule  # rules are made through this name


def _all_groups(backend: Any) -> Iterator[Any]:
    for groups in backend.groups.values():
        yield from groups.values()


def _found(call: Call) -> Any:
    backend = call.backend
    wanted = call.params.get("GroupId") or call.params.get("GroupName")
    group = backend.get_security_group_by_name_or_id(wanted) if wanted else None
    if wanted and group is None:
        raise errors.EC2ClientError("InvalidGroup.NotFound", f"The security group '{wanted}' does not exist")
    return group


@corrects(
    "ec2",
    "DeleteSecurityGroup",
    id="delete-security-group",
    behaviour="A security group is not deleted while a network interface or a rule of another group refers to it; the "
    "default group of a VPC never is.",
    errors=("CannotDelete", "DependencyViolation", "InvalidGroup.NotFound"),
)
def delete_security_group(call: Call, forward: Forward) -> Any:
    group = _found(call)
    if group is None:
        raise errors.missing_parameter("GroupId or GroupName")
    if group.is_default:
        raise errors.EC2ClientError(
            "CannotDelete", f'the specified group: "{group.id}" name: "default" cannot be deleted by a user'
        )
    if _is_used(call.backend, group):
        raise errors.dependency_violation(f"resource {group.id} has a dependent object")
    return forward()


def _is_used(backend: Any, group: Any) -> bool:
    if any(one.id == group.id for interface in backend.enis.values() for one in interface.group_set):
        return True
    return any(
        rule.source_group.get("GroupId") == group.id
        for other in _all_groups(backend)
        if other.id != group.id
        for rule in (*other.ingress_rules, *other.egress_rules)
    )


@corrects(
    "ec2",
    "AuthorizeSecurityGroupIngress",
    "AuthorizeSecurityGroupEgress",
    id="authorize-security-group",
    behaviour="All rules of a request are added and answered, or none.",
    errors=("InvalidGroup.NotFound", "InvalidPermission.Duplicate"),
)
def authorize(call: Call, forward: Forward) -> Any:
    group = _found(call)
    kind = "ingress_rules" if call.operation.endswith("Ingress") else "egress_rules"
    before = list(getattr(group, kind)) if group else []
    try:
        forward()
    except Exception:
        if group:
            setattr(group, kind, before)
        raise
    known = {rule.id for rule in before}
    added = [rule for rule in getattr(group, kind) if rule.id not in known] if group else []
    return ActionResult({"Return": True, "SecurityGroupRules": added})
