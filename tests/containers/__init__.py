"""The fixtures' servers from Docker, by testcontainers (`make test-containers`).

Type-checked, and unverified: it has been written where no Docker runs.
"""
