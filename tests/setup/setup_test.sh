#!/usr/bin/env bash
# Tests setup/setup.sh against a make-believe Debian (fakes.sh). Each function
# that begins with test_ is one case, run in a world of its own.
set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
setup_folder=$(cd "$here/../../setup" && pwd)
# shellcheck source=fakes.sh
source "$here/fakes.sh"

# ---- the make-believe machine ------------------------------------------------

every_package() { sed -n 's/^\([a-z0-9][^ ]*\) .*#.*/\1/p' "$setup_folder/packages.txt"; }

make_libnode() {
  local version=$1
  make_deb libnode108 "$version" 'libuv1 (>= 1.0), node-acorn, node-undici' usr/lib/libnode.so.108
  make_deb libnode-dev "$version" "libnode108 (= $version)" usr/include/node/node.h
  make_deb node-acorn 8.8 'nodejs' usr/share/nodejs/acorn/a.js usr/share/nodejs/acorn-walk/w.js
  make_deb node-cjs-module-lexer 1.2 '' usr/share/nodejs/cjs-module-lexer/l.js
  make_deb node-undici 5.15 'node-busboy' usr/share/nodejs/undici/u.js
}

# A machine where every package is known to apt and none is installed.
new_world() {
  world=$(mktemp -d)
  chmod 755 "$world"
  cp -r "$setup_folder" "$world/setup" # where anybody may read it
  chmod -R a+rX "$world/setup"
  setup=$world/setup/setup.sh
  mkdir "$world/lists" "$world/tmp"
  : >"$world/installed"
  (umask 0 && : >"$world/calls")
  every_package | sed 's/$/ 1.0/' >"$world/available"
  echo 'libuv1 1.44' >>"$world/available"
  make_libnode 18.20
  make_fakes
  export FW_LIBNODE_PREFIX=$world/opt/libnode FW_NODE_MODULES=$world/nodejs FW_APT_LISTS=$world/lists
}

all_installed() { cp "$world/available" "$world/installed"; }
other_vendors_node() {
  sed -i '/^libnode/d; /^node-/d' "$world/installed"
  echo 'nodejs 20.20' >>"$world/installed"
  touch "$world/vendor_node"
}

# run [AS] ARGUMENTS...: setup's output in $output, its exit code in $code.
run() { run_with '' "$@"; }
run_unprivileged() {
  if [[ $EUID -eq 0 ]]; then
    run_with 'setpriv --reuid=65534 --regid=65534 --clear-groups' "$@"
  else
    run_with '' "$@"
  fi
}
run_with() {
  local as=$1
  shift
  # shellcheck disable=SC2086 # a command and its words
  output=$(PATH=$world/bin:$PATH TMPDIR=$world/tmp $as bash "$setup" "$@" 2>&1)
  code=$?
}

# ---- what is expected ----------------------------------------------------------

failures=0
expect() {
  local what=$1
  shift
  "$@" && return
  failures=$((failures + 1))
  printf 'FAILED %s: %s\n  exit code %s, output:\n%s\n' "$case" "$what" "$code" "$output" |
    sed '3,$s/^/    /'
}
says() { grep -qF -- "$1" <<<"$output"; }
silent() { [[ -z $output ]]; }
exited() { [[ $code -eq $1 ]]; }
changed_nothing() { ! grep -q ' no ' "$world/calls"; } # simulations apart
holds() { [[ $(cat "$1" 2>/dev/null) == "$2" ]]; }

# ---- cases -----------------------------------------------------------------------

test_nothing_is_said_or_done_when_everything_is_there() {
  all_installed
  run
  expect 'silence' silent
  expect 'success' exited 0
  expect 'no call of apt' test ! -s "$world/calls"
}

test_a_fresh_debian_gets_the_packages_and_libnode_from_apt() {
  run
  expect 'success' exited 0
  expect 'each package named' says 'setup: installed cmake 1.0'
  expect 'tools of the tests too' says 'setup: installed gdb 1.0'
  expect 'libnode from apt' says 'setup: installed libnode-dev 18.20'
  expect 'no private copy' test ! -e "$FW_LIBNODE_PREFIX"
  run
  expect 'silence the second time' silent
}

test_build_leaves_the_tools_of_the_tests_out() {
  run build
  expect 'cmake' says 'installed cmake'
  expect 'Python, which the demo runs' says 'installed python3.11-dev'
  expect 'no gdb' test -z "$(grep gdb "$world/installed")"
  expect "no package of the tests' functions" test -z "$(grep jinja2 "$world/installed")"
  run build
  expect 'silence the second time' silent
}

