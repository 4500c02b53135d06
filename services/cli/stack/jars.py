"""Kafka's jars: from a lock of exact versions and checksums to verified files in a cache."""

import hashlib
import os
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from jgo.maven import MavenContext
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.cli.stack.errors import StackError

Progress = Callable[[str], None]
"""Takes one line of text that tells a user how far something has got."""

_THREADS = 4
_TIMEOUT_S = 60
_TELL_EVERY = 10_000_000  # bytes between two lines of progress


class Jar(BaseModel):
    """One jar of the lock: Maven coordinates (group:artifact:version), SHA-256, size in bytes."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    coordinates: str = Field(pattern=r"^[\w.-]+:[\w.-]+:[\w.-]+$")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(gt=0)

    @property
    def filename(self) -> str:
        """The jar's file name, as Maven has it ("kafka-clients-4.3.1.jar")."""
        _, artifact, version = self.coordinates.split(":")
        return f"{artifact}-{version}.jar"


Fetch = Callable[[Jar, Path], Path]
"""Downloads a jar somewhere below the given empty folder and returns its path."""


def cache_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """Where downloads are kept: TOCSIN_CACHE, else `tocsin` below XDG_CACHE_HOME, else `~/.cache/tocsin`."""
    if chosen := environ.get("TOCSIN_CACHE"):
        return Path(chosen)
    base = environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "tocsin"


def read_lock(path: Path) -> tuple[Jar, ...]:
    """Read the lock file. Raises StackError where it is missing or damaged."""
    try:
        rows = tomllib.loads(path.read_text())["jar"]
        return tuple(Jar.model_validate(row) for row in rows)
    except FileNotFoundError as error:
        raise StackError(f"{path} is missing: `git checkout {path}` brings it back.") from error
    except ValidationError as error:
        first = error.errors()[0]
        reason = f"{first['loc'][0]}: {first['msg']}"
        raise StackError(f"{path} is damaged ({reason}): `git checkout {path}` brings it back.") from error
    except (KeyError, tomllib.TOMLDecodeError) as error:
        raise StackError(f"{path} is damaged ({error}): `git checkout {path}` brings it back.") from error


def fetch_from_maven(jar: Jar, folder: Path) -> Path:
    """Download one jar of exact version into `folder`, from the Maven repository that jgo is set to."""
    group, artifact, version = jar.coordinates.split(":")
    context = MavenContext(repo_cache=folder, local_repos=[], timeout=_TIMEOUT_S)
    return Path(context.project(group, artifact).at_version(version).artifact().resolve())


def ensure_jars(
    jars: Sequence[Jar], cache: Path, progress: Progress, fetch: Fetch = fetch_from_maven
) -> tuple[Path, ...]:
    """Return the paths of all jars, verified against the lock; download those that the cache does not have.

    Nothing is downloaded where all are cached. Raises StackError, naming the jar, where one cannot be fetched
    or has another checksum than the lock (a cached one is left as it is, a downloaded one is thrown away).
    """
    folder = cache / "jars"
    folder.mkdir(parents=True, exist_ok=True)
    missing = [jar for jar in jars if not (folder / jar.filename).exists()]
    for jar in jars:
        if jar not in missing:
            _verify_cached(folder / jar.filename, jar)
    if missing:
        _download(missing, folder, progress, fetch)
    return tuple(folder / jar.filename for jar in jars)


def _verify_cached(path: Path, jar: Jar) -> None:
    found = sha256_of(path)
    if found != jar.sha256:
        raise StackError(
            f"{path} is not the jar that the lock names: its SHA-256 is {found}, the lock says {jar.sha256}. "
            f"Nothing was started. Remove it (rm '{path}') and run again to fetch it anew."
        )


def _download(jars: Sequence[Jar], folder: Path, progress: Progress, fetch: Fetch) -> None:
    """Download in parallel into a folder aside; a jar enters the cache whole and verified, or not at all."""
    total = sum(jar.size for jar in jars)
    progress(f"fetching {len(jars)} jars of Apache Kafka ({total / 1e6:.0f} MB), once; kept in {folder}")
    aside = Path(tempfile.mkdtemp(prefix="fetching-", dir=folder.parent))
    pool = ThreadPoolExecutor(_THREADS)
    try:
        futures = {pool.submit(_fetch_one, jar, aside, folder, fetch): jar for jar in jars}
        arrived = (futures[done] for done in as_completed(futures) if done.result() is None)
        _tell(arrived, len(jars), total, progress)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        shutil.rmtree(aside, ignore_errors=True)


def _tell(fetched: Iterable[Jar], count: int, total: int, progress: Progress) -> None:
    """Tell progress now and then while `fetched` yields the jars as they arrive."""
    size, told = 0, 0
    for number, jar in enumerate(fetched, start=1):
        size += jar.size
        if size - told >= _TELL_EVERY or number == count:
            told = size
            progress(f"  {number} of {count} jars, {size / 1e6:.0f} of {total / 1e6:.0f} MB")


def _fetch_one(jar: Jar, aside: Path, folder: Path, fetch: Fetch) -> None:
    try:
        path = fetch(jar, aside)
    except Exception as error:  # jgo lets through what requests, urllib3 and it itself raise
        raise StackError(
            f"{jar.filename} cannot be fetched from Maven Central ({type(error).__name__}: {error}). "
            "Check the network and any proxy (HTTPS_PROXY), then run again: what has been fetched is kept."
        ) from error
    found = sha256_of(path)
    if found != jar.sha256:
        raise StackError(
            f"{jar.filename}, as downloaded, is not the jar that the lock names: its SHA-256 is {found}, "
            f"the lock says {jar.sha256}. It was thrown away and nothing was started. Run again; if it stays "
            "so, something between you and Maven Central changes files."
        )
    path.replace(folder / jar.filename)


def sha256_of(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
