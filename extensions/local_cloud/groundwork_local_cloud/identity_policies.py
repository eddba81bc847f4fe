# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether identity policies allow a call. Pure.

Conditions are not evaluated: a statement with one applies as if it were met.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from .settings import ACCOUNT_ID


def allows(documents: Iterable[dict[str, Any]], action: str, resources: Iterable[str]) -> bool:
    """Whether each resource is allowed by a statement and denied by none. No ``resources``: they do not matter."""
    statements = [statement for document in documents for statement in _list(document["Statement"])]
    concerned = [statement for statement in statements if _concerns(statement, "Action", action, ignore_case=True)]
    about = [[one for one in concerned if _concerns(one, "Resource", resource)] for resource in resources]
    return all(_allow(statements) for statements in about or [concerned])


def _allow(statements: list[dict[str, Any]]) -> bool:
    effects = {statement["Effect"] for statement in statements}
    return "Allow" in effects and "Deny" not in effects


def _concerns(statement: dict[str, Any], element: str, value: str, ignore_case: bool = False) -> bool:
    negated = f"Not{element}" in statement
    patterns = _list(statement[f"Not{element}" if negated else element])
    return any(_matches(pattern, value, ignore_case) for pattern in patterns) is not negated


def _matches(pattern: str, value: str, ignore_case: bool) -> bool:
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, value, re.IGNORECASE if ignore_case else 0) is not None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def resources(service: str, region: str, params: dict[str, Any]) -> list[str]:
    """The ARNs that a call of DynamoDB or S3 is about; none for other services, whose calls are judged by action."""
    if service == "dynamodb":
        return [_dynamodb_arn(region, name, params.get("IndexName")) for name in _tables(params)]
    if service == "s3" and "Bucket" in params:
        key = f"/{params['Key']}" if "Key" in params else ""
        return [f"arn:aws:s3:::{params['Bucket']}{key}"]
    return []


def _tables(params: dict[str, Any]) -> Iterator[str]:
    if "TableName" in params:
        yield params["TableName"]
    items = params.get("RequestItems", {})
    yield from items if isinstance(items, dict) else []
    for item in params.get("TransactItems", []):
        yield from (operation["TableName"] for operation in item.values())


def _dynamodb_arn(region: str, table: str, index: str | None) -> str:
    arn = table if table.startswith("arn:") else f"arn:aws:dynamodb:{region}:{ACCOUNT_ID}:table/{table}"
    return f"{arn}/index/{index}" if index else arn
