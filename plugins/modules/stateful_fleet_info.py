# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Module stateful_fleet_info."""

from __future__ import annotations

DOCUMENTATION = r"""
module: stateful_fleet_info
short_description: Stateful fleets with their slots, instances and volumes
version_added: 0.1.0
description:
  - Reads the fleets that M(groundwork.aws.stateful_fleet) has made, from their tags.
  - What is outdated cannot be told here, because nobody says what is wanted.
options:
  names:
    description: The fleets to read. If not set, all of the region; none if the list is empty.
    type: list
    elements: str
author:
  - groundwork.aws contributors (@groundwork-aws)
extends_documentation_fragment:
  - groundwork.aws._attributes.info
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
seealso:
  - module: groundwork.aws.stateful_fleet
"""

EXAMPLES = r"""
- name: Read all fleets
  groundwork.aws.stateful_fleet_info:
  register: fleets

- name: Every slot must be healthy
  ansible.builtin.assert:
    that: fleets.fleets | map(attribute='nodes') | flatten | rejectattr('state', 'equalto', 'healthy') | length == 0
"""

RETURN = r"""
fleets:
  description: The fleets, ordered by name. One that is asked for and does not exist is not in the list.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: The name of the fleet.
      type: str
      sample: events
    nodes:
      description:
        - The slots, ordered by number, as M(groundwork.aws.stateful_fleet) returns them, without C(outdated).
        - A slot is measured by the data volumes that it has had.
      type: list
      elements: dict
      sample:
        - slot: 1-us-east-1a
          node_id: 1
          fixed_address: 10.20.32.10
          interface_id: eni-0a1b2c3d4e5f67890
          instance_id: i-0a1b2c3d4e5f67890
          state: healthy
    kept_volumes:
      description: Data volumes of slots that are gone, as M(groundwork.aws.stateful_fleet) returns them.
      type: list
      elements: dict
      sample: []
"""

import dataclasses
import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..module_utils._core.errors import CoreError
from ..module_utils._fleet import marks
from ..module_utils._fleet.actual import Facts, Instance, Interface, State, Volume
from ..module_utils._fleet.resource import read_impaired, read_parts
from ..module_utils._fleet.view import view_of_existing


def fleets_of(state: State) -> list[dict[str, t.Any]]:
    """The fleets whose parts are in ``state``."""
    living = [one for one in state.instances if one.is_alive]
    parts: list[Interface | Volume | Instance] = [*state.interfaces, *state.volumes, *living]
    fleets = []
    for name in sorted({part.tags[marks.FLEET] for part in parts}):
        own = State(
            interfaces=tuple(one for one in state.interfaces if one.tags[marks.FLEET] == name),
            volumes=tuple(one for one in state.volumes if one.tags[marks.FLEET] == name),
            instances=tuple(one for one in state.instances if one.tags[marks.FLEET] == name),
            facts=state.facts,
        )
        fleets.append({"name": name, **view_of_existing(own)})
    return fleets


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec={"names": {"type": "list", "elements": "str"}},
        supports_check_mode=True,
    )
    names, client = module.params["names"], module.client("ec2")
    if names == []:
        module.exit_json(changed=False, fleets=[])  # an empty filter would be refused by AWS
    wanted = {"Name": f"tag:{marks.FLEET}", "Values": names} if names else {"Name": "tag-key", "Values": [marks.FLEET]}
    try:
        state = read_parts(client, [wanted])
        state = dataclasses.replace(state, facts=Facts(impaired=read_impaired(client)))
    except CoreError as error:
        module.fail_json(msg=error.message, **error.details)
    module.exit_json(changed=False, fleets=fleets_of(state))


if __name__ == "__main__":
    main()
