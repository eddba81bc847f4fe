# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What this machine must offer for instances to be real hosts."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from .cgroups import hierarchies

# command -> the Debian package that brings it
COMMANDS = {
    "systemd-nspawn": "systemd-container",
    "mmdebstrap": "mmdebstrap",
    "nft": "nftables",
    "dnsmasq": "dnsmasq-base",
    "ip": "iproute2",
    "bridge": "iproute2",
    "mkfs.ext4": "e2fsprogs",
    "resize2fs": "e2fsprogs",
    "losetup": "mount",
    "mount": "mount",
}
# Numbers of <linux/capability.h>.
CAPABILITIES = {"CAP_NET_ADMIN": 12, "CAP_SYS_CHROOT": 18, "CAP_SYS_ADMIN": 21, "CAP_MKNOD": 27}
FILE_SYSTEMS = ("ext4", "overlay")


def missing_requirements() -> list[str]:
    """Why there can be no hosts on this machine, a sentence for each reason. Empty if there can."""
    if os.geteuid() != 0:
        return ["Hosts need root: network namespaces, mounts and loop devices are made."]
    return [*_missing_packages(), *_missing_capabilities(), *_missing_kernel_parts()]


def _missing_packages() -> list[str]:
    missing = {command: package for command, package in COMMANDS.items() if shutil.which(command) is None}
    if not missing:
        return []
    packages = " ".join(sorted(set(missing.values())))
    return [f"Commands are missing ({', '.join(missing)}): apt-get install {packages}"]


def _missing_capabilities() -> list[str]:
    status = Path("/proc/self/status").read_text()
    effective = int(next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff:")), 16)
    missing = [name for name, number in CAPABILITIES.items() if not effective >> number & 1]
    return [f"This process lacks {', '.join(missing)} (a container without privileges?)."] if missing else []


def _missing_kernel_parts() -> list[str]:
    reasons = []
    if not Path("/dev/loop-control").exists():
        reasons.append("There is no /dev/loop-control: volumes need loop devices.")
    known = Path("/proc/filesystems").read_text().split()
    unknown = [name for name in FILE_SYSTEMS if name not in known]
    reasons += [f"The kernel does not know the file system {name}: modprobe {name}" for name in unknown]
    if not any("memory" in hierarchy.controllers for hierarchy in hierarchies()):
        reasons.append("No cgroup hierarchy with the memory controller is mounted under /sys/fs/cgroup.")
    return reasons
