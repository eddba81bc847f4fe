# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Come back to an account as it was, without making it anew: a launch and an encryption take a second, this a tenth."""

from __future__ import annotations

import io
import pickle
import threading
import types
import typing as t
from collections import defaultdict

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from groundwork_local_cloud.cloud import cloud as served
from groundwork_local_cloud.realism import document
from moto.core.base_backend import BackendDict

LONG = 200  # characters, from which it is quicker to share a text than to copy it

# What cannot be copied, and never changes.
_SHARED = (RSAPrivateKey, EllipticCurvePrivateKey, type(threading.Lock()), type(threading.RLock()))


class _Pickler(pickle.Pickler):
    """Notes by name what is shared. Knows how a defaultdict with a constructor of its own is made."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self.shared: dict[str, t.Any] = {}

    def persistent_id(self, part: t.Any) -> str | None:
        is_long = isinstance(part, str) and len(part) > LONG
        is_lambda = isinstance(part, types.FunctionType) and "<locals>" in part.__qualname__ and not part.__closure__
        if not (is_long or is_lambda or isinstance(part, _SHARED)):
            return None
        self.shared[str(id(part))] = part
        return str(id(part))

    def reducer_override(self, part: t.Any) -> t.Any:
        if isinstance(part, defaultdict) and type(part) is not defaultdict:
            return _empty, (type(part), part.default_factory), vars(part), None, iter(part.items())
        return NotImplemented


def _empty(kind: type[defaultdict[t.Any, t.Any]], factory: t.Any) -> defaultdict[t.Any, t.Any]:
    made = kind.__new__(kind)
    defaultdict.__init__(made, factory)
    return made


class StartingPoint:
    """All that there is in the cloud at the moment when this is made, while no transition is under way."""

    def __init__(self) -> None:
        self._settings = document.describe(served)
        packed = io.BytesIO()
        pickler = _Pickler(packed)
        pickler.dump([(one.service_name, dict(one)) for one in BackendDict._instances])
        self._packed, self._shared = packed.getvalue(), pickler.shared
        self._dicts = {one.service_name: one for one in BackendDict._instances}

    def restore(self) -> None:
        """Put a copy of it in the place of what there is now; recorded calls and faults are gone."""
        served.reset()
        document.apply(served, self._settings)
        unpickler = pickle.Unpickler(io.BytesIO(self._packed))  # noqa: S301  # what this process has packed
        unpickler.persistent_load = self._shared.__getitem__  # type: ignore[method-assign]
        for service_name, accounts in unpickler.load():
            backends = self._dicts[service_name]
            backends.update(accounts)
            BackendDict._instances.append(backends)
