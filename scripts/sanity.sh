#!/usr/bin/env bash
# ansible-test sanity on a copy of the collection as it is shipped, without the files that only this repository has.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"

SCRATCH=$(mktemp -d)
trap 'rm -rf "$SCRATCH"' EXIT
tree=$SCRATCH/ansible_collections
mkdir -p "$tree/groundwork/aws"
say "Building the collection"
ansible-galaxy collection build "$ROOT" --output-path "$SCRATCH" --force >/dev/null
tar -xzf "$SCRATCH"/groundwork-aws-*.tar.gz -C "$tree/groundwork/aws"
cp "$ROOT/tests/config.yml" -t "$tree/groundwork/aws/tests" 2>/dev/null || {
  mkdir -p "$tree/groundwork/aws/tests" && cp "$ROOT/tests/config.yml" "$tree/groundwork/aws/tests"
}
for namespace in amazon ansible community; do ln -s "$CACHE/dev/ansible_collections/$namespace" "$tree/$namespace"; done
# ansible-test fetches pip for its environments from the internet; Python's own copy serves as well and needs none.
export HOME=$CACHE/ansible-test
mkdir -p "$HOME/.ansible/test/cache"
for version in 21_3_1 24_2 25_2; do
  echo 'import ensurepip; ensurepip.bootstrap(upgrade=True)' >"$HOME/.ansible/test/cache/get_pip_$version.py"
done
cd "$tree/groundwork/aws"
git init -q && git add -A
say "ansible-test sanity"
python_version=$(python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
ANSIBLE_COLLECTIONS_PATH=$SCRATCH ansible-test sanity --python "$python_version" --requirements --color no "$@"
