"""Tests of Tocsin: unit (no network), contract, integration (real Kafka and Redis), end to end."""
