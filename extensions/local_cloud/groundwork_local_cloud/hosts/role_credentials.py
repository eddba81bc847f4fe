# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The temporary credentials that an instance profile gives to an instance, issued by moto's STS.

So a call signed with them comes from ``arn:aws:sts::…:assumed-role/…`` here as well.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from moto.iam.models import iam_backends
from moto.sts.models import AssumedRole, sts_backends

from ..settings import ACCOUNT_ID, DEFAULT_REGION

DURATION = 6 * 3600  # seconds
RENEWED_BEFORE = timedelta(minutes=15)


class RoleCredentials:
    """Gives the credentials of a role by its name, the same ones until shortly before they expire."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._issued: dict[str, AssumedRole] = {}

    def __call__(self, role_name: str) -> Mapping[str, str]:
        """The credentials in the form of AssumeRole's answer."""
        with self._lock:
            issued = self._issued.get(role_name)
            if issued is None or issued.expiration.replace(tzinfo=UTC) - RENEWED_BEFORE < datetime.now(UTC):
                issued = self._issued[role_name] = _assume(role_name)
        return {
            "AccessKeyId": issued.access_key_id,
            "SecretAccessKey": issued.secret_access_key,
            "Token": issued.session_token,
            "Expiration": issued.expiration.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }


def _assume(role_name: str) -> AssumedRole:
    role = iam_backends[ACCOUNT_ID]["aws"].get_role(role_name)
    backend = sts_backends[ACCOUNT_ID]["aws"]
    return backend.assume_role(DEFAULT_REGION, "instance-profile", role.arn, "", DURATION, "")
