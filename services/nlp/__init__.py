"""Reads a report and says what happened: a report in, conflict events out."""
