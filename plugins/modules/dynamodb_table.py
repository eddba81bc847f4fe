# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Module dynamodb_table."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynamodb_table
short_description: Create, change and delete DynamoDB tables
version_added: 0.1.0
description:
  - Creates a DynamoDB table with everything that belongs to it, changes what can be changed on one that exists, and
    deletes it.
  - On a table that exists, an option that is not set leaves what it stands for as it is. The exception is
    O(sse_enabled), which is on by default.
  - The keys of a table and its local secondary indexes cannot be changed. Where they differ, nothing is changed and
    every difference is reported.
  - AWS makes one change of a table at a time. The module makes them one after the other, the creation of indexes last,
    and takes up where an interrupted run has stopped.
  - Replicas of a table in other regions (global tables) are left as they are.
  - AWS makes a last backup of a table with point-in-time recovery when it is deleted, and keeps it for 35 days.
options:
  state:
    description: Whether the table should exist.
    type: str
    choices: [present, absent]
    default: present
  name:
    description: The name of the table.
    type: str
    required: true
    aliases: [table_name]
  hash_key_name:
    description: The attribute that is the partition key. Required when the table is created.
    type: str
    aliases: [hash_key, partition_key, partition_key_name]
  hash_key_type:
    description: The type of the partition key. V(STRING) when the table is created, if not set.
    type: str
    choices: [STRING, NUMBER, BINARY, S, N, B]
    aliases: [partition_key_type]
  range_key_name:
    description: The attribute that is the sort key, if the table has one.
    type: str
    aliases: [range_key, sort_key, sort_key_name]
  range_key_type:
    description: The type of the sort key. V(STRING) when the table is created, if not set.
    type: str
    choices: [STRING, NUMBER, BINARY, S, N, B]
    aliases: [sort_key_type]
  billing_mode:
    description:
      - V(PAY_PER_REQUEST) is paid by the request, V(PROVISIONED) by the hour and capacity unit.
      - V(PAY_PER_REQUEST) when the table is created, if not set.
    type: str
    choices: [PAY_PER_REQUEST, PROVISIONED]
  read_capacity:
    description:
      - Read capacity units of a V(PROVISIONED) table. Required for a new one and for the change to V(PROVISIONED),
        unless O(autoscaling.read) is set, which then gives its smallest.
      - With O(autoscaling.read), only the capacity at the start. From then on it is left to Application Auto Scaling.
    type: int
  write_capacity:
    description: The same for write capacity units and O(autoscaling.write).
    type: int
  autoscaling:
    description:
      - Lets Application Auto Scaling change the capacity, so that a share of it is in use.
      - When set, what is left out is not scaled, and an empty dictionary ends all scaling.
    type: dict
    suboptions: &autoscaling
      read:
        description: How the capacity for reading is scaled.
        type: dict
        suboptions: &scaling
          min_capacity:
            description: The fewest capacity units.
            type: int
            required: true
          max_capacity:
            description: The most capacity units.
            type: int
            required: true
          target_utilization:
            description: The share of the capacity that should be in use, in percent from 20 to 90.
            type: int
            default: 70
          scale_in_cooldown:
            description: Seconds between two decreases.
            type: int
            default: 0
          scale_out_cooldown:
            description: Seconds between two increases.
            type: int
            default: 0
      write:
        description: How the capacity for writing is scaled.
        type: dict
        suboptions: *scaling
  global_secondary_indexes:
    description:
      - The global secondary indexes that the table should have. One that is not listed is deleted.
      - AWS can change the capacity of an index, but neither its keys nor its projection. An index that differs in these
        is deleted and created again under its name, and cannot be queried in between.
      - Adding an index takes about ten minutes even on an empty table.
    type: list
    elements: dict
    suboptions:
      name:
        description: The name of the index.
        type: str
        required: true
      hash_key_name:
        description: The attribute that is the partition key of the index.
        type: str
        required: true
        aliases: [hash_key, partition_key, partition_key_name]
      hash_key_type:
        description: Its type.
        type: str
        choices: [STRING, NUMBER, BINARY, S, N, B]
        default: STRING
        aliases: [partition_key_type]
      range_key_name:
        description: The attribute that is the sort key of the index, if it has one.
        type: str
        aliases: [range_key, sort_key, sort_key_name]
      range_key_type:
        description: The type of the sort key.
        type: str
        choices: [STRING, NUMBER, BINARY, S, N, B]
        default: STRING
        aliases: [sort_key_type]
      projection_type:
        description: Which attributes of the table the index holds besides the keys.
        type: str
        choices: [ALL, KEYS_ONLY, INCLUDE]
        default: ALL
      non_key_attributes:
        description: The attributes to hold, where C(projection_type) is V(INCLUDE).
        type: list
        elements: str
        default: []
      read_capacity:
        description: Read capacity units of the index of a V(PROVISIONED) table. Those of the table, if not set.
        type: int
      write_capacity:
        description: Write capacity units of the index of a V(PROVISIONED) table. Those of the table, if not set.
        type: int
      autoscaling:
        description:
          - Lets Application Auto Scaling change the capacity of the index.
          - When set, what is left out is not scaled, and an empty dictionary ends all scaling.
        type: dict
        suboptions: *autoscaling
  local_secondary_indexes:
    description: The local secondary indexes. They can be given only when the table is created.
    type: list
    elements: dict
    suboptions:
      name:
        description: The name of the index.
        type: str
        required: true
      range_key_name:
        description: The attribute that is the sort key of the index.
        type: str
        required: true
        aliases: [range_key, sort_key, sort_key_name]
      range_key_type:
        description: The type of the sort key.
        type: str
        choices: [STRING, NUMBER, BINARY, S, N, B]
        default: STRING
        aliases: [sort_key_type]
      projection_type:
        description: Which attributes of the table the index holds besides the keys.
        type: str
        choices: [ALL, KEYS_ONLY, INCLUDE]
        default: ALL
      non_key_attributes:
        description: The attributes to hold, where C(projection_type) is V(INCLUDE).
        type: list
        elements: str
        default: []
  sse_enabled:
    description:
      - Whether the table is encrypted with a KMS key of the account. V(false) leaves it with a key that AWS owns, which
        nobody can look at or forbid the use of.
    type: bool
    default: true
  kms_key_id:
    description:
      - The KMS key of the table, as key ID, key ARN, alias or alias ARN. V(alias/aws/dynamodb) is the AWS managed key.
      - If not set, the key of a table that is encrypted with one is left as it is, and any other gets the AWS managed
        key.
      - AWS allows four changes of the encryption in 24 hours, then one in six hours.
    type: str
  stream_view_type:
    description:
      - What the stream of changes shows of an item. V(DISABLED) is no stream.
      - When the view type changes, the old stream ends and a new one with another ARN begins.
    type: str
    choices: [KEYS_ONLY, NEW_IMAGE, OLD_IMAGE, NEW_AND_OLD_IMAGES, DISABLED]
  point_in_time_recovery:
    description: Whether the table can be restored to any second of the recovery period.
    type: bool
  recovery_period_in_days:
    description: Length of the recovery period, 1 to 35 days. 35 when recovery is turned on, if not set.
    type: int
  ttl_attribute:
    description:
      - The attribute that holds the time, in seconds since 1970, after which AWS deletes an item. An empty string turns
        this off.
      - AWS allows one change in an hour, and another attribute only after it was turned off.
    type: str
  deletion_protection:
    description:
      - Whether AWS refuses to delete the table.
      - With O(state=absent), a protected table is refused unless this is V(false), which takes the protection away.
    type: bool
  table_class:
    description:
      - V(STANDARD_INFREQUENT_ACCESS) costs less for storage and more for requests.
        AWS allows two changes in 30 days.
    type: str
    choices: [STANDARD, STANDARD_INFREQUENT_ACCESS]
  tags:
    description: The tags of the table. If not set, tags are left as they are.
    type: dict
    aliases: [resource_tags]
  purge_tags:
    description: Whether tags that are not in O(tags) are removed, when O(tags) is set.
    type: bool
    default: true
  wait:
    description:
      - Whether to wait until all is done. If V(false), the module returns when it could go on only after waiting;
        running it again goes on from there.
    type: bool
    default: true
  wait_timeout:
    description: How long to wait for everything together, in seconds.
    type: int
    default: 1800
