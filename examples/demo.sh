#!/bin/sh
# Installs two functions into a temporary store and invokes them from their images.
#
#   examples/demo.sh            uses build/bin/fwrun
#   FWRUN=/path/to/fwrun examples/demo.sh
#
# Nothing stays on the machine afterwards.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
fwrun=${FWRUN:-$root/build/bin/fwrun}
if [ ! -x "$fwrun" ]; then
  echo "demo: $fwrun is missing: run 'make build' first" >&2
  exit 1
fi

FWRUN_HOME=$(mktemp -d "${TMPDIR:-/tmp}/fwrun-demo.XXXXXX")
export FWRUN_HOME
trap 'rm -rf "$FWRUN_HOME"' EXIT
trap 'exit 130' INT TERM

if [ -t 1 ]; then
  bold=$(printf '\033[1m')
  plain=$(printf '\033[0m')
else
  bold='' plain=''
fi

title() { printf '\n%s%s%s\n\n' "$bold" "$*" "$plain"; }

# Shows a command as a user would type it, then runs it, its output indented.
run() {
  printf '$ fwrun'
  for word in "$@"; do
    case $word in
      *[!A-Za-z0-9_./=-]*) printf " '%s'" "$word" ;;
      *) printf ' %s' "$word" ;;
    esac
  done
  printf '\n'
  # The exit status of fwrun, not of sed.
  { "$fwrun" "$@" 2>&1 || echo "$?" >"$FWRUN_HOME/failed"; } | sed 's/^/    /'
  if [ -e "$FWRUN_HOME/failed" ]; then
    echo "demo: fwrun failed with code $(cat "$FWRUN_HOME/failed")" >&2
    exit 1
  fi
}

cd "$root/examples"

title "1. Install: load the function, train it until it is compiled, write its process to an image"
run --install hello/handler.js
run --install cpu/handler.js

title "2. Invoke: restore the image, run the compiled function, once per invocation"
run --invoke hello --args '{"name": "Ada"}' --timing
# Once more: now the image is in the page cache.
run --invoke hello --args '{"name": "Grace"}' --timing
run --invoke cpu --args '{"width": 60, "height": 2}' --timing

title "3. What is installed"
run --list

cat <<END

The phases are microseconds: spawn to resume is the restore itself, reseed gives this
process its own random numbers, handler is the function. A function of your own:

    $fwrun --install FILE.js && $fwrun --invoke NAME --args '{"any": "json"}'
END
