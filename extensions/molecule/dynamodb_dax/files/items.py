# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of the table: ``items.py put|get TABLE ITEM``, the item as DynamoDB writes it, in JSON."""

from __future__ import annotations

import json
import sys

import boto3

action, table, text = sys.argv[1:]
client, item = boto3.client("dynamodb"), json.loads(text)
if action == "put":
    client.put_item(TableName=table, Item=item)
else:
    key = {name: item[name] for name in ("pk", "sk")}
    print(json.dumps(client.get_item(TableName=table, Key=key, ConsistentRead=True)["Item"]))