author:
  - groundwork.aws contributors (@groundwork-aws)
extends_documentation_fragment:
  - groundwork.aws._attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
seealso:
  - module: amazon.aws.kms_key
  - module: community.aws.dynamodb_table
  - name: Service, account and table quotas in Amazon DynamoDB
    description: The AWS documentation.
    link: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
"""

EXAMPLES = r"""
- name: A table under our own key, which can be restored and cannot be deleted by mistake
  groundwork.aws.dynamodb_table:
    name: Widgets
    hash_key_name: pk
    range_key_name: sk
    kms_key_id: "{{ key_arn }}"
    point_in_time_recovery: true
    deletion_protection: true
    tags:
      Environment: production

- name: Find items by colour, follow changes, forget old items
  groundwork.aws.dynamodb_table:
    name: Widgets
    global_secondary_indexes:
      - name: by-colour
        hash_key_name: colour
        range_key_name: created
        range_key_type: NUMBER
        projection_type: KEYS_ONLY
    stream_view_type: NEW_AND_OLD_IMAGES
    ttl_attribute: expires

- name: Provisioned capacity that follows the load
  groundwork.aws.dynamodb_table:
    name: Orders
    hash_key_name: id
    billing_mode: PROVISIONED
    autoscaling:
      read: {min_capacity: 5, max_capacity: 100}
      write: {min_capacity: 5, max_capacity: 50, target_utilization: 60}

