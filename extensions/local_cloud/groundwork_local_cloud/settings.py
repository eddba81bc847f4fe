# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixed facts of the local cloud, and how moto is set up for it."""

from __future__ import annotations

import os

ACCOUNT_ID = "123456789012"
DEFAULT_REGION = "us-east-1"
LOOPBACK = "127.0.0.1"
DEFAULT_PORT = 4566
CONTROL_PREFIX = "/_local_cloud"

# Read by moto when it is imported. Without the managed policies AttachRolePolicy knows none of AWS's own.
MOTO_ENVIRONMENT = {
    "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
    "MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION": "true",
    "MOTO_ENABLE_KEYPAIR_VALIDATION": "true",
    "MOTO_ENABLE_AMI_VALIDATION": "true",
}


def configure_moto() -> None:
    """Switch on moto's own validation. Works whether moto has been imported already or not."""
    os.environ.update(MOTO_ENVIRONMENT)
    from moto import settings
    from moto.core.config import default_user_config

    settings.EC2_ENABLE_INSTANCE_TYPE_VALIDATION = True
    settings.ENABLE_KEYPAIR_VALIDATION = True
    settings.ENABLE_AMI_VALIDATION = True
    # moto runs functions in Docker containers unless told otherwise before the first function is made.
    default_user_config["lambda"] = {"use_docker": False}
