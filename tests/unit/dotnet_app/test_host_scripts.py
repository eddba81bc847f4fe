# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scripts that the role dotnet_app runs on a host: unpacking, and the way of the releases."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import tarfile
import typing as t
import zipfile
from pathlib import Path

import pytest

FILES = Path(__file__).resolve().parents[3] / "roles" / "dotnet_app" / "files"


def run(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(FILES / script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def tar(path: Path, *members: tuple[str, int, bytes | str]) -> Path:
    """A tar archive of (name, mode, content); a string is the target of a symbolic link."""
    with tarfile.open(path, "w:gz") as archive:
        for name, mode, content in members:
            info = tarfile.TarInfo(name)
            info.mode = mode
            if isinstance(content, str):
                info.type, info.linkname = tarfile.SYMTYPE, content
                archive.addfile(info)
            else:
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    return path


def unpack(archive: Path, to: Path, strip: int = 0) -> subprocess.CompletedProcess[str]:
    return run("unpack.py", archive, hashlib.sha256(archive.read_bytes()).hexdigest(), to, strip, "-")


def test_a_tar_archive_keeps_what_can_be_executed_and_its_links(tmp_path: Path) -> None:
    archive = tar(
        tmp_path / "a.tgz", ("top/app", 0o755, b"run"), ("top/data/x", 0o666, b"x"), ("top/data/y", 0o777, "../app")
    )
    assert unpack(archive, tmp_path / "out", strip=1).returncode == 0
    assert oct((tmp_path / "out/app").stat().st_mode & 0o777) == "0o755"
    assert oct((tmp_path / "out/data/x").stat().st_mode & 0o777) == "0o644"
    assert (tmp_path / "out/data/y").read_bytes() == b"run"


def test_a_zip_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("app.dll", "code")
        archive.writestr("views/index.html", "page")
    assert unpack(tmp_path / "a.zip", tmp_path / "out").returncode == 0
    assert sorted(one.name for one in (tmp_path / "out").rglob("*")) == ["app.dll", "index.html", "views"]


@pytest.mark.parametrize(
    "members",
    [
        [("../evil", 0o644, b"")],
        [("/srv/evil", 0o644, b"")],
        [("link", 0o777, "/etc"), ("link/evil", 0o644, b"")],
        [("link", 0o777, "../.."), ("link/evil", 0o644, b"")],
        [("a/link", 0o777, "../../..")],
    ],
)
def test_nothing_is_written_outside_and_nothing_is_left(tmp_path: Path, members: list[t.Any]) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    result = unpack(tar(tmp_path / "a.tgz", *members), inner / "out")
    assert "leads out of the archive" in result.stderr
    assert list(inner.iterdir()) == []


def test_a_file_that_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("page not found")
    assert "neither a zip nor a tar" in unpack(tmp_path / "a", tmp_path / "out").stderr
    assert not (tmp_path / "out").exists()


def test_another_archive_than_was_meant(tmp_path: Path) -> None:
    archive = tar(tmp_path / "a.tgz", ("app", 0o755, b"run"))
    assert "SHA-256 sum" in run("unpack.py", archive, "0" * 64, tmp_path / "out", 0, "-").stderr
    assert not (tmp_path / "out").exists()


class Host:
    """An application's directory and unit."""

    def __init__(self, path: Path) -> None:
        self.root = path / "widgets"
        self.unit = path / "widgets.service"
        (self.root / "releases").mkdir(parents=True)

    def deploy(self, release: str, environment: str = "") -> None:
        (self.root / "releases" / release).mkdir(exist_ok=True)
        (self.root / "environment").write_text(environment)
        self.unit.write_text(f"groundwork.aws.dotnet_app {environment}")
        (self.root / "current").unlink(missing_ok=True)
        (self.root / "current").symlink_to(f"releases/{release}")

    def prove(self, keep: int = 3, wish: str = "latest") -> None:
        assert run("releases.py", "prove", self.root, self.unit, keep, wish).returncode == 0

    def go_back(self) -> None:
        assert run("releases.py", "go_back", self.root, self.unit).returncode == 0

    def state(self) -> dict[str, t.Any]:
        state: dict[str, t.Any] = json.loads(run("releases.py", "state", self.root, self.unit).stdout)
        return state

    def links(self) -> tuple[str, str, str]:
        state = self.state()
        return state["current"], state["previous"], state["rejected"]


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


def test_a_release_is_proven_until_anything_of_it_changes(host: Host) -> None:
    host.deploy("1")
    assert not host.state()["is_proven"]
    host.prove()
    assert host.state()["is_proven"]
    host.deploy("1", "A=1")
    assert not host.state()["is_proven"]
    host.deploy("1")
    host.unit.write_text("another")
    assert not host.state()["is_proven"]


def test_the_way_back_restores_all_and_removes_what_failed(host: Host) -> None:
    host.deploy("1", "A=1")
    host.prove()
    host.deploy("2", "A=2")
    host.go_back()
    assert host.links() == ("1", "", "")
    assert (host.root / "environment").read_text() == "A=1"
    assert host.unit.read_text().endswith("A=1")
    assert host.state()["is_proven"]
    assert host.state()["releases"] == ["1"]
    assert oct((host.root / "environment").stat().st_mode & 0o777) == "0o600"


def test_going_back_on_request_is_remembered_and_ends_with_the_next_release(host: Host) -> None:
    for release in ("1", "2"):
        host.deploy(release)
        host.prove()
    assert host.links() == ("2", "1", "")
    host.deploy("1")
    host.prove(wish="previous")
    assert host.links() == ("1", "", "2")
    host.deploy("2")
    host.prove()
    assert host.links() == ("2", "1", "")


def test_an_older_release_can_be_deployed_like_any_other(host: Host) -> None:
    for release in ("1", "2", "1"):
        host.deploy(release)
        host.prove()
    assert host.links() == ("1", "2", "")


def test_old_releases_are_removed_but_never_those_in_use(host: Host) -> None:
    for release in ("1", "2", "3", "4"):
        host.deploy(release)
        host.prove(keep=2)
    assert sorted(host.state()["releases"]) == ["3", "4"]


def test_the_first_release_has_no_way_back(host: Host) -> None:
    host.deploy("1")
    result = run("releases.py", "go_back", host.root, host.unit)
    assert "nothing to go back to" in result.stderr
    assert host.links() == ("1", "", "")
