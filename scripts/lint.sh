#!/usr/bin/env bash
# Every linter, in the order of speed. Ends at the first that has findings.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"
cd "$ROOT"

say "ruff"
ruff check .
ruff format --check .
say "shellcheck"
shellcheck -x scripts/*.sh .ci/run tests/dotnet/build.sh
say "mypy, the modules"
(cd "$CACHE/dev/ansible_collections/groundwork/aws" && MYPYPATH=$CACHE/dev mypy plugins)
say "mypy, the local cloud"
(cd extensions/local_cloud && mypy groundwork_local_cloud)
say "ansible-lint, production profile"
ansible-lint --offline
say "changelog"
antsibull-changelog lint
