# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account in canonical form: two accounts look the same here when they differ in nothing but ids and times.

An id gets its name from what it is the id of, and from what refers to it: two rounds of comparing neighbours, as in the
refinement of colours by which graphs are told apart. No order of creation or of listing has a part in it.
"""

from __future__ import annotations

import datetime
import difflib
import hashlib
import json
import re
import typing as t
from collections import Counter, defaultdict

from groundwork_local_cloud.client import LocalCloud
from moto.core.base_backend import BackendDict

Picture = list[str]
Read = str | t.Callable[[LocalCloud], dict[str, t.Any]]

# vol-0a1b2c3d, 8-4-4-4-12 digits of a key, and other names that were drawn by lot.
ID = re.compile(r"((?:\b[a-z]+-)?\b(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{8,})\b)")
TIME = re.compile(r"\b\d{4}-\d\d-\d\d(?:[T ][0-9:.]+(?:Z|\+00:00| GMT| UTC)?)?|\b1\d{9}(?:\.\d+)?\b")
PUBLIC_ADDRESS = re.compile(r"\b198[.-]18(?:[.-]\d{1,3}){2}\b")
MAC_ADDRESS = re.compile(r"\b[0-9a-f]{2}(?::[0-9a-f]{2}){5}\b")
ARGUMENTS = {"describe_snapshots": {"OwnerIds": ["self"]}}
ROUNDS = 2

# Not resources, but what the local cloud keeps beside them: client tokens for example.
BESIDE = {"local_cloud"}


def picture(cloud: LocalCloud, reads: t.Sequence[Read], also: t.Sequence[re.Pattern[str]] = ()) -> Picture:
    """What ``reads`` show ("ec2.describe_volumes", or a function), and how many things of any other kind there are.

    ``also`` are patterns of further text that differs from run to run.
    """
    found = [text for read in reads for text in _texts(cloud, read, also)]
    return [*_with_names(found), *_counts()]


def _texts(cloud: LocalCloud, read: Read, also: t.Sequence[re.Pattern[str]]) -> t.Iterator[str]:
    for key, value in (read(cloud) if callable(read) else _answer(cloud, read)).items():
        for thing in value if isinstance(value, list) else [value]:
            text = json.dumps({key: thing}, sort_keys=True, default=_plain)
            for pattern in (TIME, PUBLIC_ADDRESS, MAC_ADDRESS, *also):
                text = pattern.sub("(varies)", text)
            yield _sorted(text)


def _answer(cloud: LocalCloud, read: str) -> dict[str, t.Any]:
    service, operation = read.split(".")
    answer: dict[str, t.Any] = getattr(cloud.client(service), operation)(**ARGUMENTS.get(operation, {}))
    answer.pop("ResponseMetadata")
    return answer


def _plain(value: t.Any) -> str:
    return "(varies)" if isinstance(value, datetime.datetime) else str(value)


def _sorted(text: str) -> str:
    """Lists in an order of their own: AWS promises none. Ids do not count, they are drawn by lot."""
    return json.dumps(_in_order(json.loads(text)), sort_keys=True)


def _in_order(value: t.Any) -> t.Any:
    if isinstance(value, dict):
        return {key: _in_order(one) for key, one in value.items()}
    if isinstance(value, list):
        return sorted((_in_order(one) for one in value), key=lambda one: ID.sub("id", json.dumps(one, sort_keys=True)))
    return value


def _with_names(texts: list[str]) -> list[str]:
    parts = [ID.split(text) for text in texts]  # the odd ones are ids
    colours = {id_: _kind(id_) for one in parts for id_ in one[1::2]}
    for _round in range(ROUNDS):
        seen: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for one in parts:
            whole = "".join(colours[part] if place % 2 else part for place, part in enumerate(one))
            for place in range(1, len(one), 2):
                seen[one[place]].append((whole, place))
        colours = {id_: _hash(f"{_kind(id_)} {sorted(places)}") for id_, places in seen.items()}
    names: dict[str, str] = {}
    for kind in {_kind(id_) for id_ in colours}:
        ranks = sorted({colour for id_, colour in colours.items() if _kind(id_) == kind})
        names |= {id_: f"<{kind} {ranks.index(colours[id_])}>" for id_ in colours if _kind(id_) == kind}
    return sorted("".join(names[part] if place % 2 else part for place, part in enumerate(one)) for one in parts)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _kind(id_: str) -> str:
    return id_.partition("-")[0] if not re.match("[0-9a-f]{8}", id_) else "key"


def difference(wanted: Picture, found: Picture) -> str:
    """What differs, line by line, for people. The numbers in names say nothing where anything differs."""
    before, after = ([line for text in one for line in _lines(text)] for one in (wanted, found))
    lines = difflib.unified_diff(before, after, "clean run", "after the fault", n=1, lineterm="")
    return "\n".join(lines) or "the same things, but they refer to each other in another way"


def _lines(text: str) -> list[str]:
    unnumbered = re.sub(r"<(\w+) \d+>", r"<\1>", text)
    return json.dumps(json.loads(unnumbered), indent=1).splitlines() if text.startswith("{") else [unnumbered]


def _counts() -> t.Iterator[str]:
    """How many of everything there are, by the names of moto's own collections: nothing can hide from it."""
    numbers: Counter[str] = Counter()
    for backends in list(BackendDict._instances):
        for _account, region, backend in list(backends.iter_backends()):
            for name, value in vars(backend).items():
                if isinstance(value, dict | list | set) and name not in BESIDE:
                    numbers[f"{backends.service_name} {region} {name}"] += _size(value)
    yield from (f"{name}: {number}" for name, number in sorted(numbers.items()) if number)


def _size(value: t.Any) -> int:
    """Some things are kept by that which they belong to: groups by VPC."""
    parts = value.values() if isinstance(value, dict) else value
    return sum(_size(part) if isinstance(part, dict | list | set) else 1 for part in parts)
