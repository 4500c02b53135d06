"""The lock of Kafka's jars: only what it names enters the cache, and only that is used."""

import hashlib
from pathlib import Path

import pytest

from services.cli.stack.errors import StackError
from services.cli.stack.jars import Jar, cache_dir, ensure_jars, read_lock
from services.cli.stack.layout import JAR_LOCK

GOOD = b"the real jar"
JAR = Jar(coordinates="org.example:siren:1.0", sha256=hashlib.sha256(GOOD).hexdigest(), size=len(GOOD))


class Repository:
    """Serves one content for every jar and counts what it served."""

    def __init__(self, content: bytes) -> None:
        self.content, self.served = content, 0

    def __call__(self, jar: Jar, folder: Path) -> Path:
        self.served += 1
        path = folder / jar.filename
        path.write_bytes(self.content)
        return path


def no_network(jar: Jar, folder: Path) -> Path:
    raise ConnectionError("network is unreachable")


def test_a_jar_is_fetched_once_and_then_served_offline(tmp_path: Path) -> None:
    lines: list[str] = []
    (path,) = ensure_jars([JAR], tmp_path, lines.append, Repository(GOOD))
    assert path.read_bytes() == GOOD
    assert lines[0].startswith("fetching 1 jars of Apache Kafka")
    assert ensure_jars([JAR], tmp_path, lines.append, no_network) == (path,)
    assert len(lines) == 2


def test_a_tampered_jar_in_the_cache_is_refused_by_name(tmp_path: Path) -> None:
    (path,) = ensure_jars([JAR], tmp_path, print, Repository(GOOD))
    path.write_bytes(b"another jar")
    repository = Repository(GOOD)
    with pytest.raises(StackError, match=r"siren-1\.0\.jar is not the jar that the lock names"):
        ensure_jars([JAR], tmp_path, print, repository)
    assert repository.served == 0
    assert path.read_bytes() == b"another jar"  # evidence stays for who looks into it


def test_a_tampered_download_is_refused_and_thrown_away(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"siren-1\.0\.jar, as downloaded, is not the jar"):
        ensure_jars([JAR], tmp_path, print, Repository(b"the real"))  # cut short is tampered too
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_no_network_names_jar_reason_and_remedy(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"siren-1\.0\.jar cannot be fetched .*unreachable.*run again"):
        ensure_jars([JAR], tmp_path, print, no_network)


def test_what_was_fetched_before_a_failure_is_kept(tmp_path: Path) -> None:
    other = JAR.model_copy(update={"coordinates": "org.example:bell:1.0"})
    ensure_jars([JAR], tmp_path, print, Repository(GOOD))
    repository = Repository(GOOD)
    ensure_jars([JAR, other], tmp_path, print, repository)
    assert repository.served == 1


@pytest.mark.parametrize(
    "text",
    ["", "[[jar]]\ncoordinates = 'a:b:1'\n", "[[jar]", "[[jar]]\ncoordinates='a'\nsha256='x'\nsize=1\n"],
)
def test_a_damaged_lock_is_an_error_with_a_remedy(tmp_path: Path, text: str) -> None:
    path = tmp_path / "kafka-jars.lock"
    path.write_text(text)
    with pytest.raises(StackError, match=r"is damaged .*git checkout"):
        read_lock(path)


def test_a_missing_lock_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"is missing.*git checkout"):
        read_lock(tmp_path / "kafka-jars.lock")


def test_the_committed_lock_holds_one_version_of_each_jar_and_no_address() -> None:
    names = [jar.coordinates.rpartition(":")[0] for jar in read_lock(JAR_LOCK)]
    assert len(names) == len(set(names))
    assert {"org.apache.kafka:kafka_2.13", "org.apache.logging.log4j:log4j-slf4j-impl"} <= set(names)
    assert "://" not in JAR_LOCK.read_text()


def test_the_cache_folder_follows_the_environment() -> None:
    assert cache_dir({"TOCSIN_CACHE": "/a", "XDG_CACHE_HOME": "/b"}) == Path("/a")
    assert cache_dir({"XDG_CACHE_HOME": "/b"}) == Path("/b/tocsin")
    assert cache_dir({}) == Path.home() / ".cache" / "tocsin"
