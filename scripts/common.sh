# Shared by the scripts beside it: where the project is, and how it is set up and built.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# What a build needs; README.md, "Dependencies", says what for.
packages=(
  build-essential cmake ninja-build ccache pkg-config git
  libtorch-dev libopenblas0-openmp
  qt6-base-dev qt6-svg-dev libqcustomplot-dev
  libsqlite3-dev libsqlitecpp-dev nlohmann-json3-dev libcli11-dev libfmt-dev
  zlib1g-dev libdeflate-dev libxxhash-dev fonts-dejavu-core
)

# What the tests need besides: the PyTorch that they compare with.
test_packages=(python3-torch)

say() { printf '%s\n' "$*" >&2; }

missing_packages() {
  local package
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || printf '%s\n' "$package"
  done
}

may_install() { # asks once where a person can answer
  [ -t 0 ] && [ -z "${CI:-}" ] || return 0
  local answer
  read -r -p "Install them with apt now? [Y/n] " answer
  case $answer in [nN]*) say "Nothing was installed. Install them yourself, then run this again."; return 1 ;; esac
}

# Installs what is not there of the named packages; does nothing, and asks nothing, when all is.
install_packages() {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "This is not a Debian system. Cairn needs these packages (by their Debian names): $*"
    return 0
  fi
  local missing as_root=()
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  say "Cairn needs ${#missing[@]} packages that this machine lacks: ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      say "Installing them needs root: run, as root,  apt-get install --no-install-recommends ${missing[*]}"
      return 1
    fi
    as_root=(sudo)
  fi
  may_install || return 1
  "${as_root[@]}" apt-get update -q >&2 &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >&2
}

# build PRESET [cmake's -D arguments]: configures when it must, then builds what changed.
build() {
  local preset=$1
  shift
  if [ ! -f "$root/build/$preset/build.ninja" ] || [ $# -gt 0 ]; then
    (cd "$root" && cmake --preset "$preset" "$@") >&2 || return 1
  fi
  cmake --build "$root/build/$preset" >&2
}
