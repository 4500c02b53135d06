#!/usr/bin/env bash
# Makes .venv-train with the locked packages (torch among them), then trains the reader: weights, card, checksums.
# Arguments go to `python -m training`; see its --help.
set -euo pipefail
cd "$(dirname "$0")/.."
stamp=.venv-train/.ready
if ! cmp -s training/requirements.lock "$stamp"; then
  echo "train: making .venv-train with torch and what else training needs (once; about 3 GB to fetch)"
  .venv/bin/python -m venv --clear .venv-train
  .venv-train/bin/python -m pip install -q --require-hashes -r training/requirements.lock
  cp training/requirements.lock "$stamp"
fi
exec .venv-train/bin/python -m training "$@"
