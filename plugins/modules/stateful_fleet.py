# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Module stateful_fleet."""

from __future__ import annotations

DOCUMENTATION = r"""
module: stateful_fleet
short_description: Instances with fixed addresses and data volumes that outlive them
version_added: 0.1.0
description:
  - A stateful fleet is a set of slots, spread evenly over zones. A slot is an identity, a secondary network interface
    with a fixed private address and its data volumes. An instance is a body that the slot can change.
  - Slots are made in rows, one in each zone. Their numbers go through the rows, so that a further row leaves those of
    the others as they are. The numbers are dense, begin with 1, and are not given to another slot while theirs lives.
  - The slot's interface is attached at device index 1. The address of the instance itself is any other of the subnet.
  - All instances of a zone are launched by one call. Everything is made at once as far as EC2's documented request
    limits allow; the module waits before a call that EC2 would refuse. It does not know what others use up in the
    account.
  - A run can be interrupted anywhere. The next one finds everything again by tags and by what is attached to what, and
    goes on. Nothing is made twice. Two runs at once for one fleet are not expected.
  - An interface is never taken from an instance that lives. Data volumes are deleted only with O(delete_data).
  - An instance that is terminated, or fails its status checks, leaves a slot that is RV(nodes[].state=missing) or
    V(degraded). It gets another one only with O(heal), one slot at a time.
  - What cannot be changed on a running instance (image, type, key pair, instance profile, user data, the key of a
    volume) is told in RV(nodes[].outdated) and is not acted on.
  - Size, type, IOPS and throughput of data volumes are changed in place. AWS lets a volume be changed again only when
    the last modification has ended, and four times in 24 hours; formerly once in six hours. A file system has to be
    grown afterwards.
  - Bodies require session tokens for instance metadata (IMDSv2).
options:
  state:
    description:
      - With V(present), the fleet exists with all its slots. With V(absent), instances and interfaces are gone.
    type: str
    choices: [present, absent]
    default: present
  name:
    description:
      - The name of the fleet, in the region. It stands in tags, and is the beginning of the Name of everything.
    type: str
    required: true
  subnet_ids:
    description:
      - One subnet for each zone, usually three. Required with O(state=present).
      - The order gives the numbers of the slots and cannot be changed, nor can subnets be taken away.
        One can be added only while there is a single row.
    type: list
    elements: str
  rows:
    description: How many slots there are in each zone. Required with O(state=present).
    type: int
  image_id:
    description: The image of new instances. Required with O(state=present).
    type: str
  instance_type:
    description:
      - The type of new instances, which has to take two network interfaces. Required with O(state=present).
    type: str
  key_name:
    description: The key pair of new instances.
    type: str
  security_group_ids:
    description:
      - The security groups of both interfaces of each slot. If empty, AWS takes the default group of the VPC, and
        groups are left as they are.
    type: list
    elements: str
    default: []
  instance_profile:
    description: The name or the ARN of the instance profile of new instances.
    type: str
  root_volume:
    description: The root volume of new instances. It goes with its instance.
    type: dict
    default: {}
    suboptions:
      size:
        description: Size in GiB. If not set, that of the image.
        type: int
      type:
        description: The volume type.
        type: str
        default: gp3
      iops:
        description: I/O operations per second, for V(gp3), V(io1) and V(io2).
        type: int
      throughput:
        description: Throughput in MiB/s, for V(gp3).
        type: int
      encrypted:
        description: Whether the volume is encrypted.
        type: bool
        default: true
      kms_key_id:
        description: The key to encrypt with, as id, ARN or alias. If not set, the default key for EBS.
        type: str
  data_volumes:
    description:
      - The data volumes of each slot. They stay with the slot when the instance changes.
      - A volume that is added here is added to the slots that exist. One that is left out stays where it is.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: The name of the volume in its slot.
        type: str
        required: true
      device:
        description:
          - The device name of the attachment, V(/dev/sdf) to V(/dev/sdp). If not set, the first volume is V(/dev/sdf),
            the second V(/dev/sdg), and so on.
        type: str
      size:
        description: Size in GiB. It can grow.
        type: int
        required: true
      type:
        description: The volume type.
        type: str
        default: gp3
      iops:
        description: I/O operations per second, for V(gp3), V(io1) and V(io2).
        type: int
      throughput:
        description: Throughput in MiB/s, for V(gp3).
        type: int
      encrypted:
        description: Whether the volume is encrypted.
        type: bool
        default: true
      kms_key_id:
        description: The key to encrypt with, as id, ARN or alias. If not set, the default key for EBS.
        type: str
  instance_store:
    description:
      - Whether the data is on the instance store of O(instance_type), which has one, and not on O(data_volumes).
        It is lost with the instance.
    type: bool
    default: false
  first_host:
    description:
      - The number, in each subnet, of the address that the slot of the first row gets; the next row has the next
        address. AWS reserves the first four addresses and the last.
      - AWS takes the addresses of instances themselves from the same subnet, and might take those of later rows.
        A subnet CIDR reservation of type C(explicit) keeps them free.
    type: int
  addresses:
    description: The addresses of the slots, by subnet id, in the order of rows. An alternative to O(first_host).
    type: dict
  placement:
    description: Where AWS puts new instances.
    type: dict
    suboptions:
      strategy:
        description:
          - Create a placement group that has the name of the fleet, and delete it with the fleet.
          - V(spread) puts each instance on other hardware, at most seven in a zone.
        type: str
        choices: [spread, partition]
      partitions:
        description: The number of partitions in a zone, with O(placement.strategy=partition).
        type: int
      group_name:
        description: Use this placement group, which exists.
        type: str
  source_dest_check:
    description: Whether the slot's interface takes only packets from and to its own addresses.
    type: bool
    default: true
  user_data:
    description: The user data of new instances, up to 16 KiB.
    type: str
  tags:
    description: Further tags of everything that belongs to the fleet. Other tags are left as they are.
    type: dict
    default: {}
    aliases: [resource_tags]
  allow_shrink:
    description: Whether slots may be removed when O(rows) is smaller than before. The highest rows go.
    type: bool
    default: false
  heal:
    description:
      - Whether a slot gets another instance when its own is terminated, failed at its launch, or fails its status
        checks (it is then terminated first); and another data volume when its own was deleted.
      - One slot after the other, and none while a slot is under replacement.
    type: bool
    default: false
  delete_data:
    description:
      - Whether the data volumes of slots that are removed are deleted. If not, they are kept, carry the tag
        C(groundwork:fleet-kept), and are returned in RV(kept_volumes).
      - A slot of the same name takes them back when it is made again.
      - With O(state=absent), those that were kept earlier are deleted, too.
    type: bool
    default: false
  wait_timeout:
    description: How long to wait for AWS, in seconds.
    type: int
    default: 900
  max_in_flight:
    description: How many calls of each kind are made at once, at most 50. With V(1), one call is made after the other.
    type: int
    default: 10
author:
  - groundwork.aws contributors (@groundwork-aws)
extends_documentation_fragment:
  - groundwork.aws._attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
seealso:
  - module: groundwork.aws.stateful_fleet_info
  - module: amazon.aws.ec2_eni
  - name: Request throttling for the Amazon EC2 API
    description: The limits that the module keeps to.
    link: https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
"""

