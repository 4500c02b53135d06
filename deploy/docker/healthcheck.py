"""Asks the service in this container whether it lives: 0 yes, 1 no. Needs no curl in the image."""

import os
import sys
import urllib.error
import urllib.request

URL = f"http://127.0.0.1:{os.environ.get('HTTP_PORT', '8001')}/healthz"


def main() -> int:
    """A dead loop, a refused connection and a wrong port all count as no."""
    try:
        with urllib.request.urlopen(URL, timeout=3) as answer:
            return 0 if answer.status == 200 else 1
    except (urllib.error.URLError, TimeoutError) as error:
        sys.stderr.write(f"{URL}: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
