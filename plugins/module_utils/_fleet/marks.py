# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""The tags by which a fleet finds its parts again. They are all that a run knows of earlier runs.

What a slot is, and how far it has come, stands on its interface, which outlives every instance.
"""

from __future__ import annotations

import typing as t

PREFIX = "groundwork:fleet"

FLEET = PREFIX  # on everything: the name of the fleet
SLOT = f"{PREFIX}-slot"  # on interface, instance and volumes: "2-us-east-1a", the row and the zone
NODE_ID = f"{PREFIX}-node-id"  # on the same: the number of the slot
GENERATION = f"{PREFIX}-generation"  # on the interface: grows when something of the slot is made anew
LAUNCH = f"{PREFIX}-launch"  # on interface and instance: the launch that the slot's body comes from
BODY = f"{PREFIX}-body"  # on interface and instance: the id of the instance that is the slot's
VOLUMES = f"{PREFIX}-volumes"  # on the interface: the names of the data volumes that the slot has had
VOLUME = f"{PREFIX}-volume"  # on a data volume: its name
KEPT = f"{PREFIX}-kept"  # on a data volume that has outlived its slot: why
USER_DATA = f"{PREFIX}-user-data"  # on an instance: a hash of the user data that it was launched with
# On an interface: the step that a replacement has reached. On an instance: that it belongs to one. The fleet's own runs
# leave both alone.
REPLACEMENT = f"{PREFIX}-replacement"

Tags = t.Mapping[str, str]


def split(names: str) -> tuple[str, ...]:
    """The names in the value of VOLUMES."""
    return tuple(name for name in names.split(" ") if name)


def join(names: t.Iterable[str]) -> str:
    """Names as the value of VOLUMES."""
    return " ".join(sorted(set(names)))


def user_tags(tags: Tags) -> dict[str, str]:
    """Those that are neither ours nor AWS's."""
    return {key: value for key, value in tags.items() if not key.startswith((PREFIX, "aws:")) and key != "Name"}
