"""What may be done to subscriptions: a change asked for in, a record on the topic out, or why not and nothing saved."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias, cast
from urllib.parse import urlsplit

from pydantic import SecretStr

from services.alerting.clock import Clock
from services.alerting.draft import Draft, DraftError, FieldProblem, drafted, refuse_http
from services.alerting.endpoint import Endpoint
from services.alerting.formats import FORMATS
from services.alerting.register import BothEndpoints, Register
from services.alerting.signing import new_secret
from services.common.ssrf import is_public

Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | float | bool | None"

KEPT_SECRETS = 2
"""During a rotation: the new one and the one before."""


class UnknownSubscriptionError(Exception):
    """There is none of that id."""


class ConflictError(Exception):
    """The change does not fit what there is; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A subscription as saved, with the secret that was made for it: the only time that it is shown."""

    endpoint: Endpoint
    new_secret: SecretStr | None = field(default=None, repr=False)


class Book:
    """All changes go through here, one at a time."""

    def __init__(
        self,
        register: Register,
        endpoints: BothEndpoints,
        clock: Clock,
        *,
        allow_http: bool = False,
        allow_private: bool = False,
    ) -> None:
        self._register = register
        self._endpoints = endpoints
        self._clock = clock
        self._allow_http = allow_http
        self._allow_private = allow_private
        self._lock = asyncio.Lock()

    async def all(self) -> Sequence[Endpoint]:
        """As they stand on the topic now, and the file's. Raises `OutageError`."""
        await self._register.catch_up()
        return self._endpoints.all()

    async def get(self, subscription_id: str) -> Endpoint:
        """One of them. Raises `UnknownSubscriptionError`, `OutageError`."""
        await self._register.catch_up()
        endpoint = self._endpoints.get(subscription_id)
        if endpoint is None:
            raise UnknownSubscriptionError(subscription_id)
        return endpoint

    def in_file(self, subscription_id: str) -> bool:
        """Whether it is kept in the file, and so not ours to change."""
        return self._endpoints.in_file(subscription_id)

    def checked(self, raw: object) -> Draft:
        """A draft that could be saved; raises `DraftError`."""
        draft = drafted(Draft, raw)
        if not self._allow_http:
            refuse_http(draft)
        if not self._allow_private and _is_private_literal(draft.target.url):
            raise DraftError([FieldProblem("target.url", "leads to an address that is not public")])
        return draft

    def trial(self, raw: object) -> Endpoint:
        """A subscription that is not saved, to see what it would do. Raises `DraftError`."""
        draft = self.checked(raw)
        return Endpoint(draft.subscription(), draft.target.secret)

    async def add(self, raw: object) -> Saved:
        """A new one; a signing secret is made where none is given. Raises as `change` does."""
        draft = self.checked(raw)
        made = None
        if FORMATS[draft.target.format].signed and not draft.target.secret:
            made = new_secret()
            draft = _with_secrets(draft, (made,))
        async with self._lock:
            await self._register.catch_up()
            if self._endpoints.get(draft.id) is not None:
                raise ConflictError(
                    f"There is a subscription {draft.id} already: edit it, or take another id."
                )
            return Saved(await self._save(draft, 1), made)

    async def change(self, subscription_id: str, patch: Mapping[str, object]) -> Endpoint:
        """Change what the patch names (JSON Merge Patch, RFC 7396: null removes), and leave the rest.

        Raises `DraftError`, `UnknownSubscriptionError`, `ConflictError`, `VaultError` or `OutageError`.
        """
        async with self._lock:
            current = await self._changeable(subscription_id)
            draft = self.checked(changed(current, patch))
            if draft.id != subscription_id:
                raise DraftError([FieldProblem("id", "cannot be changed: it is part of every alert's id")])
            if FORMATS[draft.target.format].signed and not draft.target.secret:
                raise DraftError([FieldProblem("target.secret", "is needed to sign with")])
            return await self._save(draft, current.subscription.version + 1)

    async def rotate_secret(self, subscription_id: str, *, keep_previous: bool) -> Saved:
        """Sign with a fresh secret, and with the one before too while receivers learn the new one."""
        async with self._lock:
            current = await self._changeable(subscription_id)
            if not FORMATS[current.subscription.target.format].signed:
                raise ConflictError(f"The format {current.subscription.target.format} signs nothing.")
            made = new_secret()
            kept = (made, *current.secrets)[:KEPT_SECRETS] if keep_previous else (made,)
            draft = _with_secrets(self.checked(raw_of(current)), kept)
            return Saved(await self._save(draft, current.subscription.version + 1), made)

    async def remove(self, subscription_id: str) -> None:
        """Remove it. Raises `UnknownSubscriptionError`, `ConflictError`, `OutageError`."""
        async with self._lock:
            await self._changeable(subscription_id, even_locked=True)
            await self._register.remove(subscription_id)

    async def disable(self, subscription_id: str, reason: str) -> None:
        """Switch it off, and say why on the topic. One that is off already, or is not on the topic, is left alone."""
        async with self._lock:
            await self._register.catch_up()
            endpoint = self._register.get(subscription_id)
            if endpoint is None or not endpoint.subscription.enabled or self.in_file(subscription_id):
                return
            known = endpoint.subscription
            told = {"enabled": False, "disabled_reason": reason, "version": known.version + 1}
            await self._register.save(known.model_copy(update={**told, "updated_at": self._now()}))

    async def _changeable(self, subscription_id: str, *, even_locked: bool = False) -> Endpoint:
        endpoint = await self.get(subscription_id)
        if self.in_file(subscription_id):
            raise ConflictError(
                f"{subscription_id} is kept in the file of ALERTING_SUBSCRIPTIONS: change it there."
            )
        if endpoint.locked and not even_locked:
            raise ConflictError(f"{subscription_id} cannot be changed: {endpoint.locked}.")
        return endpoint

    async def _save(self, draft: Draft, version: int) -> Endpoint:
        vault, target = self._register.vault, draft.target
        sealed = {
            "secrets_encrypted": tuple(map(vault.lock, target.secret)),
            "headers_encrypted": {name: vault.lock(value) for name, value in target.headers.items()},
        }
        plain = draft.subscription()
        told = {
            "version": version,
            "updated_at": self._now(),
            "target": plain.target.model_copy(update=sealed),
        }
        subscription = plain.model_copy(update=told)
        await self._register.save(subscription)
        return self._register.get(draft.id) or Endpoint(subscription, target.secret)

    def _now(self) -> datetime:
        return self._clock.now().replace(microsecond=0)


