"""`docker-compose.yml`: valid, hardened, and of one mind with the code about ports and versions."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.alerting.subscriptions import load
from services.cli.docs.configuration import FLOW, service_settings
from services.cli.stack.layout import PROJECT
from services.ingest.feeds.feed_list import load_feeds

COMPOSE = PROJECT / "docker-compose.yml"
DOCKERFILE = PROJECT / "deploy" / "docker" / "Dockerfile"
OURS = (*FLOW, "topics", "receiver")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    made: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    return made


def test_file_is_valid_by_the_compose_specification() -> None:
    check = Path(sys.executable).with_name("check-jsonschema")
    done = subprocess.run(
        [str(check), "--builtin-schema", "vendor.compose-spec", str(COMPOSE)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_docker_compose_reads_it() -> None:
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, "compose", "version"], capture_output=True).returncode != 0:
        pytest.skip("the docker compose plugin is missing (Docker's package docker-compose-plugin)")
    done = subprocess.run(
        [docker, "compose", "--file", str(COMPOSE), "config", "--quiet"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_port_is_bound_to_this_machine(services: dict[str, Any]) -> None:
    published = [port for service in services.values() for port in service.get("ports", ())]
    assert published
    assert [port for port in published if not port.startswith("127.0.0.1:")] == []


def test_every_container_is_limited_and_without_privileges(services: dict[str, Any]) -> None:
    for name, service in services.items():
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert service["mem_limit"], name
        assert "latest" not in service["image"], name
        assert ":" in service["image"], name


@pytest.mark.parametrize("name", OURS)
def test_our_containers_cannot_write(services: dict[str, Any], name: str) -> None:
    assert services[name]["read_only"] is True


@pytest.mark.parametrize("name", FLOW)
def test_service_waits_for_what_it_needs(services: dict[str, Any], name: str) -> None:
    needed = services[name]["depends_on"]
    assert needed["kafka"] == needed["redis"] == {"condition": "service_healthy"}
    assert needed["topics"] == {"condition": "service_completed_successfully"}


def test_service_listens_at_the_port_of_its_settings(services: dict[str, Any]) -> None:
    for name, settings in service_settings():
        port = settings.model_fields["http_port"].default
        assert services[name]["environment"]["HTTP_PORT"] == port
        assert services[name]["environment"]["HTTP_HOST"] == "0.0.0.0"  # noqa: S104
        assert services[name]["ports"] == [f"127.0.0.1:{port}:{port}"]


def test_image_is_pinned_staged_and_not_root() -> None:
    text = DOCKERFILE.read_text(encoding="utf-8")
    final = text.split("\nFROM ")[-1]
    assert "ARG BASE=python:3.11." in text
    assert text.count("\nFROM ") == 2
    assert "--require-hashes -r requirements.lock" in text
    assert "\nUSER 10001:10001\n" in final
    assert "HEALTHCHECK" in final
    assert "pip install" not in final


def test_the_image_holds_the_list_of_feeds(services: dict[str, Any]) -> None:
    assert services["ingest"]["environment"]["INGEST_FEEDS"] == "${INGEST_FEEDS:-}"
    assert "\nCOPY deploy/feeds.yaml deploy/feeds.yaml\n" in DOCKERFILE.read_text(encoding="utf-8")
    assert "!deploy/feeds.yaml" in (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert load_feeds(PROJECT / "deploy/feeds.yaml")


def test_alerting_can_read_the_subscriptions_and_reach_the_receiver(services: dict[str, Any]) -> None:
    environment = services["alerting"]["environment"]
    secret = environment["TOCSIN_RECEIVER_SECRET"]
    assert services["receiver"]["environment"]["TOCSIN_RECEIVER_SECRET"] == secret
    default = secret.partition(":-")[2].rstrip("}")
    (endpoint,) = load(
        PROJECT / "deploy/docker/subscriptions.yaml", {"TOCSIN_RECEIVER_SECRET": default}, allow_http=True
    )
    assert endpoint.subscription.target.url == "http://receiver:8009/"
