# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Public images: Debian's, which moto lacks, and the root volumes of all of them as they really are."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import io
import pickle
from collections.abc import Iterator
from typing import Any

from moto.ec2.models import amis
from moto.ec2.models.amis import Ami, AmiBackend

from .ec2.volumes_limits import LIMITS

DEBIAN_OWNER = "136693071363"
DEBIAN_BUILD = "20261012-2264"
DEBIAN_ARCHITECTURES = {"amd64": ("x86_64", "uefi-preferred"), "arm64": ("arm64", "uefi")}


class CloudImage(Ami):
    """An image. ``devices`` maps each of its device names to the settings of the volume that a launch makes from it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        size, volume_type = root_volume(self.name or "", self.platform)
        self.ebs_snapshot.source_size = self.ebs_snapshot.volume.size = size  # our snapshot
        self.ena_support = True
        self.platform_details = "Windows" if self.platform == "windows" else "Linux/UNIX"
        self.usage_operation = "RunInstances:0002" if self.platform == "windows" else "RunInstances"
        self.root_device_type = "ebs"
        self.devices: dict[str, dict[str, Any]] = {
            self.root_device_name: volume_settings(self.ebs_snapshot, size, volume_type)
        }

    @property
    def block_device_mappings(self) -> list[dict[str, Any]]:
        return [{"DeviceName": name, "Ebs": dict(settings)} for name, settings in self.devices.items()]


def volume_settings(snapshot: Any, size: int, volume_type: str) -> dict[str, Any]:
    """The block device mapping of an image for one snapshot. ``size`` in GiB."""
    limits = LIMITS[volume_type]
    settings: dict[str, Any] = {
        "SnapshotId": snapshot.id,
        "VolumeSize": size,
        "VolumeType": volume_type,
        "DeleteOnTermination": True,
        "Encrypted": bool(snapshot.encrypted),
    }
    if limits.throughput:
        settings |= {"Iops": limits.default_iops, "Throughput": limits.throughput[0]}
    return settings


def root_volume(name: str, platform: str | None) -> tuple[int, str]:
    """Size in GiB and type of the root volume that an image of this name has on AWS."""
    if platform == "windows":
        return 30, "gp2"
    if name.startswith(("al20", "debian-12")):
        return (2 if "minimal" in name else 8), "gp3"
    return (2 if "minimal" in name and name.startswith("amzn") else 8), "gp2"


def debian_image_id(region: str, architecture: str) -> str:
    """The id of the Debian 12 image of a region; ``architecture`` as Debian says it (amd64, arm64)."""
    return "ami-" + hashlib.sha256(f"debian-12-{architecture}-{region}".encode()).hexdigest()[:17]


_load_amis = AmiBackend._load_amis
_loaded: dict[tuple[str, str], bytes] = {}  # by region and account


def _load_amis_once(backend: Any) -> None:
    """Give a new backend its own copies of all public images; to make 1,300 of them takes 30 times as long."""
    key = (backend.region_name, backend.account_id)
    if key not in _loaded:
        _load_amis_and_debian(backend)
        _loaded[key] = _packed(backend)
    backend.amis, backend.snapshots = _unpacked(_loaded[key], backend)


def _packed(backend: Any) -> bytes:
    packed = io.BytesIO()
    pickler = pickle.Pickler(packed)
    pickler.persistent_id = lambda part: "backend" if part is backend else None  # type: ignore[method-assign]
    pickler.dump((backend.amis, backend.snapshots))
    return packed.getvalue()


def _unpacked(packed: bytes, backend: Any) -> Any:
    unpickler = pickle.Unpickler(io.BytesIO(packed))  # noqa: S301  # what this process has packed
    unpickler.persistent_load = lambda _name: backend  # type: ignore[method-assign]
    with _without_collector():  # it would go through everything in the process several times meanwhile
        return unpickler.load()


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _load_amis_and_debian(backend: Any) -> None:
    _load_amis(backend)
    for name, (architecture, boot_mode) in DEBIAN_ARCHITECTURES.items():
        image_id = debian_image_id(backend.region_name, name)
        backend.amis[image_id] = CloudImage(
            backend,
            image_id,
            name=f"debian-12-{name}-{DEBIAN_BUILD}",
            description=f"Debian 12 ({DEBIAN_BUILD})",
            image_location=f"amazon/debian-12-{name}-{DEBIAN_BUILD}",
            owner_id=DEBIAN_OWNER,
            owner_alias="amazon",
            public=True,
            virtualization_type="hvm",
            architecture=architecture,
            hypervisor="xen",
            root_device_name="/dev/xvda",
            root_device_type="ebs",
            boot_mode=boot_mode,
        )


amis.Ami = CloudImage  # moto makes every image from this name
AmiBackend._load_amis = _load_amis_once
