# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""A fleet as it is asked for, and what is wrong with that on the face of it. No I/O."""

from __future__ import annotations

import dataclasses
import hashlib
import ipaddress
import re
import typing as t
from collections import Counter

from .._core.tags import tag_problems
from . import marks

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
MOST_USER_DATA = 16384  # bytes, before base64
MOST_IN_SPREAD_GROUP = 7  # instances in a zone
MOST_ROWS = 300
MOST_AT_A_TIME = 50
_DEVICE = re.compile(r"/dev/(sd[f-p]|xvd[f-p])")
_NO_IOPS = ("gp2", "st1", "sc1", "standard")


@dataclasses.dataclass(frozen=True)
class VolumeWish:
    """A volume as asked for. ``size`` in GiB, ``throughput`` in MiB/s; None leaves it to AWS or to the image."""

    size: int | None
    type: str
    iops: int | None
    throughput: int | None
    encrypted: bool
    kms_key_id: str | None
    name: str = ""
    device: str = ""

    def problems(self, option: str) -> list[str]:
        found = []
        if self.kms_key_id and not self.encrypted:
            found.append(f"{option}: kms_key_id needs encrypted to be true")
        if self.iops is not None and self.type in _NO_IOPS:
            found.append(f"{option}: a {self.type} volume takes no iops")
        if self.iops is None and self.type in ("io1", "io2"):
            found.append(f"{option}: an {self.type} volume needs iops")
        if self.throughput is not None and self.type != "gp3":
            found.append(f"{option}: a {self.type} volume takes no throughput")
        if self.size is not None and self.size < 1:
            found.append(f"{option}: size has to be at least 1")
        return found


@dataclasses.dataclass(frozen=True)
class Wanted:
    """What the user asks for. With ``present`` false, only ``name`` and ``delete_data`` mean anything."""

    name: str
    present: bool
    subnet_ids: tuple[str, ...] = ()
    rows: int = 0
    image_id: str = ""
    instance_type: str = ""
    key_name: str | None = None
    security_group_ids: tuple[str, ...] = ()
    instance_profile: str | None = None
    root_volume: VolumeWish | None = None
    data_volumes: tuple[VolumeWish, ...] = ()
    instance_store: bool = False
    first_host: int | None = None
    addresses: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    strategy: str | None = None
    partitions: int | None = None
    group_name: str | None = None
    source_dest_check: bool = True
    user_data: str | None = None
    tags: dict[str, str] = dataclasses.field(default_factory=dict)
    allow_shrink: bool = False
    heal: bool = False
    delete_data: bool = False

    @property
    def placement_group(self) -> str | None:
        """The name of the group that bodies are launched in."""
        return self.group_name or (self.name if self.strategy else None)

    @property
    def user_data_hash(self) -> str:
        """What the tag of a body says of its user data; empty without any."""
        return hashlib.sha256(self.user_data.encode()).hexdigest()[:16] if self.user_data else ""

    def problems(self) -> list[str]:
        """What is wrong with the request itself, seen before any call is made."""
        found = [] if NAME.fullmatch(self.name) else [f"name: {self.name!r} is not {NAME.pattern}"]
        if not self.present:
            return found
        found += tag_problems(self.tags)
        if ours := [key for key in self.tags if key == "Name" or key.startswith(marks.PREFIX)]:
            found.append(f"tags: {', '.join(sorted(ours))} is set by the module itself")
        return found + self._problems_of_size() + self._problems_of_addresses() + self._problems_of_volumes()

    def _problems_of_size(self) -> list[str]:
        found = []
        if not self.subnet_ids or len(self.subnet_ids) != len(set(self.subnet_ids)):
            found.append("subnet_ids: one different subnet for each zone is needed")
        if not 1 <= self.rows <= MOST_ROWS:
            found.append(f"rows: 1 to {MOST_ROWS} are possible, not {self.rows}")
        if self.strategy == "spread" and self.rows > MOST_IN_SPREAD_GROUP:
            found.append(f"rows: a spread placement group holds {MOST_IN_SPREAD_GROUP} instances in a zone")
        if self.partitions is not None and (self.strategy != "partition" or not 1 <= self.partitions <= 7):
            found.append("placement.partitions: 1 to 7, with strategy partition")
        if self.user_data and len(self.user_data.encode()) > MOST_USER_DATA:
            found.append(f"user_data: {len(self.user_data.encode())} bytes were given, AWS allows {MOST_USER_DATA}")
        return found

    def _problems_of_addresses(self) -> list[str]:
        if self.first_host is not None:
            return [] if self.first_host >= 4 else ["first_host: AWS reserves the first four addresses of a subnet"]
        found = []
        if unknown := sorted(set(self.addresses) - set(self.subnet_ids)):
            found.append(f"addresses: {', '.join(unknown)} is not in subnet_ids")
        for subnet_id in self.subnet_ids:
            given = self.addresses.get(subnet_id, [])
            if len(given) < self.rows:
                found.append(f"addresses: {subnet_id} has {len(given)}, {self.rows} rows need {self.rows}")
            found += [f"addresses: {one!r} is not an IPv4 address" for one in given if not _is_address(one)]
            found += [f"addresses: {one} is given twice" for one, count in Counter(given).items() if count > 1]
        return found

    def _problems_of_volumes(self) -> list[str]:
        found = self.root_volume.problems("root_volume") if self.root_volume else []
        if self.data_volumes and self.instance_store:
            found.append("data_volumes: a slot has either data volumes or instance store")
        for volume in self.data_volumes:
            found += volume.problems(f"data_volumes.{volume.name}")
            if not NAME.fullmatch(volume.name):
                found.append(f"data_volumes: the name {volume.name!r} is not {NAME.pattern}")
            if not _DEVICE.fullmatch(volume.device):
                found.append(f"data_volumes.{volume.name}: {volume.device} is not one of /dev/sdf to /dev/sdp")
        for what in ("name", "device"):
            counts = Counter(getattr(volume, what) for volume in self.data_volumes)
            found += [f"data_volumes: the {what} {one} is given twice" for one, count in counts.items() if count > 1]
        return found


def _is_address(text: str) -> bool:
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True


def wanted_of(params: dict[str, t.Any]) -> Wanted:
    """What a module's parameters ask for."""
    if params["state"] == "absent":
        return Wanted(params["name"], present=False, delete_data=params["delete_data"])
    placement = params["placement"] or {}
    same = ("name", "rows", "image_id", "instance_type", "key_name", "instance_profile", "instance_store", "first_host")
    permissions = ("allow_shrink", "heal", "delete_data", "source_dest_check", "user_data")
    return Wanted(
        present=True,
        **{option: params[option] for option in (*same, *permissions)},
        subnet_ids=tuple(params["subnet_ids"]),
        security_group_ids=tuple(sorted(params["security_group_ids"])),
        root_volume=_volume(params["root_volume"]) if params["root_volume"] else None,
        data_volumes=tuple(_volume(given, index) for index, given in enumerate(params["data_volumes"])),
        addresses=params["addresses"] or {},
        strategy=placement.get("strategy"),
        partitions=placement.get("partitions"),
        group_name=placement.get("group_name"),
        tags=params["tags"],
    )


def _volume(given: dict[str, t.Any], index: int | None = None) -> VolumeWish:
    """``index``: the place of a data volume, which gives the device if none is given."""
    options = {field.name: given[field.name] for field in dataclasses.fields(VolumeWish) if field.name in given}
    if index is not None and not options["device"]:
        options["device"] = f"/dev/sd{chr(ord('f') + index)}"
    return VolumeWish(**options)
