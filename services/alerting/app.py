"""Alerting's wiring: `conflict.incident.v1` in; alerts, pending records and deliveries out, and signed webhooks."""

import random
from datetime import timedelta

from schemas.topics import ALERT, INCIDENT, PENDING
from services.alerting import parts
from services.alerting.adopt import Adopter
from services.alerting.burial import Burial
from services.alerting.clock import SystemClock
from services.alerting.formats import FORMATS
from services.alerting.handle import AlertingStep
from services.alerting.ledger import reduce_alert, reduce_pending, unsettled
from services.alerting.limiter import RedisLimiter
from services.alerting.outbox import Outbox
from services.alerting.register import BothEndpoints, Register
from services.alerting.settings import AlertingSettings
from services.alerting.source_desk import SourceDesk
from services.common import metrics
from services.common.agent import StreamService
from services.common.cache import connect
from services.common.projection import Projection
from services.common.topic_reader import KafkaTopicReader


def build(settings: AlertingSettings) -> StreamService:
    """The service, ready to run. Raises `StartError` without a good list of subscriptions."""
    rule = parts.severity_rule(settings)
    client, clock = connect(settings.redis_url), SystemClock()
    brokers = settings.kafka_bootstrap_servers
    ledger = Projection("alerting", ALERT, reduce_alert, client, KafkaTopicReader(brokers))
    pending = Projection("alerting", PENDING, reduce_pending, client, KafkaTopicReader(brokers))
    service = StreamService(
        "alerting", settings, topics=[INCIDENT], port=settings.http_port, client=client, projections=[ledger, pending]
    )  # fmt: skip
    register, endpoints = _subscriptions(service, settings, clock)
    book = parts.book_of(settings, register, endpoints, clock)
    service.web.mount("/", parts.pages(settings, book, rule, clock))
    burial = Burial("alerting", service.producer, service.owns)
    sender, limiter = parts.sender(settings, clock), RedisLimiter(client, clock)
    outbox = Outbox(
        endpoints, sender, service.writer, burial, clock, random.Random(), parts.outbox_settings(settings),
        book.disable, limiter,
    )  # fmt: skip
    _senders(service, pending, outbox, clock, brokers)
    max_age = timedelta(hours=settings.alert_max_age_hours)
    service.attach(AlertingStep(endpoints, ledger.store, pending.store, outbox, clock.now, max_age, rule))
    schedule = parts.schedule(settings)
    desk = SourceDesk(
        KafkaTopicReader(brokers), service.producer, endpoints, sender, limiter, clock, random.Random(), schedule,
        max_age, owned=lambda: service.owned,
    )  # fmt: skip
    service.background.append(desk.watch)
    metrics.initialise_deliveries(FORMATS)
    return service


def _subscriptions(
    service: StreamService, settings: AlertingSettings, clock: SystemClock
) -> tuple[Register, BothEndpoints]:
    """The topic's and the file's, kept current, and read before an incident is taken in hand."""
    file = parts.subscription_file(settings)
    reader = KafkaTopicReader(settings.kafka_bootstrap_servers)
    register = Register(reader, parts.vault(settings), service.producer)
    endpoints = BothEndpoints(file, register)
    register.changed = endpoints.changed
    register.remark = lambda why: parts.remark(service.health, why)
    service.on_assigned.append(lambda _: register.loaded())
    service.background.append(lambda: file.watch(clock, endpoints.changed))
    service.background.append(lambda: register.follow(clock))
    return register, endpoints


def _senders(
    service: StreamService, pending: Projection, outbox: Outbox, clock: SystemClock, brokers: str
) -> None:
    """Loaded with what is pending before an incident is taken in hand; redeliveries are looked for from then on."""
    adopter = Adopter(KafkaTopicReader(brokers), pending, outbox, lambda: service.owned)

    async def load(partition: int) -> None:
        outbox.load(partition, await unsettled(pending.store(partition)))
        adopter.begin(partition)

    service.on_assigned.append(load)
    service.on_revoked.append(outbox.revoke)
    service.background.append(lambda: adopter.watch(clock))
