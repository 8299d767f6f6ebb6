# shellcheck shell=bash disable=SC2154
# Debian packages: which are missing, and getting them. Sourced by setup.sh.

export DEBIAN_FRONTEND=noninteractive

# Another apt may be at work (unattended upgrades): wait for it, not for ever.
readonly apt_options=(-y -qq --no-install-recommends -o DPkg::Lock::Timeout=300)

# packages_of GROUP...: the package names of those sections of packages.txt.
packages_of() {
  awk -v groups=" $* " '
    /^\[/ { name = $1; gsub(/[][]/, "", name); wanted = index(groups, " " name " "); next }
    /^#/ || NF == 0 { next }
    wanted { print $1 }' "$setup_folder/packages.txt"
}

# missing_of PACKAGE...: those that dpkg does not have installed. One query for all.
missing_of() {
  local installed
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
    awk '$1 == "installed" { print $2 }')
  printf '%s\n' "$@" | grep -vxF -f <(printf '%s\n' "$installed") || true
}

version_of() { dpkg-query -W -f '${Version}' "$1"; }

# Package lists are fetched at most once a run, and only when something that was
# asked for is not known or cannot be had with the lists at hand.
apt_lists_fresh=no
apt_update() {
  [[ $apt_lists_fresh == no ]] || return 1
  quietly "$work/update.log" apt-get update -qq || {
    complain "apt-get update failed:"
    show_log "$work/update.log"
  }
  apt_lists_fresh=yes
}

# with_lists COMMAND...: runs it; if it fails, once more with new package lists.
with_lists() {
  quietly "$work/apt.log" "$@" && return
  apt_update && quietly "$work/apt.log" "$@"
}

apt_would_install() { with_lists apt-get install -s "${apt_options[@]}" "$@"; }

# install_packages PACKAGE...: installs those of them that are missing.
install_packages() {
  local missing package
  missing=$(missing_of "$@")
  [[ -n $missing ]] || return 0
  # shellcheck disable=SC2086 # a list of names
  with_lists apt-get install "${apt_options[@]}" $missing || {
    complain "apt-get could not install:" $missing
    show_log "$work/apt.log"
    exit "$exit_failed"
  }
  for package in $missing; do say "installed $package $(version_of "$package")"; done
}
