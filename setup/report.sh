# shellcheck shell=bash disable=SC2034
# What setup says, and how it ends. Sourced by setup.sh.

say() { printf 'setup: %s\n' "$*"; }
complain() { printf 'setup: %s\n' "$*" >&2; }

readonly exit_missing=3 # something is missing and was not installed
readonly exit_failed=1  # an installation was tried and failed

die() {
  complain "$@"
  exit "$exit_failed"
}

# quietly LOG COMMAND...: runs it with its output in LOG.
quietly() {
  local log=$1
  shift
  "$@" >"$log" 2>&1 </dev/null
}

# show_log LOG: the lines that explain a failure.
show_log() { tail -n 20 "$1" | sed 's/^/setup:   /' >&2; }
