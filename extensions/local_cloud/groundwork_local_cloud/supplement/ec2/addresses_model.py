# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Elastic IP address: moto's, from the cloud's pool, and associated with one private address of an interface."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import elastic_ip_addresses as moto_addresses
from moto.ec2.models.elastic_ip_addresses import ElasticAddressBackend
from moto.ec2.utils import random_eip_association_id

from . import public_addresses
from .common import tags_of


class ElasticAddress(moto_addresses.ElasticAddress):
    """An Elastic IP. It takes the place of moto's class."""

    def __init__(
        self, ec2_backend: Any, domain: str, address: str | None = None, tags: dict[str, str] | None = None
    ) -> None:
        super().__init__(ec2_backend, domain, address or public_addresses.take(), tags)
        self.associated_private_ip: str | None = None

    @property
    def instance_id(self) -> str:
        return str(self.eni.instance.id) if self.eni and self.eni.instance else ""

    @property
    def private_ip_address(self) -> str | None:
        if not self.eni:
            return None
        return self.associated_private_ip or self.eni.private_ip_address

    def get_tags(self) -> list[dict[str, str]]:
        return [{"key": key, "value": value} for key, value in tags_of(self).items()]

    def associate(self, interface: Any, private_ip: str) -> None:
        """Give the address to a private address of an interface; neither may have an association."""
        self.eni = interface
        self.associated_private_ip = private_ip
        self.association_id = random_eip_association_id()
        if private_ip == interface.private_ip_address:
            interface.public_ip = self.public_ip

    def disassociate(self) -> None:
        """End the association, if any. A running instance launched with a public address gets another one."""
        interface: Any = self.eni
        if interface is None:
            return
        primary = self.private_ip_address == interface.private_ip_address
        self.eni = self.instance = self.association_id = self.associated_private_ip = None
        if primary:
            interface.public_ip = None
            if interface.instance is not None and interface.instance.is_running():
                interface.check_auto_public_ip()


def _disassociate_address(backend: Any, address: str | None = None, association_id: str | None = None) -> None:
    """Stands in for moto's, which knows of one address per interface only."""
    for elastic in backend.address_by_ip([address]) if address else backend.address_by_association([association_id]):
        elastic.disassociate()


ElasticAddressBackend.disassociate_address = _disassociate_address
moto_addresses.ElasticAddress = ElasticAddress  # every Elastic IP is made through this name