test_package_lists_are_fetched_when_a_package_is_not_found() {
  touch "$world/lists_stale"
  run
  expect 'success' exited 0
  expect 'one update' test "$(grep -c '^update' "$world/calls")" -eq 1
}

test_another_vendors_node_stays_and_libnode_is_unpacked_beside_it() {
  all_installed
  other_vendors_node
  run
  expect 'success' exited 0
  expect 'told' says "setup: unpacked libnode108 18.20 into $FW_LIBNODE_PREFIX, your nodejs 20.20 stays"
  expect 'the library' holds "$FW_LIBNODE_PREFIX/usr/lib/libnode.so.108" 'libnode108 18.20'
  expect 'the headers' test -f "$FW_LIBNODE_PREFIX/usr/include/node/node.h"
  local module
  for module in acorn acorn-walk cjs-module-lexer undici; do
    expect "link $module" test -d "$FW_NODE_MODULES/$module/"
    expect "$module told" says "linked $FW_NODE_MODULES/$module"
  done
  expect 'node untouched' grep -qx 'nodejs 20.20' "$world/installed"
  expect 'readable by all' test "$(stat -L -c %a "$FW_LIBNODE_PREFIX")" = 755
  : >"$world/calls"
  run
  expect 'silence the second time' silent
  expect 'no call of apt' test ! -s "$world/calls"
}

test_the_libraries_that_libnode_needs_are_installed_with_it() {
  all_installed
  other_vendors_node
  sed -i '/^libuv1 /d' "$world/installed"
  run
  expect 'told' says 'setup: installed libuv1 1.44'
  expect 'no node package from apt' test -z "$(grep '^node-' "$world/installed")"
}

test_apt_is_not_let_replace_an_installed_node() {
  all_installed
  other_vendors_node
  rm "$world/vendor_node"
  touch "$world/would_replace"
  run
  expect 'unpacked' says 'unpacked libnode108'
  expect 'libnode-dev not installed' test -z "$(grep '^libnode-dev' "$world/installed")"
}

test_modules_that_are_there_already_are_left_alone() {
  all_installed
  other_vendors_node
  mkdir -p "$FW_NODE_MODULES/acorn"
  echo mine >"$FW_NODE_MODULES/acorn/own"
  run
  expect 'success' exited 0
  expect 'kept' holds "$FW_NODE_MODULES/acorn/own" mine
  expect 'the others linked' test -L "$FW_NODE_MODULES/undici"
}

test_a_link_that_is_gone_is_made_again() {
  all_installed
  other_vendors_node
  run
  rm "$FW_NODE_MODULES/undici"
  run
  expect 'only that' test "$output" = "setup: linked $FW_NODE_MODULES/undici to $FW_LIBNODE_PREFIX"
}

test_a_new_version_replaces_the_unpacked_one() {
  all_installed
  other_vendors_node
  run
  make_libnode 18.21
  run
  expect 'not before new package lists came' silent
  touch -d '+1 minute' "$FW_APT_LISTS"
  run
  expect 'told' says 'unpacked libnode108 18.21'
  expect 'consequence told' says 'functions installed before must be installed again'
  expect 'new' holds "$FW_LIBNODE_PREFIX/usr/lib/libnode.so.108" 'libnode108 18.21'
  expect 'old one gone' test "$(find "$world/opt" -maxdepth 1 -name 'libnode-*' | wc -l)" -eq 1
}

test_new_package_lists_with_the_same_version_change_nothing() {
  all_installed
  other_vendors_node
  run
  touch -d '+1 minute' "$FW_APT_LISTS"
  : >"$world/calls"
  run
  expect 'silence' silent
  expect 'no change' changed_nothing
}

test_package_lists_that_vanished_do_not_outdate_what_is_unpacked() {
  all_installed
  other_vendors_node
  run
  touch "$world/lists_stale"
  touch -d '+1 minute' "$FW_APT_LISTS"
  run
  expect 'silence' silent
}

test_what_a_killed_run_left_is_swept_away() {
  all_installed
  other_vendors_node
  mkdir -p "$FW_LIBNODE_PREFIX-18.19.AbCdEf/usr" "$FW_LIBNODE_PREFIX/usr/old"
  run
  expect 'success' exited 0
  expect 'one folder' test "$(find "$world/opt" -maxdepth 1 -type d -name 'libnode*' | wc -l)" -eq 1
  expect 'whole' test -f "$FW_LIBNODE_PREFIX/versions"
  expect 'nothing old in it' test ! -e "$FW_LIBNODE_PREFIX/usr/old"
}