- name: Delete a table that is protected
  groundwork.aws.dynamodb_table:
    name: Widgets
    state: absent
    deletion_protection: false
"""

RETURN = r"""
table:
  description: The table. Null when absent.
  returned: always
  type: dict
  contains:
    name:
      description: The name.
      type: str
      sample: Widgets
    arn:
      description: The ARN.
      type: str
      sample: arn:aws:dynamodb:us-east-1:123456789012:table/Widgets
    id:
      description: The id, which another table of the same name would not have.
      type: str
      sample: 0f3b1c62-8c8f-4f6e-9d7a-2f1f0a3c9e55
    status:
      description: The status.
      type: str
      sample: ACTIVE
    hash_key_name:
      description: The partition key.
      type: str
      sample: pk
    hash_key_type:
      description: V(S), V(N) or V(B).
      type: str
      sample: S
    range_key_name:
      description: The sort key, if any.
      type: str
      sample: sk
    range_key_type:
      description: V(S), V(N) or V(B), if there is a sort key.
      type: str
      sample: S
    billing_mode:
      description: V(PAY_PER_REQUEST) or V(PROVISIONED).
      type: str
      sample: PAY_PER_REQUEST
    read_capacity:
      description: Read capacity units; 0 if paid by the request.
      type: int
      sample: 0
    write_capacity:
      description: Write capacity units; 0 if paid by the request.
      type: int
      sample: 0
    global_secondary_indexes:
      description: The global secondary indexes by name.
      type: list
      elements: dict
      sample:
        - name: by-colour
          status: ACTIVE
          keys:
            - {name: colour, type: S, role: HASH}
          projection_type: ALL
          non_key_attributes: []
          read_capacity: 0
          write_capacity: 0
    local_secondary_indexes:
      description: The local secondary indexes by name, as the global ones but without status and capacity.
      type: list
      elements: dict
      sample: []
    sse_description:
      description: The encryption. Null if AWS owns the key.
      type: dict
      contains:
        kms_key_arn:
          description: The ARN of the key.
          type: str
          sample: arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab
        status:
          description: V(ENABLED), or V(UPDATING) while it is being changed.
          type: str
          sample: ENABLED
    stream_view_type:
      description: What the stream shows. Null without a stream.
      type: str
      sample: NEW_AND_OLD_IMAGES
    latest_stream_arn:
      description: The ARN of the stream, or of the last one that there was.
      type: str
      sample: arn:aws:dynamodb:us-east-1:123456789012:table/Widgets/stream/2026-01-02T03:04:05.678
    table_class:
      description: The table class.
      type: str
      sample: STANDARD
    deletion_protection:
      description: Whether AWS refuses to delete the table.
      type: bool
      sample: true
    point_in_time_recovery:
      description: Point-in-time recovery.
      returned: when O(point_in_time_recovery) is set
      type: dict
      sample: {"enabled": true, "recovery_period_in_days": 35}
    time_to_live:
      description: Which attribute tells when an item expires.
      returned: when O(ttl_attribute) is set
      type: dict
      sample: {"status": "ENABLED", "attribute": "expires"}
    autoscaling:
      description: What Application Auto Scaling scales, by resource and dimension.
      returned: when O(autoscaling) or that of an index is set
      type: list
      elements: dict
      sample:
        - resource_id: table/Orders
          dimension: dynamodb:table:ReadCapacityUnits
          min_capacity: 5
          max_capacity: 100
          target_utilization: 70
          scale_in_cooldown: 0
          scale_out_cooldown: 0
          policy_name: DynamoDBReadCapacityUtilization:table/Orders
    tags:
      description: All tags.
      returned: when O(tags) is set
      type: dict
      sample: {"Environment": "production"}
