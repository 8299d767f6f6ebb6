#!/bin/sh
# Installs a function in JavaScript and one in Python into a temporary store, invokes
# them from their images, and compares that with starting their languages anew.
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

# Shows a command as a user would type it, then runs it, its output indented and lists of
# texts one below the other.
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
  { "$fwrun" "$@" 2>&1 || echo "$?" >"$FWRUN_HOME/failed"; } |
    sed -e 's/^/    /' -e 's/","/",\
     "/g'
  if [ -e "$FWRUN_HOME/failed" ]; then
    echo "demo: fwrun failed with code $(cat "$FWRUN_HOME/failed")" >&2
    exit 1
  fi
}

# Of lines with a number each: the one in the middle.
median() { sort -n | awk '{ number[NR] = $1 } END { print number[int((NR + 1) / 2)] }'; }

# Microseconds that a phase took, of several invocations.
phase_us() { # FUNCTION EVENT PHASE
  for _ in 1 2 3 4 5 6 7; do
    "$fwrun" --invoke "$1" --args "$2" --json | sed -n "s/.*\"$3\":\([0-9.]*\).*/\1/p"
  done | median
}

# Microseconds that a whole new process takes, with an environment as empty as a clone's.
process_us() { # COMMAND...
  for _ in 1 2 3; do
    begun=$(date +%s%N)
    env -i PATH="$PATH" "$@" >/dev/null
    echo $((($(date +%s%N) - begun) / 1000))
  done | median
}

compare() { # FUNCTION LANGUAGE EVENT COMMAND...
  function=$1 language=$2 event=$3
  shift 3
  printf '%s %s %s %s %s\n' "$function" "$language" "$(phase_us "$function" "$event" total)" \
    "$(phase_us "$function" "$event" handler)" "$(process_us "$@")" |
    awk '{ printf "    %-12s%-13s%11.2f ms%11.2f ms%13.1f ms%8.0f x\n",
                  $1, $2, $3 / 1000, $4 / 1000, $5 / 1000, $5 / $3 }'
}

picture='{"width": 60, "height": 5}'
option='{"spot": 100, "strike": 105, "seed": 7}'

cd "$root/examples"

title "1. Install: load a function, train it until it is compiled, write its process to an image"
run --install cpu/handler.js
run --install montecarlo/handler.py

title "2. Invoke: restore the image, run the compiled function, a process for each invocation"
run --invoke cpu --args "$picture"
run --invoke montecarlo --args "$option" --timing

title "3. Side by side: restored from the image, and a new process that loads the same file"
printf '    %-12s%-13s%14s%14s%16s%10s\n' function language 'to answer' 'handler' 'new process' 'faster'
node=$(command -v node || echo "$(dirname "$fwrun")/fwrun-v8host")
compare cpu JavaScript "$picture" "$node" ../bench/peers/cold.js "$PWD/cpu/handler.js" '' "$picture"
compare montecarlo Python+Numba "$option" /usr/bin/python3.11 -I -B ../bench/peers/cold.py \
  "$PWD/montecarlo/handler.py" '' "$option"

cat <<END

"to answer" is from the arguments to the answer, restore included; "handler" the function
alone; "new process" node or python3.11, from its start to its end. In the timing of one
invocation above, in microseconds, spawn to resume is the restore, and reseed gives the
process random numbers of its own. A function of your own, .js or .py:

    $fwrun --install FILE && $fwrun --invoke NAME --args '{"any": "json"}'
END
