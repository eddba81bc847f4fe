#!/usr/bin/env bash
# The tests, by part or (without an argument) all of them, quick ones first.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"
cd "$ROOT"

run_unit() {
  say "Unit tests"
  python -m pytest tests/unit
}

run_cloud() {
  say "The local cloud's own tests"
  cd extensions/local_cloud
  python -m pytest -n 2 tests/ec2 tests/services tests/kms tests/dax tests/dynamodb
  python -m pytest tests/platform
  python -m pytest tests/hosts_net tests/hosts
  cd "$ROOT"
}

run_modules() {
  say "Modules on the local cloud"
  python -m pytest -n 2 tests/integration/modules
}

run_roles() {
  say "Permissions of the roles"
  python -m pytest tests/integration/roles
}

run_playbooks() {
  say "Playbooks on the local cloud"
  python -m pytest tests/integration/playbooks
}

run_integration() {
  run_modules
  run_roles
  run_playbooks
}

run_crash() {
  say "Crash sweep"
  python -m pytest -n 2 tests/crash
}

run_molecule() {
  local scenario
  cd "$ROOT"
  for scenario in ${SCENARIO:-$(cd extensions/molecule && printf '%s\n' */molecule.yml | xargs -n1 dirname)}; do
    say "molecule: $scenario"
    molecule test -s "$scenario"
  done
  cd "$ROOT"
}

# The modules under the oldest and the newest supported ansible-core; everything else runs under the one in between, which
# setup.sh installs. Each wants its own Python: 2.20 does not run on that of Debian 12.
run_cores() {
  local core python venv
  for core in ${CORES:-2.17 2.20}; do
    python=$(core_python "$core") || { say "ansible-core $core: no Python for it on this machine, not run"; continue; }
    venv=$CACHE/cores/$core
    say "ansible-core $core with $("$python" --version)"
    if [ ! -f "$venv/.stamp" ]; then
      "$python" -m venv "$venv"
      "$venv/bin/pip" --disable-pip-version-check -q install "ansible-core==$core.*" 'boto3>=1.44' 'moto[server]>=5.2.5' pytest hypothesis
      touch "$venv/.stamp"
    fi
    "$venv/bin/python" -m pytest tests/unit tests/integration/modules -m 'not hosts'
  done
}

core_python() {
  local candidate wanted="(3, 11)"
  [ "$1" != 2.20 ] || wanted="(3, 12)"
  for candidate in python3.11 python3.12 python3.13 python3; do
    "$candidate" -c "import sys, venv, ensurepip; sys.exit(not $wanted <= sys.version_info < (3, 13))" 2>/dev/null &&
      { command -v "$candidate"; return; }
  done
  return 1
}

run_bench() {
  python -m pytest tests/bench -s
}

run_docs() {
  python scripts/generate_docs.py
}

run_sanity() {
  scripts/sanity.sh
}

# Three lanes on two cores: much of the time goes into waiting for hosts.
run_all() {
  local lane
  local -A pids
  scripts/lint.sh
  run_unit
  for lane in roles playbooks; do
    say "In the background: $lane ($CACHE/lane-$lane.log)"
    "$0" "lane_$lane" >"$CACHE/lane-$lane.log" 2>&1 &
    pids[$lane]=$!
  done
  run_cloud
  run_modules
  for lane in roles playbooks; do
    say "Waiting for $lane"
    wait "${pids[$lane]}" || { cat "$CACHE/lane-$lane.log"; die "The lane $lane failed; see above."; }
    cat "$CACHE/lane-$lane.log"
  done
  say "All tests passed in $((SECONDS / 60)) minutes."
}

run_lane_roles() {
  run_molecule
  run_roles
  run_sanity
  run_cores
}

run_lane_playbooks() {
  run_playbooks
  run_crash
}

trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
"run_${1:-all}"
