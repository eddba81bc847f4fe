# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils package is PRIVATE to the collection: it can change in any release.
"""A KMS key as its users need to know it: its ARN, and whether a service can encrypt with it."""

from __future__ import annotations

import dataclasses
import typing as t

from .calls import aws_call


@dataclasses.dataclass(frozen=True)
class Key:
    """A key as KMS describes it. ``asked`` is what the user wrote: a key id, an ARN or an alias.

    ``manager`` is AWS for the keys that a service makes for itself, CUSTOMER for all others.
    """

    asked: str
    arn: str = ""
    state: str = ""
    usage: str = ""
    spec: str = ""
    manager: str = ""

    def problems(self, option: str) -> list[str]:
        """Why AWS could not encrypt with this key; ``option`` names the module's option in the message."""
        if not self.arn:
            return [f"{option}: there is no KMS key {self.asked!r} in this account and region"]
        found = []
        if self.state != "Enabled":
            found.append(f"{option}: the KMS key {self.arn} is in the state {self.state}, it has to be Enabled")
        if (self.usage, self.spec) != ("ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT"):
            found.append(f"{option}: the KMS key {self.arn} is {self.spec} for {self.usage}, a symmetric key is needed")
        return found


@aws_call("describe the KMS key {KeyId}", absent=("NotFoundException",))
def _describe_key(client: t.Any, *, KeyId: str) -> dict[str, t.Any] | None:
    return t.cast("dict[str, t.Any]", client.describe_key(KeyId=KeyId)["KeyMetadata"])


def read_key(client: t.Any, asked: str) -> Key:
    """Look a key up by id, ARN or alias (KMS DescribeKey). A key that is not there has an empty ``arn``."""
    metadata = _describe_key(client, KeyId=asked)
    if metadata is None:
        return Key(asked)
    return Key(
        asked,
        arn=metadata["Arn"],
        state=metadata["KeyState"],
        usage=metadata["KeyUsage"],
        spec=metadata["KeySpec"],
        manager=metadata["KeyManager"],
    )
