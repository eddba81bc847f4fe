# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The base image's recipe and cache."""

from __future__ import annotations

from pathlib import Path

import pytest
from groundwork_local_cloud.hosts import image
from groundwork_local_cloud.hosts.package_sources import debian_sources
from groundwork_local_cloud.hosts.shell import CommandFailed

STANZA = """# comment
Types: deb
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
"""
VENDOR = """Types: deb
URIs: https://vendor.example/apt
Suites: nodistro
Components: main
"""


def test_sources_of_debian_are_taken_and_those_of_vendors_are_not(tmp_path: Path) -> None:
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list.d/debian.sources").write_text(f"{STANZA}\n{VENDOR}")
    (tmp_path / "sources.list.d/vendor.list").write_text("deb https://vendor.example/debian bookworm stable\n")
    sources = debian_sources(tmp_path)
    assert "mirror.example" in sources
    assert "vendor.example" not in sources


def test_sources_in_the_one_line_format_are_taken_as_well(tmp_path: Path) -> None:
    lines = (
        "deb [signed-by=/usr/share/keyrings/debian.gpg] http://mirror.example/debian bookworm main contrib",
        "deb-src http://mirror.example/debian bookworm main",
        "# deb http://commented.example/debian bookworm main",
        "deb http://other.example/debian trixie main",
    )
    (tmp_path / "sources.list").write_text("\n".join(lines))
    expected = "Types: deb\nURIs: http://mirror.example/debian\nSuites: bookworm\nComponents: main contrib\n"
    assert debian_sources(tmp_path) == expected


def test_disabled_sources_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list.d/debian.sources").write_text(f"{STANZA}Enabled: no\n")
    assert debian_sources(tmp_path) == ""


def test_interrupted_build_leaves_nothing_that_is_taken_for_an_image(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(target: Path, *_: object) -> None:
        (target / "etc").mkdir(parents=True)
        raise CommandFailed(("mmdebstrap",), "killed")

    # The real program takes a minute; what is tested is what surrounds it.
    monkeypatch.setattr(image, "_bootstrap", interrupted)
    with pytest.raises(CommandFailed, match="killed"):
        image.build_image(tmp_path, lambda line: None)
    assert not image.image_path(tmp_path).exists()


def test_image_is_built_once_and_again_when_the_recipe_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[Path] = []

    def bootstrap(target: Path, *_: object) -> None:
        target.mkdir()
        built.append(target)

    monkeypatch.setattr(image, "_bootstrap", bootstrap)
    monkeypatch.setattr(image, "_configure", lambda root: None)
    first = image.build_image(tmp_path, lambda line: None)
    assert image.build_image(tmp_path, lambda line: None) == first
    assert len(built) == 1
    monkeypatch.setattr(image, "debian_sources", lambda: "Types: deb\nURIs: http://another.example\n")
    assert image.build_image(tmp_path, lambda line: None) != first
    assert len(built) == 2
