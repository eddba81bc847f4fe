# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameter groups: how long items and queries stay in the caches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...errors import ApiError
from ..registry import Call, provides
from . import errors
from .groups import PARAMETER_DESCRIPTIONS, ParameterGroup, default_parameter_group
from .pages import page
from .state import state_of
from .validation import check_identifier

MOST_GROUPS = 20
MOST_PER_UPDATE = 20


def find_parameter_group(call: Call, name: str) -> ParameterGroup:
    """The group of a name. Raises ParameterGroupNotFoundFault."""
    group = state_of(call).parameter_groups.get(name)
    if group is None:
        raise errors.parameter_group_not_found(name)
    return group


def _changeable(call: Call) -> ParameterGroup:
    """The group that the call names, if the user may change it: not the default one, and not one in use."""
    group = find_parameter_group(call, call.params["ParameterGroupName"])
    if group.is_default:
        raise errors.parameter_group_state(f"The default parameter group {group.name} cannot be changed or deleted.")
    if state_of(call).clusters_with(group):
        raise errors.parameter_group_state(f"Parameter group {group.name} is in use by at least one cluster.")
    return group


@provides(
    "dax",
    "CreateParameterGroup",
    id="dax-create-parameter-group",
    behaviour="A new parameter group has the default values. 20 per region besides default.dax1.0.",
    errors=(
        "InvalidParameterValueException",
        "ParameterGroupAlreadyExistsFault",
        "ParameterGroupQuotaExceededFault",
    ),
)
def create_parameter_group(call: Call) -> dict[str, Any]:
    state = state_of(call)
    groups = state.parameter_groups
    name = call.params["ParameterGroupName"]
    if name in groups:
        raise ApiError("ParameterGroupAlreadyExistsFault", f"Parameter group {name} already exists.")
    check_identifier("Parameter group name", name)
    if len([group for group in groups.values() if not group.is_default]) >= MOST_GROUPS:
        raise ApiError("ParameterGroupQuotaExceededFault", f"You have {MOST_GROUPS} parameter groups already.")
    groups[name] = ParameterGroup(name, call.params.get("Description"))
    state.record("PARAMETER_GROUP", name, "Parameter group created.")
    return {"ParameterGroup": groups[name].view()}


@provides(
    "dax",
    "DescribeParameterGroups",
    id="dax-describe-parameter-groups",
    behaviour="All parameter groups, default.dax1.0 among them, or those named.",
    errors=("InvalidParameterValueException", "ParameterGroupNotFoundFault"),
)
def describe_parameter_groups(call: Call) -> dict[str, Any]:
    names = call.params.get("ParameterGroupNames") or list(state_of(call).parameter_groups)
    return page(call, "ParameterGroups", [find_parameter_group(call, name).view() for name in names])


@provides(
    "dax",
    "UpdateParameterGroup",
    id="dax-update-parameter-group",
    behaviour="Sets record-ttl-millis and query-ttl-millis, in a group of the user that no cluster uses.",
    errors=(
        "InvalidParameterGroupStateFault",
        "InvalidParameterValueException",
        "ParameterGroupNotFoundFault",
    ),
)
def update_parameter_group(call: Call) -> dict[str, Any]:
    group = _changeable(call)
    values = _checked_values(call.params["ParameterNameValues"])
    group.values = group.values | values
    for name, value in values.items():
        state_of(call).record("PARAMETER_GROUP", group.name, f"Updated parameter {name} to {value}.")
    return {"ParameterGroup": group.view()}


def _checked_values(given: Sequence[dict[str, Any]]) -> dict[str, str]:
    if not 1 <= len(given) <= MOST_PER_UPDATE:
        raise errors.invalid_value(f"1 to {MOST_PER_UPDATE} parameters can be modified in one request.")
    values = {}
    for item in given:
        name, value = item.get("ParameterName"), str(item.get("ParameterValue"))
        if name not in PARAMETER_DESCRIPTIONS:
            raise errors.invalid_value(f"There is no parameter {name}.")
        if not (value.isascii() and value.isdigit()):
            raise errors.invalid_value(f"The value of {name} must be an integer of 0 or more, not {value}.")
        values[name] = value
    return values


@provides(
    "dax",
    "DeleteParameterGroup",
    id="dax-delete-parameter-group",
    behaviour="A parameter group is not deleted while a cluster uses it; default.dax1.0 never is.",
    errors=("InvalidParameterGroupStateFault", "ParameterGroupNotFoundFault"),
)
def delete_parameter_group(call: Call) -> dict[str, Any]:
    group = _changeable(call)
    state = state_of(call)
    del state.parameter_groups[group.name]
    state.record("PARAMETER_GROUP", group.name, "Parameter group deleted.")
    return {"DeletionMessage": f"Parameter group {group.name} has been deleted."}


@provides(
    "dax",
    "DescribeParameters",
    id="dax-describe-parameters",
    behaviour="The two parameters of a group, of one source if asked for.",
    errors=("InvalidParameterValueException", "ParameterGroupNotFoundFault"),
)
def describe_parameters(call: Call) -> dict[str, Any]:
    group = find_parameter_group(call, call.params["ParameterGroupName"])
    source = call.params.get("Source")
    return page(call, "Parameters", [one for one in group.parameters() if source in (None, one["Source"])])


@provides(
    "dax",
    "DescribeDefaultParameters",
    id="dax-describe-default-parameters",
    behaviour="The parameters of DAX with their default values.",
    errors=("InvalidParameterValueException",),
)
def describe_default_parameters(call: Call) -> dict[str, Any]:
    return page(call, "Parameters", default_parameter_group().parameters())
