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
         $1 == "Candidate:" && $2 != "(none)" { print name, $2 }')
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
    install_packages libnode-dev
  else
    libnode_unpack
    libnode_link_modules
  fi
}

# Unpacks into a folder named after the version and then turns the prefix, a
# symbolic link, to it in one rename: whoever looks sees the old or the new, whole.
libnode_unpack() {
  local versions libraries version folder package
  versions=$(libnode_candidates)
  [[ -n $versions ]] || { apt_update && versions=$(libnode_candidates); } ||
    die "apt knows no ${libnode_packages[*]}: fwrun needs Debian 12's package lists"
  [[ -f $libnode_record && $versions == "$(cat "$libnode_record")" ]] && return

  mkdir "$work/debs" && cd "$work/debs" || die "cannot work in $work"
  with_lists apt-get download "${libnode_packages[@]}" || {
    complain "apt-get download failed:"
    show_log "$work/apt.log"
    exit "$exit_failed"
  }
  versions=$(libnode_candidates) # the lists may have been fetched just now
  libraries=$(libnode_library_packages "$work/debs"/libnode108_*.deb)
  # shellcheck disable=SC2086 # a list of names
  install_packages $libraries

  version=$(awk '$1 == "libnode108" { print $2 }' <<<"$versions")
  folder=$(mktemp -d "$(libnode_parent)/libnode-$version.XXXXXX") || die "cannot write to /opt"
  for package in "$work/debs"/*.deb; do
    dpkg-deb -x "$package" "$folder" || { rm -rf "$folder" && die "cannot unpack $package"; }
  done
  chmod 755 "$folder"
  printf '%s\n' "$versions" >"$folder/versions"
  libnode_turn_to "$folder"
  cd / || exit
  say "unpacked libnode108 $version into $libnode_prefix$(libnode_other_node)"
}

libnode_parent() {
  local parent
  parent=$(dirname "$libnode_prefix")
  mkdir -p "$parent" && printf '%s\n' "$parent"
}

libnode_turn_to() {
  local folder=$1 former link=$1.link
  former=$(readlink "$libnode_prefix")
  ln -s "$(basename "$folder")" "$link"
  if [[ -d $libnode_prefix && ! -L $libnode_prefix ]]; then
    former=$(basename "$folder").former
    mv -T "$libnode_prefix" "$(libnode_parent)/$former"
  fi
  mv -T "$link" "$libnode_prefix" || die "cannot turn $libnode_prefix to $folder"
  [[ -z $former ]] || rm -rf "$(libnode_parent)/$(basename "$former")"
}

# libnode_library_packages DEB: the ordinary libraries it depends on. The node-*
# packages are left out: those are the ones unpacked. (What they in turn name,
# node-busboy and node-xtend, is bundled or not used by the files libnode reads.)
libnode_library_packages() {
  dpkg-deb -f "$1" Depends | tr ',' '\n' | awk '{ print $1 }' | grep -v '^node-'
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
