# Tocsin. `make run` and `make test` do all the set-up they need.
.DEFAULT_GOAL := help
.PHONY: help setup run test test-containers lint bench docs release-schemas train lock clean
PYTHON ?=
export PYTHON

help: ## Tell what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: ## Make .venv with the locked dependencies; fetch Kafka's jars (run and test call it)
	@deploy/local/setup.sh

run: setup ## Start broker, cache and services, feed samples, print the alerts; Ctrl-C stops all
	@.venv/bin/tocsin up

test: setup ## Run all tests, on a real Kafka and a real Redis
	.venv/bin/python -m pytest

test-containers: setup ## Run all tests with Kafka and Redis from Docker
	TOCSIN_TEST_CONTAINERS=1 .venv/bin/python -m pytest

lint: setup ## Check style, format, types and import direction
	.venv/bin/ruff check . && .venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

docs: setup ## Make the generated documents from the code
	.venv/bin/python -m services.cli.docs

release-schemas: setup ## Promise the schemas of now to subscribers; refused where an earlier promise would break
	.venv/bin/python -m services.cli.docs release

bench: setup ## Measure throughput and latency
	.venv/bin/python -m benchmarks

train: setup ## Train the reader anew (SENTENCES=file adds sentences of your own; 4 GB of disk, about an hour)
	@training/train.sh $(if $(SENTENCES),--sentences $(SENTENCES))

lock: setup ## Write the lock files anew: Kafka's jars, and the Python packages (needs uv)
	.venv/bin/python -m services.cli.stack.relock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra dev \
	  pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra train \
	  -c requirements.lock pyproject.toml -o training/requirements.lock

clean: ## Remove data, caches and build products; .venv and downloads stay
	rm -rf .tocsin build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find schemas services tests -name __pycache__ -prune -exec rm -rf {} +
