# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DAX's documented errors as functions that make the exception."""

from __future__ import annotations

from ...errors import ApiError


def invalid_value(message: str) -> ApiError:
    return ApiError("InvalidParameterValueException", message)


def invalid_combination(message: str) -> ApiError:
    return ApiError("InvalidParameterCombinationException", message)


def cluster_not_found(name: str) -> ApiError:
    return ApiError("ClusterNotFoundFault", f"Cluster {name} not found.")


def cluster_not_available(name: str) -> ApiError:
    return ApiError("InvalidClusterStateFault", f"Cluster {name} is not in available state.")


def invalid_network(message: str) -> ApiError:
    return ApiError("InvalidVPCNetworkStateFault", message)


def subnet_group_not_found(name: str) -> ApiError:
    return ApiError("SubnetGroupNotFoundFault", f"Subnet group {name} not found.")


def parameter_group_not_found(name: str) -> ApiError:
    return ApiError("ParameterGroupNotFoundFault", f"Parameter group {name} not found.")


def parameter_group_state(message: str) -> ApiError:
    return ApiError("InvalidParameterGroupStateFault", message)
