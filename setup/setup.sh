#!/usr/bin/env bash
# Installs what fwrun needs on Debian 12 and nothing else; silent when it is all
# there (a few milliseconds, no network).
#
#   setup/setup.sh [--check] [build | test]
#
#   build    what building and running need
#   test     that, and what the tests and the developer's tools need (default)
#   --check  only tell what is missing; change nothing
#
# Exit code 0: everything is there. 3: something is missing and could not be
# installed here (no root, no apt) or --check was given; nothing was changed.
# 1: an installation failed, with the reason.
set -u -o pipefail
export LC_ALL=C # what apt says is read here

setup_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly setup_folder
# shellcheck source=report.sh
source "$setup_folder/report.sh"
# shellcheck source=apt.sh
source "$setup_folder/apt.sh"
# shellcheck source=libnode.sh
source "$setup_folder/libnode.sh"

usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; }

parse_arguments() {
  check=no groups=(build test) asked=("$@")
  local argument
  for argument in "$@"; do
    case $argument in
      --check) check=yes ;;
      build) groups=(build) ;;
      test) groups=(build test) ;;
      --help) usage && exit 0 ;;
      *) complain "unknown argument $argument" && usage >&2 && exit 2 ;;
    esac
  done
}

# Fills `missing_packages` and `missing_libnode`; true when nothing is missing.
look() {
  command -v dpkg-query >/dev/null || refuse_without_apt
  mapfile -t wanted < <(packages_of "${groups[@]}")
  mapfile -t missing_packages < <(missing_of "${wanted[@]}")
  missing_libnode=no
  libnode_ready || missing_libnode=yes
  [[ ${#missing_packages[@]} -eq 0 && $missing_libnode == no ]]
}

refuse_without_apt() {
  complain "this is no Debian system (no dpkg, apt-get); fwrun is built on Debian 12 and needs:"
  complain "  $(packages_of "${groups[@]}" | tr '\n' ' ')${libnode_packages[*]}"
  exit "$exit_missing"
}

tell_missing() {
  [[ ${#missing_packages[@]} -eq 0 ]] || complain "missing packages: ${missing_packages[*]}"
  [[ $missing_libnode == no ]] ||
    complain "missing or outdated: libnode (packages ${libnode_packages[*]})"
}

tell_command() {
  complain "nothing was changed; to install it, run: sudo bash $setup_folder/setup.sh ${groups[-1]}"
}

become_root() {
  [[ $EUID -ne 0 ]] || return 0
  if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    exec sudo -n -- bash "$setup_folder/setup.sh" "${asked[@]}"
  fi
  tell_missing
  complain "root is needed to install packages"
  tell_command
  exit "$exit_missing"
}

install() {
  work=$(mktemp -d) || die "no temporary folder"
  trap 'rm -rf "$work"' EXIT
  # Two makes at once: the second waits and then finds everything done.
  exec 9</opt && flock 9 # a lock on the folder itself: no file to leave behind
  look && return
  [[ ${#missing_packages[@]} -eq 0 ]] || install_packages "${missing_packages[@]}"
  install_libnode
}

main() {
  parse_arguments "$@"
  look && exit 0
  if [[ $check == yes ]]; then
    tell_missing
    tell_command
    exit "$exit_missing"
  fi
  command -v apt-get >/dev/null || refuse_without_apt
  become_root
  install
}

main "$@"
