# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The public parameters of Systems Manager that name Debian's images, beside those of Amazon Linux that moto has."""

from __future__ import annotations

from typing import Any

from moto.core.utils import utcnow
from moto.ssm.models import Parameter, ParameterDict

from .images import DEBIAN_ARCHITECTURES, DEBIAN_BUILD, debian_image_id

DEBIAN_TREE = "/aws/service/debian/release/12"

_check_loading_status = ParameterDict._check_loading_status


def _load_when_asked(parameters: Any, key: str) -> None:
    _check_loading_status(parameters, key)
    if not str(key or "").startswith("/aws/service/debian"):
        return
    for architecture in DEBIAN_ARCHITECTURES:
        for build in ("latest", DEBIAN_BUILD):
            name = f"{DEBIAN_TREE}/{build}/{architecture}"
            if not dict.__contains__(parameters, name):
                dict.__setitem__(parameters, name, [_parameter(parameters, name, architecture)])


def _parameter(parameters: Any, name: str, architecture: str) -> Parameter:
    return Parameter(
        account_id=parameters.account_id,
        name=name,
        value=debian_image_id(parameters.region_name, architecture),
        parameter_type="String",
        description=None,
        allowed_pattern=None,
        keyid=None,
        last_modified_date=utcnow(),
        version=1,
        data_type="aws:ec2:image",
    )


ParameterDict._check_loading_status = _load_when_asked  # moto loads its own here too
