#!/usr/bin/env bash
# Builds Mulligan and shows it, or tests it. See the usage text below.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

usage() {
  cat <<'TEXT'
Usage: installer/setup.sh run|test|integration

  run          install what is missing, build, import the sample data, train, replay, write a report,
               and open the window where there is a screen
  test         install what is missing, build with assertions and run the tests
  integration  also fetch real Spark where it can be had, and run the tests that need it
TEXT
}

say() { printf '\n== %s\n' "$*"; }
fail() {
  printf 'setup: %s\n' "$*" >&2
  exit 1
}

# One word a package; a|b means the first that the archive has.
packages=(
  cmake ninja-build g++ ccache pkg-config
  qt6-base-dev 'qt6-charts-dev|libqt6charts6-dev' libqt6opengl6-dev 'qt6-svg-dev|libqt6svg6-dev'
  libboost-regex-dev 'libvectorscan-dev|libhyperscan-dev' libsqlite3-dev libxgboost-dev libyaml-cpp-dev
  libsimdjson-dev libarchive-dev zlib1g-dev libbz2-dev liblzma-dev libzstd-dev liblz4-dev libsnappy-dev libssl-dev
  libhowardhinnant-date-dev tzdata
  libcli11-dev libxlsxwriter-dev fonts-dejavu-core
)
test_packages=(xvfb sqlite3 zstd python3)
integration_packages=(python3 python3-venv default-jre-headless)

name_generic_needs() {
  cat >&2 <<'TEXT'
setup: this system's packages are not known to the script. Install by hand:
  CMake 3.22 or newer, Ninja, a C++20 compiler (GCC 12 or Clang 16), pkg-config
  Qt 6.2 or newer with Widgets, Charts, Svg, OpenGL, PrintSupport, Concurrent and Test
  Boost.Regex 1.74 or newer, Vectorscan or Hyperscan 5.4, SQLite 3.37 or newer with FTS5, XGBoost 1.7 (C library)
  yaml-cpp, simdjson, libarchive, zlib, bzip2, liblzma, zstd, lz4, snappy, OpenSSL 3, CLI11 2.1, libxlsxwriter,
  Howard Hinnant's date 3 with its time zone library, and the time zone database (tzdata)
then build with: cmake --preset release && cmake --build --preset release
TEXT
  exit 1
}

# Sets up nothing: only answers whether this is a system whose package names are known.
check_system() {
  local id='' version=''
  if [[ -r /etc/os-release ]]; then
    # shellcheck disable=SC1091
    id="$(. /etc/os-release && printf '%s' "${ID:-}")"
    # shellcheck disable=SC1091
    version="$(. /etc/os-release && printf '%s' "${VERSION_ID:-}")"
  fi
  case "$id" in
    debian) [[ -z "$version" || "${version%%.*}" -ge 12 ]] || name_generic_needs ;;
    ubuntu) [[ "${version%%.*}" -ge 22 ]] || name_generic_needs ;;
    *) name_generic_needs ;;
  esac
}

installed() {
  [[ "$(dpkg-query -W -f='${Status}' "$1" 2>/dev/null || true)" == 'install ok installed' ]]
}

available() {
  apt-cache show --no-all-versions "$1" >/dev/null 2>&1
}