EXAMPLES = r"""
- name: Three brokers, each with a fixed address and a data volume
  groundwork.aws.stateful_fleet:
    name: events
    subnet_ids: "{{ zone_subnet_ids }}"
    rows: 1
    image_id: "{{ image_id }}"
    instance_type: r5.xlarge
    security_group_ids: ["{{ security_group_id }}"]
    first_host: 10
    data_volumes:
      - name: log
        size: 500
        type: st1
    tags:
      Environment: production
  register: brokers

- name: Six, with larger data volumes
  groundwork.aws.stateful_fleet:
    name: events
    subnet_ids: "{{ zone_subnet_ids }}"
    rows: 2
    image_id: "{{ image_id }}"
    instance_type: r5.xlarge
    security_group_ids: ["{{ security_group_id }}"]
    first_host: 10
    data_volumes:
      - name: log
        size: 1000
        type: st1
    heal: true

- name: Back to three; the volumes of the others are deleted
  groundwork.aws.stateful_fleet:
    name: events
    subnet_ids: "{{ zone_subnet_ids }}"
    rows: 1
    image_id: "{{ image_id }}"
    instance_type: r5.xlarge
    security_group_ids: ["{{ security_group_id }}"]
    first_host: 10
    data_volumes:
      - name: log
        size: 1000
        type: st1
    allow_shrink: true
    delete_data: true

- name: Remove the fleet and keep its data
  groundwork.aws.stateful_fleet:
    name: events
    state: absent
"""

