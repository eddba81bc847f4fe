# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is deployed of an application, what has proved itself, and the way back.

Usage: releases.py COMMAND ROOT UNIT [KEEP WISH]: the directory of the application, the file of its service.

state     prints what there is, as JSON
prove     notes that the current release, environment and unit work; keeps KEEP releases, removes older ones. WISH is
          "previous" if going back was asked for, else "latest"
go_back   restores what has proved itself last, and removes a current release that has not

In ROOT, "current" leads to the release that runs and "previous" to the one that did before. After a return to the
previous one, "rejected" leads to the one that was left. "proven" has the name of the release, and copies of environment
and unit, with which the application was last found healthy. Standard library only: it runs on the host.
"""

from __future__ import annotations

import json
import os
import pwd
import shutil
import sys
from pathlib import Path

MARK = "groundwork.aws.dotnet_app"


class Application:
    def __init__(self, root: Path, unit: Path) -> None:
        self.root = root
        self.unit = unit
        self.releases = root / "releases"
        self.proven = root / "proven"
        self.pairs = [(root / "environment", self.proven / "environment"), (unit, self.proven / "unit")]

    def leads_to(self, name: str) -> str:
        """The name of the release that a link leads to; empty if there is none."""
        link = self.root / name
        return Path(os.readlink(link)).name if link.is_symlink() and link.exists() else ""

    def names(self) -> list[str]:
        """The complete releases, the newest first."""
        found = [one for one in self.releases.glob("*") if one.is_dir() and not one.name.startswith(".")]
        return [one.name for one in sorted(found, key=lambda one: one.stat().st_mtime, reverse=True)]

    def proven_release(self) -> str:
        name = read(self.proven / "release").decode()
        return name if name and (self.releases / name).is_dir() else ""

    def is_proven(self) -> bool:
        return self.proven_release() == self.leads_to("current") != "" and all(
            read(used) == read(copy) for used, copy in self.pairs
        )

    def state(self) -> dict[str, object]:
        return {
            **{name: self.leads_to(name) for name in ("current", "previous", "rejected")},
            "proven": self.proven_release(),
            "is_proven": self.is_proven(),
            "releases": self.names(),
            "is_ours": self.is_ours(),
            "has_unit": self.unit.exists(),
            "foreign": self.foreign(),
        }

    def is_ours(self) -> bool:
        """The user of an application is made before all else of it and removed after."""
        try:
            return pwd.getpwnam(self.root.name).pw_gecos == MARK
        except KeyError:
            return False

    def foreign(self) -> list[str]:
        """What has the name of the application and was not made for it."""
        name = self.root.name
        if self.is_ours():
            return [str(self.unit)] if self.unit.exists() and MARK.encode() not in read(self.unit) else []
        paths = [self.root, self.unit, *(Path(base, name) for base in ("/var/lib", "/var/cache"))]
        users = [f"the user {name}"] if any(one.pw_name == name for one in pwd.getpwall()) else []
        packaged = Path("/usr/lib/systemd/system", self.unit.name)
        return users + [str(path) for path in (*paths, packaged) if path.exists()]

    def link(self, name: str, release: str) -> None:
        """Let a link lead to a release, in one step; no release: remove it."""
        link, draft = self.root / name, self.root / f".{name}.new"
        if not release:
            link.unlink(missing_ok=True)
            return
        draft.unlink(missing_ok=True)
        draft.symlink_to(f"releases/{release}")
        draft.replace(link)

    def prove(self, keep: int, going_back: bool) -> None:
        current, before = self.leads_to("current"), self.proven_release()
        if before != current:
            self.link("rejected", before if going_back else "")
            self.link("previous", "" if going_back else before)
        self.proven.mkdir(mode=0o700, exist_ok=True)
        for used, copy in self.pairs:
            replace(copy, read(used), 0o600)
        replace(self.proven / "release", current.encode(), 0o600)
        needed = {current, self.leads_to("previous"), self.leads_to("rejected")}
        spare = [name for name in self.names() if name not in needed]
        for name in spare[max(0, keep - len(needed - {""})) :]:
            shutil.rmtree(self.releases / name)

    def go_back(self) -> None:
        current, before = self.leads_to("current"), self.proven_release()
        if not before:
            sys.exit("There is nothing to go back to.")
        self.link("current", before)
        for used, copy in self.pairs:
            replace(used, read(copy), 0o600 if used.parent == self.root else 0o644)
        if current not in ("", before, self.leads_to("previous"), self.leads_to("rejected")):
            shutil.rmtree(self.releases / current)


def read(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def replace(path: Path, content: bytes, mode: int) -> None:
    """Replace a file in one step."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    draft.chmod(mode)
    draft.replace(path)


def main() -> None:
    command, root, unit, *options = sys.argv[1:]
    application = Application(Path(root), Path(unit))
    if command == "state":
        print(json.dumps(application.state()))
    elif command == "prove":
        application.prove(int(options[0]), options[1] == "previous")
    else:
        application.go_back()


if __name__ == "__main__":
    main()
