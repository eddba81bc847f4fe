# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""The instances of one task: read together in few calls, planned one by one."""

from __future__ import annotations

import contextlib
import dataclasses
import time
import typing as t

from .._core.errors import CoreError
from .._core.kms import Key
from .._core.pace import Pace
from .._core.plan import Plan
from . import api
from .forecast import is_to_be_encrypted, will_stop
from .holder import is_dead, new_run_id
from .inquiry import inquire
from .journal import INSTANCE_TAG
from .locking import current_lock, release
from .model import Findings, Instance, Snapshot, State, Volume, Wanted, instance_of, snapshot_of, volume_of
from .plan import plan
from .refusals import problems


class Fleet:
    """Root volumes of some instances, on the way to what ``wanted`` says.

    ``client`` and ``kms`` are the clients of EC2 and KMS, ``key`` is the key as KMS knows it.
    """

    pace = Pace(longest=5.0)  # short, because most waiting is downtime

    def __init__(self, client: t.Any, kms: t.Any, wanted: Wanted, key: Key | None) -> None:
        self.client = client
        self._kms = kms
        self._wanted = wanted
        self._key = key
        self._run_id = new_run_id()
        self._findings: dict[str, Findings] = {}
        self._pictures: dict[str, tuple[State, int]] = {}
        self._locked_since: dict[str, float] = {}

    def read(self, names: t.Sequence[str]) -> dict[str, State]:
        """The state of every instance: five calls, however many instances there are.

        With the first reading come the findings about those that something is to be done to.
        """
        ids = list(names)
        instances = {one.id: one for one in map(instance_of, api.describe_instances(self.client, instance_ids=ids))}
        marked = api.describe_volumes(self.client, name=f"tag:{INSTANCE_TAG}", values=ids)
        attached = api.describe_volumes(self.client, name="attachment.instance-id", values=ids)
        volumes = {one.id: one for one in map(volume_of, [*attached, *marked])}
        found = api.describe_snapshots(self.client, name=f"tag:{INSTANCE_TAG}", values=ids)
        snapshots = [snapshot_of(answer) for answer in found]
        checks = self._checks(instances.values())
        states = {
            id_: self._state(id_, _with_checks(instances.get(id_), checks), volumes.values(), snapshots) for id_ in ids
        }
        unknown = [one for one in states.values() if one.id not in self._findings and self._is_to_be_touched(one)]
        if unknown:
            self._findings.update(inquire(self.client, self._kms, unknown, self._wanted))
        return {
            id_: dataclasses.replace(one, findings=self._findings.get(id_, Findings())) for id_, one in states.items()
        }

    def _is_to_be_touched(self, state: State) -> bool:
        if problems(state, self._wanted):
            return False
        is_new = self._wanted.state == "encrypted" and not state.journal and is_to_be_encrypted(state)
        return is_new or will_stop(state, self._wanted)

    def _checks(self, instances: t.Iterable[Instance]) -> dict[str, str]:
        """The worse of the two status checks, of those instances that run and are worked on."""
        asked = [one.id for one in instances if one.state == "running" and State(one.id, one).journal]
        answers = api.describe_status(self.client, InstanceIds=asked) if asked else []
        return {
            answer["InstanceId"]: next(
                (
                    answer[check]["Status"]
                    for check in ("SystemStatus", "InstanceStatus")
                    if answer[check]["Status"] != "ok"
                ),
                "ok",
            )
            for answer in answers
        }

    def _state(
        self, id_: str, instance: Instance | None, volumes: t.Iterable[Volume], snapshots: t.Iterable[Snapshot]
    ) -> State:
        state = State(
            id=id_,
            instance=instance,
            volumes=tuple(one for one in volumes if id_ in (one.instance_id, one.tags.get(INSTANCE_TAG))),
            snapshots=tuple(one for one in snapshots if one.tags.get(INSTANCE_TAG) == id_),
            key=self._key,
            run_id=self._run_id,
        )
        now = int(time.time())
        seen, moment = self._pictures.get(id_, (None, now))
        moment = moment if seen == state else now
        self._pictures[id_] = (state, moment)
        lock = current_lock(state)
        return dataclasses.replace(
            state,
            moment=moment,
            now=now,
            other_holder_is_dead=bool(lock and is_dead(lock[0], self._run_id)),
            lock_age=self._age_of_lock(id_, bool(lock and lock[0] == self._run_id)),
        )

    def _age_of_lock(self, id_: str, is_mine: bool) -> float:
        if not is_mine:
            self._locked_since.pop(id_, None)
            return 0.0
        return time.monotonic() - self._locked_since.setdefault(id_, time.monotonic())

    def plan(self, state: State) -> Plan[State]:
        return plan(state, self._wanted)

    def abandon(self, name: str) -> None:
        """Give the lock back after a failure, so that the next run need not wait. If that fails, too, it gets old."""
        with contextlib.suppress(CoreError):
            unlocking = release(self.read([name])[name])
            if unlocking:
                unlocking.apply(self.client)


def _with_checks(instance: Instance | None, checks: dict[str, str]) -> Instance | None:
    return dataclasses.replace(instance, checks=checks.get(instance.id, "")) if instance else None
