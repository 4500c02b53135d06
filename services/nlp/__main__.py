"""`python -m services.nlp`: run until SIGTERM or SIGINT."""

import sys

from services.common.process import run
from services.nlp.app import build
from services.nlp.settings import NlpSettings

if __name__ == "__main__":
    sys.exit(run("nlp", NlpSettings, build))
