"""Tocsin on one machine: broker, cache and services started, watched, fed with samples, and stopped in order."""
