# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VPC endpoints: services that exist, their interfaces, their states."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult

from ...cloud import cloud
from ..registry import Call, Forward, corrects
from . import errors
from .common import refuse_dry_run
from .network_managed_interfaces import delete_managed_interface, make_managed_interface, mark_managed
from .tagged_resources import refuse_unknown

INTERFACE = "Interface"
GATEWAY = "Gateway"


@corrects(
    "ec2",
    "CreateVpcEndpoint",
    id="create-vpc-endpoint",
    behaviour="The service exists and has this type of endpoint; a route table takes one gateway endpoint per service; "
    "private DNS needs both DNS attributes of the VPC; an interface endpoint is pending, then available, with "
    "interfaces of its own in its security groups.",
    errors=(
        "InvalidParameter",
        "InvalidServiceName",
        "InvalidSubnetId.NotFound",
        "InvalidVpcId.NotFound",
        "RouteAlreadyExists",
    ),
)
def create_vpc_endpoint(call: Call, forward: Forward) -> Any:
    params, backend = call.params, call.backend
    kind = params.setdefault("VpcEndpointType", GATEWAY)
    vpc = backend.get_vpc(params["VpcId"])
    _check_service(call, params["ServiceName"], kind)
    for key, prefix_ids in (("SubnetIds", "subnet"), ("SecurityGroupIds", "sg"), ("RouteTableIds", "rtb")):
        for resource_id in params.get(key) or []:
            refuse_unknown(backend, resource_id)
            _check_vpc(backend, vpc.id, prefix_ids, resource_id)
    if kind == GATEWAY:
        params["PrivateDnsEnabled"] = False
        _refuse_second_route(backend, params)
    else:
        _check_private_dns(backend, vpc, params)
        if not params.get("SecurityGroupIds"):
            params["SecurityGroupIds"] = [backend.get_default_security_group(vpc.id).id]
    refuse_dry_run(params)
    result = forward()
    endpoint = result.result["VpcEndpoint"]
    if kind != GATEWAY:
        _begin_pending(endpoint)
    return result


def _check_service(call: Call, name: str, kind: str) -> None:
    services = call.backend.describe_vpc_endpoint_services([], [], 0, None, call.region)["servicesDetails"]
    kinds = {
        one["ServiceType"] for service in services if service["ServiceName"] == name for one in service["ServiceType"]
    }
    if not kinds:
        raise errors.EC2ClientError("InvalidServiceName", f"The Vpc Endpoint Service '{name}' does not exist")
    if kind not in kinds:
        raise errors.EC2ClientError(
            "InvalidParameter", f"Endpoint type ({kind}) does not match available service types ({sorted(kinds)})."
        )


def _check_vpc(backend: Any, vpc_id: str, kind: str, resource_id: str) -> None:
    find = {
        "subnet": backend.get_subnet,
        "sg": backend.get_security_group_from_id,
        "rtb": backend.get_route_table,
    }
    if find[kind](resource_id).vpc_id != vpc_id:
        raise errors.EC2ClientError("InvalidParameter", f"{resource_id} and {vpc_id} belong to different networks")


def _refuse_second_route(backend: Any, params: dict[str, Any]) -> None:
    prefix_lists = [
        one.id for one in backend.managed_prefix_lists.values() if one.prefix_list_name == params["ServiceName"]
    ]
    for table_id in params.get("RouteTableIds") or []:
        for route in backend.get_route_table(table_id).routes:
            if route.destination_prefix_list_id in prefix_lists:
                raise errors.EC2ClientError(
                    "RouteAlreadyExists",
                    f"route table {table_id} already has a route with destination-prefix-list-id "
                    f"{route.destination_prefix_list_id}",
                )


def _check_private_dns(backend: Any, vpc: Any, params: dict[str, Any]) -> None:
    if not params.setdefault("PrivateDnsEnabled", True):
        return
    if not _is_true(vpc.enable_dns_support) or not _is_true(vpc.enable_dns_hostnames):
        raise errors.EC2ClientError(
            "InvalidParameter",
            "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for "
            + vpc.id,
        )
    for other in backend.vpc_end_points.values():
        same = other.vpc_id == vpc.id and other.service_name == params["ServiceName"] and other.state != "deleted"
        if same and other.private_dns_enabled and other.vpc_endpoint_type == INTERFACE:
            raise errors.EC2ClientError(
                "InvalidParameter",
                f"private-dns-enabled cannot be set because there is already a conflicting DNS domain for "
                f"{params['ServiceName']} in the VPC {vpc.id}",
            )


