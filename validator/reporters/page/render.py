"""RunResult → one HTML page with its result inside, and back."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from pydantic import TypeAdapter, ValidationError

from validator.reporters.page.safe import build_environment, embed_json, name_policy
from validator.reporters.page.view import head_anew, view_run
from validator.reporters.paths import with_unicode_path
from validator.result import FORMAT_VERSION, Outcome, RunResult

if TYPE_CHECKING:
    from jinja2 import Environment

RESULT_ID = "fazhi-result"
_RESULT = re.compile(rf'<script\b[^>]*\bid="{RESULT_ID}"[^>]*>(.*?)</script>', re.DOTALL)


class Beside(NamedTuple):
    """What the review of a batch adds to the page of one report: markup that is safe, and the style for it.

    ``headed`` is the outcome of the report and what it is called, where these are not the tool's.
    """

    markup: str
    style: str
    headed: tuple[Outcome, str] | None = None


def render_page(result: RunResult, beside: Beside | None = None) -> str:
    """Return a run as one HTML page: nothing is fetched, no word of a report is taken for markup.

    Args:
        result: the run.
        beside: stands between the conclusion and the checklist.
    """
    from markupsafe import Markup

    result = replace(result, files=tuple(with_unicode_path(f) for f in result.files))
    page = view_run(result)
    if beside is not None and beside.headed is not None:
        page = replace(page, files=tuple(head_anew(f, *beside.headed) for f in page.files))
    style, script = read_style() + (beside.style if beside else ""), _read("page.js")
    return (
        _environment()
        .get_template("page.html")
        .render(
            page=page,
            policy=name_policy(style, script),
            style=Markup(style),
            script=Markup(script),
            beside=Markup(beside.markup) if beside else "",
            result=Markup(embed_json(TypeAdapter(RunResult).dump_json(result).decode())),
        )
    )


def read_style() -> str:
    """Return the style of the page, for other pages that are to look like it."""
    return _read("page.css")


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


@cache
def _environment() -> Environment:
    return build_environment(_read)
