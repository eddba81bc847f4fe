#!/usr/bin/env bash
# The demonstration: an architecture on the local cloud, from the collection as it is shipped.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"

DEMO=$CACHE/demo
CLOUD=$DEMO/cloud
export GROUNDWORK_SSH_KEY=$DEMO/id_ed25519
export ANSIBLE_COLLECTIONS_PATH=$DEMO/collections:$CACHE/dev

# The tarball that Galaxy would get, installed where Ansible looks first.
install_collection() {
  say "Building and installing the collection"
  rm -rf "$DEMO/collections"
  ansible-galaxy collection build "$ROOT" --output-path "$DEMO" --force >/dev/null
  ansible-galaxy collection install "$DEMO"/groundwork-aws-*.tar.gz --no-deps --force -p "$DEMO/collections" >/dev/null
}

start_cloud() {
  local_cloud start --state-dir "$CLOUD"
  AWS_ENDPOINT_URL=$(python -c 'import json, sys; print(json.load(open(sys.argv[1]))["endpoint"])' "$CLOUD/cloud.json")
  export AWS_ENDPOINT_URL
  local_cloud status --state-dir "$CLOUD" | grep -q 'no hosts' || return 0
  die "The local cloud has no hosts here (the reason stands above), so there is no web page to show. Its API is at $AWS_ENDPOINT_URL"
}

show_address() { # PATH
  local address
  address=$(python - <<'PYTHON'
import boto3

running = [{"Name": "tag-key", "Values": ["groundwork:stack"]}, {"Name": "instance-state-name", "Values": ["running"]}]
reservations = boto3.client("ec2").describe_instances(Filters=running)["Reservations"]
print(next(i["PublicIpAddress"] for r in reservations for i in r["Instances"] if "PublicIpAddress" in i))
PYTHON
  )
  say "The page, as a browser gets it:"
  curl --silent --show-error --fail --max-time 10 "http://$address$1" || die "http://$address$1 does not answer."
  echo
  say "Open http://$address$1   (make demo-down ends the demonstration)"
}

up() {
  local architecture=$1 path=/ variables=()
  [ -f "$ROOT/playbooks/$architecture.yml" ] || die "There is no architecture '$architecture'. There are: \
$(cd "$ROOT/playbooks" && printf '%s ' *.yml | sed 's/[^ ]*_hosts.yml//; s/\.yml//g')"
  mkdir -p "$DEMO"
  [ -f "$GROUNDWORK_SSH_KEY" ] || ssh-keygen -q -t ed25519 -N '' -C groundwork-demo -f "$GROUNDWORK_SSH_KEY"
  if [ "$architecture" = dax_application ]; then
    say "Building the sample application"
    "$ROOT/tests/dotnet/build.sh" "$CACHE/dotnet"
    variables=(-e "@$CACHE/dotnet/variables.yml") path=/health
  fi
  install_collection
  start_cloud
  say "ansible-playbook groundwork.aws.$architecture"
  (cd "$DEMO" && ansible-playbook "groundwork.aws.$architecture" -i "$ROOT/inventories/local" "${variables[@]}") ||
    die "The playbook failed; its last message says why. The log of the local cloud: $CLOUD/cloud.log"
  show_address "$path"
}

down() {
  [ -d "$DEMO" ] || { say "There is no demonstration to stop."; return; }
  [ ! -x "$VENV/bin/python" ] || local_cloud stop --state-dir "$CLOUD"
  rm -rf "$DEMO"
  say "The demonstration is gone."
}

"$@"
