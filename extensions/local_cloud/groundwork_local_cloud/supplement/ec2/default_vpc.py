# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The default VPC reaches the internet, as every account's does."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import EC2Backend

from ..registry import Call, Forward, corrects

_make_backend = EC2Backend.__init__


def open_to_internet(backend: Any) -> None:
    """Give the default VPC an internet gateway, and its main route table a route to it."""
    vpc = backend.get_default_vpc()
    gateway = backend.create_internet_gateway()
    backend.attach_internet_gateway(gateway.id, vpc.id)
    tables = (table for table in backend.route_tables.values() if table.vpc_id == vpc.id)
    main = next(table for table in tables if table.main_association_id)
    backend.create_route(main.id, "0.0.0.0/0", gateway_id=gateway.id)


def _make_backend_with_gateway(backend: Any, region_name: str, account_id: str) -> None:
    _make_backend(backend, region_name, account_id)
    open_to_internet(backend)


EC2Backend.__init__ = _make_backend_with_gateway


@corrects(
    "ec2",
    "CreateDefaultVpc",
    id="default-vpc-internet-gateway",
    behaviour="A default VPC, the one of a new account too, has an internet gateway and a route to it.",
)
def create_default_vpc(call: Call, forward: Forward) -> Any:
    result = forward()
    open_to_internet(call.backend)
    return result
