#!/usr/bin/env bash
# Set up what the demonstration and the tests need. Quick when everything is there already.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"

# For the hosts of the local cloud, for the virtual environment, and for the commands that the playbooks call.
PACKAGES=(
  ca-certificates curl dnsmasq-base e2fsprogs git iproute2 mmdebstrap mono-mcs nftables openssh-client
  python3-venv shellcheck systemd-container util-linux xfsprogs
)
# Node.js is often installed from elsewhere; its Debian packages would be in the way then.
command -v npm >/dev/null || PACKAGES+=(npm)

install_packages() {
  local missing=()
  mapfile -t missing < <(comm -23 <(printf '%s\n' "${PACKAGES[@]}" | sort) \
    <(dpkg-query -W -f '${Package} ${db:Status-Status}\n' 2>/dev/null | awk '$2 == "installed" {print $1}' | sort -u))
  [ ${#missing[@]} -eq 0 ] && return
  if [ "$(id -u)" -ne 0 ]; then
    say "Not root, so these Debian packages are not installed: ${missing[*]}. The local cloud will have no hosts."
    return
  fi
  say "Installing Debian packages: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get -qq update && apt-get -qq install --no-install-recommends -y "${missing[@]}"; } >"$CACHE/apt.log" 2>&1 ||
    { tail -n 20 "$CACHE/apt.log" >&2; die "The Debian packages could not be installed (see $CACHE/apt.log)."; }
}

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3.11 python3.12 python3.13 python3; do
    [ -n "$candidate" ] || continue
    "$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null &&
      { command -v "$candidate"; return; }
  done
  die "Python 3.11, 3.12 or 3.13 with venv is needed; set PYTHON to one."
}

make_venv() {
  local stamp
  stamp=$(sha256sum "$ROOT/requirements-dev.txt" | cut -d' ' -f1)
  [ "$(cat "$VENV/.stamp" 2>/dev/null)" = "$stamp" ] && return
  say "Making the virtual environment .cache/venv (about half a minute)"
  rm -rf "$VENV"
  "$(find_python)" -m venv "$VENV"
  "$VENV/bin/pip" --disable-pip-version-check -q install -r "$ROOT/requirements-dev.txt"
  echo "$stamp" >"$VENV/.stamp"
}

# The tree in which Ansible finds this repository as groundwork.aws, beside the collections of the package "ansible".
lay_out_collections() {
  local tree=$CACHE/dev/ansible_collections packaged namespace
  [ -d "$tree/groundwork/aws" ] && [ -d "$tree/amazon" ] && return
  packaged=$("$VENV/bin/python" -c 'import ansible_collections as a; print(list(a.__path__)[0])')
  mkdir -p "$tree/groundwork"
  ln -sfn "$ROOT" "$tree/groundwork/aws"
  for namespace in amazon ansible community; do ln -sfn "$packaged/$namespace" "$tree/$namespace"; done
}

mkdir -p "$CACHE"
exec 9>"$CACHE/setup.lock"
flock 9
install_packages
make_venv
lay_out_collections
[ "$(id -u)" -eq 0 ] || exit 0
local_cloud build-image
