# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Imports every module of the supplement, so that each registers its corrections."""

from __future__ import annotations

import importlib
import pkgutil

from .. import supplement


def load() -> None:
    """Import all modules below ``supplement``, in alphabetical order where their packages do not say otherwise."""
    names = sorted(module.name for module in pkgutil.walk_packages(supplement.__path__, f"{supplement.__name__}."))
    for name in names:
        importlib.import_module(name)
