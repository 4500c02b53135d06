"""Ingest: reports as people send them in, normalised and acknowledged reports on `conflict.report.v1` out."""
