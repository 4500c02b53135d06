"""A record only moves to the right: no service imports another, and schemas import nothing of ours."""

import subprocess
import sys
from pathlib import Path

from services.cli.stack.layout import PROJECT


def test_imports_keep_their_direction(tmp_path: Path) -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [str(lint), "pyproject.toml", "--cache-dir", str(tmp_path)],
        cwd=PROJECT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
