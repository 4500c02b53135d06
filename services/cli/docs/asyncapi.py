"""The AsyncAPI 3 document: takes the topics and the flow, gives channels, messages, operations, Kafka's bindings."""

import yaml
from pydantic import Field

from schemas.base import Model, UtcDatetime
from schemas.envelope import CONTENT_TYPE, event_type
from schemas.failure import FailureReason
from schemas.topics import ALL_TOPICS, TOPICS, Topic
from services.cli.docs.flow import APPLICATIONS, Application
from services.cli.docs.json_schemas import JsonObject
from services.common import dead_letter

ASYNCAPI_VERSION = "3.0.0"
BINDING = "0.5.0"

_ABOUT = """\
Tocsin reads reports about armed conflict, extracts the events that they tell, merges the events of one
happening into an incident, and alerts analysts over signed webhooks. Every record is a CloudEvent in Kafka's
binary mode. Delivery is at least once: `ce_source` and `ce_id` together name a record, and a repeat has the
same. How to read the topics well is told in `consuming.md`."""

_DEAD_LETTER_HEADERS = {
    dead_letter.ORIGINAL_TOPIC: "the topic that the record came from",
    dead_letter.ORIGINAL_PARTITION: "its partition there",
    dead_letter.ORIGINAL_OFFSET: "its offset there",
    dead_letter.ORIGINAL_TIMESTAMP: "its timestamp there, in milliseconds of Unix time",
    dead_letter.CONSUMER_GROUP: "the consumer group that gave it up",
    dead_letter.SERVICE: "the service that gave it up",
    dead_letter.REASON: "why, from a closed list",
    dead_letter.ERROR_CLASS: "the class of the error; the reason where no error was raised",
    dead_letter.ERROR_MESSAGE: "why, for people",
    dead_letter.ATTEMPTS: "how often it was tried",
    dead_letter.FAILED_AT: "when it was given up, in ISO 8601, UTC",
}


def asyncapi_document(version: str) -> str:
    """The whole document as YAML."""
    document = {
        "asyncapi": ASYNCAPI_VERSION,
        "info": {
            "title": "Tocsin",
            "version": version,
            "description": " ".join(_ABOUT.split()),
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": {
            "local": {
                "host": "127.0.0.1:9092",
                "protocol": "kafka",
                "description": "The broker that `make run` or `docker compose up` starts.",
            }
        },
        "channels": {topic.name: _channel(topic) for topic in ALL_TOPICS},
        "operations": dict(one for app in APPLICATIONS for one in _operations(app)),
        "components": {"messages": _messages(), "schemas": _schemas()},
    }
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110)


def _channel(topic: Topic) -> JsonObject:
    source = _source(topic)
    names = [source.entity] if topic is source else [f"{source.entity}DeadLetter"]
    if topic is source and topic.compacted:
        names.append(f"{source.entity}Removal")
    configuration: JsonObject = {"cleanup.policy": list(topic.cleanup)}
    if topic.retention:
        configuration["retention.ms"] = int(topic.config()["retention.ms"])
    configuration["max.message.bytes"] = int(topic.config()["max.message.bytes"])
    return {
        "address": topic.name,
        "description": f"{topic.says}. Key: {topic.key}.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": configuration,
                "bindingVersion": BINDING,
            }
        },
    }


def _source(topic: Topic) -> Topic:
    """The topic itself, or the one whose dead letters it holds."""
    return next(t for t in TOPICS if topic.name in (t.name, t.dead_letters))


def _operations(app: Application) -> list[tuple[str, JsonObject]]:
    received = [
        (f"{app.name}.receive.{topic.entity}", _operation(app, "receive", topic, app.does, app.group))
        for topic in app.receives
    ]
    rebuilt = [
        (f"{app.name}.rebuild.{topic.entity}", _operation(app, "receive", topic, _rebuilds(app), None))
        for topic in app.rebuilds_from
    ]
    followed = [
        (f"{app.name}.follow.{topic.entity}", _operation(app, "receive", topic, _follows(app), None))
        for topic in app.follows
    ]
    sent = [
        (f"{app.name}.send.{topic.entity}", _operation(app, "send", topic, app.does, None))
        for topic in app.sends
    ]
    dead = [
        (
            f"{app.name}.send.{topic.entity}DeadLetter",
            _operation(app, "send", _dead(topic), _gives_up(app), None),
        )
        for topic in app.dead_letters_of
        if topic.has_dead_letters
    ]
    return received + rebuilt + followed + sent + dead


def _dead(topic: Topic) -> Topic:
    return next(t for t in ALL_TOPICS if t.name == topic.dead_letters)


