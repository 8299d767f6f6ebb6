# shellcheck shell=bash disable=SC2154
# libnode: Node 18 as a library, from Debian. Sourced by setup.sh.
#
# On a plain Debian apt installs it. Its JavaScript parts (node-acorn and others)
# depend on Debian's own `nodejs`, so where another vendor's `nodejs` package is
# installed apt refuses, and forcing it would replace the user's node and take
# npm away. There the same packages are unpacked beside it, into a prefix of our
# own, and the folders that libnode reads at start are linked where it looks.

readonly libnode_prefix=${FW_LIBNODE_PREFIX:-/opt/fwrun/libnode}
readonly node_modules=${FW_NODE_MODULES:-/usr/share/nodejs}
readonly apt_lists=${FW_APT_LISTS:-/var/lib/apt/lists}
readonly libnode_packages=(libnode108 libnode-dev node-acorn node-cjs-module-lexer node-undici)

# The path of each is compiled into libnode; it aborts at start if one is missing.
readonly libnode_modules=(acorn acorn-walk cjs-module-lexer undici)

# One line "package version" for each package unpacked. Written last.
readonly libnode_record=$libnode_prefix/versions

libnode_from_apt() { [[ -z $(missing_of libnode-dev) ]]; }

libnode_links_whole() {
  local module
  for module in "${libnode_modules[@]}"; do
    [[ -e $node_modules/$module ]] || return 1
  done
}

# Asking apt for its candidates takes half a second: only after an `apt-get update`.
libnode_outdated() {
  [[ -n $(find "$apt_lists" -maxdepth 0 -newer "$libnode_record" 2>/dev/null) ]] || return 1
  [[ $(libnode_candidates) != "$(cat "$libnode_record")" ]] && return 0
  touch "$libnode_record" 2>/dev/null
  return 1
}

libnode_ready() {
  libnode_from_apt && return 0
  [[ -f $libnode_record ]] && libnode_links_whole && ! libnode_outdated
}

# "package version" of what apt would install now. Without package lists (images
# of containers drop them) what is unpacked counts as current.
libnode_candidates() {
  local found
  found=$(apt-cache policy "${libnode_packages[@]}" 2>/dev/null |
    awk '/^[^ ]/ { sub(/:$/, "", $1); name = $1 }
         $1 == "Candidate:" && $2 != "(none)" { print name, $2 }' | sort)
  if [[ $(wc -l <<<"$found") -eq ${#libnode_packages[@]} ]]; then
    printf '%s\n' "$found"
  elif [[ -f $libnode_record ]]; then
    cat "$libnode_record"
  fi
}

# May apt do it? Not if it would remove anything or exchange an installed nodejs.
libnode_apt_can() {
  apt_would_install libnode-dev && ! grep -qE '^(Remv |Inst nodejs \[)' "$work/apt.log"
}

install_libnode() {
  libnode_ready && return
  if libnode_apt_can; then
    libnode_withdraw
    install_packages libnode-dev
    return
  fi
  [[ -f $libnode_record ]] && ! libnode_outdated || libnode_unpack
  libnode_link_modules
}

# Unpacks into a folder named after the version and then turns the prefix, a
# symbolic link, to it in one rename: whoever looks sees the old or the new, whole.
libnode_unpack() {
  local folder version package again=
  [[ ! -f $libnode_record ]] || again='; functions installed before must be installed again'
  mkdir "$work/debs"
  cd "$work/debs" || die "cannot work in $work"
  with_lists apt-get download "${libnode_packages[@]}" || {
    complain "apt-get could not download ${libnode_packages[*]}:"
    show_log "$work/apt.log"
    exit "$exit_failed"
  }
  # shellcheck disable=SC2046 # a list of names
  install_packages $(libnode_library_packages libnode108_*.deb)

  version=$(dpkg-deb -f libnode108_*.deb Version)
  mkdir -p "$(dirname "$libnode_prefix")"
  folder=$(mktemp -d "$libnode_prefix-$version.XXXXXX") || die "cannot write beside $libnode_prefix"
  for package in *.deb; do
    dpkg-deb -x "$package" "$folder" || { rm -rf "$folder" && die "cannot unpack $package"; }
    dpkg-deb -W --showformat '${Package} ${Version}\n' "$package"
  done | sort >"$work/versions" || exit "$exit_failed"
  chmod 755 "$folder"
  cp "$work/versions" "$folder/versions"
  libnode_turn_to "$folder"
  say "unpacked libnode108 $version into $libnode_prefix$(libnode_other_node)$again"
}

# Whatever else lies beside the prefix goes: the former version, and what a run
# that was killed left behind. Processes that have it mapped keep it.
libnode_turn_to() {
  local folder=$1 link=$1.link sibling
  ln -s "$(basename "$folder")" "$link"
  if [[ -d $libnode_prefix && ! -L $libnode_prefix ]]; then
    mv -T "$libnode_prefix" "$libnode_prefix-former" # unpacked by hand
  fi
  mv -T "$link" "$libnode_prefix" || die "cannot turn $libnode_prefix to $folder"
  for sibling in "$libnode_prefix"-*; do
    [[ $sibling == "$folder" ]] || rm -rf "$sibling"
  done
}

# libnode_library_packages DEB: the ordinary libraries it depends on. The node-*
# packages are left out: those are the ones unpacked. (What they in turn name,
# node-busboy and node-xtend, is bundled or not used by the files libnode reads.)
libnode_library_packages() {
  dpkg-deb -f "$1" Depends | tr ',' '\n' | awk '{ print $1 }' | grep -v '^node-'
}

# Before apt takes over: our links would lead dpkg into the prefix.
libnode_withdraw() {
  local module
  for module in "${libnode_modules[@]}"; do
    [[ $(readlink "$node_modules/$module") != "$libnode_prefix"/* ]] || rm "$node_modules/$module"
  done
  rm -rf "$libnode_prefix" "$libnode_prefix"-*
}

libnode_other_node() {
  local version
  version=$(version_of nodejs 2>/dev/null) && printf ', your nodejs %s stays' "$version"
}

libnode_link_modules() {
  local module
  mkdir -p "$node_modules"
  for module in "${libnode_modules[@]}"; do
    [[ ! -e $node_modules/$module ]] || continue # somebody else's is as good
    ln -sfn "$libnode_prefix/usr/share/nodejs/$module" "$node_modules/$module" ||
      die "cannot link $node_modules/$module"
    say "linked $node_modules/$module to $libnode_prefix"
  done
}
