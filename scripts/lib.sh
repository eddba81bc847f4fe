# Shared by the scripts of this folder.
# shellcheck shell=bash

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=$ROOT/.cache
VENV=$CACHE/venv
export PATH=$VENV/bin:$PATH
export PYTHONPATH=$ROOT/extensions/local_cloud${PYTHONPATH:+:$PYTHONPATH}
export ANSIBLE_COLLECTIONS_PATH=$CACHE/dev
export GROUNDWORK_IMAGE_CACHE=$CACHE/image
export ANSIBLE_CONFIG=$ROOT/ansible.cfg
# Long enough not to be masked out of every message by chance; the local cloud takes any.
export AWS_ACCESS_KEY_ID=local-access-key AWS_SECRET_ACCESS_KEY=local-secret-key AWS_REGION=us-east-1
export AWS_DEFAULT_REGION=$AWS_REGION AWS_EC2_METADATA_DISABLED=true
unset AWS_PROFILE AWS_SESSION_TOKEN

say() { printf '\033[1m==> %s\033[0m\n' "$*"; }
die() { printf '\033[1;31m==> %s\033[0m\n' "$*" >&2; exit 1; }

local_cloud() { python -m groundwork_local_cloud "$@"; }
