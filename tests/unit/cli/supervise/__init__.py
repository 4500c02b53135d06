"""Tests of what `tocsin up` is made of; no process but small ones, no broker."""
