# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which API call an HTTP request is: service, operation and parameters, by botocore's models."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from botocore.model import OperationNotFoundError
from moto.core.model import ServiceModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import NotFound, get_service_router
from moto.core.utils import get_service_model

from .settings import DEFAULT_REGION

_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d+/([^/]+)/")
# Services that share an endpoint with another one, told apart by the API version in the request.
_BY_VERSION = {("elb", "2015-12-01"): "elbv2"}
_BOTO_NAMES = {"applicationautoscaling": "application-autoscaling", "awslambda": "lambda"}


@dataclass(frozen=True)
class ApiRequest:
    """One identified request. ``operation`` is empty when the request is no call of the service's API."""

    service: str
    operation: str
    region: str
    access_key: str
    params: dict[str, Any] = field(default_factory=dict)
    content_type: str = ""

    @property
    def is_mutating(self) -> bool:
        """Whether the call can change something (judged by its name, as EC2's throttling does)."""
        return not self.operation.startswith(("Describe", "Get", "List", "Search", "Head", "Lookup", "BatchGet"))


def identify(backend_name: str, request: Request) -> ApiRequest:
    """Identify a request that moto routes to the backend ``backend_name``."""
    name = _BOTO_NAMES.get(backend_name, backend_name)
    service = _BY_VERSION.get((name, request.values.get("Version", "")), name)
    access_key, region = _credential(request)
    content_type = request.content_type or ""
    try:
        model = get_service_model(service)
        operation, uri_params = _operation(model, request)
    except (LookupError, NotFound, NotImplementedError, OperationNotFoundError, ValueError):
        return ApiRequest(service, "", region, access_key, content_type=content_type)
    params = _parameters(model, operation, uri_params, request)
    return ApiRequest(service, operation, region, access_key, params, content_type)


def _credential(request: Request) -> tuple[str, str]:
    header = request.headers.get("Authorization", "") or f"Credential={request.args.get('X-Amz-Credential', '')}"
    match = _CREDENTIAL.search(header)
    return (match.group(1), match.group(2)) if match else ("", DEFAULT_REGION)


def _operation(model: ServiceModel, request: Request) -> tuple[str, dict[str, Any]]:
    action = request.values.get("Action")
    target = request.headers.get("X-Amz-Target")
    if action and action in model.operation_names:
        return action, {}
    if target:
        return target.rsplit(".", 1)[-1], {}
    operation, uri_params = get_service_router(model.service_name).match(request)
    return operation.name, uri_params


def _parameters(model: ServiceModel, operation: str, uri_params: dict[str, Any], request: Request) -> dict[str, Any]:
    described = {
        "method": request.method,
        "values": request.values,
        "headers": request.headers,
        "body": request.data,
        "url_path": request.path,
        "url_params": uri_params,
    }
    try:
        parser = PROTOCOL_PARSERS[determine_request_protocol(model, request.content_type)]
        params: dict[str, Any] = parser(model.operation_model(operation)).parse(described)
    except Exception:  # what cannot be parsed is refused by moto itself, with the service's own error
        return {}
    return params or {}
