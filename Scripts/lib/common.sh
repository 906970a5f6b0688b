# What the scripts share. Sourced, with `program` (the name that messages begin with) and `root`
# (the checkout) set. Messages go to standard error.
# shellcheck shell=bash

say() {
  echo "$program: $1" >&2
}

die() {
  say "$1"
  exit "${2:-1}"
}

# Is this Debian package installed?
has_package() {
  [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# Installs Debian packages that are missing; without a way to, ends with the line to type.
install_missing() {
  local missing=() name
  if ! command -v dpkg-query >/dev/null; then
    # Another distribution: the compiler says what it lacks.
    return
  fi
  for name in "$@"; do
    has_package "$name" || missing+=("$name")
  done
  ((${#missing[@]})) || return 0

  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get)
  local line="apt-get install -y ${missing[*]}"
  if ((EUID != 0)); then
    command -v sudo >/dev/null ||
      die "missing: ${missing[*]}; as root, run: apt-get update && $line" 3
    # Without a terminal nobody can type a password: better an error than a script that waits.
    if [[ -t 0 ]]; then apt=(sudo "${apt[@]}"); else apt=(sudo -n "${apt[@]}"); fi
  fi
  say "installing ${missing[*]} ..."
  local install=("${apt[@]}" install -y -qq --no-install-recommends "${missing[@]}")
  # A fresh image has no package lists yet.
  "${install[@]}" >/dev/null 2>&1 </dev/null ||
    { "${apt[@]}" -qq update >&2 && "${install[@]}" >&2 </dev/null; } ||
    die "could not install ${missing[*]}; as root, run: apt-get update && $line" 3
}

# Swift, and what the sources are compiled against.
need_to_build() {
  command -v swift >/dev/null ||
    die "swift is missing; install Swift 6.2 or newer (https://www.swift.org/install) and put its usr/bin on the PATH" 3
  install_missing libpcap-dev zlib1g-dev libbrotli-dev libzstd-dev pkg-config
}

release_build=$root/.build/release/keywitness
release_flags=(-c release --static-swift-stdlib)

# Builds the release executable, unless it is newer than everything that it is made of. The stamp
# is taken before the build, so that a file saved meanwhile isn't forgotten.
build_release() {
  local stamp=$root/.build/release-build.stamp
  if [[ -x $release_build && -e $stamp ]] && [[ -z $(find "$root/Sources" \
    "$root/Package.swift" -newer "$stamp" -print -quit) ]]; then
    return
  fi
  need_to_build
  if [[ -x $release_build ]]; then
    say "bringing the build up to date ..."
  else
    say "building keywitness; the first time takes some minutes ..."
  fi
  mkdir -p "$root/.build"
  touch "$stamp.new"
  swift build --package-path "$root" "${release_flags[@]}" --product keywitness >&2 </dev/null ||
    die "the build failed; its first error is above" 4
  mv "$stamp.new" "$stamp"
}

# run_trials OPTION...: changes, thins, cuts and floods clean captures: the project's own, and those
# of the corpora where KEYWITNESS_CORPORA names them. On optimised builds.
run_trials() {
  local folders=("$root/Captures")
  if [[ -n ${KEYWITNESS_CORPORA-} ]]; then
    folders+=("$KEYWITNESS_CORPORA/captures" "$KEYWITNESS_CORPORA/corpora/synthetic"
      "$KEYWITNESS_CORPORA/corpora/semantics/pcap")
  fi
  build_release
  swift build --package-path "$root" "${release_flags[@]}" --product trial-runner >&2 </dev/null ||
    die "the build failed; its first error is above"
  KEYWITNESS_EXECUTABLE=$release_build "$root/.build/release/trial-runner" "$@" "${folders[@]}"
}
