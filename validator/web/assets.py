"""Styles and scripts of the page, read once. An address holds a digest of what stands there; no path is made of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

_FOLDER = "/static"
_MEDIA = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_RESULT_PAGE = ("page.css", "page.js")
_APART = ("plain.css", "rulebook.css")


@dataclass(frozen=True, slots=True)
class Asset:
    """One file that browsers fetch."""

    address: str
    data: bytes
    media: str


@dataclass(frozen=True, slots=True)
class Assets:
    """All of them, by address. ``styles`` and ``scripts`` are addresses in the order in which a page names them.

    ``plain`` is the style of the pages that need no visit, ``rulebook`` what the checklist has beside the other styles.
    """

    by_address: dict[str, Asset]
    styles: tuple[str, ...]
    scripts: tuple[str, ...]
    plain: str
    rulebook: str
    icon: Asset


def read_assets() -> Assets:
    """Return the style and the script of the result page, and after them our own, by name."""
    found = [_read(file) for file in _list()]
    plain, rulebook = (next(a.address for a in found if a.address.endswith(f"/{name}")) for name in _APART)
    addresses = [a.address for a in found if a.address not in (plain, rulebook)]
    return Assets(
        {a.address: a for a in found},
        tuple(a for a in addresses if a.endswith(".css")),
        tuple(a for a in addresses if a.endswith(".js")),
        plain,
        rulebook,
        next(a for a in found if a.address.endswith(".svg")),
    )


def _list() -> Iterator[Traversable]:
    page = files("validator.reporters.page")
    yield from (page.joinpath(name) for name in _RESULT_PAGE)
    yield files("validator.rulebook").joinpath("rulebook.css")
    own = files("validator.web").joinpath("static")
    yield from sorted((f for f in own.iterdir() if _ending(f.name) in _MEDIA), key=lambda f: f.name)


def _read(file: Traversable) -> Asset:
    data = file.read_bytes()
    digest = hashlib.sha256(data).hexdigest()[:16]
    return Asset(f"{_FOLDER}/{digest}/{file.name}", data, _MEDIA[_ending(file.name)])


def _ending(name: str) -> str:
    return name[name.rfind(".") :]