test_libnode_from_apt_takes_the_place_of_the_unpacked_one() {
  all_installed
  other_vendors_node
  run
  rm "$world/vendor_node"
  sed -i '/^nodejs /d' "$world/installed"
  rm -r "$FW_NODE_MODULES/undici"
  run
  expect 'told' says 'installed libnode-dev 18.20'
  expect 'prefix gone' test -z "$(find "$world/opt" -name 'libnode*')"
  expect 'links gone' test -z "$(find "$FW_NODE_MODULES" -type l)"
}

test_a_failing_installation_shows_why() {
  touch "$world/broken"
  run
  expect 'failure' exited 1
  expect 'names' says 'apt-get could not install: '
  expect "apt's words" says 'the mirror is on fire'
}

test_a_failing_download_shows_why_and_leaves_nothing() {
  all_installed
  other_vendors_node
  touch "$world/broken"
  run
  expect 'failure' exited 1
  expect "apt's words" says 'the mirror is on fire'
  expect 'no prefix' test ! -e "$FW_LIBNODE_PREFIX"
}

test_a_damaged_package_leaves_the_former_version() {
  all_installed
  other_vendors_node
  run
  make_libnode 18.21
  echo garbage >"$world/debs/node-undici_5.15_all.deb"
  touch -d '+1 minute' "$FW_APT_LISTS"
  run
  expect 'failure' exited 1
  expect 'which' says 'cannot unpack node-undici_5.15_all.deb'
  expect 'former' holds "$FW_LIBNODE_PREFIX/usr/lib/libnode.so.108" 'libnode108 18.20'
}

test_check_tells_and_changes_nothing() {
  all_installed
  other_vendors_node
  sed -i '/^cmake /d; /^gdb /d' "$world/installed"
  run --check
  expect 'exit code' exited 3
  expect 'packages' says 'missing packages: cmake gdb'
  expect 'libnode' says 'missing or outdated: libnode (packages libnode108'
  expect 'the command' says "bash $setup test"
  expect 'no change' changed_nothing
  run --check build
  expect 'only what building needs' test -z "$(grep gdb <<<"$output")"
}

test_check_is_silent_when_everything_is_there() {
  all_installed
  run --check
  expect 'silence' silent
  expect 'success' exited 0
}

test_without_root_it_says_what_is_missing_and_what_to_run() {
  run_unprivileged build
  expect 'exit code' exited 3
  expect 'sudo was asked, without a password' grep -q '^sudo -n' "$world/calls"
  expect 'packages' says 'missing packages: binutils cmake '
  expect 'reason' says 'root is needed'
  expect 'the command' says "run: sudo bash $setup build"
  expect 'no change' changed_nothing
}

test_without_root_it_is_silent_when_everything_is_there() {
  all_installed
  run_unprivileged
  expect 'silence' silent
  expect 'success' exited 0
}

test_without_dpkg_it_lists_what_is_needed() {
  local tool
  mkdir "$world/no_apt"
  for tool in bash cat dirname awk tr grep sed; do ln -s "$(command -v $tool)" "$world/no_apt/"; done
  output=$(PATH=$world/no_apt bash "$setup" 2>&1)
  code=$?
  expect 'exit code' exited 3
  expect 'why' says 'this is no Debian system'
  expect 'what' says 'cmake '
  expect 'libnode too' says 'libnode-dev'
}

test_an_unknown_argument_is_refused() {
  run --frobnicate
  expect 'exit code' exited 2
  expect 'named' says 'unknown argument --frobnicate'
}

test_every_package_has_its_reason() {
  output=$(grep -nvE '^(#|\[|$)|^[a-z0-9.+-]+ +# .+' "$setup_folder/packages.txt")
  code=0
  expect 'lines of the form "package  # reason"' silent
}

# ---- running them ------------------------------------------------------------------

count=0
for case in $(compgen -A function test_); do
  new_world
  "$case"
  if [[ -n $(ls -A "$world/tmp") ]]; then expect 'no temporary files left' false; fi
  rm -rf "$world"
  count=$((count + 1))
done
echo "$count cases, $failures failed expectations"
[[ $failures -eq 0 ]]
