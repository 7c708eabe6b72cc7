"""RunResult → one HTML page with its result inside, and back."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from pydantic import TypeAdapter, ValidationError

from validator.language import Language
from validator.reporters.page.quoting import name_words
from validator.reporters.page.safe import build_environment, embed_json, name_policy
from validator.reporters.page.view import head_anew, view_run
from validator.reporters.page.voice import Voice, speak_chinese
from validator.reporters.paths import with_unicode_path
from validator.result import FORMAT_VERSION, Outcome, RunResult

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_TEMPLATES = ("page.html", "filters.html", "file.html", "checklist.html", "text.html")
RESULT_ID = "fazhi-result"
_RESULT = re.compile(rf'<script\b[^>]*\bid="{RESULT_ID}"[^>]*>(.*?)</script>', re.DOTALL)


class Beside(NamedTuple):
    """What the review of a batch adds to the page of one report: markup that is safe, and the style for it.

    ``headed`` is the outcome of the report and what it is called, where these are not the tool's.
    """

    markup: str
    style: str
    headed: tuple[Outcome, str] | None = None


class Served(NamedTuple):
    """How a server shows the page: its style and script are files of the server, and nothing stands in it twice.

    ``styles`` and ``scripts`` are addresses on the server. ``top`` is safe markup right after the skip link,
    ``after`` safe markup between the conclusion and the checklist; neither uses the classes that the script looks for
    (``item``, ``checklist``, ``part-of-list``, ``copy``) or anchors that begin with ``f`` and a digit.
    """

    styles: tuple[str, ...]
    scripts: tuple[str, ...]
    top: str = ""
    after: str = ""


def render_page(
    result: RunResult, beside: Beside | None = None, *, served: Served | None = None, language: Language = "zh"
) -> str:
    """Return a run as one HTML page: no word of a report is taken for markup.

    Args:
        result: the run.
        beside: stands between the conclusion and the checklist (in Chinese).
        served: how a server shows the page. Without it the page is a file: it fetches nothing, and the result is
            inside for ``read_page``. With it the style of ``beside`` is left to the server.
        language: of the labels; rules and the report stay in Chinese.
    """
    from markupsafe import Markup

    result = replace(result, files=tuple(with_unicode_path(f) for f in result.files))
    page = view_run(result, _speak(language))
    if beside is not None and beside.headed is not None:
        page = replace(page, files=tuple(head_anew(f, *beside.headed) for f in page.files))
    inside = _build_file(result, beside) if served is None else {}
    return (
        _environment(language)
        .get_template("page.html")
        .render(
            page=page,
            beside=Markup(beside.markup) if beside else "",
            served=served,
            top=Markup(served.top) if served else "",
            after=Markup(served.after) if served else "",
            **inside,
        )
    )


def _build_file(result: RunResult, beside: Beside | None) -> dict[str, Markup]:
    """Return what makes a page a file of its own: style, script, the policy that names them, and the result."""
    from markupsafe import Markup

    style, script = read_style() + (beside.style if beside else ""), read_script()
    return {
        "policy": name_policy(style, script),
        "style": Markup(style),
        "script": Markup(script),
        "result": Markup(embed_json(TypeAdapter(RunResult).dump_json(result).decode())),
    }


def prepare_page(language: Language = "zh") -> None:
    """Read the templates beforehand, so that a server shows its first page as fast as the others."""
    for name in _TEMPLATES:
        _environment(language).get_template(name)


def read_style() -> str:
    """Return the style of the page, for other pages that are to look like it."""
    return _read("page.css")


def read_script() -> str:
    """Return the script of the page; its words stand in the page."""
    return _read("page.js")


def read_page(text: str) -> RunResult:
    """Return the run that a page was made from.

    Raises:
        ValueError: the page holds no result, or one that this version does not understand.
    """
    found = _RESULT.search(text)
    if found is None:
        raise ValueError("这个网页里没有检查结果，请换用本工具写出的网页。")
    try:
        result = TypeAdapter(RunResult).validate_json(found[1])
    except ValidationError:
        raise ValueError("网页里的检查结果读不出来，可能被改动过，也可能是别的版本写的。") from None
    if result.format_version != FORMAT_VERSION:
        raise ValueError(f"网页里的检查结果是第{result.format_version}版格式，本工具只认第{FORMAT_VERSION}版。")
    return result


@cache
def _read(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8").replace("\r\n", "\n")


def _speak(language: Language) -> Voice:
    if language == "en":
        from validator.reporters.page.english import speak_english

        return speak_english()
    return speak_chinese()


@cache
def _environment(language: Language) -> Environment:
    templates = build_environment(_read)
    templates.globals.update(name_words(language))
    return templates
