# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where this machine gets its Debian packages: the hosts get theirs from there as well."""

from __future__ import annotations

import re
from pathlib import Path

from .shell import run

CODENAME = "bookworm"
_SUITES = {CODENAME, f"{CODENAME}-updates", f"{CODENAME}-security"}
_ONE_LINE = re.compile(r"^deb\s+(?:\[[^\]]*\]\s+)?\S+\s+(?P<suite>\S+)\s+(?P<components>.+)$")
_OPTIONS = re.compile(
    r'^Acquire::https?::(?:\S+::)?(?:Proxy|CaInfo|CaPath|Verify-Peer|Verify-Host) ".*";$', re.IGNORECASE
)


def debian_sources(apt: Path = Path("/etc/apt")) -> str:
    """The entries of ``apt`` for Debian itself (other vendors' left out), in the deb822 format.

    Empty on a machine that is not a Debian of this release.
    """
    stanzas = []
    for path in sorted(apt.glob("sources.list.d/*.sources")):
        stanzas += [stanza for stanza in map(_without_comments, path.read_text().split("\n\n")) if _is_debian(stanza)]
    for path in [apt / "sources.list", *sorted(apt.glob("sources.list.d/*.list"))]:
        if path.is_file():
            stanzas += [_stanza(line) for line in path.read_text().splitlines() if _is_debian_line(line)]
    return "\n\n".join(stanzas) + "\n" if stanzas else ""


def apt_options() -> list[str]:
    """The proxies and TLS settings of this machine's apt, as lines of apt.conf."""
    return [line for line in run("apt-config", "dump").splitlines() if _OPTIONS.match(line)]


def _without_comments(stanza: str) -> str:
    return "\n".join(line for line in stanza.splitlines() if line.strip() and not line.startswith("#"))


def _is_debian(stanza: str) -> bool:
    fields = {name.lower(): value.split() for name, _, value in (line.partition(":") for line in stanza.splitlines())}
    return (
        "deb" in fields.get("types", [])
        and bool(_SUITES & set(fields.get("suites", [])))
        and "main" in fields.get("components", [])
        and fields.get("enabled", ["yes"]) != ["no"]
    )


def _is_debian_line(line: str) -> bool:
    match = _ONE_LINE.match(line.strip())
    return match is not None and match["suite"] in _SUITES and "main" in match["components"].split()


def _stanza(line: str) -> str:
    """A line of sources.list as a deb822 stanza. Its options, such as signed-by, are Debian's defaults in an image."""
    uri, suite, *components = re.sub(r"^deb\s+(\[[^\]]*\]\s+)?", "", line.strip()).split()
    return f"Types: deb\nURIs: {uri}\nSuites: {suite}\nComponents: {' '.join(components)}"
