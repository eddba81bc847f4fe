# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Failures that are explained to the person at the command line instead of shown as a traceback."""

from __future__ import annotations


class Problem(Exception):
    """Something that the user can do something about; the message says what is wrong."""


class CannotStart(Problem):
    """The server has ended or does not answer."""


class InvalidDocument(Problem):
    """A realism or faults document cannot be understood; the message says what is allowed."""


class NoFreeSlot(Problem):
    """All slots of the machine are taken by running clouds."""


class NoHosts(Problem):
    """Hosts were asked for and cannot be had."""


class PortUnusable(Problem):
    """Another program listens on the port, or this user may not."""


class Unusable(Problem):
    """The state directory cannot be used."""
