"""`python -m services.dedup`: run until SIGTERM or SIGINT."""

import sys

from services.common.process import run
from services.dedup.app import build
from services.dedup.settings import DedupSettings

if __name__ == "__main__":
    sys.exit(run("dedup", DedupSettings, build))
