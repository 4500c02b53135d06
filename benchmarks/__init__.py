"""Figures that are measured, each by one module: `python -m benchmarks.<name>`."""
