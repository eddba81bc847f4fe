# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DynamoDB: tables with states that take time, and the rules by which they change.

The order in which corrections are registered is the order in which they stand around an operation: first what a
description shows in the end, then what is refused, then the changes themselves.
"""

from . import descriptions

# isort: split
from . import one_change

# isort: split
from . import admission

# isort: split
from . import backups, capacity, creation, data, deletion, encryption, indexes, streams, table_class, tags, time_to_live

__all__ = [
    "admission",
    "backups",
    "capacity",
    "creation",
    "data",
    "deletion",
    "descriptions",
    "encryption",
    "indexes",
    "one_change",
    "streams",
    "table_class",
    "tags",
    "time_to_live",
]
