# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the picture of EC2 that the hosts need out of moto's state."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends

from .settings import ACCOUNT_ID
from .world import (
    AclEntry,
    Instance,
    Interface,
    MetadataOptions,
    NatGateway,
    Route,
    Rule,
    SecurityGroup,
    Snapshot,
    Subnet,
    Volume,
    Vpc,
    World,
)

_PROTOCOLS = {"6": "tcp", "17": "udp", "1": "icmp"}
_LOGIN_USERS = {"debian": "admin", "ubuntu": "ubuntu", "centos": "centos", "fedora": "fedora", "bitnami": "bitnami"}
_DEFAULT_LOGIN_USER = "ec2-user"
_NOTES = "local_cloud_world"

# Attributes that the supplement sets on moto's snapshots.
CAPTURED_FROM = "local_cloud_captured_from"
COPY_OF = "local_cloud_copy_of"


def build() -> World:
    """The present picture of all regions. Hold the cloud's lock meanwhile."""
    world = World()
    for backend in list(ec2_backends[ACCOUNT_ID].values()):
        world.vpcs.update((one.id, one) for one in _vpcs(backend))
        world.subnets.update((one.id, one) for one in _subnets(backend))
        world.groups.update((one.id, one) for one in _groups(backend))
        world.nat_gateways.update((one.id, one) for one in _nat_gateways(backend))
        world.interfaces.update((one.id, one) for one in _interfaces(backend))
        world.instances.update((one.id, one) for one in _instances(backend))
        world.volumes.update((one.id, one) for one in _volumes(backend))
        world.snapshots.update((one.id, one) for one in _snapshots(backend))
    return world


def _noted(resource: Any, name: str, find: Callable[[], Any]) -> Any:
    """What was found when the resource was seen for the first time; it may not be found any more later."""
    notes = vars(resource).setdefault(_NOTES, {})
    if name not in notes:
        notes[name] = find()
    return notes[name]


def _vpcs(backend: Any) -> Iterator[Vpc]:
    gateways = {gateway.vpc.id: gateway.id for gateway in backend.internet_gateways.values() if gateway.vpc}
    for vpc in backend.vpcs.values():
        associations = vpc.get_cidr_block_association_set()
        cidrs = [one["cidr_block"] for one in associations if one["cidr_block_state"]["state"] == "associated"]
        yield Vpc(vpc.id, backend.region_name, tuple(dict.fromkeys([vpc.cidr_block, *cidrs])), gateways.get(vpc.id))


def _subnets(backend: Any) -> Iterator[Subnet]:
    for by_id in list(backend.subnets.values()):
        for subnet in by_id.values():
            acl, routes = _acl(backend, subnet), _routes(backend, subnet)
            yield Subnet(subnet.id, subnet.vpc_id, subnet.cidr_block, subnet.availability_zone, acl, routes)


def _acl(backend: Any, subnet: Any) -> tuple[AclEntry, ...]:
    acls = [acl for acl in backend.network_acls.values() if acl.vpc_id == subnet.vpc_id]
    own = [acl for acl in acls if any(one.subnet_id == subnet.id for one in acl.associations)]
    entries = [entry for acl in own or [acl for acl in acls if acl.default] for entry in acl.network_acl_entries]
    found = [
        AclEntry(
            int(entry.rule_number),
            _is_true(entry.egress),
            entry.rule_action == "allow",
            _protocol(entry.protocol),
            _number(entry.port_range_from),
            _number(entry.port_range_to),
            entry.cidr_block,
        )
        for entry in entries
        if entry.cidr_block
    ]
    return tuple(sorted(found, key=lambda entry: (entry.egress, entry.number)))


def _routes(backend: Any, subnet: Any) -> tuple[Route, ...]:
    tables = [table for table in backend.route_tables.values() if table.vpc_id == subnet.vpc_id]
    own = [table for table in tables if subnet.id in table._associations.values()]
    chosen = own or [table for table in tables if table.main_association_id]
    routes = [route for table in chosen for route in table.routes if route.destination_cidr_block]
    return tuple(Route(route.destination_cidr_block, _target(route)) for route in routes)


def _target(route: Any) -> str:
    if route.gateway_id:
        return str(route.gateway_id)
    targets = (route.nat_gateway, route.interface, route.vpc_pcx, route.transit_gateway, route.carrier_gateway)
    return next((str(target.id) for target in targets if target), "blackhole")


def _groups(backend: Any) -> Iterator[SecurityGroup]:
    for by_id in list(backend.groups.values()):
        for group in by_id.values():
            if group.vpc_id:
                ingress, egress = _rules(backend, group.ingress_rules), _rules(backend, group.egress_rules)
                yield SecurityGroup(group.id, group.vpc_id, ingress, egress, group.name)


def _rules(backend: Any, rules: Iterable[Any]) -> tuple[Rule, ...]:
    return tuple(rule for rule in (_rule(backend, each) for each in rules) if rule.cidrs or rule.group_ids)


def _rule(backend: Any, rule: Any) -> Rule:
    group_id = rule.source_group.get("GroupId")
    cidrs = (rule.cidr_ipv4,) if rule.cidr_ipv4 else _prefix_list(backend, rule.prefix_list_id)
    groups = (group_id,) if group_id else ()
    return Rule(_protocol(rule.ip_protocol), _number(rule.from_port), _number(rule.to_port), cidrs, groups)


def _prefix_list(backend: Any, prefix_list_id: str | None) -> tuple[str, ...]:
    prefix_list = backend.managed_prefix_lists.get(prefix_list_id)
    entries = (prefix_list.entries.get(prefix_list.version) or []) if prefix_list else []
    return tuple(entry["Cidr"] for entry in entries)