def raw_of(endpoint: Endpoint) -> dict[str, Json]:
    """A subscription as people write it, its secrets in clear: never to be shown."""
    subscription = endpoint.subscription
    return {
        "id": subscription.id,
        "name": subscription.name,
        "target": {
            "url": subscription.target.url,
            "format": subscription.target.format,
            "secret": [secret.get_secret_value() for secret in endpoint.secrets],
            "headers": {name: value.get_secret_value() for name, value in endpoint.headers},
        },
        "filters": subscription.filters.model_dump(mode="json", exclude_defaults=True),
        "rules": subscription.rules.model_dump(mode="json", exclude_defaults=True),
        "enabled": subscription.enabled,
    }


def changed(endpoint: Endpoint, patch: object) -> Json:
    """A subscription as people write it, with a merge patch applied."""
    return merged(raw_of(endpoint), cast(Json, patch))


def merged(target: Json, patch: Json) -> Json:
    """RFC 7396."""
    if not isinstance(patch, Mapping):
        return patch
    result = dict(target) if isinstance(target, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result


def _with_secrets(draft: Draft, secrets: tuple[SecretStr, ...]) -> Draft:
    return draft.model_copy(update={"target": draft.target.model_copy(update={"secret": secrets})})


def _is_private_literal(url: str) -> bool:
    """Whether a URL names an address, and one that is not public; names are looked up at every attempt."""
    host = urlsplit(url).hostname or ""
    try:
        return not is_public(host)
    except ValueError:
        return host.rstrip(".").lower() == "localhost"
