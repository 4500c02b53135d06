"""The released schemas: what subscribers were promised. Takes the schemas of now, refuses to break the promise."""

import json
from pathlib import Path

from services.cli.docs.compat import Break, breaks
from services.cli.docs.pages import SCHEMAS
from services.cli.stack.layout import PROJECT

RELEASED = Path("tests/contract/released")
"""One file a topic, changed by `make release-schemas` alone."""


def broken_promises(root: Path = PROJECT) -> dict[str, list[Break]]:
    """For each released topic what in the schema of now would break its subscribers; empty when nothing would."""
    found = {path.stem: _against(path, root / SCHEMAS / path.name) for path in _released(root)}
    return {topic: broken for topic, broken in found.items() if broken}


def release(root: Path = PROJECT) -> list[str]:
    """Promise the schemas of now; gives the topics whose promise grew. Call only where no promise is broken."""
    changed = []
    for path in sorted((root / SCHEMAS).glob("*.json")):
        kept = root / RELEASED / path.name
        text = path.read_text(encoding="utf-8")
        if not kept.exists() or kept.read_text(encoding="utf-8") != text:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(text, encoding="utf-8")
            changed.append(path.stem)
    return changed


def told(broken: dict[str, list[Break]]) -> str:
    """The breaks as lines, with the remedy."""
    lines = [f"{topic}: {one}" for topic, found in broken.items() for one in found]
    return "\n".join([*lines, "A change that breaks subscribers needs a new topic, `.v2` beside `.v1`."])


def _against(released: Path, now: Path) -> list[Break]:
    if not now.exists():
        return [Break("", "the topic's schema is gone")]
    old, new = (json.loads(path.read_text(encoding="utf-8")) for path in (released, now))
    return breaks(old, new)


def _released(root: Path) -> list[Path]:
    return sorted((root / RELEASED).glob("*.json"))
