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
  python -m pytest -n 2 tests/ec2 tests/services tests/kms
  python -m pytest tests/platform
  python -m pytest tests/hosts_net tests/hosts
  cd "$ROOT"
}

run_integration() {
  say "Modules, roles and playbooks on the local cloud"
  python -m pytest -n 2 tests/integration/modules tests/integration/roles
  python -m pytest tests/integration/playbooks
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

# The modules under every supported ansible-core. Each wants its own Python: 2.20 does not run on that of Debian 12.
run_cores() {
  local core python venv
  for core in 2.17 2.18 2.19 2.20; do
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

# Two lanes, one for each of two cores: most of the time goes into starting Ansible, which takes one core.
run_all() {
  local log=$CACHE/second-lane.log status=0
  scripts/lint.sh
  run_unit
  say "In the background: molecule, crash sweep, sanity, other cores ($log)"
  "$0" second_lane >"$log" 2>&1 &
  run_cloud
  run_integration
  say "Waiting for the background"
  wait $! || status=$?
  cat "$log"
  [ $status -eq 0 ] || die "The background failed; see above."
  say "All tests passed in $((SECONDS / 60)) minutes."
}

run_second_lane() {
  run_molecule
  run_crash
  run_sanity
  run_cores
}

trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
"run_${1:-all}"
