"""`--connector MODULE:CLASS`: the connector's reports, as a file's would come (services/ingest/connector.py)."""

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import cast

from pydantic import JsonValue

from services.cli.errors import CliError, UsageError
from services.cli.reports import Told
from services.ingest.connector import Connector, ConnectorError

Make = Callable[[str], Connector]


def load_connector(told: str) -> Make:
    """From `package.module:Class` or `path/to/file.py:Class`. Raises `UsageError`."""
    module_name, _, class_name = told.rpartition(":")
    try:
        made = getattr(_module(module_name), class_name)
    except (ImportError, AttributeError, OSError, SyntaxError, ValueError) as error:
        raise UsageError(
            f"--connector {told}: {type(error).__name__}: {error}. Give MODULE:CLASS or FILE.py:CLASS; "
            "examples/telegram_export.py:TelegramExport is one."
        ) from None
    if not hasattr(made, "reports"):
        raise UsageError(
            f"--connector {told}: the class has no method reports(); see services/ingest/connector.py."
        )
    return cast(Make, made)


def _module(name: str) -> ModuleType:
    if not name.endswith(".py"):
        return importlib.import_module(name)
    path = Path(name)
    spec = importlib.util.spec_from_file_location(f"tocsin_connector_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{name} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[module.__name__] = module
    spec.loader.exec_module(module)
    return module


def read_connector(make: Make, source: str) -> Iterator[Told]:
    """Every report that the connector yields. Raises `CliError` where it cannot read its source."""
    try:
        for number, report in enumerate(make(source).reports(), start=1):
            yield Told(f"{source}[{number}]", cast(JsonValue, report))
    except ConnectorError as error:
        raise CliError(str(error)) from None
