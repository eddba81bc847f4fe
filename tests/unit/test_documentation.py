# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documentation lists is what there is."""

from __future__ import annotations

import re

import pytest
from groundwork_local_cloud.corrections import as_markdown
from support.playbooks import ROOT


def test_the_list_of_corrections_is_that_of_the_code() -> None:
    assert (ROOT / "docs" / "local_cloud_corrections.md").read_text().endswith(as_markdown() + "\n"), "run make docs"


@pytest.mark.parametrize(
    ("pattern", "kind"),
    [("plugins/modules/[a-z]*.py", "`{}`"), ("roles/*/README.md", "(roles/{}/README.md)"), ("docs/*.md", "docs/{}.md")],
)
def test_the_readme_names_everything(pattern: str, kind: str) -> None:
    readme = (ROOT / "README.md").read_text()
    names = [path.parent.name if path.name == "README.md" else path.stem for path in ROOT.glob(pattern)]
    assert names
    assert [name for name in names if kind.format(name) not in readme] == []


def test_every_link_of_the_readme_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / "README.md").read_text())
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
