"""The formats that a target may ask for: each turns an alert record into the bytes of a request body.

The next format is one small file beside `slack.py` and one line here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from schemas.alert import Alert
from schemas.notice import Notice
from services.alerting import digest, render, slack
from services.alerting.digest import Digest

Message: TypeAlias = Alert | Digest | Notice
"""What is sent."""


@dataclass(frozen=True, slots=True)
class Format:
    """How a target is spoken to."""

    render: Callable[[Alert], bytes]
    render_digest: Callable[[Digest], bytes]
    render_notice: Callable[[Notice], bytes]
    signed: bool
    """Whether it is signed by Standard Webhooks, and so needs a secret."""

    def body(self, message: Message) -> bytes:
        """The request's body."""
        if isinstance(message, Digest):
            return self.render_digest(message)
        return self.render_notice(message) if isinstance(message, Notice) else self.render(message)


FORMATS = {
    "standard": Format(render.render, digest.render, render.render_notice, signed=True),
    "slack": Format(slack.render, slack.render_digest, slack.render_notice, signed=False),
}
