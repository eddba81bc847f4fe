# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""EC2: what is added to moto and corrected in it.

The order in which corrections are registered is the order in which they stand around an operation. These come first:
client tokens (a repeated call reaches nothing else), pagination (a page is cut from what everything else leaves), tags
(whose limits hold for every operation), and the launch, which lists its checks in their order. The others follow by
name, whichever of them is imported first.
"""

import importlib
import pkgutil

from . import client_tokens

# isort: split
from . import pagination

# isort: split
from . import tags

# isort: split
from . import launch

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

__all__ = ["client_tokens", "launch", "pagination", "tags"]
