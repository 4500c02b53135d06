"""Tests: unit/cli/stack."""
