# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS errors in the wire format of each service's protocol, and the error codes in answers."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from xml.sax.saxutils import escape

from moto.core.model import ServiceModel
from moto.core.request import determine_request_protocol
from moto.core.utils import get_service_model
from werkzeug.wrappers import Response

from .identify import ApiRequest

_XML_CODE = re.compile(rb"<Code>([^<]+)</Code>")


class ApiError(Exception):
    """The call is refused with an AWS error. ``status`` is the HTTP status.

    May be raised on the way to a service and by the supplement, for every service and protocol.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


def protocol_of(request: ApiRequest) -> str:
    """The protocol that the client speaks: ec2, query, json, rest-json or rest-xml."""
    model = get_service_model(request.service)
    try:
        return str(determine_request_protocol(model, request.content_type))
    except NotImplementedError:
        return str(model.protocol)


def error_response(request: ApiRequest, error: ApiError) -> Response:
    """The answer that carries an error, as the service of ``request`` would write it."""
    protocol = protocol_of(request)
    if protocol in ("json", "rest-json"):
        return _in_json(request, error)
    write = _XML_FORMATS[_s3_or(request.service, protocol)]
    sender = "Sender" if error.status < 500 else "Receiver"
    body = write(escape(error.code), escape(error.message), sender, str(uuid.uuid4()))
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{body}', error.status, content_type="text/xml")


def error_code(response: Response) -> str | None:
    """The AWS error code of an answer; None when it is not an error. A HEAD request's answer only has its status."""
    if response.status_code < 400:
        return None
    body = response.get_data()
    in_xml = _XML_CODE.search(body)
    if in_xml:
        return in_xml.group(1).decode()
    code = response.headers.get("X-Amzn-Errortype") or _code_in_json(body) or str(response.status_code)
    return code.rsplit("#", 1)[-1].split(":", 1)[0]


def _s3_or(service: str, protocol: str) -> str:
    return "s3" if service == "s3" else protocol


def _ec2_xml(code: str, message: str, _sender: str, request_id: str) -> str:
    errors = f"<Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>"
    return f"<Response>{errors}<RequestID>{request_id}</RequestID></Response>"


def _query_xml(code: str, message: str, sender: str, request_id: str) -> str:
    error = f"<Error><Type>{sender}</Type><Code>{code}</Code><Message>{message}</Message></Error>"
    return f"<ErrorResponse>{error}<RequestId>{request_id}</RequestId></ErrorResponse>"


def _s3_xml(code: str, message: str, _sender: str, request_id: str) -> str:
    return f"<Error><Code>{code}</Code><Message>{message}</Message><RequestId>{request_id}</RequestId></Error>"


_XML_FORMATS: dict[str, Callable[[str, str, str, str], str]] = {
    "ec2": _ec2_xml,
    "query": _query_xml,
    "rest-xml": _query_xml,
    "s3": _s3_xml,
}


def _in_json(request: ApiRequest, error: ApiError) -> Response:
    model = get_service_model(request.service)
    headers = {"X-Amzn-Errortype": error.code, "X-Amzn-RequestId": str(uuid.uuid4())}
    if model.is_query_compatible:
        headers["X-Amzn-Query-Error"] = f"{error.code};{'Sender' if error.status < 500 else 'Receiver'}"
    body = json.dumps({"__type": error.code, "message": error.message})
    return Response(body, error.status, headers, content_type=_json_type(model))


def _json_type(model: ServiceModel) -> str:
    version = model.metadata.get("jsonVersion")
    return f"application/x-amz-json-{version}" if version else "application/json"


def _code_in_json(body: bytes) -> str | None:
    try:
        answer = json.loads(body)
    except ValueError:
        return None
    found = answer.get("__type") or answer.get("code") if isinstance(answer, dict) else None
    return str(found) if found else None