def _is_true(value: Any) -> bool:
    return str(value).lower() == "true"


def _description(endpoint: Any) -> str:
    return f"VPC Endpoint Interface {endpoint.id}"


def _apply_groups(endpoint: Any) -> None:
    backend = endpoint.ec2_backend
    for interface_id in endpoint.network_interface_ids:
        groups = [backend.get_security_group_from_id(one) for one in endpoint.security_group_ids]
        backend.enis[interface_id]._group_set = groups


def _begin_pending(endpoint: Any) -> None:
    for interface_id in endpoint.network_interface_ids:
        interface = endpoint.ec2_backend.enis[interface_id]
        mark_managed(interface, interface_type="vpc_endpoint", description=_description(endpoint))
    _apply_groups(endpoint)
    endpoint.requester_managed = False
    endpoint.state = "pending"

    def finish() -> None:
        if endpoint.state == "pending":
            endpoint.state = "available"

    cloud.transitions.begin("vpc-endpoint.pending", endpoint.id, finish)


@corrects(
    "ec2",
    "ModifyVpcEndpoint",
    id="modify-vpc-endpoint",
    behaviour="Added subnets get an interface and added route tables a route; removed ones lose theirs; the interfaces "
    "are in the endpoint's security groups.",
    errors=("InvalidVpcEndpointId.NotFound", "RouteAlreadyExists"),
)
def modify_vpc_endpoint(call: Call, forward: Forward) -> Any:
    params, backend = call.params, call.backend
    endpoint = backend.get_vpc_end_point(params["VpcEndpointId"])
    new_tables = [one for one in params.get("AddRouteTableIds") or [] if one not in endpoint.route_table_ids]
    new_subnets = [one for one in params.get("AddSubnetIds") or [] if one not in (endpoint.subnet_ids or [])]
    _refuse_second_route(backend, {"ServiceName": endpoint.service_name, "RouteTableIds": new_tables})
    result = forward()
    for subnet_id in new_subnets:
        interface = make_managed_interface(
            backend, subnet_id, interface_type="vpc_endpoint", description=_description(endpoint)
        )
        endpoint.network_interface_ids.append(interface.id)
    for subnet_id in params.get("RemoveSubnetIds") or []:
        for interface_id in [one for one in endpoint.network_interface_ids if backend.enis[one].subnet_id == subnet_id]:
            endpoint.network_interface_ids.remove(interface_id)
            delete_managed_interface(backend, interface_id)
    _apply_groups(endpoint)
    for table_id in new_tables:
        backend.create_route(
            table_id, None, gateway_id=endpoint.id, destination_prefix_list_id=endpoint.destination_prefix_list_id
        )
    _remove_routes(endpoint, params.get("RemoveRouteTableIds") or [])
    return result


def _remove_routes(endpoint: Any, table_ids: list[str]) -> None:
    for table_id in table_ids:
        table = endpoint.ec2_backend.route_tables.get(table_id)
        if table:
            table._routes = {key: route for key, route in table._routes.items() if route.gateway is not endpoint}


@corrects(
    "ec2",
    "DeleteVpcEndpoints",
    id="delete-vpc-endpoints",
    behaviour="Each endpoint is deleting, then gone with its interfaces or routes; ids that do not exist are listed as "
    "unsuccessful, the others are deleted all the same.",
)
def delete_vpc_endpoints(call: Call, forward: Forward) -> Any:
    refuse_dry_run(call.params)
    backend = call.backend
    unsuccessful = []
    for endpoint_id in call.params.get("VpcEndpointIds") or []:
        endpoint = backend.vpc_end_points.get(endpoint_id)
        if endpoint is None:
            message = f"The Vpc Endpoint Id '{endpoint_id}' does not exist"
            error = {"Code": "InvalidVpcEndpoint.NotFound", "Message": message}
            unsuccessful.append({"ResourceId": endpoint_id, "Error": error})
        elif endpoint.state != "deleting":
            _begin_deleting(endpoint)
    return ActionResult({"Unsuccessful": unsuccessful})


def _begin_deleting(endpoint: Any) -> None:
    backend = endpoint.ec2_backend
    endpoint.state = "deleting"

    def finish() -> None:
        for interface_id in endpoint.network_interface_ids:
            delete_managed_interface(backend, interface_id)
        _remove_routes(endpoint, endpoint.route_table_ids or [])
        backend.vpc_end_points.pop(endpoint.id, None)
        backend.tags.pop(endpoint.id, None)

    cloud.transitions.begin("vpc-endpoint.deleting", endpoint.id, finish)
