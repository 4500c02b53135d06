"""`python -m services.alerting`: run until SIGTERM or SIGINT."""

import sys

from services.alerting.app import build
from services.alerting.settings import AlertingSettings
from services.common.process import run

if __name__ == "__main__":
    sys.exit(run("alerting", AlertingSettings, build))
