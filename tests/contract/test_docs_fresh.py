"""The generated documents are what the code says, on every machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.cli.docs.__main__ import main
from services.cli.docs.pages import BEGIN, MarkersMissingError, pages, stale, with_block
from services.cli.stack.layout import PROJECT


def test_generated_files_are_fresh() -> None:
    assert stale() == [], "the code changed and the documents did not: run `make docs` and commit"


def test_documents_name_no_path_of_this_machine() -> None:
    naming = [path for path, text in pages().items() if str(PROJECT) in text or str(Path.home()) in text]
    assert naming == []


@pytest.mark.parametrize("seed", ["1", "2"])
def test_documents_do_not_depend_on_the_order_of_sets(seed: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "services.cli.docs", "check"],
        cwd=PROJECT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_page_without_markers_is_named(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text(f"only the first {BEGIN}", encoding="utf-8")
    with pytest.raises(MarkersMissingError, match=r"README\.md"):
        with_block(page, "a block")


def test_an_action_that_is_unknown_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["frobnicate"]) == 2
    assert "usage:" in capsys.readouterr().err
