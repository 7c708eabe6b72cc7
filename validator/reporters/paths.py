"""Paths as code hosts compare them with those of the repository."""

from __future__ import annotations


def plain_path(path: str) -> str:
    """Return a path with slashes and without a leading ``./``."""
    plain = path.replace("\\", "/")
    while plain.startswith("./") and plain.lstrip("./"):
        plain = plain[2:].lstrip("/")
    return plain
