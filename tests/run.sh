#!/usr/bin/env bash
# Installs what the tests need and this machine lacks, builds once, and runs every test project under tests/.
#   bash tests/run.sh [filter]     the filter is that of `dotnet test --filter`
# The last line is "N passed, N failed, N skipped"; the exit code is 0 only when tests ran and none failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

filter="${1:-}"
results="$PWD/artifacts/test-results"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Tests end before code that is compiled a third time pays off.
export DOTNET_TieredPGO=0

say() { printf '== %s\n' "$*"; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "Neither root nor sudo: cannot run: $*" >&2
    return 1
  fi
}

install_missing() {
  local missing=()
  [ -x /usr/bin/chromium ] || missing+=(chromium)
  ldconfig -p 2>/dev/null | grep -q 'libsqlite3\.so\.0' || [ -n "$(find /usr/lib /lib -name libsqlite3.so.0 -print -quit 2>/dev/null)" ] || missing+=(libsqlite3-0)
  [ -n "${INTEGRATIONS_TEST_POSTGRES:-}" ] || command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
  command -v setpriv >/dev/null || missing+=(util-linux)
  command -v node >/dev/null || missing+=(nodejs)
  command -v npm >/dev/null || missing+=(npm)
  command -v python3 >/dev/null || missing+=(python3)
  # The help's sample in Python for key pairs needs it, run by the system's own Python.
  /usr/bin/python3 -c 'import cryptography' 2>/dev/null || missing+=(python3-cryptography)
  # About 460 MB on disk; the help's sample in Go is run with it.
  command -v go >/dev/null || missing+=(golang-go)
  if [ ${#missing[@]} -eq 0 ]; then
    say "Nothing to install"
    return
  fi

  say "Installing from Debian: ${missing[*]}"
  as_root apt-get update -qq \
    && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" \
    || say "Not everything could be installed; tests that need it are skipped or fail"
}

install_verifiers() {
  local folder=tests/verifiers
  if [ -d "$folder/node_modules/svix" ] && [ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ]; then
    return
  fi

  say "npm ci in $folder"
  (cd "$folder" && npm ci --no-audit --no-fund) || say "npm ci failed; the tests of the npm verifiers are skipped"
}

install_missing
install_verifiers

say "Building (Release)"
if ! dotnet build Integrations.sln -c Release; then
  echo "0 passed, 0 failed, 0 skipped"
  exit 1
fi

rm -rf "$results"
broken=()
for project in tests/*.Tests/*.csproj; do
  name="$(basename "$project" .csproj)"
  say "$name"
  arguments=(test "$project" -c Release --no-build --results-directory "$results" --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal")
  [ -z "$filter" ] || arguments+=(--filter "$filter")
  dotnet "${arguments[@]}" || broken+=("$name")
  # Without a filter, a project that leaves no results has run nothing.
  [ -n "$filter" ] || [ -s "$results/$name.trx" ] || broken+=("$name")
done

python3 tests/sum-results.py "$results" ${broken[@]+"${broken[@]}"}
