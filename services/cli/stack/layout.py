"""Where the local stack's committed files lie in a checkout of the project."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
LOCAL = PROJECT / "deploy" / "local"
JAR_LOCK = LOCAL / "kafka-jars.lock"
SERVER_PROPERTIES = LOCAL / "server.properties"
LOG4J = LOCAL / "log4j2.properties"
