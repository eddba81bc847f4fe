# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""What turns the flow logs that exist into the ones that are wanted. No I/O.

AWS cannot change a flow log: one that differs is replaced. The new one is made first, so that no traffic goes unlogged,
unless both go to the same destination, which AWS may refuse (FlowLogAlreadyExists); then the old one goes first.
"""

from __future__ import annotations

import dataclasses

from .._core import ec2_tags
from .._core.plan import Plan, Step
from .._core.tags import TagChanges, tag_changes, tags_after, to_aws
from . import api
from .model import FlowLog, Specification, Wanted, resource_type

State = tuple[FlowLog, ...]


def plan(state: State, wanted: Wanted) -> Plan[State]:
    """The next steps. Tags that the user does not mention are left as they are."""
    if wanted.specification is None:
        return Plan((), _deletions(state))
    specification = wanted.specification
    kept = _one_per_resource(state, specification)
    superseded = [flow_log for flow_log in state if flow_log not in kept]
    missing = [id_ for id_ in wanted.resource_ids if id_ not in {flow_log.resource_id for flow_log in kept}]
    changes = {flow_log.id: _tag_changes(flow_log, wanted) for flow_log in kept}
    after = [dataclasses.replace(log, tags=tags_after(log.tags, changes[log.id])) for log in kept]
    after += [FlowLog("", id_, specification, wanted.all_tags or {"Name": wanted.name}) for id_ in missing]
    steps = _replacement(superseded, missing, wanted, specification) + _tagging(kept, changes)
    return Plan(tuple(sorted(after, key=lambda log: wanted.resource_ids.index(log.resource_id))), steps)


def _one_per_resource(state: State, specification: Specification) -> list[FlowLog]:
    fitting = [log for log in sorted(state, key=lambda log: log.id) if log.specification == specification]
    return list({log.resource_id: log for log in reversed(fitting)}.values())


def _replacement(
    superseded: list[FlowLog], missing: list[str], wanted: Wanted, specification: Specification
) -> tuple[Step, ...]:
    """Creations, and deletions as far as they may be made now; the rest comes with the next plan."""
    replaced = [log for log in superseded if log.resource_id in missing]
    in_the_way = {log.resource_id for log in replaced if log.specification.destination == specification.destination}
    creatable = [id_ for id_ in missing if id_ not in in_the_way]
    deletable = [log for log in superseded if log.resource_id in in_the_way or log.resource_id not in missing]
    creations = (_creation(creatable, wanted, specification),) if creatable else ()
    return _deletions(tuple(deletable)) + creations


def _creation(resource_ids: list[str], wanted: Wanted, specification: Specification) -> Step:
    arguments = {
        "ResourceIds": resource_ids,
        "ResourceType": resource_type(resource_ids[0]),
        "TrafficType": specification.traffic_type,
        "LogDestinationType": specification.log_destination_type,
        "MaxAggregationInterval": specification.max_aggregation_interval,
        "LogFormat": specification.log_format,
        "TagSpecifications": [
            {"ResourceType": "vpc-flow-log", "Tags": to_aws(wanted.all_tags or {"Name": wanted.name})},
        ],
    }
    if specification.log_destination_type == "cloud-watch-logs":
        arguments["LogGroupName"] = specification.destination
        arguments["DeliverLogsPermissionArn"] = specification.deliver_logs_permission_arn
    else:
        arguments["LogDestination"] = specification.destination
    return Step(f"create the flow log {wanted.name} for {', '.join(resource_ids)}", api.create, arguments)


def _deletions(flow_logs: State) -> tuple[Step, ...]:
    if not flow_logs:
        return ()
    ids = sorted(flow_log.id for flow_log in flow_logs)
    return (Step(f"delete the flow log {', '.join(ids)}", api.delete, {"FlowLogIds": ids}),)


def _tag_changes(flow_log: FlowLog, wanted: Wanted) -> TagChanges:
    return tag_changes(flow_log.tags, wanted.all_tags, purge=wanted.purge_tags)


def _tagging(flow_logs: list[FlowLog], changes: dict[str, TagChanges]) -> tuple[Step, ...]:
    steps = []
    for flow_log in flow_logs:
        to_set, to_remove = changes[flow_log.id].to_set, changes[flow_log.id].to_remove
        if to_set:
            steps.append(ec2_tags.tag([flow_log.id], to_set, f"tag {flow_log.id} with {', '.join(sorted(to_set))}"))
        if to_remove:
            summary = f"remove the tags {', '.join(to_remove)} from {flow_log.id}"
            steps.append(ec2_tags.untag(flow_log.id, to_remove, summary))
    return tuple(steps)
