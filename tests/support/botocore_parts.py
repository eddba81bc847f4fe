# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Share between botocore sessions what is the same in all of them.

A module makes a session and its clients; that takes half a second, most of it to read the description of EC2. Here the
descriptions are read once, the classes of clients are made once, and a new session starts with a copy of the handlers
that every session starts with. Sessions and clients themselves are new each time, as they are for a module.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import typing as t
from unittest import mock

import botocore.session
from botocore.client import ClientCreator
from botocore.loaders import create_loader
from botocore.session import Session

_shared_loader = functools.cache(create_loader)
_create_class: t.Callable[..., t.Any] = vars(ClientCreator)["_create_client_class"]
_classes: dict[str, t.Any] = {}


@functools.cache
def _first_session() -> t.Any:
    return Session()


def _new_session(env_vars: t.Any = None) -> t.Any:
    handlers = copy.copy(_first_session()._original_handler)
    return Session(env_vars, event_hooks=handlers, include_builtin_handlers=False)


def _class_of(creator: t.Any, service_name: str, service_model: t.Any) -> t.Any:
    if service_name not in _classes:
        _classes[service_name] = _create_class(creator, service_name, service_model)
    return _classes[service_name]


@contextlib.contextmanager
def shared() -> t.Iterator[None]:
    """Within the block, sessions are made quickly."""
    with (
        mock.patch.object(botocore.session, "create_loader", _shared_loader),
        mock.patch.object(botocore.session, "get_session", _new_session),
        mock.patch.object(ClientCreator, "_create_client_class", _class_of),
    ):
        yield