actions:
  description: What was done, or would be done first in check mode.
  returned: always
  type: list
  elements: str
  sample: ["create the table Widgets"]
"""

import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..module_utils._core.runner import run
from ..module_utils._dynamodb.api import Clients
from ..module_utils._dynamodb.resource import DynamoDbTable
from ..module_utils._dynamodb.wanted import wanted_of

KEY_TYPES = ["STRING", "NUMBER", "BINARY", "S", "N", "B"]


def _key(prefix: str, synonym: str, **more: t.Any) -> dict[str, t.Any]:
    name = {"type": "str", "aliases": [f"{prefix}_key", f"{synonym}_key", f"{synonym}_key_name"]}
    kind = {"type": "str", "choices": KEY_TYPES, "aliases": [f"{synonym}_key_type"]}
    return {
        # Names of attributes, not secrets, whatever their options' names suggest.
        f"{prefix}_key_name": {**name, **more.get("name", {}), "no_log": False},
        f"{prefix}_key_type": {**kind, **more.get("type", {}), "no_log": False},
    }


def _autoscaling() -> dict[str, t.Any]:
    scaled = {
        "type": "dict",
        "options": {
            "min_capacity": {"type": "int", "required": True},
            "max_capacity": {"type": "int", "required": True},
            "target_utilization": {"type": "int", "default": 70},
            "scale_in_cooldown": {"type": "int", "default": 0},
            "scale_out_cooldown": {"type": "int", "default": 0},
        },
    }
    return {"type": "dict", "options": {"read": scaled, "write": scaled}}


def _projection() -> dict[str, t.Any]:
    return {
        "name": {"type": "str", "required": True},
        "projection_type": {"type": "str", "choices": ["ALL", "KEYS_ONLY", "INCLUDE"], "default": "ALL"},
        "non_key_attributes": {"type": "list", "elements": "str", "default": [], "no_log": False},
    }


def _capacity() -> dict[str, t.Any]:
    return {"read_capacity": {"type": "int"}, "write_capacity": {"type": "int"}, "autoscaling": _autoscaling()}


def _indexes() -> dict[str, t.Any]:
    named, typed = {"required": True}, {"default": "STRING"}
    hash_key, sort_key = _key("hash", "partition", name=named, type=typed), _key("range", "sort", type=typed)
    required_sort_key = _key("range", "sort", name=named, type=typed)
    return {
        "global_secondary_indexes": {
            "type": "list",
            "elements": "dict",
            "options": {**_projection(), **hash_key, **sort_key, **_capacity()},
        },
        "local_secondary_indexes": {
            "type": "list",
            "elements": "dict",
            "options": {**_projection(), **required_sort_key},
        },
    }


def _argument_spec() -> dict[str, t.Any]:
    views = ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES", "DISABLED"]
    return {
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "name": {"type": "str", "required": True, "aliases": ["table_name"]},
        **_key("hash", "partition"),
        **_key("range", "sort"),
        "billing_mode": {"type": "str", "choices": ["PAY_PER_REQUEST", "PROVISIONED"]},
        **_capacity(),
        **_indexes(),
        "sse_enabled": {"type": "bool", "default": True},
        "kms_key_id": {"type": "str", "no_log": False},
        "stream_view_type": {"type": "str", "choices": views},
        "point_in_time_recovery": {"type": "bool"},
        "recovery_period_in_days": {"type": "int"},
        "ttl_attribute": {"type": "str"},
        "deletion_protection": {"type": "bool"},
        "table_class": {"type": "str", "choices": ["STANDARD", "STANDARD_INFREQUENT_ACCESS"]},
        "tags": {"type": "dict", "aliases": ["resource_tags"]},
        "purge_tags": {"type": "bool", "default": True},
        "wait": {"type": "bool", "default": True},
        "wait_timeout": {"type": "int", "default": 1800},
    }


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(argument_spec=_argument_spec(), supports_check_mode=True)
    wanted = wanted_of(module.params)
    run(module, lambda: DynamoDbTable(Clients(module.client), wanted, foresee=module.check_mode))


if __name__ == "__main__":
    main()
