"""The formats that a target may ask for: each turns an alert record into the bytes of a request body.

The next format is one small file beside `render.py` and one line here.
"""

from collections.abc import Callable

from schemas.alert import Alert
from services.alerting.render import render

FORMATS: dict[str, Callable[[Alert], bytes]] = {"standard": render}
