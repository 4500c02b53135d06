"""The parts of alerting that settings make: settings in, the part out, or why the service cannot start."""

from datetime import timedelta

from fastapi import FastAPI

from services.alerting.api import SubscriptionPages, api
from services.alerting.attempts import AttemptSettings
from services.alerting.book import Book
from services.alerting.clock import Clock
from services.alerting.keys import ApiKeys
from services.alerting.outbox import OutboxSettings
from services.alerting.outcome import Schedule
from services.alerting.previews import Previews
from services.alerting.register import BothEndpoints, Register
from services.alerting.sender import Sender, SenderSettings
from services.alerting.settings import AlertingSettings
from services.alerting.severity import SeverityRule
from services.alerting.severity_file import SeverityFileError, load_rule
from services.alerting.subscriptions import SubscriptionsError
from services.alerting.vault import Vault, VaultError, keys_of
from services.alerting.watch import SubscriptionFile
from services.common.api_keys import KeysError
from services.common.health import Health
from services.common.process import StartError


def subscription_file(settings: AlertingSettings) -> SubscriptionFile:
    """The list of the file; raises `StartError` where it is no good list."""
    try:
        return SubscriptionFile(settings.alerting_subscriptions, allow_http=settings.alerting_allow_http)
    except SubscriptionsError as error:
        raise StartError(str(error)) from None


def severity_rule(settings: AlertingSettings) -> SeverityRule:
    """The rule of the file, or the documented one."""
    try:
        return load_rule(settings.alerting_severity)
    except SeverityFileError as error:
        raise StartError(str(error)) from None


def vault(settings: AlertingSettings) -> Vault:
    """With the keys of the setting."""
    try:
        return Vault(keys_of(settings.alerting_secret_key))
    except VaultError as error:
        raise StartError(str(error)) from None


def book_of(settings: AlertingSettings, register: Register, endpoints: BothEndpoints, clock: Clock) -> Book:
    """What may be done to subscriptions."""
    return Book(
        register,
        endpoints,
        clock,
        allow_http=settings.alerting_allow_http,
        allow_private=settings.alerting_allow_private_addresses,
    )


def pages(settings: AlertingSettings, book: Book, rule: SeverityRule, clock: Clock) -> FastAPI:
    """The pages of subscriptions."""
    try:
        keys = ApiKeys(settings.alerting_api_keys, settings.http_host)
    except KeysError as error:
        raise StartError(str(error)) from None
    previews = Previews(settings.kafka_bootstrap_servers, rule, clock)
    return api(SubscriptionPages(book, keys, previews))


def outbox_settings(settings: AlertingSettings) -> OutboxSettings:
    """The senders' limits."""
    patience = timedelta(hours=settings.alerting_disable_after_hours)
    return OutboxSettings(
        attempts=AttemptSettings(schedule(settings), patience=patience),
        concurrency_per_endpoint=settings.alerting_concurrency_per_endpoint,
    )


def schedule(settings: AlertingSettings) -> Schedule:
    """When attempts are made."""
    return Schedule(settings.alerting_retry_seconds)


def remark(health: Health, why: str | None) -> None:
    """Show on `/readyz` what cannot be used of the subscriptions, or that all can."""
    if why:
        health.remarks["subscriptions"] = why
    else:
        health.remarks.pop("subscriptions", None)


def sender(settings: AlertingSettings, clock: Clock) -> Sender:
    """What makes the attempts."""
    limits = SenderSettings(
        total_seconds=settings.alerting_timeout_seconds,
        allow_http=settings.alerting_allow_http,
        allow_private=settings.alerting_allow_private_addresses,
    )
    return Sender(limits, clock)
