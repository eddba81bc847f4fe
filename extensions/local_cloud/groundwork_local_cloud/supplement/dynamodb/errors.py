# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DynamoDB's documented errors as functions that make the exception."""

from __future__ import annotations

from ...errors import ApiError


def invalid(message: str) -> ApiError:
    return ApiError("ValidationException", message)


def invalid_value(message: str) -> ApiError:
    return ApiError("ValidationException", f"One or more parameter values were invalid: {message}")


def in_use(message: str) -> ApiError:
    return ApiError("ResourceInUseException", f"Attempt to change a resource which is still in use: {message}")


def limit_exceeded(message: str) -> ApiError:
    return ApiError("LimitExceededException", f"Subscriber limit exceeded: {message}")


def not_found(what: str) -> ApiError:
    return ApiError("ResourceNotFoundException", f"Requested resource not found: {what}")


def existing(name: str) -> ApiError:
    return ApiError("ResourceInUseException", f"Table already exists: {name}")


def backups_unavailable(name: str) -> ApiError:
    message = f"Backups are being enabled for the table: {name}. Please retry later"
    return ApiError("ContinuousBackupsUnavailableException", message)


def one_online_index() -> ApiError:
    return limit_exceeded("Only 1 online index can be created or deleted simultaneously per table")


def table_not_found(name: str) -> ApiError:
    return ApiError("TableNotFoundException", f"Table not found: {name}")
