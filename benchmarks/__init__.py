"""Measurements of whole audits and of their parts; each module runs with ``python -m benchmarks.NAME``."""
