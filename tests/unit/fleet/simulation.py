# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What EC2 does on the steps of a plan, as far as the plan can see it, without a network and without time.

It stands in for EC2 so that thousands of ways can be tried; what EC2 itself makes of the calls is seen in the
integration tests and the crash sweep on the local cloud. What EC2 would refuse fails an assertion here. New things are
hidden for some looks, and states change when somebody calls ``pass_time``.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import itertools
import typing as t

from ansible_collections.groundwork.aws.plugins.module_utils._core.plan import Step
from ansible_collections.groundwork.aws.plugins.module_utils._core.tags import from_aws
from ansible_collections.groundwork.aws.plugins.module_utils._fleet.actual import (
    Attachment,
    Facts,
    Image,
    Instance,
    InstanceType,
    Interface,
    PlacementGroup,
    State,
    Subnet,
    Volume,
)

SUBNETS = {
    f"subnet-{zone}": Subnet(f"subnet-{zone}", f"us-east-1{zone}", "vpc-1", ipaddress.IPv4Network(f"10.0.{n}.0/24"))
    for n, zone in enumerate("abc")
}
IMAGE = Image("ami-1", "/dev/xvda", "x86_64", 8)
TYPE = InstanceType("m5.large", 3, ("x86_64",), ("cluster", "partition", "spread"), 0, True)
FACTS = Facts(SUBNETS, IMAGE, TYPE)

Arguments = dict[str, t.Any]


class Interrupted(Exception):
    """The run that made the call is gone."""


