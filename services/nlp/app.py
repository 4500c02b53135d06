"""Nlp's wiring: `conflict.report.v1` in, `conflict.event.v1` out. It remembers nothing."""

from itertools import product

import structlog

from schemas.event import Kind
from schemas.topics import REPORT
from services.common import metrics
from services.common.agent import StreamService
from services.common.cache import connect
from services.nlp.choose import choose
from services.nlp.reader import ReportReader
from services.nlp.settings import NlpSettings
from services.nlp.step import NlpStep

log = structlog.get_logger()


def build(settings: NlpSettings) -> StreamService:
    """The service, its lexicons and gazetteer loaded, ready to run."""
    choice = choose(settings.nlp_reader)
    if choice.problem:
        log.warning("rules_alone", reason=choice.problem)
    reader = ReportReader.load(sentence_reader=choice.reader)
    client = connect(settings.redis_url)
    service = StreamService("nlp", settings, topics=[REPORT], port=settings.http_port, client=client)
    service.attach(NlpStep(reader), reader=reader.version)
    for kind, worthy in product(Kind, ("true", "false")):
        metrics.EVENTS_READ.labels(kind.value, worthy)
    return service
