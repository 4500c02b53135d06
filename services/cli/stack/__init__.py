"""The local stack: a real Kafka and a real Redis on this machine, with no Java, Maven or Docker needed."""

from services.cli.stack.errors import StackError
from services.cli.stack.jars import Progress
from services.cli.stack.kafka_server import KafkaServer
from services.cli.stack.local import LocalStack, prefetch
from services.cli.stack.process import ServerProcess
from services.cli.stack.redis_server import RedisServer
from services.cli.stack.settings import StackSettings

__all__ = [
    "KafkaServer",
    "LocalStack",
    "Progress",
    "RedisServer",
    "ServerProcess",
    "StackError",
    "StackSettings",
    "prefetch",
]
