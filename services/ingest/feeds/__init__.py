"""Feeds: the addresses of a YAML list in, their new items as reports out."""