RETURN = r"""
nodes:
  description: The slots, ordered by number. In check mode as they would be. Empty when absent.
  returned: always
  type: list
  elements: dict
  contains:
    slot:
      description: The name of the slot, its row and its zone.
      type: str
      sample: 1-us-east-1a
    node_id:
      description: The number of the slot.
      type: int
      sample: 1
    row:
      description: The row of the slot, from 1.
      type: int
      sample: 1
    zone:
      description: The availability zone.
      type: str
      sample: us-east-1a
    subnet_id:
      description: The subnet.
      type: str
      sample: subnet-0a1b2c3d4e5f67890
    fixed_address:
      description: The private address of the slot.
      type: str
      sample: 10.20.32.10
    interface_id:
      description: The network interface of the slot.
      type: str
      sample: eni-0a1b2c3d4e5f67890
    mac_address:
      description: The MAC address of that interface.
      type: str
      sample: 02:5c:66:0f:53:01
    instance_id:
      description: The instance, V(null) if there is none that lives.
      type: str
      sample: i-0a1b2c3d4e5f67890
    instance_state:
      description: The state of the instance.
      type: str
      sample: running
    primary_address:
      description: The private address of the instance itself.
      type: str
      sample: 10.20.32.87
    image_id:
      description: The image of the instance.
      type: str
      sample: ami-0a1b2c3d4e5f67890
    instance_type:
      description: The type of the instance.
      type: str
      sample: r5.xlarge
    partition:
      description: The partition of the placement group that the instance is in, if it has partitions.
      type: int
      sample: 2
    volumes:
      description: The data volumes of the slot, ordered by name.
      type: list
      elements: dict
      contains:
        name:
          description: The name of the volume in its slot.
          type: str
          sample: log
        id:
          description: The volume.
          type: str
          sample: vol-0a1b2c3d4e5f67890
        device:
          description: The device name of the attachment.
          type: str
          sample: /dev/sdf
        size:
          description: Size in GiB.
          type: int
          sample: 500
        type:
          description: The volume type.
          type: str
          sample: st1
        iops:
          description: I/O operations per second, if the type has such a setting.
          type: int
          sample: 3000
        throughput:
          description: Throughput in MiB/s, if the type has such a setting.
          type: int
          sample: 125
        encrypted:
          description: Whether the volume is encrypted.
          type: bool
          sample: true
        kms_key_id:
          description: The ARN of the key.
          type: str
          sample: arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab
        state:
          description: The state of the volume.
          type: str
          sample: in-use
    generation:
      description: How often the slot has got a new instance or a new data volume, from 1.
      type: int
      sample: 1
    replacement:
      description: The step that a replacement of the instance has reached, V(null) if there is none.
      type: str
      sample: null
    state:
      description:
        - V(healthy) if instance, interface and data volumes are there and attached; V(creating) on the way there.
        - V(missing) if the instance is gone, V(degraded) if something else is wrong; RV(nodes[].reasons) says what.
        - V(replacing) while the instance is being replaced.
      type: str
      sample: healthy
    reasons:
      description: Why the slot is not healthy.
      type: list
      elements: str
      sample: []
    outdated:
      description: What is not as it is asked for and cannot be changed in place.
      type: list
      elements: str
      sample: ["instance type: r5.xlarge, wanted r5.2xlarge"]
    tags:
      description: The further tags of the interface.
      type: dict
      sample: {"Environment": "production"}
kept_volumes:
  description: Data volumes of slots that are gone, with the name of the slot, and otherwise as in RV(nodes[].volumes).
  returned: always
  type: list
  elements: dict
  sample: []
plan:
  description: What was to be done about each slot that was not as it is asked for, and why.
  returned: always
  type: list
  elements: dict
  contains:
    slot:
      description: The slot.
      type: str
      sample: 2-us-east-1a
    action:
      description: V(create), V(complete), V(heal), V(remove), or V(none) where something is only reported.
      type: str
      sample: heal
    reason:
      description: Why.
      type: str
      sample: the instance i-0a1b2c3d4e5f67890 is terminated
actions:
  description: What was done, or would be done first in check mode.
  returned: always
  type: list
  elements: str
  sample: ["create the interface of the slot 1-us-east-1a with the address 10.20.32.10"]
"""