as_root() {
  if [[ "$(id -u)" -eq 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "needs root to install packages, and there is no sudo. As root, run: $*"
  fi
}

any_installed() {
  local name
  for name in ${1//|/ }; do
    if installed "$name"; then return 0; fi
  done
  return 1
}

install_packages() {
  local missing=() chosen=() absent=() entry name found
  for entry in "$@"; do
    any_installed "$entry" || missing+=("$entry")
  done
  if [[ ${#missing[@]} -eq 0 ]]; then return 0; fi
  say "Installing: ${missing[*]}"
  as_root apt-get update -qq
  for entry in "${missing[@]}"; do
    found=''
    for name in ${entry//|/ }; do
      if available "$name"; then
        found="$name"
        break
      fi
    done
    if [[ -n "$found" ]]; then chosen+=("$found"); else absent+=("$entry"); fi
  done
  if [[ ${#absent[@]} -gt 0 ]]; then
    fail "the package archive of this system does not hold: ${absent[*]}. Use Debian 12 or newer or Ubuntu 24.04 or newer, or install them by hand."
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${chosen[@]}"
}

jobs_wanted() {
  local n
  n="$(nproc)"
  printf '%s' "$((n > 8 ? 8 : n))"
}

# Objects compiled in one checkout serve another.
export CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=1

build_preset() {
  say "Building ($1)"
  cd "$root"
  cmake --preset "$1" >"$root/build/$1.configure.log" 2>&1 || {
    tail -n 30 "$root/build/$1.configure.log" >&2
    fail "configuring failed; the whole log is build/$1.configure.log"
  }
  cmake --build --preset "$1" --parallel "$(jobs_wanted)"
}

# Changes when a sample, the defaults or the program change.
demo_stamp() {
  {
    find "$root/sample_data/$1" "$root/resources" -type f -print0 | sort -z | xargs -0 sha256sum
    sha256sum "$root/build/release/mulligan"
  } | sha256sum | cut -d' ' -f1
}

# build_demo SAMPLE WHAT: a workspace, a report and the savings of one sample, made again only when something changed.
build_demo() {
  local sample="$1" what="$2" demo="$root/build/demo/$1" program="$root/build/release/mulligan" stamp
  stamp="$(demo_stamp "$sample")"
  if [[ -f "$demo/stamp" && "$(cat "$demo/stamp")" == "$stamp" && -f "$demo/$sample.mulligan" ]]; then
    say "The workspace of $what is up to date"
  else
    say "Importing $what, classifying and training"
    rm -rf "$demo"
    mkdir -p "$demo"
    "$program" init "$demo/$sample.mulligan"
    "$program" import "$demo/$sample.mulligan" "$root/sample_data/$sample"
    "$program" classify "$demo/$sample.mulligan"
    "$program" train "$demo/$sample.mulligan"
    "$program" report "$demo/$sample.mulligan" --out "$demo/report.html"
    "$program" simulate "$demo/$sample.mulligan" >"$demo/savings.txt"
    printf '%s\n' "$stamp" >"$demo/stamp"
  fi
  say "What the shipped policy would have saved on $what"
  cat "$demo/savings.txt"
  printf '\nReport: %s\n' "$demo/report.html"
}

open_window() {
  local program="$root/build/release/mulligan-desktop" first="$root/build/demo/spark_lab/spark_lab.mulligan"
  local second="$root/build/demo/synthetic/synthetic.mulligan"
  if [[ -n "${DISPLAY:-}" || -n "${WAYLAND_DISPLAY:-}" ]]; then
    say 'Opening the window'
    printf 'The real runs are shown; the synthetic history is in %s\n' "$second"
    "$program" "$first"
  else
    printf '\nNo screen here. On one, open the window with:\n  %s %s\n  %s %s\n' "$program" "$first" "$program" "$second"
  fi
}

run() {
  check_system
  install_packages "${packages[@]}"
  local sample
  for sample in spark_lab synthetic; do
    [[ -d "$root/sample_data/$sample" ]] || fail "sample_data/$sample is missing; check the source tree out whole."
  done
  mkdir -p "$root/build"
  build_preset release
  build_demo spark_lab 'the real runs of the Spark laboratory'
  build_demo synthetic 'the synthetic history'
  open_window
}

run_tests() {
  check_system
  install_packages "${packages[@]}" "${test_packages[@]}"
  mkdir -p "$root/build"
  build_preset dev
  say 'Testing'
  cd "$root"
  QT_QPA_PLATFORM=offscreen ctest --preset dev --label-exclude integration --parallel 2
}

# fetch_real_system ENVIRONMENT NAME[==VERSION]: a real system in an environment of its own under build/. It is left
# out, and said to be, where it cannot be had.
fetch_real_system() {
  local venv="$root/build/$1" name="$2"
  [[ -x "$venv/bin/python" ]] || python3 -m venv "$venv"
  if "$venv/bin/python" -m pip show --quiet "${name%%=*}" >/dev/null 2>&1; then
    return 0
  fi
  printf 'Fetching %s\n' "$name"
  if ! "$venv/bin/python" -m pip install --quiet "$name" >"$root/build/$name.pip.log" 2>&1; then
    printf '%s cannot be had here (build/%s.pip.log says why); the tests that need it are skipped.\n' "$name" "$name"
  fi
}

integration() {
  check_system
  install_packages "${packages[@]}" "${test_packages[@]}" "${integration_packages[@]}"
  mkdir -p "$root/build"
  build_preset dev
  cd "$root"
  local count
  count="$(ctest --preset dev --show-only -L integration 2>/dev/null | sed -n 's/^Total Tests: //p')"
  if [[ "${count:-0}" -eq 0 ]]; then
    printf 'No test carries the label integration: nothing was run against real systems.\n'
    return 0
  fi
  say 'Fetching real systems'
  fetch_real_system integration-venv 'pyspark'
  fetch_real_system airflow2-venv 'apache-airflow==2.10.5'
  fetch_real_system airflow3-venv 'apache-airflow==3.3.2'
  say "Testing against real systems ($count)"
  MULLIGAN_PYTHON="$root/build/integration-venv/bin/python" \
    MULLIGAN_AIRFLOW_PYTHON="$root/build/airflow2-venv/bin/python:$root/build/airflow3-venv/bin/python" \
    QT_QPA_PLATFORM=offscreen ctest --preset dev -L integration
}

case "${1:-}" in
  run) run ;;
  test) run_tests ;;
  integration) integration ;;
  -h | --help) usage ;;
  *)
    usage >&2
    exit 2
    ;;
esac
