"""Dedup's wiring: events and operators' corrections in, incidents out; it remembers what it wrote."""

from datetime import UTC, datetime

from schemas.topics import CORRECTION, EVENT, INCIDENT
from services.common import metrics
from services.common.agent import StreamService
from services.common.cache import connect
from services.common.projection import Projection
from services.common.topic_reader import KafkaTopicReader
from services.dedup.decide import Outcome
from services.dedup.handle import CorrectionStep, DedupStep
from services.dedup.memory import MEMORY, reduce
from services.dedup.settings import DedupSettings
from services.dedup.timers import TruceClock


def build(settings: DedupSettings) -> StreamService:
    """The service, ready to run."""
    client = connect(settings.redis_url)
    reader = KafkaTopicReader(settings.kafka_bootstrap_servers)
    incidents = Projection(MEMORY, INCIDENT, reduce, client, reader)
    service = StreamService(
        "dedup",
        settings,
        topics=[EVENT, CORRECTION],
        port=settings.http_port,
        client=client,
        projections=[incidents],
    )
    service.attach(DedupStep(incidents.store), CorrectionStep(incidents.store))
    service.keep_time(TruceClock(incidents.store, lambda: datetime.now(UTC)))
    for outcome in Outcome:
        metrics.DEDUP_DECISIONS.labels(outcome.value)
    return service
