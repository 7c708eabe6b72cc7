"""Paths as code hosts compare them with those of the repository."""

from __future__ import annotations

from dataclasses import replace

from validator.result import FileResult


def plain_path(path: str) -> str:
    """Return a path with slashes and without a leading ``./``."""
    plain = path.replace("\\", "/")
    while plain.startswith("./") and plain.lstrip("./"):
        plain = plain[2:].lstrip("/")
    return plain


def with_unicode_path(file: FileResult) -> FileResult:
    """Return a result whose path can be written as Unicode: a name that is no UTF-8 has ? in its place."""
    path = file.path.encode("utf-8", "replace").decode()
    return file if path == file.path else replace(file, path=path)
