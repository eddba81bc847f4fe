# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The realism settings as one JSON document: what the control API and the command line take."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..problems import InvalidDocument
from .faults import EVERY, KINDS, MATCHED, Fault
from .latency import DEFAULT

if TYPE_CHECKING:
    from ..cloud import Cloud

_DURATION = re.compile(r"[a-z-]+\.[a-z-]+")


def describe(cloud: Cloud) -> dict[str, Any]:
    """The settings in force, as ``apply`` takes them."""
    return {
        "latency": {name: list(limits) for name, limits in cloud.latency.ranges.items()},
        "durations": dict(cloud.transitions.durations),
        "eventual_consistency": cloud.visibility.seconds,
        "request_tokens": cloud.request_tokens.enabled,
        "permissions": [{"access_key": key, "actions": list(one)} for key, one in cloud.permissions.allowed.items()],
    }


def apply(cloud: Cloud, document: Any) -> None:
    """Change the settings that ``document`` names; the others stay.

    Raises:
        InvalidDocument: nothing has been changed.
    """
    setters: dict[str, tuple[Callable[[Any], Any], Callable[[Any], None]]] = {
        "latency": (_latency, lambda value: setattr(cloud.latency, "ranges", value)),
        "durations": (_durations, lambda value: _replace(cloud.transitions.durations, value)),
        "eventual_consistency": (_seconds, lambda value: setattr(cloud.visibility, "seconds", value)),
        "request_tokens": (_boolean, lambda value: setattr(cloud.request_tokens, "enabled", value)),
        "permissions": (_permissions, lambda value: setattr(cloud.permissions, "allowed", value)),
    }
    given = _object(document, "realism", tuple(setters))
    checked = {name: setters[name][0](value) for name, value in given.items()}
    for name, value in checked.items():
        setters[name][1](value)


def faults(document: Any) -> list[Fault]:
    """The rules of a list of faults.

    Raises:
        InvalidDocument: a rule cannot be understood.
    """
    if not isinstance(document, list):
        raise InvalidDocument("faults must be a list of rules")
    return [_fault(rule) for rule in document]


def _fault(rule: Any) -> Fault:
    given = _object(rule, "a fault", ("match", "at", "onwards", "kind", "code", "message", "status"))
    if given.get("kind") not in KINDS:
        raise InvalidDocument(f"kind of a fault must be one of {', '.join(KINDS)}, not {given.get('kind')!r}")
    match = _object(given.get("match", {}), "match of a fault", MATCHED)
    if not all(isinstance(pattern, str) for pattern in match.values()):
        raise InvalidDocument("the values in match of a fault must be strings")
    at, onwards = _struck(given)
    status = given.get("status")
    if status is not None and not (_is_integer(status) and 400 <= status <= 599):
        raise InvalidDocument(f"status of a fault must be an HTTP status from 400 to 599, not {status!r}")
    return Fault(given["kind"], match, at, onwards, given.get("code"), given.get("message"), status)


def _struck(rule: dict[str, Any]) -> tuple[int | str, bool]:
    """Which of the matching calls a rule is for."""
    at, onwards = rule.get("at", EVERY), rule.get("onwards", False)
    if at != EVERY and not (_is_integer(at) and at >= 1):
        raise InvalidDocument(f"at of a fault must be {EVERY!r} or the number of the matching call from 1, not {at!r}")
    if not isinstance(onwards, bool) or (onwards and at == EVERY):
        raise InvalidDocument(f"onwards of a fault must be true or false, beside a number in at, not {onwards!r}")
    return at, onwards


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _object(value: Any, what: str, allowed: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidDocument(f"{what} must be a JSON object with {', '.join(allowed)}")
    unknown = sorted(set(value) - set(allowed))
    if unknown:
        raise InvalidDocument(f"{what} has {', '.join(allowed)}; there is no {', '.join(unknown)}")
    return value


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise InvalidDocument(f"a number of seconds, 0 or more, is needed, not {value!r}")
    return float(value)


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise InvalidDocument(f"request_tokens must be true or false, not {value!r}")
    return value


def _range(value: Any) -> tuple[float, float]:
    if isinstance(value, list) and len(value) == 2:
        lowest, highest = _seconds(value[0]), _seconds(value[1])
    else:
        lowest = highest = _seconds(value)
    if lowest > highest:
        raise InvalidDocument(f"a range of seconds is [lowest, highest], not {value!r}")
    return lowest, highest


def _latency(value: Any) -> dict[str, tuple[float, float]]:
    if not isinstance(value, dict):
        return {DEFAULT: _range(value)}
    return {str(name): _range(limits) for name, limits in value.items()}


def _durations(value: Any) -> dict[str, float]:
    if not isinstance(value, dict) or not all(_DURATION.fullmatch(name) for name in value):
        raise InvalidDocument("durations must be an object from kinds such as instance.pending to seconds")
    return {name: _seconds(seconds) for name, seconds in value.items()}


def _permissions(value: Any) -> dict[str, list[str]]:
    if not isinstance(value, list):
        raise InvalidDocument("permissions must be a list of objects with access_key and actions")
    allowed: dict[str, list[str]] = {}
    for item in value:
        given = _object(item, "a permission", ("access_key", "actions"))
        if not isinstance(given.get("access_key"), str) or not _is_list_of_strings(given.get("actions")):
            raise InvalidDocument("a permission needs access_key, a string, and actions, a list of strings")
        allowed[given["access_key"]] = given["actions"]
    return allowed


def _is_list_of_strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _replace(present: dict[str, float], wanted: dict[str, float]) -> None:
    present.clear()
    present.update(wanted)