import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..module_utils._core.budget import Budget
from ..module_utils._core.errors import CoreError
from ..module_utils._core.pace import Deadline
from ..module_utils._fleet.lanes import converge
from ..module_utils._fleet.resource import StatefulFleet
from ..module_utils._fleet.view import decisions, view
from ..module_utils._fleet.wanted import MOST_AT_A_TIME, wanted_of

_VOLUME = {
    "type": {"type": "str", "default": "gp3"},
    "iops": {"type": "int"},
    "throughput": {"type": "int"},
    "encrypted": {"type": "bool", "default": True},
    "kms_key_id": {"type": "str"},
}
_PLACEMENT = {
    "strategy": {"type": "str", "choices": ["spread", "partition"]},
    "partitions": {"type": "int"},
    "group_name": {"type": "str"},
}


def _argument_spec() -> dict[str, t.Any]:
    data_volume = {
        "name": {"type": "str", "required": True},
        "device": {"type": "str"},
        "size": {"type": "int", "required": True},
        **_VOLUME,
    }
    return {
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "name": {"type": "str", "required": True},
        "subnet_ids": {"type": "list", "elements": "str"},
        "rows": {"type": "int"},
        "image_id": {"type": "str"},
        "instance_type": {"type": "str"},
        "key_name": {"type": "str", "no_log": False},
        "security_group_ids": {"type": "list", "elements": "str", "default": []},
        "instance_profile": {"type": "str"},
        "root_volume": {"type": "dict", "default": {}, "options": {"size": {"type": "int"}, **_VOLUME}},
        "data_volumes": {"type": "list", "elements": "dict", "default": [], "options": data_volume},
        "instance_store": {"type": "bool", "default": False},
        "first_host": {"type": "int"},
        "addresses": {"type": "dict"},
        "placement": {
            "type": "dict",
            "options": _PLACEMENT,
            "mutually_exclusive": [("strategy", "group_name")],
            "required_one_of": [("strategy", "group_name")],
        },
        "source_dest_check": {"type": "bool", "default": True},
        "user_data": {"type": "str"},
        "tags": {"type": "dict", "default": {}, "aliases": ["resource_tags"]},
        "allow_shrink": {"type": "bool", "default": False},
        "heal": {"type": "bool", "default": False},
        "delete_data": {"type": "bool", "default": False},
        "wait_timeout": {"type": "int", "default": 900},
        "max_in_flight": {"type": "int", "default": 10},
    }


def _run(module: AnsibleAWSModule) -> None:
    params = module.params
    width = params["max_in_flight"]
    if not 1 <= width <= MOST_AT_A_TIME:
        module.fail_json(msg=f"max_in_flight: 1 to {MOST_AT_A_TIME} are possible, not {width}")
    wanted = wanted_of(params)
    try:
        fleet = StatefulFleet(Budget().attach(module.client("ec2")), lambda: module.client("kms"), wanted)
        deadline = Deadline(params["wait_timeout"], fleet.pace)
        outcome = converge(fleet, check_mode=module.check_mode, deadline=deadline, width=width)
    except CoreError as error:
        module.fail_json(msg=error.message, **error.details)
    before, after = view(outcome.before, wanted), view(outcome.after, wanted)
    module.exit_json(
        changed=outcome.changed,
        actions=[step.summary for step in outcome.steps],
        plan=decisions(outcome.before, wanted),
        diff={"before": before, "after": after},
        **after,
    )


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec=_argument_spec(),
        supports_check_mode=True,
        mutually_exclusive=[("first_host", "addresses")],
        required_if=[
            ("state", "present", ("subnet_ids", "rows", "image_id", "instance_type")),
            ("state", "present", ("first_host", "addresses"), True),
        ],
    )
    _run(module)


if __name__ == "__main__":
    main()