def _nat_gateways(backend: Any) -> Iterator[NatGateway]:
    for gateway in backend.nat_gateways.values():
        if gateway.state == "available" and gateway.connectivity_type == "public":
            address = gateway.address_set[0]
            yield NatGateway(gateway.id, gateway.subnet_id, address["PrivateIp"], address.get("PublicIp"))


def _interfaces(backend: Any) -> Iterator[Interface]:
    for interface in backend.enis.values():
        attached = interface.instance is not None and interface.attachment_status != "detaching"
        yield Interface(
            interface.id,
            interface.mac_address,
            interface.vpc_id,
            interface.subnet_id,
            tuple(address["PrivateIpAddress"] for address in interface.private_ip_addresses),
            interface.public_addresses,
            tuple(group.id for group in interface.group_set),
            _is_true(interface.source_dest_check),
            interface.instance.id if attached else None,
            int(interface.device_index) if attached else None,
        )


def _instances(backend: Any) -> Iterator[Instance]:
    for reservation in list(backend.reservations.values()):
        yield from (_instance(backend, instance, reservation.id) for instance in reservation.instances)


def _instance(backend: Any, instance: Any, reservation_id: str) -> Instance:
    profile = _instance_profile(backend, instance)
    return Instance(
        id=instance.id,
        region=backend.region_name,
        state=instance.state,
        image_id=instance.image_id,
        instance_type=instance.instance_type,
        availability_zone=instance.placement.zone,
        private_dns_name=instance.private_dns_name,
        root_device=instance.root_device_name,
        launch_index=int(instance.ami_launch_index),
        boot_id=instance.boot_count,
        user_data=base64.b64decode(str(instance.user_data or "")),
        key_name=instance.key_name,
        public_key=_noted(instance, "public_key", lambda: _public_key(backend, instance.key_name)),
        login_user=_noted(instance, "login_user", lambda: _login_user(backend, instance.image_id)),
        tags=tuple(sorted(backend.tags.get(instance.id, {}).items())),
        metadata=_metadata(instance.metadata_options),
        role_name=profile.roles[0].name if profile and profile.roles else None,
        instance_profile_arn=profile.arn if profile else None,
        shutdown_behavior=instance.instance_initiated_shutdown_behavior,
        reservation_id=reservation_id,
    )


def _public_key(backend: Any, key_name: str | None) -> str | None:
    key_pair = backend.key_pairs.get(key_name)
    return key_pair.public_key.strip() if key_pair else None


def _login_user(backend: Any, image_id: str) -> str:
    image = backend.amis.get(image_id)
    name = f"{image.name} {image.description}".lower() if image else ""
    return next((user for word, user in _LOGIN_USERS.items() if word in name), _DEFAULT_LOGIN_USER)


def _instance_profile(backend: Any, instance: Any) -> Any:
    association = backend.iam_instance_profile_associations.get(instance.id)
    arn = association.iam_instance_profile.arn if association else (instance.iam_instance_profile or {}).get("Arn")
    profiles = iam_backends[ACCOUNT_ID]["aws"].instance_profiles.values()
    return next((profile for profile in profiles if profile.arn == arn), None)


def _metadata(options: Any) -> MetadataOptions:
    return MetadataOptions(
        endpoint_enabled=options.http_endpoint == "enabled",
        tokens_required=options.http_tokens == "required",
        hop_limit=int(options.http_put_response_hop_limit),
        tags_enabled=options.instance_metadata_tags == "enabled",
    )


def _volumes(backend: Any) -> Iterator[Volume]:
    for volume in backend.volumes.values():
        image_id = _noted(volume, "image_id", partial(_image_of_root, volume))
        attachment = volume.attachment
        if attachment and attachment.status == "detaching":
            attachment = None
        yield Volume(
            volume.id,
            int(volume.size),
            _snapshot_with_contents(backend, volume.snapshot_id) or _snapshot_of_image(backend, image_id),
            image_id,
            bool(volume.encrypted),
            attachment.instance.id if attachment else None,
            attachment.device if attachment else None,
        )


def _image_of_root(volume: Any) -> str | None:
    """The image of a root volume made by a launch: it is attached already when it is seen for the first time."""
    attachment = volume.attachment
    is_root = attachment is not None and attachment.device == attachment.instance.root_device_name
    return attachment.instance.image_id if is_root else None


def _snapshot_with_contents(backend: Any, snapshot_id: str | None) -> str | None:
    """The snapshot that a volume was made from; None for the snapshots behind public images, which are empty."""
    snapshot = backend.snapshots.get(snapshot_id)
    return None if snapshot and _is_of_public_image(backend, snapshot) else snapshot_id


def _is_of_public_image(backend: Any, snapshot: Any) -> bool:
    image = backend.amis.get(snapshot.from_ami)
    return image is not None and not image.instance_id


def _snapshot_of_image(backend: Any, image_id: str | None) -> str | None:
    """The snapshot behind an image that was made from an instance; public images have none with contents."""
    image = backend.amis.get(image_id)
    return image.ebs_snapshot.id if image and image.instance_id else None


def _snapshots(backend: Any) -> Iterator[Snapshot]:
    for snapshot in backend.snapshots.values():
        if not _is_of_public_image(backend, snapshot):
            volume_id = getattr(snapshot, CAPTURED_FROM, snapshot.volume.id)
            yield Snapshot(snapshot.id, volume_id, getattr(snapshot, COPY_OF, None))


def _protocol(value: str) -> str:
    return _PROTOCOLS.get(str(value), str(value))


def _number(value: Any) -> int | None:
    return None if value is None else int(value)


def _is_true(value: Any) -> bool:
    return str(value).lower() == "true"
