"""The contracts of Tocsin: every record on a topic, as pydantic models. Imports nothing of ours."""
