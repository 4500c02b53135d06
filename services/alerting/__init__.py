"""Alerting: incident versions in, alerts decided for each subscription, signed webhooks out."""
