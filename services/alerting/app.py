"""Alerting's wiring: `conflict.incident.v1` in; alerts, pending records and deliveries out, and signed webhooks."""

import random
from datetime import timedelta

from fastapi import FastAPI

from schemas.topics import ALERT, INCIDENT, PENDING
from services.alerting.adopt import Adopter
from services.alerting.api import SubscriptionPages, api
from services.alerting.attempts import AttemptSettings
from services.alerting.book import Book
from services.alerting.burial import Burial
from services.alerting.clock import SystemClock
from services.alerting.formats import FORMATS
from services.alerting.handle import AlertingStep
from services.alerting.keys import ApiKeys, KeysError
from services.alerting.ledger import reduce_alert, reduce_pending, unsettled
from services.alerting.limiter import RedisLimiter
from services.alerting.outbox import Outbox, OutboxSettings
from services.alerting.previews import Previews
from services.alerting.register import BothEndpoints, Register
from services.alerting.sender import Sender, SenderSettings
from services.alerting.settings import AlertingSettings
from services.alerting.severity import SeverityRule
from services.alerting.severity_file import SeverityFileError, load_rule
from services.alerting.subscriptions import SubscriptionsError
from services.alerting.vault import Vault, VaultError, keys_of
from services.alerting.watch import SubscriptionFile
from services.common import metrics
from services.common.agent import StreamService
from services.common.cache import connect
from services.common.health import Health
from services.common.process import StartError
from services.common.projection import KafkaTopicReader, Projection


def build(settings: AlertingSettings) -> StreamService:
    """The service, ready to run. Raises `StartError` without a good list of subscriptions."""
    file, rule = _file(settings), _rule(settings)
    client, clock = connect(settings.redis_url), SystemClock()
    brokers = settings.kafka_bootstrap_servers
    ledger = Projection("alerting", ALERT, reduce_alert, client, KafkaTopicReader(brokers))
    pending = Projection("alerting", PENDING, reduce_pending, client, KafkaTopicReader(brokers))
    service = StreamService(
        "alerting",
        settings,
        topics=[INCIDENT],
        port=settings.http_port,
        client=client,
        projections=[ledger, pending],
    )
    register = Register(KafkaTopicReader(brokers), _vault(settings), service.producer)
    endpoints = BothEndpoints(file, register)
    register.changed = endpoints.changed
    register.remark = lambda why: _remark(service.health, why)
    book = _book(settings, register, endpoints, clock)
    outbox = Outbox(
        endpoints,
        _sender(settings, clock),
        service.writer,
        Burial("alerting", service.producer, service.owns),
        clock,
        random.Random(),
        _outbox_settings(settings),
        book.disable,
        RedisLimiter(client, clock),
    )
    adopter = Adopter(KafkaTopicReader(brokers), pending, outbox, lambda: service.owned)

    async def load(partition: int) -> None:
        await register.loaded()
        outbox.load(partition, await unsettled(pending.store(partition)))
        adopter.begin(partition)

    service.on_assigned.append(load)
    service.on_revoked.append(outbox.revoke)
    service.background.append(lambda: file.watch(clock, endpoints.changed))
    service.background.append(lambda: register.follow(clock))
    service.background.append(lambda: adopter.watch(clock))
    service.web.mount("/", _pages(settings, book, rule, clock))
    max_age = timedelta(hours=settings.alert_max_age_hours)
    service.attach(AlertingStep(endpoints, ledger.store, pending.store, outbox, clock.now, max_age, rule))
    metrics.initialise_deliveries(FORMATS)
    return service


def _file(settings: AlertingSettings) -> SubscriptionFile:
    try:
        return SubscriptionFile(settings.alerting_subscriptions, allow_http=settings.alerting_allow_http)
    except SubscriptionsError as error:
        raise StartError(str(error)) from None


def _rule(settings: AlertingSettings) -> SeverityRule:
    try:
        return load_rule(settings.alerting_severity)
    except SeverityFileError as error:
        raise StartError(str(error)) from None


def _vault(settings: AlertingSettings) -> Vault:
    try:
        return Vault(keys_of(settings.alerting_secret_key))
    except VaultError as error:
        raise StartError(str(error)) from None


def _book(
    settings: AlertingSettings, register: Register, endpoints: BothEndpoints, clock: SystemClock
) -> Book:
    return Book(
        register,
        endpoints,
        clock,
        allow_http=settings.alerting_allow_http,
        allow_private=settings.alerting_allow_private_addresses,
    )


def _pages(settings: AlertingSettings, book: Book, rule: SeverityRule, clock: SystemClock) -> FastAPI:
    try:
        keys = ApiKeys(settings.alerting_api_keys, settings.http_host)
    except KeysError as error:
        raise StartError(str(error)) from None
    previews = Previews(settings.kafka_bootstrap_servers, rule, clock)
    return api(SubscriptionPages(book, keys, previews))


def _outbox_settings(settings: AlertingSettings) -> OutboxSettings:
    patience = timedelta(hours=settings.alerting_disable_after_hours)
    return OutboxSettings(
        attempts=AttemptSettings(patience=patience),
        concurrency_per_endpoint=settings.alerting_concurrency_per_endpoint,
    )


def _remark(health: Health, why: str | None) -> None:
    if why:
        health.remarks["subscriptions"] = why
    else:
        health.remarks.pop("subscriptions", None)


def _sender(settings: AlertingSettings, clock: SystemClock) -> Sender:
    limits = SenderSettings(
        total_seconds=settings.alerting_timeout_seconds,
        allow_http=settings.alerting_allow_http,
        allow_private=settings.alerting_allow_private_addresses,
    )
    return Sender(limits, clock)
