# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shorter ways to what moto works out anew for every request, or makes though nobody can see it."""

from __future__ import annotations

import inspect
from functools import cache
from typing import Any

from moto import backends
from moto.core import DEFAULT_ACCOUNT_ID, responses, serialize
from moto.iam import models as iam
from moto.kms import models as kms

_find_names = serialize.XFormedAttributePicker.get_possible_keys
_private_key = kms.generate_private_key


class _Methods:
    """The methods of a class as a container of their names. Looks only for the one that is asked for."""

    def __init__(self, owner: type) -> None:
        self._owner = owner

    def __contains__(self, name: str) -> bool:
        return inspect.isfunction(getattr(self._owner, name, None))


def _account_of(access_key: str) -> str:
    """The account of an access key. moto makes a backend of IAM for every partition of AWS, with all its policies."""
    for account_id, partitions in list(iam.iam_backends.items()):
        if any(access_key in backend.access_keys for backend in list(partitions.values())):
            return str(account_id)
    return str(DEFAULT_ACCOUNT_ID)


_names: dict[tuple[Any, ...], tuple[str, ...]] = {}


def _names_of(picker: Any, context: Any) -> Any:
    """Under which names moto looks for a value of an answer: always the same for things of one class."""
    if picker.alias_providers is not serialize.DEFAULT_ALIAS_PROVIDERS:
        return _find_names(picker, context)
    key = (type(picker), type(context.obj), context.key, context.shape)
    if key not in _names:
        _names[key] = tuple(dict.fromkeys(_find_names(picker, context)))
    return _names[key]


@cache
def _unused_private_key() -> Any:
    return _private_key("RSA_2048")


def _private_key_if_used(key_spec: str) -> Any:
    """A symmetric key has no key pair; moto makes one all the same, which takes up to a third of a second."""
    return _private_key(key_spec) if key_spec.startswith(("RSA", "ECC", "SM2")) else _unused_private_key()


def install() -> None:
    """Put them in moto's place. A second call changes nothing."""
    modules = tuple(backends.list_of_moto_modules())  # moto reads its directory
    backends.list_of_moto_modules = lambda: modules
    responses.method_names_from_class = _Methods  # moto sorts all members of the class, some hundreds
    serialize.XFormedAttributePicker.get_possible_keys = _names_of
    iam.get_account_id_from = _account_of
    kms.generate_private_key = _private_key_if_used
