#!/usr/bin/env bash
# check_layout.sh FOLDER: fails, naming the places, when a C or C++ file below
# FOLDER is not laid out as clang-format would. In a git checkout only what is
# tracked counts.
set -eu -o pipefail
cd "$1"

sources() {
  git ls-files -z '*.cc' '*.h' '*.c' 2>/dev/null ||
    find . -type f \( -name '*.cc' -o -name '*.h' -o -name '*.c' \) -print0
}

sources | xargs -0 -r clang-format --dry-run -Werror --ferror-limit=3
