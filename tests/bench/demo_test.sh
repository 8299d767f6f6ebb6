#!/bin/sh
# examples/demo.sh with the fwrun that is given: that it ends well, shows both languages
# and leaves nothing behind; and that it says what is wrong when fwrun is missing.
set -eu

demo=$(cd "$(dirname "$0")/../.." && pwd)/examples/demo.sh
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
  echo "demo_test: $*" >&2
  cat "$folder/output" >&2
  exit 1
}

mkdir "$folder/tmp"
FWRUN=$1 TMPDIR=$folder/tmp "$demo" >"$folder/output" 2>&1 || fail "it ended with code $?"

for part in \
  '^    installed cpu, version 1' \
  '^    installed montecarlo, version 1' \
  '^    {"price":[0-9.]*,"standard_error":[0-9.]*}$' \
  '^    post_jit *true$' \
  '^    cpu  *JavaScript  *[0-9.]* ms  *[0-9.]* ms  *[0-9.]* ms  *[0-9]* x$' \
  '^    montecarlo  *Python+Numba  *[0-9.]* ms  *[0-9.]* ms  *[0-9.]* ms  *[0-9]* x$'; do
  grep -q -- "$part" "$folder/output" || fail "nothing in its output is like: $part"
done
[ -z "$(ls -A "$folder/tmp")" ] || fail "it left in TMPDIR: $(ls -A "$folder/tmp")"
find "$(dirname "$demo")" -name __pycache__ | grep -q . && fail "it left bytecode in examples/"

if FWRUN=$folder/none "$demo" >"$folder/output" 2>&1; then fail "it did without fwrun"; fi
grep -q "none is missing: run 'make build' first" "$folder/output" || fail "it does not say why"
echo "demo_test: passed"
