# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""EC2's documented error codes as functions that make the exception.

Each returns the exception to raise, with the code of EC2's error code list and a message that names the resource.
"""

from __future__ import annotations

from collections.abc import Iterable

from moto.ec2.exceptions import DryRunClientError, EC2ClientError

__all__ = ["DryRunClientError", "EC2ClientError"]


def invalid_value(message: str) -> EC2ClientError:
    return EC2ClientError("InvalidParameterValue", message)


def invalid_combination(message: str) -> EC2ClientError:
    return EC2ClientError("InvalidParameterCombination", message)


def missing_parameter(name: str) -> EC2ClientError:
    return EC2ClientError("MissingParameter", f"The request must contain the parameter {name}")


def invalid_filter(name: str) -> EC2ClientError:
    return EC2ClientError("InvalidParameterValue", f"The filter '{name}' is invalid")


def idempotent_parameter_mismatch() -> EC2ClientError:
    return EC2ClientError(
        "IdempotentParameterMismatch",
        "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).",
    )


def incorrect_instance_state(message: str) -> EC2ClientError:
    return EC2ClientError("IncorrectInstanceState", message)


def incorrect_state(message: str) -> EC2ClientError:
    return EC2ClientError("IncorrectState", message)


def operation_not_permitted(message: str) -> EC2ClientError:
    return EC2ClientError("OperationNotPermitted", message)


def unsupported(message: str) -> EC2ClientError:
    return EC2ClientError("Unsupported", message)


def not_found(code: str, kind: str, ids: Iterable[str]) -> EC2ClientError:
    """``code`` is the kind's own, such as ``InvalidVolume.NotFound``; ``kind`` is how EC2 calls it: ``volume``."""
    listed = list(ids)
    if len(listed) == 1:
        return EC2ClientError(code, f"The {kind} '{listed[0]}' does not exist")
    return EC2ClientError(code, f"The {kind}s '{', '.join(listed)}' do not exist")


def malformed(code: str, value: str, prefix: str) -> EC2ClientError:
    return EC2ClientError(code, f'Invalid id: "{value}" (expecting "{prefix}-...")')


def dependency_violation(message: str) -> EC2ClientError:
    return EC2ClientError("DependencyViolation", message)
