"""Makes the lock of Kafka's jars anew: from two coordinates to versions and checksums (`make lock`)."""

import os
import sys
import tempfile
from pathlib import Path

import jgo

from services.cli.stack.jars import sha256_of
from services.cli.stack.layout import JAR_LOCK

KAFKA = "org.apache.kafka:kafka_2.13:4.3.1"
LOG_BINDING = "org.apache.logging.log4j:log4j-slf4j-impl:2.25.4"  # the log4j version that this Kafka brings
_HEADER = """\
# The jars that run Apache Kafka here: exact versions, SHA-256 and size in bytes. Made by `make lock`; each is
# verified against it at each start, and one that differs is refused.
"""


def resolve() -> dict[str, Path]:
    """Resolve Kafka and its log binding; return the jars' paths by `group:artifact:version`.

    The binding is resolved by itself, since its list of versions would drag Kafka's own clients down to an
    older one; where both bring an artifact, Kafka's version is kept.
    """
    chosen: dict[str, tuple[str, Path]] = {}
    for endpoint in (KAFKA, LOG_BINDING):
        for artifact in jgo.resolve(endpoint):
            name = f"{artifact.groupId}:{artifact.artifactId}"
            chosen.setdefault(name, (f"{name}:{artifact.version}", Path(artifact.resolve())))
    return dict(chosen.values())


def render(jars: dict[str, Path]) -> str:
    """Render the lock file, sorted by coordinates, so that a change of it reads well."""
    rows = [
        f'\n[[jar]]\ncoordinates = "{name}"\nsha256 = "{sha256_of(path)}"\nsize = {path.stat().st_size}\n'
        for name, path in sorted(jars.items())
    ]
    return _HEADER + "".join(rows)


def main() -> int:
    """Write the lock; the jars themselves go to a throw-away folder, so that nothing stale is locked."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["M2_REPO"] = folder  # where jgo keeps what it fetches
        jars = resolve()
        JAR_LOCK.write_text(render(jars))
    sys.stdout.write(f"{JAR_LOCK}: {len(jars)} jars\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
