# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue of what differs from moto: corrections of operations that exist, and operations that moto lacks.

A correction is a function ``(call, forward) -> result`` put around moto's own implementation of one or more operations:
it may refuse the call (raise the service's documented error), change ``call.params``, and change what comes back.
A provided operation is a function ``(call) -> result``. Both are registered here with the AWS behaviour they stand for,
so that the list in the documentation and the check that every one has a test come from the code itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Forward = Callable[[], Any]
Correcting = Callable[["Call", Forward], Any]
Providing = Callable[["Call"], Any]


@dataclass
class Call:
    """One API call on its way through the supplement.

    ``params`` are the parsed parameters as botocore names them (``{"SubnetId": "subnet-…"}``); ``backend`` is moto's
    backend of the service for the account and region; ``response`` is moto's response object.
    """

    service: str
    operation: str
    params: dict[str, Any]
    region: str
    account_id: str
    backend: Any
    response: Any


@dataclass(frozen=True)
class Correction:
    """What a registered function stands for. ``errors`` are the AWS error codes that it adds."""

    id: str
    service: str
    operations: tuple[str, ...]
    behaviour: str
    errors: tuple[str, ...]
    provides: bool
    function: Callable[..., Any]


_registered: dict[str, Correction] = {}


def _register(correction: Correction) -> None:
    if correction.id in _registered:
        raise ValueError(f"two corrections are named {correction.id}")
    _registered[correction.id] = correction


def corrects(
    service: str, *operations: str, id: str, behaviour: str, errors: tuple[str, ...] = ()
) -> Callable[[Correcting], Correcting]:
    """Put the decorated function around moto's implementation of ``operations``.

    ``id`` is short and unique (``run-instances-client-token``); ``behaviour`` says in one sentence what AWS does.
    """

    def decorate(function: Correcting) -> Correcting:
        _register(Correction(id, service, operations, behaviour, errors, False, function))
        return function

    return decorate


def provides(
    service: str, *operations: str, id: str, behaviour: str, errors: tuple[str, ...] = ()
) -> Callable[[Providing], Providing]:
    """Make the decorated function the implementation of ``operations``, which moto lacks."""

    def decorate(function: Providing) -> Providing:
        _register(Correction(id, service, operations, behaviour, errors, True, function))
        return function

    return decorate


def corrections() -> Iterator[Correction]:
    """All registered corrections in the order of registration (the first is the outermost around its operation)."""
    return iter(_registered.values())
