"""A sentence → an answer: JSON for programs, a plain page for people. Also the pages that need no visit."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.responses import HTMLResponse, JSONResponse, Response

from validator.language import LANGUAGES, Language, translator

if TYPE_CHECKING:
    from jinja2 import Environment

_FOR_PROGRAMS = ("/api/", "/healthz", "/version", "/openapi.json", "/static/")
_LANGUAGE_COOKIE = "fazhi-lang="


def is_for_programs(path: str, accept: str) -> bool:
    """Tell whether an answer is read by a program."""
    return path.startswith(_FOR_PROGRAMS) or "text/html" not in accept


def choose_language(query: bytes, cookie: str) -> Language:
    """Return the language of a page: as asked for in the address, else as kept by the browser."""
    asked = parse_qs(query[:1000].decode("latin-1")).get("lang", [""])[-1]
    kept = next((c.strip().removeprefix(_LANGUAGE_COOKIE) for c in cookie.split(";") if _LANGUAGE_COOKIE in c), "")
    return next((found for found in LANGUAGES if found in (asked or kept,)), "zh")


def answer(
    sentence: str,
    status: int,
    *,
    path: str,
    headers: Mapping[str, str],
    query: bytes = b"",
    more: Mapping[str, str] | None = None,
) -> Response:
    """Return an answer that is a sentence.

    Args:
        sentence: in Chinese.
        status: of HTTP.
        path: what was asked for.
        headers: of the request, names in lower case.
        query: of the request.
        more: headers of the answer.
    """
    language = choose_language(query, headers.get("cookie", ""))
    if is_for_programs(path, headers.get("accept", "")):
        said = sentence if path.startswith(_FOR_PROGRAMS) else translator(language)(sentence)
        return JSONResponse({"detail": said}, status, dict(more or {}))
    return HTMLResponse(render("refused.html", language, said=sentence), status, dict(more or {}))


def render(template: str, language: Language, **words: object) -> str:
    """Return a page that needs no visit."""
    return _templates(language).get_template(template).render(**words)


@cache
def _templates(language: Language) -> Environment:
    from validator.reporters.page.safe import build_environment
    from validator.web.assets import read_assets

    folder = files(__package__).joinpath("templates")
    environment = build_environment(lambda name: folder.joinpath(name).read_text("utf-8"))
    environment.globals.update(_=translator(language), language=language, plain_style=read_assets().plain)
    return environment