def _rebuilds(app: Application) -> str:
    return f"{app.name} reads the topic whole, without a group, to rebuild what it remembers"


def _follows(app: Application) -> str:
    return f"every worker of {app.name} reads the topic whole, without a group, and keeps up with it"


def _gives_up(app: Application) -> str:
    return f"{app.name} gives up a record that cannot be processed"


def _operation(app: Application, action: str, topic: Topic, summary: str, group: str | None) -> JsonObject:
    made: JsonObject = {
        "action": action,
        "channel": {"$ref": f"#/channels/{topic.name}"},
        "summary": summary if summary.startswith(app.name) else f"{app.name} {summary}",
        "messages": [
            {"$ref": f"#/channels/{topic.name}/messages/{name}"} for name in _channel(topic)["messages"]
        ],
    }
    if group:
        made["bindings"] = {
            "kafka": {"groupId": {"type": "string", "enum": [group]}, "bindingVersion": BINDING}
        }
    return made


def _messages() -> JsonObject:
    messages: JsonObject = {}
    for topic in TOPICS:
        messages[topic.entity] = _message(topic)
        if topic.compacted:
            messages[f"{topic.entity}Removal"] = _removal(topic)
        if topic.has_dead_letters:
            messages[f"{topic.entity}DeadLetter"] = _dead_letter(topic)
    return messages


def _message(topic: Topic) -> JsonObject:
    return {
        "name": event_type(topic.entity),
        "title": topic.model.__name__,
        "summary": topic.says,
        "contentType": CONTENT_TYPE,
        "headers": {"$ref": "#/components/schemas/recordHeaders"},
        "payload": {"$ref": f"./schemas/{topic.name}.json"},
        "bindings": _key_binding(topic),
    }


def _removal(topic: Topic) -> JsonObject:
    return {
        "name": f"{event_type(topic.entity)} (removal)",
        "title": f"Removal of a {topic.entity}",
        "summary": f"a null value: the {topic.entity} of this key is gone",
        "headers": {"$ref": "#/components/schemas/removalHeaders"},
        "payload": {"type": "null"},
        "bindings": _key_binding(topic),
    }


def _dead_letter(topic: Topic) -> JsonObject:
    return {
        "name": f"{event_type(topic.entity)} (dead letter)",
        "title": f"A {topic.entity} record that could not be processed",
        "summary": "the record's own bytes and headers, whatever they are, and why it was given up",
        "contentType": "application/octet-stream",
        "headers": {"$ref": "#/components/schemas/deadLetterHeaders"},
        "payload": {},
        "bindings": _key_binding(topic),
    }


def _key_binding(topic: Topic) -> JsonObject:
    return {
        "kafka": {
            "key": {"type": "string", "description": f"The {topic.key}, in UTF-8."},
            "bindingVersion": BINDING,
        }
    }


class _RecordHeaders(Model):
    """CloudEvents 1.0 in Kafka's binary mode. All values are UTF-8 text."""

    ce_specversion: str
    """`1.0`."""
    ce_id: str
    """With `ce_source` unique to the record; a repeat has the same."""
    ce_source: str
    """`/tocsin/` and the service that wrote the record."""
    ce_type: str
    """`org.tocsin.`, the topic's noun, and the version of its schema."""
    ce_subject: str
    """The record's key."""
    ce_time: UtcDatetime | None = None
    content_type: str = Field(alias="content-type")
    """Missing from a removal."""
    traceparent: str | None = None
    """W3C Trace Context."""


def _schemas() -> JsonObject:
    record = _plain(_RecordHeaders.model_json_schema())
    removal = _plain(_RecordHeaders.model_json_schema())
    del removal["properties"]["content-type"]
    removal["required"].remove("content-type")
    return {"recordHeaders": record, "removalHeaders": removal, "deadLetterHeaders": _dead_letter_schema()}


def _plain(schema: JsonObject) -> JsonObject:
    """Header values are text or absent, never null."""
    for name, field in schema["properties"].items():
        kept = field["anyOf"][0] if "anyOf" in field else field
        described = {"description": field["description"]} if "description" in field else {}
        schema["properties"][name] = {k: v for k, v in kept.items() if k in ("type", "format")} | described
    schema.pop("title")
    return schema


def _dead_letter_schema() -> JsonObject:
    headers: JsonObject = {
        name: {"type": "string", "description": f"{text[0].upper()}{text[1:]}."}
        for name, text in _DEAD_LETTER_HEADERS.items()
    }
    headers[dead_letter.REASON]["enum"] = [reason.value for reason in FailureReason]
    return {
        "type": "object",
        "description": "The original headers, and these.",
        "properties": headers,
        "required": list(headers),
    }
