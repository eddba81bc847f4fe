# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""The limits that AWS documents for DAX: what is wrong with a request, seen before any call is made. No I/O."""

from __future__ import annotations

import re
import typing as t

# The developer guide says 11 (a primary and ten replicas), the reference of CreateCluster 10; AWS itself has the say.
MOST_NODES = 11
RECOMMENDED_NODES = 3  # a primary and two replicas, one in each of three zones

DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
IDENTIFIER = re.compile(r"[A-Za-z](-?[A-Za-z0-9])*")
HYPHENS = "begin with a letter, and have no hyphen at its end and no two in a row"
WINDOW = re.compile(rf"({'|'.join(DAYS)}):([01]\d|2[0-3]):([0-5]\d)-({'|'.join(DAYS)}):([01]\d|2[0-3]):([0-5]\d)")
WEEK, DAY, HOUR = 7 * 24 * 60, 24 * 60, 60  # minutes


def cluster_name_problems(name: str) -> list[str]:
    """Rules of CreateCluster. AWS would store capital letters as small ones, under a name that nobody asked for."""
    if len(name) <= 20 and name == name.lower() and IDENTIFIER.fullmatch(name):
        return []
    return [f"name: {name!r} has to have 1 to 20 lower-case letters, digits and hyphens, {HYPHENS}"]


def subnet_group_name_problems(name: str) -> list[str]:
    """AWS stores the name in lower case; it documents no other rule."""
    if name and name == name.lower():
        return []
    return [f"name: {name!r} has to be in lower case and not empty"]


def parameter_group_name_problems(name: str) -> list[str]:
    """The groups of AWS itself, default.dax1.0, can be used but neither changed nor deleted."""
    if name.startswith("default."):
        return [f"name: {name!r} is a parameter group of AWS, which cannot be changed; choose another name"]
    if IDENTIFIER.fullmatch(name):
        return []
    return [f"name: {name!r} has to have letters, digits and hyphens, {HYPHENS}"]


def node_type_problems(node_type: str, *, encryption_at_rest: bool) -> list[str]:
    """Which types there are differs by region and time, so only the form is checked, and what the oldest lack."""
    if not re.fullmatch(r"dax\.[a-z0-9-]+\.[a-z0-9]+", node_type):
        return [f"node_type: {node_type!r} is not a node type such as dax.r5.large or dax.t3.small"]
    if encryption_at_rest and node_type.startswith("dax.r3."):
        return [f"node_type: {node_type} has no encryption at rest; take another one, or encryption_at_rest=false"]
    return []


def node_count_problems(count: int) -> list[str]:
    """From a single node to the most that a cluster may have."""
    if 1 <= count <= MOST_NODES:
        return []
    return [f"node_count: a cluster has 1 to {MOST_NODES} nodes, not {count}"]


def zone_problems(zones: t.Sequence[str], count: int | None) -> list[str]:
    """Nodes are spread evenly over the zones, each of which therefore is named once and has a node."""
    found = []
    if len(set(zones)) != len(zones):
        found.append("availability_zones: a zone is named twice; nodes are spread evenly over the zones by themselves")
    if count is not None and len(set(zones)) > count:
        found.append(f"availability_zones: {len(set(zones))} zones cannot all have one of {count} nodes (node_count)")
    return found


def window_problems(window: str) -> list[str]:
    """ddd:hh24:mi-ddd:hh24:mi in UTC, from 60 minutes to 24 hours. It may run over the end of the week."""
    found = WINDOW.fullmatch(window.lower())
    if not found:
        return [f"preferred_maintenance_window: {window!r} is not of the form sun:05:00-sun:06:00 (UTC)"]
    first_day, first_hour, first_minute, last_day, last_hour, last_minute = found.groups()
    start = DAYS.index(first_day) * DAY + int(first_hour) * HOUR + int(first_minute)
    end = DAYS.index(last_day) * DAY + int(last_hour) * HOUR + int(last_minute)
    minutes = (end - start) % WEEK
    if HOUR <= minutes <= DAY:
        return []
    return [f"preferred_maintenance_window: {window!r} has {minutes} minutes, it has to have 60 to 1440"]


def arn_problems(option: str, arn: str, service: str, resource: str) -> list[str]:
    """The form of an ARN: ``service`` and what its last part has to begin with."""
    if re.fullmatch(rf"arn:[a-z-]+:{service}:[a-z0-9-]*:\d{{12}}:{resource}.+", arn):
        return []
    return [f"{option}: {arn!r} is not an ARN such as arn:aws:{service}:…:123456789012:{resource}…"]


def security_group_problems(ids: t.Sequence[str]) -> list[str]:
    """A cluster has at least one group; an empty list cannot stand for the default group of the VPC."""
    if not ids:
        return ["security_group_ids: at least one group is needed; leave the option out for the default group"]
    return [
        f"security_group_ids: {id_!r} is not the id of a security group" for id_ in ids if not id_.startswith("sg-")
    ]


def ttl_problems(option: str, millis: int) -> list[str]:
    """Time to live in milliseconds."""
    return [] if millis >= 0 else [f"{option}: it has to be 0 or more milliseconds, not {millis}"]
