# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The base image: a Debian root file system that every host reads and none writes.

It is made from the recipe beside this module, with the package sources and certificates of this machine, so that a host
reaches whatever this machine reaches. Its directory is named after everything that went into it; a change of the recipe
makes another image, and root volumes made from the old one keep theirs.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .package_sources import CODENAME, apt_options, debian_sources
from .shell import CommandFailed, run

RECIPE = Path(__file__).parent / "recipe"
MACHINE_CERTIFICATES = Path("/usr/local/share/ca-certificates")
Progress = Callable[[str], None]


def default_image_dir() -> Path:
    """The user's cache of base images."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "groundwork-local-cloud"


def image_path(image_dir: Path) -> Path:
    """Where the image of this recipe on this machine is, or will be, inside the cache ``image_dir``."""
    return image_dir / f"debian-{CODENAME}-{_stamp()}"


def build_image(image_dir: Path, progress: Progress) -> Path:
    """Build the image unless it is there, telling ``progress`` a line at a time; return its directory.

    It takes about a minute. Two builders of one cache wait for each other; an interrupted build leaves nothing that is
    taken for an image. Raises CommandFailed if the packages cannot be had.
    """
    image_dir.mkdir(parents=True, exist_ok=True)
    target = image_path(image_dir)
    with _locked(image_dir / "lock") as lock:
        if target.is_dir():
            progress(f"The base image is there: {target}")
            return target
        unfinished = image_dir / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        progress(f"Building the base image {target} (about a minute)")
        _bootstrap(unfinished, lock, progress)
        _configure(unfinished)
        unfinished.rename(target)
    progress("The base image is built")
    return target


def _stamp() -> str:
    """A hash of what goes into the image: recipe, package sources, apt's proxies, certificates."""
    digest = hashlib.sha256()
    for path in [*_files(RECIPE), *_files(MACHINE_CERTIFICATES)]:
        digest.update(f"{path.name}\0".encode() + path.read_bytes() + b"\0")
    digest.update("\0".join([debian_sources(), *apt_options()]).encode())
    return digest.hexdigest()[:12]


def _files(directory: Path) -> list[Path]:
    return sorted(path for path in directory.rglob("*") if path.is_file())


def _listed(name: str) -> list[str]:
    """The entries of a list in the recipe, without comments and empty lines."""
    lines = (line.strip() for line in (RECIPE / name).read_text().splitlines())
    return [line for line in lines if line and not line.startswith("#")]


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()


def _bootstrap(target: Path, lock: int, progress: Progress) -> None:
    with tempfile.TemporaryDirectory() as directory:
        sources = Path(directory, "debian.sources")
        sources.write_text(debian_sources())
        command = (
            "mmdebstrap",
            "--variant=minbase",
            f"--include={','.join(_listed('packages'))}",
            "--dpkgopt=path-exclude=/usr/share/doc/*",
            "--dpkgopt=path-exclude=/usr/share/man/*",
            "--dpkgopt=path-exclude=/usr/share/locale/*",
            *(f"--aptopt={option}" for option in apt_options()),
            CODENAME,
            str(target),
            *([str(sources)] if debian_sources() else []),  # without any, mmdebstrap takes Debian's own
        )
        _run_with_progress(command, lock, progress)


def _run_with_progress(command: tuple[str, ...], lock: int, progress: Progress) -> None:
    """Run ``command``, which inherits the lock: if this process is killed, nobody builds while it is still at work."""
    last = ""
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, pass_fds=[lock]
    ) as process:
        for line in process.stderr or ():
            last = line.strip() or last
            progress(f"  {line.strip()}")
    if process.returncode != 0:
        raise CommandFailed(command, last or f"exit status {process.returncode}")


def _configure(root: Path) -> None:
    shutil.copytree(RECIPE / "rootfs", root, dirs_exist_ok=True)
    units = root / "etc/systemd/system"
    for unit in _listed("masked-units"):
        _link(units / unit, "/dev/null")
    run("chroot", str(root), "systemctl", "enable", "ec2-devices.service", "ec2-fstab.service")
    # The generator would decide by the hardware whether cloud-init runs at all.
    _link(root / "etc/systemd/system-generators/cloud-init-generator", "/dev/null")
    _link(units / "multi-user.target.wants/cloud-init.target", "/lib/systemd/system/cloud-init.target")
    if MACHINE_CERTIFICATES.is_dir():
        shutil.copytree(MACHINE_CERTIFICATES, root / "usr/local/share/ca-certificates", dirs_exist_ok=True)
        run("chroot", str(root), "update-ca-certificates")
    # Identities are made by each host at its first boot.
    (root / "etc/machine-id").write_text("")
    for path in [*root.glob("etc/ssh/ssh_host_*"), root / "etc/hostname", root / "var/lib/dbus/machine-id"]:
        path.unlink(missing_ok=True)


def _link(path: Path, target: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.symlink_to(target)
