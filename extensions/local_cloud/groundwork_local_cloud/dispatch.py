# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the supplement's corrections around moto's own implementations of the operations."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from moto.backends import get_backend
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import determine_request_protocol
from moto.core.responses import ActionResult, BaseResponse, EmptyResult
from moto.core.utils import camelcase_to_underscores, get_service_model

from .supplement import loader
from .supplement.registry import Call, Correction, corrections

MODULE_NAMES = {"lambda": "awslambda"}
_installed: list[Correction] = []


def install() -> None:
    """Load the supplement and install it in moto's response classes. A second call does nothing.

    Raises:
        LookupError: a correction names a service or an operation that moto does not have.
    """
    if _installed:
        return
    loader.load()
    # By package, and not as they happen to have been imported: a test may import one first. Within a package
    # its own ``__init__`` says the order in which its modules register.
    _installed.extend(sorted(corrections(), key=lambda correction: correction.function.__module__.rpartition(".")[0]))
    by_operation: dict[tuple[str, str], list[Correction]] = {}
    for correction in _installed:
        for operation in correction.operations:
            by_operation.setdefault((correction.service, operation), []).append(correction)
    for (service, operation), chain in by_operation.items():
        method = implementation(service, operation, chain)
        setattr(response_class(service), method.__name__, method)


def response_class(service: str) -> type[BaseResponse]:
    """moto's response class of a service, by botocore's name of the service.

    Raises:
        LookupError: moto does not have the service.
    """
    module_name = MODULE_NAMES.get(service, service).replace("-", "")
    try:
        module = importlib.import_module(f"moto.{module_name}.responses")
    except ModuleNotFoundError as error:
        raise LookupError(f"moto has no service {service}") from error
    classes: list[type[BaseResponse]] = [
        candidate
        for candidate in vars(module).values()
        if isinstance(candidate, type) and issubclass(candidate, BaseResponse) and candidate is not BaseResponse
    ]
    for response in classes:
        if response().boto3_service_name == service:
            return response
    raise LookupError(f"moto has no response class for the service {service}")


def backend_of(service: str, account_id: str, region: str) -> Any:
    """moto's backend of a service; global services have one per account."""
    find: Callable[[str], Any] = get_backend
    regional = find(service)[account_id]
    return regional[region] if region in regional else regional["aws"]


def implementation(service: str, operation: str, chain: list[Correction]) -> Callable[[BaseResponse], Any]:
    """A method for moto's response class that runs a chain of corrections, the first the outermost.

    Raises:
        LookupError: moto does not have the operation and none of the chain provides it, or two do.
    """
    name = camelcase_to_underscores(operation)
    providers = [correction for correction in chain if correction.provides]
    around = [correction for correction in chain if not correction.provides]
    if len(providers) > 1:
        raise LookupError(f"{service}:{operation} is provided by {', '.join(one.id for one in providers)}")
    original: Any = getattr(response_class(service), name, None)
    if original is None and not providers:
        raise LookupError(f"moto has no {service}:{operation} to correct ({', '.join(one.id for one in chain)})")
    innermost = partial(_provided, providers[0].function) if providers else partial(_by_moto, original)

    def method(response: BaseResponse) -> Any:
        call = _call(service, operation, response)
        return _as_result(_run(call, around, innermost))

    method.__name__ = name
    return method


def _run(call: Call, around: Iterable[Correction], innermost: Callable[[Call], Any]) -> Any:
    step = partial(innermost, call)
    for correction in reversed(list(around)):
        step = partial(correction.function, call, step)
    return step()


def _provided(function: Callable[[Call], Any], call: Call) -> Any:
    return function(call)


def _by_moto(original: Callable[[BaseResponse], Any], call: Call) -> Any:
    if not call.response.automated_parameter_parsing and _protocol(call.service, call.response) == "json":
        call.response.body = json.dumps(call.params)
    return original(call.response)


def _as_result(result: Any) -> Any:
    if result is None:
        return EmptyResult()
    return ActionResult(result) if isinstance(result, dict) else result


def _call(service: str, operation: str, response: BaseResponse) -> Call:
    account_id, region = response.current_account, response.region
    backend = backend_of(service, account_id, region)
    return Call(service, operation, _parameters(service, operation, response), region, account_id, backend, response)


def _protocol(service: str, response: BaseResponse) -> str:
    return str(determine_request_protocol(get_service_model(service), response.headers.get("Content-Type")))


def _parameters(service: str, operation: str, response: BaseResponse) -> dict[str, Any]:
    """The parameters as botocore names them; the very object that moto reads, where moto reads parsed parameters."""
    if response.automated_parameter_parsing:
        parsed: dict[str, Any] = response.params
        return parsed
    protocol = _protocol(service, response)
    if protocol == "json":
        from_body: dict[str, Any] = json.loads(response.body or "{}")
        return from_body
    request = response.normalized_request
    parser = PROTOCOL_PARSERS[protocol](get_service_model(service).operation_model(operation))
    described = {
        "method": request.method,
        "values": request.values,
        "headers": request.headers,
        "body": request.data,
        "url_path": request.path,
        "url_params": response.uri_match,
    }
    parameters: dict[str, Any] = parser.parse(described)
    return parameters
