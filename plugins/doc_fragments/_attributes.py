# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This doc fragment is PRIVATE to the collection: it can change in any release.
"""What every module says of check mode, diff mode, idempotence and the action group."""

from __future__ import annotations


class ModuleDocFragment:
    """Attributes shared by the modules of the collection."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and say what would change, without a call that changes anything.
    support: full
  diff_mode:
    description: Shows the state before and after when run with C(--diff).
    support: full
  idempotent:
    description: Run again with the same options, the module finds nothing to do and changes nothing.
    support: full
  action_group:
    description: Use C(group/groundwork.aws.aws) in C(module_defaults) to set region, profile or endpoint once for all.
    support: full
    membership:
      - groundwork.aws.aws
"""

    # For modules that only read: groundwork.aws._attributes.info
    INFO = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode), since it only reads.
    support: full
  diff_mode:
    description: Changes nothing, so there is no difference to show.
    support: none
  idempotent:
    description: Run again with the same options, the module changes nothing.
    support: full
  action_group:
    description: Use C(group/groundwork.aws.aws) in C(module_defaults) to set region, profile or endpoint once for all.
    support: full
    membership:
      - groundwork.aws.aws
"""
