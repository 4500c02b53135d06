"""The formats that a target may ask for: each turns an alert record into the bytes of a request body.

The next format is one small file beside `slack.py` and one line here.
"""

from collections.abc import Callable
from dataclasses import dataclass

from schemas.alert import Alert
from services.alerting import digest, render, slack
from services.alerting.digest import Digest


@dataclass(frozen=True, slots=True)
class Format:
    """How a target is spoken to."""

    render: Callable[[Alert], bytes]
    render_digest: Callable[[Digest], bytes]
    signed: bool
    """Whether it is signed by Standard Webhooks, and so needs a secret."""


FORMATS = {
    "standard": Format(render.render, digest.render, signed=True),
    "slack": Format(slack.render, slack.render_digest, signed=False),
}
