"""Dedup's wiring: `conflict.event.v1` in, `conflict.incident.v1` out; it remembers what it wrote."""

from schemas.topics import EVENT, INCIDENT
from services.common import metrics
from services.common.agent import StreamService
from services.common.cache import connect
from services.common.projection import KafkaTopicReader, Projection
from services.dedup.decide import Outcome
from services.dedup.handle import DedupStep
from services.dedup.index import MEMORY, reduce
from services.dedup.settings import DedupSettings


def build(settings: DedupSettings) -> StreamService:
    """The service, ready to run."""
    client = connect(settings.redis_url)
    reader = KafkaTopicReader(settings.kafka_bootstrap_servers)
    incidents = Projection(MEMORY, INCIDENT, reduce, client, reader)
    service = StreamService(
        "dedup", settings, topic=EVENT, port=settings.http_port, client=client, projections=[incidents]
    )
    service.attach(DedupStep(incidents.store))
    for outcome in Outcome:
        metrics.DEDUP_DECISIONS.labels(outcome.value)
    return service