@dataclasses.dataclass
class Simulation:
    """The parts of one fleet by id. ``hidden`` counts for how many looks a new one does not show.

    ``breaks``: a run is killed between the two calls of a step that has two.
    """

    interfaces: dict[str, Interface] = dataclasses.field(default_factory=dict)
    volumes: dict[str, Volume] = dataclasses.field(default_factory=dict)
    instances: dict[str, Instance] = dataclasses.field(default_factory=dict)
    groups: dict[str, PlacementGroup] = dataclasses.field(default_factory=dict)
    facts: Facts = FACTS
    lag: int = 0
    hidden: dict[str, int] = dataclasses.field(default_factory=dict)
    tokens: dict[str, Arguments] = dataclasses.field(default_factory=dict)
    numbers: t.Iterator[int] = dataclasses.field(default_factory=itertools.count)
    breaks: bool = False

    def look(self) -> State:
        """What a run reads."""
        shown = State(
            tuple(one for one in self.interfaces.values() if one.id not in self.hidden),
            tuple(one for one in self.volumes.values() if one.id not in self.hidden),
            tuple(one for one in self.instances.values() if one.id not in self.hidden),
            tuple(self.groups.values()),
            self.facts,
        )
        self.hidden = {id_: looks - 1 for id_, looks in self.hidden.items() if looks > 1}
        return shown

    def apply(self, step: Step) -> None:
        """Make a step's call."""
        getattr(self, f"_{step.call.__name__}")(step.arguments)

    def pass_time(self) -> None:
        """Let everything that is under way come to its end."""
        for instance in list(self.instances.values()):
            if instance.state == "pending":
                self._change(instance, state="running")
            elif instance.state == "shutting-down":
                self._release(instance)
        for interface in list(self.interfaces.values()):
            if interface.attachment and interface.attachment.state == "attaching":
                self._change(interface, attachment=dataclasses.replace(interface.attachment, state="attached"))
        for volume in list(self.volumes.values()):
            if volume.state == "creating":
                self._change(volume, state="available")
            elif volume.attachment and volume.attachment.state == "attaching":
                self._change(volume, attachment=dataclasses.replace(volume.attachment, state="attached"))

    def kill(self, instance_id: str) -> None:
        """An instance ends, as after a failure of its hardware."""
        self._terminate({"InstanceIds": [instance_id]})

    def lose(self, volume_id: str) -> None:
        """Somebody deletes a volume by force."""
        del self.volumes[volume_id]

    def _id(self, prefix: str) -> str:
        number = next(self.numbers)
        id_ = f"{prefix}-{number:04}"
        # Not all that one call has made shows at once.
        if looks := number % (self.lag + 1):
            self.hidden[id_] = looks
        return id_

    def _change(self, thing: t.Any, **changes: t.Any) -> None:
        for things in (self.interfaces, self.volumes, self.instances):
            if thing.id in things:
                things[thing.id] = dataclasses.replace(thing, **changes)  # type: ignore[index]

    def _release(self, instance: Instance) -> None:
        self._change(instance, state="terminated")
        for interface in list(self.interfaces.values()):
            if interface.attachment and interface.attachment.instance_id == instance.id:
                assert not interface.attachment.delete_on_termination
                self._change(interface, attachment=None, status="available")
        for volume in list(self.volumes.values()):
            if volume.attachment and volume.attachment.instance_id == instance.id:
                if volume.attachment.delete_on_termination:
                    del self.volumes[volume.id]
                else:
                    self._change(volume, attachment=None, state="available")

    def _is_repeated(self, arguments: Arguments) -> bool:
        token = arguments["ClientToken"]
        known = self.tokens.setdefault(token, arguments)
        assert known == arguments, "IdempotentParameterMismatch"
        return known is not arguments

    def _create_interface(self, arguments: Arguments) -> None:
        if arguments["PrivateIpAddress"] in {one.address for one in self.interfaces.values()}:
            return  # InvalidIPAddress.InUse, which counts as made
        id_ = self._id("eni")
        self.interfaces[id_] = Interface(
            id=id_,
            subnet_id=arguments["SubnetId"],
            zone=SUBNETS[arguments["SubnetId"]].zone,
            address=arguments["PrivateIpAddress"],
            mac=f"02:{id_}",
            status="available",
            groups=tuple(arguments.get("Groups", ["sg-default"])),
            source_dest_check=True,
            attachment=None,
            tags=_tags(arguments, "network-interface"),
        )

    def _create_volume(self, arguments: Arguments) -> None:
        if self._is_repeated(arguments):
            return
        id_ = self._id("vol")
        self.volumes[id_] = Volume(
            id=id_,
            zone=arguments["AvailabilityZone"],
            size=arguments["Size"],
            type=arguments["VolumeType"],
            iops=arguments.get("Iops"),
            throughput=arguments.get("Throughput"),
            encrypted=arguments["Encrypted"],
            kms_key_id=arguments.get("KmsKeyId", ""),
            state="creating",
            created=id_,
            attachment=None,
            tags=_tags(arguments, "volume"),
        )

    def _run_instances(self, arguments: Arguments) -> None:
        if self._is_repeated(arguments):
            return
        for index in range(arguments["MaxCount"]):
            id_ = self._id("i")
            self.instances[id_] = Instance(
                id=id_,
                zone=SUBNETS[arguments["SubnetId"]].zone,
                state="pending",
                reason="",
                image_id=arguments["ImageId"],
                type=arguments["InstanceType"],
                key_name=arguments.get("KeyName", ""),
                profile="",
                address=f"10.9.9.{len(self.instances)}",
                primary_interface=f"eni-of-{id_}",
                groups=tuple(arguments.get("SecurityGroupIds", ["sg-default"])),
                interfaces=1,
                launch_index=index,
                partition=None,
                tags=_tags(arguments, "instance"),
            )

    def _record_and_launch(self, arguments: Arguments) -> None:
        self._create_tags(arguments["record"])
        if self.breaks:
            raise Interrupted
        self._run_instances(arguments["launch"])

    def _attach_interface(self, arguments: Arguments) -> None:
        interface, instance = self.interfaces[arguments["NetworkInterfaceId"]], self.instances[arguments["InstanceId"]]
        if interface.attachment:
            return  # InvalidNetworkInterface.InUse
        assert instance.state in ("running", "stopped")
        assert instance.zone == interface.zone
        attachment = Attachment(instance.id, "attaching", str(arguments["DeviceIndex"]), id=f"at-{next(self.numbers)}")
        self._change(interface, attachment=attachment, status="in-use")
        self._change(instance, interfaces=instance.interfaces + 1)

    def _attach_volume(self, arguments: Arguments) -> None:
        volume, instance = self.volumes[arguments["VolumeId"]], self.instances[arguments["InstanceId"]]
        if volume.attachment:
            return  # VolumeInUse
        assert volume.state == "available"
        assert instance.state in ("running", "stopped")
        assert instance.zone == volume.zone
        self._change(volume, attachment=Attachment(instance.id, "attaching", arguments["Device"]), state="in-use")

    def _terminate(self, arguments: Arguments) -> None:
        for id_ in arguments["InstanceIds"]:
            if self.instances[id_].state != "terminated":
                self._change(self.instances[id_], state="shutting-down")

    def _delete_interface(self, arguments: Arguments) -> None:
        interface = self.interfaces.get(arguments["NetworkInterfaceId"])
        if interface is not None:
            assert not interface.attachment
            del self.interfaces[interface.id]

    def _delete_volume(self, arguments: Arguments) -> None:
        volume = self.volumes.get(arguments["VolumeId"])
        if volume is not None:
            assert not volume.attachment
            del self.volumes[volume.id]

    def _modify_volume(self, arguments: Arguments) -> None:
        volume = self.volumes[arguments["VolumeId"]]
        names = {"Size": "size", "VolumeType": "type", "Iops": "iops", "Throughput": "throughput"}
        self._change(volume, **{names[key]: value for key, value in arguments.items() if key in names})

    def _modify_interface(self, arguments: Arguments) -> None:
        interface = self.interfaces.get(arguments["NetworkInterfaceId"])
        if interface and "SourceDestCheck" in arguments:
            self._change(interface, source_dest_check=arguments["SourceDestCheck"]["Value"])
        elif interface and "Groups" in arguments:
            self._change(interface, groups=tuple(arguments["Groups"]))
        elif interface and interface.attachment:
            self._change(interface, attachment=dataclasses.replace(interface.attachment, delete_on_termination=False))

    def _modify_instance(self, arguments: Arguments) -> None:
        (device,) = arguments["BlockDeviceMappings"]
        for volume in list(self.volumes.values()):
            attached = volume.attachment
            if attached and (attached.instance_id, attached.place) == (arguments["InstanceId"], device["DeviceName"]):
                self._change(volume, attachment=dataclasses.replace(attached, delete_on_termination=False))

    def _create_tags(self, arguments: Arguments) -> None:
        for thing in self._named(arguments):
            self._change(thing, tags={**thing.tags, **from_aws(arguments["Tags"])})

    def _delete_tags(self, arguments: Arguments) -> None:
        keys = {tag["Key"] for tag in arguments["Tags"]}
        for thing in self._named(arguments):
            self._change(thing, tags={key: value for key, value in thing.tags.items() if key not in keys})

    def _named(self, arguments: Arguments) -> list[t.Any]:
        everything: dict[str, t.Any] = {**self.interfaces, **self.volumes, **self.instances}
        return [everything[id_] for id_ in arguments["Resources"] if id_ in everything]

    def _create_group(self, arguments: Arguments) -> None:
        tags = _tags(arguments, "placement-group")
        self.groups.setdefault(
            arguments["GroupName"], PlacementGroup(arguments["GroupName"], arguments["Strategy"], tags)
        )

    def _delete_group(self, arguments: Arguments) -> None:
        assert all(one.state == "terminated" for one in self.instances.values())
        self.groups.pop(arguments["GroupName"], None)


def _tags(arguments: Arguments, kind: str) -> dict[str, str]:
    found = [one["Tags"] for one in arguments["TagSpecifications"] if one["ResourceType"] == kind]
    return from_aws(found[0])
