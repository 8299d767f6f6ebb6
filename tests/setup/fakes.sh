# shellcheck shell=bash
# A make-believe Debian: commands that answer from files in $world and note in
# $world/calls what they were asked to change. Nothing real is touched.
#
#   $world/installed     "package version", what dpkg knows
#   $world/available     "package version", what apt could install
#   $world/vendor_node   exists: apt refuses libnode-dev
#   $world/lists_stale   exists: apt knows nothing until `apt-get update`
#   $world/broken        exists: every installation and download fails

make_fakes() {
  mkdir -p "$world/bin"
  fake dpkg-query <<'END'
shift 3
for package in "$@"; do
  version=$(awk -v p="$package" '$1 == p { print $2 }' "$world/installed")
  [[ -n $version ]] || { missing=1; continue; }
  if [[ $format == *Status* ]]; then echo "installed $package"; else printf %s "$version"; fi
done
exit "${missing:-0}"
END
  fake apt-cache <<'END'
shift
[[ ! -e $world/lists_stale ]] || exit 0
for package in "$@"; do
  awk -v p="$package" '$1 == p { print p ":"; print "  Installed: (none)"; print "  Candidate: " $2 }' \
    "$world/available"
done
END
  fake apt-get <<'END'
verb=$1 names=() simulate=no
shift
for word in "$@"; do
  case $word in
    -s) simulate=yes ;;
    -*|*=*) ;;
    *) names+=("$word") ;;
  esac
done
echo "$verb $simulate ${names[*]}" >>"$world/calls"
case $verb in
  update) rm -f "$world/lists_stale"; touch "$FW_APT_LISTS"; exit 0 ;;
esac
if [[ -e $world/lists_stale ]]; then echo "E: Unable to locate package ${names[0]}" >&2; exit 100; fi
[[ ! -e $world/broken || $simulate == yes ]] || { echo "E: the mirror is on fire" >&2; exit 100; }
for name in "${names[@]}"; do
  line=$(grep "^$name " "$world/available") || { echo "E: Unable to locate package $name" >&2; exit 100; }
  if [[ $verb == download ]]; then
    cp "$world/debs/$name"_*.deb .
  elif [[ $name == libnode-dev && -e $world/vendor_node ]]; then
    echo "E: nodejs is not installable" >&2; exit 100
  elif [[ $simulate == yes ]]; then
    echo "Inst $name"
    [[ ! -e $world/would_replace ]] || echo "Inst nodejs [20.1] (18.2)"
  else
    echo "$line" >>"$world/installed"
  fi
done
END
  fake sudo <<'END'
echo "sudo $*" >>"$world/calls"
exit 1
END
}

# fake NAME: a command in the make-believe PATH, its body from standard input.
fake() {
  {
    printf '#!/bin/bash\nworld=%q\n' "$world"
    [[ $1 != dpkg-query ]] || printf 'format=$3\n'
    cat
  } >"$world/bin/$1"
  chmod 755 "$world/bin/$1"
}

# make_deb NAME VERSION DEPENDS [FILE...]: a package that apt can download.
make_deb() {
  local name=$1 version=$2 depends=$3 folder=$world/deb file
  shift 3
  rm -rf "$folder" && mkdir -p "$folder/DEBIAN"
  printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: nobody <nobody@example.invalid>\nDescription: test\n' \
    "$name" "$version" >"$folder/DEBIAN/control"
  [[ -z $depends ]] || printf 'Depends: %s\n' "$depends" >>"$folder/DEBIAN/control"
  for file in "$@"; do
    mkdir -p "$folder/$(dirname "$file")"
    printf '%s %s\n' "$name" "$version" >"$folder/$file"
  done
  mkdir -p "$world/debs" && rm -f "$world/debs/${name}_"*
  dpkg-deb -Znone -b "$folder" "$world/debs/${name}_${version}_all.deb" >/dev/null
  sed -i "/^$name /d" "$world/available"
  printf '%s %s\n' "$name" "$version" >>"$world/available"
}
